using Gatehouse.Core.Results;
using Gatehouse.Identity.Accounts;
using Gatehouse.Identity.Verification;
using Gatehouse.Web;
using Microsoft.AspNetCore.Http;

namespace Gatehouse.Identity.Credentials;

/// <summary>The page of the code of a new phone number; a text message has no link.</summary>
internal sealed class PhoneChangePages(PhoneChangeVerification purpose, ChangePhone.Handler change) : VerificationPages(purpose)
{
    public const string Path = AccountPages.PhonePath;

    public override string StartPath => Path;

    public override string? LinkPath => null;

    public override string? DonePath => null;

    public override bool IsOfSignedIn => true;

    public override IReadOnlyList<PageField> CodeFields(VerificationForm form, Error? error) => [];

    public override LinkStep LinkStep(VerificationForm form, PendingVerification pending, Error? error) =>
        throw new InvalidOperationException("There is no link.");

    public override async Task<Outcome<string>> EnterCodeAsync(Guid id, VerificationForm form, HttpContext http)
    {
        var proof = new ChangePhone.Proof { Code = CodeInput.In(form["code"], Purpose.CodeDigits) };
        var outcome = await change.ConfirmAsync(id, Input.Of(proof), http.Actor(), http.RequestAborted);
        return outcome.Error is { } error ? error : $"{AccountPages.SecurityPath}?done={AccountState.Phone}";
    }

    public override Task<Outcome<string>> FollowLinkAsync(PendingVerification pending, VerificationForm form, HttpContext http) =>
        Task.FromResult<Outcome<string>>(VerificationErrors.LinkInvalid);

    public override async Task<Error?> ResendAsync(Guid id, HttpContext http) =>
        (await change.ResendAsync(id, http.Actor(), http.RequestAborted)).Error;

    public override string? WayOut(Error error) =>
        error.Code == AccountsErrors.PhoneNumberTaken.Code ? StartPath
        : error.Code == Purpose.Completed.Code ? AccountPages.SecurityPath
        : base.WayOut(error);
}
