using Gatehouse.Core.Results;
using Gatehouse.Identity.Challenges;
using Gatehouse.Identity.SignIn;
using Gatehouse.Identity.Tokens;
using Gatehouse.Identity.Values;
using Gatehouse.Identity.Verification;
using Gatehouse.Web;
using Gatehouse.Web.Pages;
using Microsoft.AspNetCore.Http;

namespace Gatehouse.Identity.SignInCodes;

/// <summary>
/// Code and link sign the browser in and lead on to where the user was going. That waits in a cookie of the browser that asked: the link
/// of the mail knows nothing of it, and opened elsewhere it leads to the account.
/// </summary>
internal sealed class SignInCodePages(
    SignInCodeVerification purpose,
    SignInByCode.Handler byCode,
    SignInByLink.Handler byLink,
    ResendSignInCode.Handler resend,
    TokenTransport transport
) : VerificationPages(purpose)
{
    private const string Kept = "true";

    private static readonly SealedCookie Return = new("__Host-gatehouse-sign-in", "Gatehouse.SignInCodes.Return", TimeSpan.FromHours(1));

    public override string StartPath => SignInPage.Path;

    public override string LinkPath => SendSignInCode.LinkPath;

    public override string? DonePath => null;

    public override IReadOnlyList<string> KeptFields { get; } = ["name"];

    /// <summary>Keeps where it leads, and whether the browser stays signed in.</summary>
    public static void KeepReturn(HttpContext http, Guid id, SignInState state) =>
        Return.Write(http, id.ToString(), [state.ReturnUrl ?? "", state.Remember ? Kept : ""]);

    public override string StartOf(HttpContext http, Guid id) => SignInPage.At(Read(http, id).ReturnUrl);

    public override Task PrepareAsync(HttpContext http, Guid id) => SignInPage.AllowOccasionAsync(http, Read(http, id).ReturnUrl);

    public override IReadOnlyList<PageField> CodeFields(VerificationForm form, Error? error) => NameIfAsked(form, error);

    public override LinkStep LinkStep(VerificationForm form, PendingVerification pending, Error? error) =>
        new(Verification.LinkStep.Link, NameIfAsked(form, error));

    public override async Task<Outcome<string>> EnterCodeAsync(Guid id, VerificationForm form, HttpContext http)
    {
        var request = new SignInByCode.Request { Code = CodeInput.In(form["code"], Purpose.CodeLengths), Name = form["name"] };
        var outcome = await byCode.HandleAsync(id, Input.Of(request), http.Actor(), http.RequestAborted);
        // A second click: the first has done it.
        return outcome.Error == SignInCodesErrors.Completed && http.Actor().User is not null
            ? LocalPath.AfterSignIn(Read(http, id).ReturnUrl)
            : SignIn(http, id, outcome);
    }

    public override async Task<Outcome<string>> FollowLinkAsync(PendingVerification pending, VerificationForm form, HttpContext http)
    {
        var request = new SignInByLink.Request { Token = form.Token, Name = form["name"] };
        return SignIn(http, pending.Id, await byLink.HandleAsync(Input.Of(request), http.Actor(), http.RequestAborted));
    }

    public override async Task<Error?> ResendAsync(Guid id, HttpContext http) =>
        (await resend.HandleAsync(id, http.Actor(), http.RequestAborted)).Error;

    /// <summary>Who is asked for a name for the first time has done nothing wrong.</summary>
    public override Error? AtFields(Error? error) =>
        error?.Errors is [{ Field: "name", Code: ValidationCodes.Required }] ? null : base.AtFields(error);

    public override string? WayOut(Error error) => error.Code == SignInErrors.ModeOff.Code ? SignInPath : base.WayOut(error);

    private static SignInState Read(HttpContext http, Guid id) =>
        Return.Read(http, id.ToString()) is [var returnUrl, var remember]
            ? new SignInState(Identifier: null, remember == Kept, returnUrl)
            : new SignInState(Identifier: null, Remember: false, ReturnUrl: null);

    private static IReadOnlyList<PageField> NameIfAsked(VerificationForm form, Error? error) =>
        form["name"] is not null || error?.Errors.Any(one => one.Field == "name") == true
            ?
            [
                new PageField
                {
                    Name = "name",
                    Label = "page.sign-in-code.name",
                    Autocomplete = "name",
                    MaxLength = PersonName.MaxLength,
                    Hint = ("page.sign-in-code.name-hint", 0),
                    Value = form["name"],
                },
            ]
            : [];

    private Outcome<string> SignIn(HttpContext http, Guid id, Outcome<SignInStep> outcome)
    {
        if (outcome.Error is { } error)
            return error;
        var state = Read(http, id);
        return WaitingChallenge.GoOn(http, transport, outcome.Value, state.Remember, state.ReturnUrl);
    }
}
