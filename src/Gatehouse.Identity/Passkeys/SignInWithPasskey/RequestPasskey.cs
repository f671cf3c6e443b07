using Gatehouse.Core.Actors;
using Gatehouse.Encryption;
using Gatehouse.Identity.Authenticators;
using Gatehouse.Web;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace Gatehouse.Identity.Passkeys;

/// <summary>
/// Begins to sign in with a passkey. The options name no passkeys, whoever asks: authenticators find by themselves what they have, and
/// nobody learns who has an account.
/// </summary>
internal static class RequestPasskey
{
    public static void Map(IEndpointRouteBuilder v1) =>
        v1.MapPost(
                "/passkey-options",
                async (RelyingParties parties, Handler handler, HttpContext http) =>
                    TypedResults.Json(
                        await handler.HandleAsync(await parties.OfAsync(http), PasskeyBrowser.Bind(http), http.Actor(), http.RequestAborted)
                    )
            )
            .WithName(nameof(RequestPasskey))
            .WithSummary("Begin signing in with a passkey")
            .WithDescription(
                "Returns the options for navigator.credentials.get. They name no user and suit autofill (mediation conditional), too."
            )
            .Produces<PasskeyOptions>()
            .AllowAnonymous()
            .LimitBy(PasskeysArea.OptionsLimit);

    internal sealed class Handler(PasskeyAssertion assertion)
    {
        public Task<PasskeyOptions> HandleAsync(
            RelyingParty party,
            Hash<PasskeyBrowser>? browser,
            Actor actor,
            CancellationToken cancellationToken
        ) => assertion.BeginSignInAsync(party, actor.Tenant.Id, browser, cancellationToken);
    }
}
