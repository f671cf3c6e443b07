using Gatehouse.Core.Results;
using Gatehouse.Identity.Passwords;
using Gatehouse.Identity.Tokens;
using Gatehouse.Identity.Values;
using Gatehouse.Identity.Verification;
using Gatehouse.Web;
using Gatehouse.Web.Pages;
using Microsoft.AspNetCore.Http;

namespace Gatehouse.Identity.Accounts;

/// <summary>
/// The code of a registration signs the browser in. The link does not, because the browser that opened the mail may be anybody's; it asks
/// for the password that was chosen, and leaves the way without one to a step of its own; where none was chosen there is that way only.
/// </summary>
internal sealed class RegistrationPages(
    RegistrationVerification purpose,
    ConfirmByCode.Handler byCode,
    ConfirmByLink.Handler byLink,
    ResendCode.Handler resend,
    TokenTransport transport
) : VerificationPages(purpose)
{
    private const string WithoutPassword = "no-password";
    private const string OnlyLink = "only-link";

    private static readonly PageField Password = new()
    {
        Name = "password",
        Label = "page.registration.password",
        Autocomplete = "current-password",
        MaxLength = PasswordInput.MaxLength,
    };

    public override string StartPath => SignUpPage.Path;

    public override string LinkPath => RegistrationMessage.LinkPath;

    public override string DonePath => "/register/done";

    public override IReadOnlyList<string> KeptFields { get; } = ["username"];

    public override string? CodeNotice(PendingVerification pending) =>
        pending.Read(RegistrationPayloadJson.Default.RegistrationPayload).LeadsWithLink ? "page.registration.link-first" : null;

    public override IReadOnlyList<PageField> CodeFields(VerificationForm form, Error? error) => UsernameIfTaken(form, error);

    public override LinkStep LinkStep(VerificationForm form, PendingVerification pending, Error? error) =>
        !HasPassword(pending) ? new LinkStep(OnlyLink, UsernameIfTaken(form, error))
        : form["step"] == WithoutPassword
            ? new LinkStep(WithoutPassword, UsernameIfTaken(form, error)) { Other = Verification.LinkStep.Link }
        : new LinkStep(Verification.LinkStep.Link, [Password, .. UsernameIfTaken(form, error)])
        {
            Other = WithoutPassword,
            IsClosed = pending.AttemptsRemaining <= 0,
        };

    public override async Task<Outcome<string>> EnterCodeAsync(Guid id, VerificationForm form, HttpContext http)
    {
        var request = new ConfirmByCode.Request { Code = CodeInput.In(form["code"], Purpose.CodeDigits), Username = form["username"] };
        var outcome = await byCode.HandleAsync(id, Input.Of(request), http.Actor(), http.RequestAborted);
        // A second click: the first has done it.
        if (outcome.Error == AccountsErrors.RegistrationCompleted && http.Actor().User is not null)
            return LocalPath.Account;
        if (outcome.Error is { } error)
            return error;
        transport.SignIn(http, outcome.Value, remember: false);
        return LocalPath.Account;
    }

    public override async Task<Outcome<string>> FollowLinkAsync(PendingVerification pending, VerificationForm form, HttpContext http)
    {
        var password = form["step"] == WithoutPassword || !HasPassword(pending) ? null : form["password"] ?? "";
        var request = new ConfirmByLink.Request
        {
            Token = form.Token,
            Password = password,
            Username = form["username"],
        };
        var outcome = await byLink.HandleAsync(Input.Of(request), http.Actor(), beginsSession: false, http.RequestAborted);
        return outcome.Error is { } error ? error : DonePath;
    }

    public override async Task<Error?> ResendAsync(Guid id, HttpContext http) =>
        (await resend.HandleAsync(id, http.Actor(), http.RequestAborted)).Error;

    public override Error? AtFields(Error? error) =>
        base.AtFields(error).AtField("password", PasswordsErrors.PasswordWrong).AtField("username", AccountsErrors.UsernameTaken);

    public override string? WayOut(Error error) =>
        error.Code == AccountsErrors.EmailTaken.Code || error.Code == AccountsErrors.PhoneNumberTaken.Code ? SignInPath
        : error.Code == AccountsErrors.RoleNotOpen.Code ? StartPath
        : base.WayOut(error);

    // Of one that is complete nothing is kept, and nothing is asked.
    private static bool HasPassword(PendingVerification pending) =>
        pending.CompletedAt is not null || pending.Read(RegistrationPayloadJson.Default.RegistrationPayload).PasswordHash is not null;

    // Asked for only when the one chosen at the start was taken meanwhile.
    private static IReadOnlyList<PageField> UsernameIfTaken(VerificationForm form, Error? error) =>
        form["username"] is not null || error?.Code == AccountsErrors.UsernameTaken.Code
            ?
            [
                new PageField
                {
                    Name = "username",
                    Label = "page.registration.username",
                    Autocomplete = "username",
                    MaxLength = Username.MaxLength,
                    Value = form["username"],
                },
            ]
            : [];
}
