using Gatehouse.Core.Results;
using Gatehouse.Identity.Authenticators;
using Gatehouse.Identity.Challenges;
using Gatehouse.Identity.Data;
using Gatehouse.Identity.SignIn;
using Gatehouse.Identity.Tokens;
using Gatehouse.Identity.Verification;
using Gatehouse.Web;
using Gatehouse.Web.Pages;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Routing;

namespace Gatehouse.Identity.Factors;

/// <summary>
/// The pages that ask for a second factor, at sign-in and of a session that has to prove again who its user is. The challenge waits in a
/// cookie of the browser: it stands in no address.
/// </summary>
internal static class ChallengePages
{
    public const string Path = WaitingChallenge.Page;
    public const string SendPath = Path + "/send";

    public static void Map(IEndpointRouteBuilder routes)
    {
        var pages = routes.MapPages();
        pages.MapGet(Path, OpenAsync).AllowAnonymous().AllowBeforeEnrollment();
        pages.MapPost(Path, AnswerAsync).AllowAnonymous().AllowBeforeEnrollment().LimitBy(SignInArea.SignInLimit).FormOf(Path);
        pages.MapPost(SendPath, SendAsync).AllowAnonymous().AllowBeforeEnrollment().LimitBy(VerificationArea.VerifyLimit).FormOf(Path);
        pages.MapGet(IFreshAuthentication.Page, AskAsync).RequireSignIn().AllowBeforeEnrollment();
        pages
            .MapPost(IFreshAuthentication.Page, ProveAsync)
            .RequireSignIn()
            .AllowBeforeEnrollment()
            .LimitBy(SignInArea.SignInLimit)
            .FormOf(IFreshAuthentication.Page);
    }

    private static async Task<IResult> OpenAsync(string? factor, SendChallengeCode.Handler send, HttpContext http) =>
        WaitingChallenge.Read(http) is { } waiting
            ? await ShowAsync(send, http, ChallengeState.Of(waiting, factor), error: null)
            : http.SeeOther(SignInPage.Path);

    private static async Task<IResult> SendAsync(SendChallengeCode.Handler send, HttpContext http)
    {
        var form = await http.Request.ReadFormAsync(http.RequestAborted);
        if (WaitingChallenge.Read(http) is not { } waiting)
            return http.SeeOther(SignInPage.Path);
        var state = ChallengeState.Of(waiting, form["factor"]);
        var request = new SendChallengeCode.Request { Factor = state.Factor };
        var outcome = await send.HandleAsync(waiting.Id, Input.Of(request), http.Actor(), http.RequestAborted);
        if (outcome.Error is not { } error)
            return http.SeeOther(Path + QueryString.Create("factor", state.Factor));
        if (error.Kind != ErrorKind.NotFound)
            return await ShowAsync(send, http, state, error);
        WaitingChallenge.Remove(http);
        return await ShowAsync(send, http, state with { IsOver = true }, error);
    }

    private static async Task<IResult> ShowAsync(SendChallengeCode.Handler send, HttpContext http, ChallengeState state, Error? error)
    {
        if (!state.IsOver && SentCodeFactor.IsOne(state.Factor))
            state = state with { Sent = await send.FindSentAsync(state.Waiting.Id, state.Factor, http.Actor(), http.RequestAborted) };
        // The form may lead on to an application that waits for the user.
        await SignInPage.AllowOccasionAsync(http, state.Waiting.ReturnUrl);
        return http.Page<ChallengePage>(
            new Dictionary<string, object?>(StringComparer.Ordinal)
            {
                [nameof(ChallengePage.State)] = state,
                [nameof(ChallengePage.Error)] = error.AtField("code", VerificationErrors.CodeWrong, VerificationErrors.CodeExpired),
            },
            error
        );
    }

