using Gatehouse.Core.Results;
using Gatehouse.Identity.Accounts;
using Gatehouse.Identity.Verification;
using Gatehouse.Web;
using Microsoft.AspNetCore.Http;

namespace Gatehouse.Identity.Credentials;

/// <summary>The pages of the code and behind the link of a new e-mail address. Both are for the user alone who asked for them.</summary>
internal sealed class EmailChangePages(EmailChangeVerification purpose, ChangeEmail.Handler change) : VerificationPages(purpose)
{
    public const string Path = AccountPages.EmailPath;
    public const string Link = Path + "/confirm";

    private const string Done = $"{AccountPages.SecurityPath}?done={AccountState.Email}";

    public override string StartPath => Path;

    public override string LinkPath => Link;

    public override string? DonePath => null;

    public override bool IsOfSignedIn => true;

    public override IReadOnlyList<PageField> CodeFields(VerificationForm form, Error? error) => [];

    public override LinkStep LinkStep(VerificationForm form, PendingVerification pending, Error? error) =>
        new(Verification.LinkStep.Link, []);

    public override Task<Outcome<string>> EnterCodeAsync(Guid id, VerificationForm form, HttpContext http) =>
        ConfirmAsync(id, new() { Code = CodeInput.In(form["code"], Purpose.CodeDigits) }, http);

    public override Task<Outcome<string>> FollowLinkAsync(PendingVerification pending, VerificationForm form, HttpContext http) =>
        ConfirmAsync(pending.Id, new() { Token = form.Token }, http);

    public override async Task<Error?> ResendAsync(Guid id, HttpContext http) =>
        (await change.ResendAsync(id, http.Actor(), http.RequestAborted)).Error;

    public override string? WayOut(Error error) =>
        error.Code == AccountsErrors.EmailTaken.Code ? StartPath
        : error.Code == Purpose.Completed.Code ? AccountPages.SecurityPath
        : base.WayOut(error);

    private async Task<Outcome<string>> ConfirmAsync(Guid id, ChangeEmail.Proof proof, HttpContext http)
    {
        var outcome = await change.ConfirmAsync(id, Input.Of(proof), http.Actor(), http.RequestAborted);
        return outcome.Error is { } error ? error : Done;
    }
}
