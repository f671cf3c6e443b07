using Gatehouse.Core.Results;
using Gatehouse.Identity.Authenticators;
using Gatehouse.Identity.SignIn;
using Gatehouse.Identity.Tokens;
using Gatehouse.Web;
using Gatehouse.Web.Pages;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace Gatehouse.Identity.Passkeys;

/// <summary>Takes the answer that the script of the page to sign in has got, and leads on like the other forms there.</summary>
internal static class PasskeySignInPage
{
    public static void Map(IEndpointRouteBuilder routes) =>
        routes
            .MapPages()
            .MapPost(SignInPage.PasskeyPath, SubmitAsync)
            .AllowAnonymous()
            .LimitBy(SignInArea.SignInLimit)
            .FormOf(SignInPage.Path, SignInState.Fields)
            .Once();

    private static async Task<IResult> SubmitAsync(SignInWithPasskey.Handler handler, TokenTransport transport, HttpContext http)
    {
        var state = await SignInPage.ReadAsync(http);
        var form = await http.Request.ReadFormAsync(http.RequestAborted);
        var request = new SignInWithPasskey.Request
        {
            CeremonyId = form["ceremonyId"],
            Credential = PasskeyCredential.Read(form["credential"]),
        };
        var outcome = await handler.HandleAsync(Input.Of(request), PasskeyBrowser.Find(http), http.Actor(), http.RequestAborted);
        if (outcome.Error is not null)
            return await SignInPage.ShowFirstAsync(http, state, AuthenticatorsErrors.PasskeyRejected);

        transport.SignIn(http, outcome.Value, state.Remember);
        SignInPage.Forget(http);
        return http.SeeOther(LocalPath.AfterSignIn(state.ReturnUrl));
    }
}