    private static async Task<IResult> AnswerAsync(
        AnswerChallenge.Handler handler,
        SendChallengeCode.Handler send,
        TokenTransport transport,
        HttpContext http
    )
    {
        var form = await http.Request.ReadFormAsync(http.RequestAborted);
        if (WaitingChallenge.Read(http) is not { } waiting)
            return http.SeeOther(SignInPage.Path);
        var state = ChallengeState.Of(waiting, form["factor"]);
        var request = new AnswerChallenge.Request
        {
            Factor = state.Factor,
            Code = state.Factor == SecondFactorNames.RecoveryCode ? form["code"] : CodeInput.In(form["code"], TotpSecret.Digits),
            CeremonyId = form["ceremonyId"],
            Credential = PasskeyCredential.Read(form["credential"]),
            RememberDevice = form["rememberDevice"] == "true",
            Transport = TokenTransport.Cookie,
        };
        var outcome = await handler.HandleAsync(
            state.Waiting.Id,
            Input.Of(request),
            PasskeyBrowser.Find(http),
            http.Actor(),
            http.RequestAborted
        );
        // Over, or used up: it begins anew with the first factor.
        if (
            outcome.Error is { Kind: ErrorKind.NotFound }
            || (outcome.Error?.Facts.TryGetValue("attemptsRemaining", out var left) == true && left is 0)
        )
        {
            WaitingChallenge.Remove(http);
            // That a code has expired offers another one, which there is not any more.
            var over = outcome.Error.Code == VerificationErrors.CodeExpired.Code ? FactorsErrors.ChallengeNotFound : outcome.Error;
            return await ShowAsync(send, http, state with { IsOver = true }, over);
        }

        if (outcome.Error is { } error)
            return await ShowAsync(send, http, state, error);
        WaitingChallenge.Remove(http);
        return outcome.Value is { } signedIn
            ? http.SeeOther(WaitingChallenge.GoOn(http, transport, signedIn, state.Waiting.Remember, state.Waiting.ReturnUrl))
            : http.SeeOther(LocalPath.OrHome(state.Waiting.ReturnUrl));
    }

    private static async Task<IResult> AskAsync(
        string? returnUrl,
        bool? anew,
        Reauthenticate.Handler handler,
        FreshAuthentication fresh,
        HttpContext http
    )
    {
        if (anew != true && await fresh.IsFreshAsync(http.Actor(), http.RequestAborted))
            return http.SeeOther(LocalPath.OrHome(returnUrl));
        if (!await fresh.AsksOtherAsync(http.Actor(), http.RequestAborted))
            return ShowPassword(http, returnUrl, error: null);
        var outcome = await handler.HandleAsync(Input.Of(new Reauthenticate.Request()), http.Actor(), http.RequestAborted);
        if (outcome.Error is { } error)
            return error.ToProblem();
        WaitingChallenge.Keep(http, outcome.Value!, remember: false, LocalPath.OrHome(returnUrl));
        return http.SeeOther(Path);
    }

    private static async Task<IResult> ProveAsync(Reauthenticate.Handler handler, HttpContext http)
    {
        var form = await http.Request.ReadFormAsync(http.RequestAborted);
        string? returnUrl = form["returnUrl"];
        var request = new Reauthenticate.Request { Password = form["password"] };
        var outcome = await handler.HandleAsync(Input.Of(request), http.Actor(), http.RequestAborted);
        if (outcome.Error is { } error)
            return ShowPassword(http, returnUrl, error);
        if (outcome.Value is not { } due)
            return http.SeeOther(LocalPath.OrHome(returnUrl));
        WaitingChallenge.Keep(http, due, remember: false, LocalPath.OrHome(returnUrl));
        return http.SeeOther(Path);
    }

    private static RazorComponentResult ShowPassword(HttpContext http, string? returnUrl, Error? error) =>
        http.Page<ReauthenticatePage>(
            new Dictionary<string, object?>(StringComparer.Ordinal)
            {
                [nameof(ReauthenticatePage.ReturnUrl)] = returnUrl,
                [nameof(ReauthenticatePage.Error)] = error,
            },
            error
        );
}

/// <summary>What the page of a challenge shows.</summary>
/// <param name="Factor">The one that this page asks for.</param>
public sealed record ChallengeState(WaitingChallenge Waiting, string Factor)
{
    /// <summary>Whether it can be answered no more.</summary>
    public bool IsOver { get; init; }

    /// <summary>The code that was sent for it; null for none.</summary>
    public SentCodeView? Sent { get; init; }

    /// <summary>Whether a code has to be sent before one can be entered.</summary>
    public bool MustSend => SentCodeFactor.IsOne(Factor) && Sent is null;

    internal static ChallengeState Of(WaitingChallenge waiting, string? factor) =>
        new(waiting, waiting.Factors.Contains(factor, StringComparer.Ordinal) ? factor! : waiting.Factors[0]);
}
