using Gatehouse.Core.Results;
using Gatehouse.Identity.Captcha;
using Gatehouse.Identity.SignIn;
using Gatehouse.Identity.Verification;
using Gatehouse.Web;
using Gatehouse.Web.Pages;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace Gatehouse.Identity.SignInCodes;

/// <summary>What the page to sign in posts to for a code; the code is entered on the next page (<see cref="SignInCodePages"/>).</summary>
internal static class SendCodePage
{
    public static void Map(IEndpointRouteBuilder routes) =>
        routes
            .MapPages()
            .MapPost(SignInPage.SendCodePath, SubmitAsync)
            .AllowAnonymous()
            .LimitBy(SignInCodesArea.RequestLimit)
            .FormOf(SignInPage.Path, SignInState.Fields)
            .Once();

    private static async Task<IResult> SubmitAsync(
        RequestSignInCode.Handler handler,
        SignInCodePages next,
        CaptchaGuard captcha,
        HttpContext http
    )
    {
        var typed = await SignInPage.ReadAsync(http);
        var request = new RequestSignInCode.Request
        {
            Identifier = typed.Identifier,
            Region = typed.ChosenRegion,
            CaptchaToken = captcha.TokenIn(await http.Request.ReadFormAsync(http.RequestAborted)),
        };
        var outcome = await handler.HandleAsync(Input.Of(request), http.Actor(), http.RequestAborted);
        if (outcome.Error is { } error)
            return await SignInPage.ShowAsync(http, typed, error);

        SignInPage.Forget(http);
        SignInCodePages.KeepReturn(http, outcome.Value.SignInCodeId, typed);
        return next.Begin(http, outcome.Value.SignInCodeId, IdentifierInput.Whole(request.Identifier, request.Region));
    }
}
