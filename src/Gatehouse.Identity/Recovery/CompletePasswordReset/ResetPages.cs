using Gatehouse.Core.Results;
using Gatehouse.Identity.Passwords;
using Gatehouse.Identity.Verification;
using Gatehouse.Web;
using Microsoft.AspNetCore.Http;

namespace Gatehouse.Identity.Recovery;

/// <summary>
/// Code and link of a reset set a new password and sign nobody in. The pages look the same whether or not there is an account.
/// </summary>
internal sealed class ResetPages(
    ResetVerification purpose,
    CompletePasswordReset.Handler complete,
    ResendPasswordReset.Handler resend,
    PasswordOptions passwords
) : VerificationPages(purpose)
{
    private readonly IReadOnlyList<PageField> fields =
    [
        new PageField
        {
            Name = "password",
            Label = "page.password-reset.password",
            Autocomplete = "new-password",
            MaxLength = PasswordInput.MaxLength,
            // Whose it is, and so what is asked for beside it, is not said before the proof.
            Hint = ("page.password-reset.length", passwords.MinimumLength),
        },
    ];

    public override string StartPath => ForgotPage.Path;

    public override string LinkPath => SendResetMessage.LinkPath;

    public override string DonePath => ForgotPage.Path + "/done";

    public override IReadOnlyList<PageField> CodeFields(VerificationForm form, Error? error) => fields;

    public override LinkStep LinkStep(VerificationForm form, PendingVerification pending, Error? error) =>
        new(Verification.LinkStep.Link, fields);

    public override Task<Outcome<string>> EnterCodeAsync(Guid id, VerificationForm form, HttpContext http) =>
        CompleteAsync(id, new() { Code = CodeInput.In(form["code"], Purpose.CodeDigits), Password = form["password"] }, http);

    public override Task<Outcome<string>> FollowLinkAsync(PendingVerification pending, VerificationForm form, HttpContext http) =>
        CompleteAsync(pending.Id, new() { Token = form.Token, Password = form["password"] }, http);

    public override async Task<Error?> ResendAsync(Guid id, HttpContext http) =>
        (await resend.HandleAsync(id, http.Actor(), http.RequestAborted)).Error;

    public override string? WayOut(Error error) => error.Code == RecoveryErrors.ResetSuperseded.Code ? StartPath : base.WayOut(error);

    private async Task<Outcome<string>> CompleteAsync(Guid id, CompletePasswordReset.Request request, HttpContext http)
    {
        var outcome = await complete.HandleAsync(id, Input.Of(request), http.Actor(), http.RequestAborted);
        return outcome.Error is { } error ? error : DonePath;
    }
}
