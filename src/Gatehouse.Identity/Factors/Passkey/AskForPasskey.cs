using Gatehouse.Core.Actors;
using Gatehouse.Core.Postgres;
using Gatehouse.Core.Results;
using Gatehouse.Encryption;
using Gatehouse.Identity.Authenticators;
using Gatehouse.Identity.Challenges;
using Gatehouse.Identity.Data;
using Gatehouse.Identity.SignIn;
using Gatehouse.Web;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace Gatehouse.Identity.Factors;

/// <summary>What a browser asks an authenticator, to answer a challenge with a passkey of its user.</summary>
internal static class AskForPasskey
{
    public static string PathOf(Guid challenge) => $"/v1/challenges/{challenge}/passkey-options";

    public static void Map(IEndpointRouteBuilder v1) =>
        v1.MapPost(
                "/challenges/{id:guid}/passkey-options",
                async (Guid id, RelyingParties parties, Handler handler, HttpContext http) =>
                    (
                        await handler.HandleAsync(
                            id,
                            await parties.OfAsync(http),
                            PasskeyBrowser.Bind(http),
                            http.Actor(),
                            http.RequestAborted
                        )
                    ).ToResult(options => TypedResults.Json(options))
            )
            .WithName(nameof(AskForPasskey))
            .WithSummary("Begin answering a challenge with a passkey")
            .WithDescription(
                "Returns the options for navigator.credentials.get. What the authenticator answers goes to POST /v1/challenges/{id}."
            )
            .Produces<PasskeyOptions>()
            .ProducesProblems(404)
            .AllowAnonymous()
            .LimitBy(SignInArea.SignInLimit);

    internal sealed class Handler(Database database, PasskeyAssertion assertion, TimeProvider clock)
    {
        public async Task<Outcome<PasskeyOptions>> HandleAsync(
            Guid id,
            RelyingParty party,
            Hash<PasskeyBrowser>? browser,
            Actor actor,
            CancellationToken cancellationToken
        )
        {
            var tenant = actor.HomeTenantId ?? actor.Tenant.Id;
            var challenge = await database.QueryAsync(
                db => PendingChallenge.FindAsync(db, tenant, id, clock.GetUtcNow()),
                cancellationToken
            );
            if (
                challenge is null
                || !challenge.IsOf(actor)
                || !challenge.Factors.Contains(SecondFactorNames.Passkey, StringComparer.Ordinal)
            )
                return FactorsErrors.ChallengeNotFound;
            return await assertion.BeginAsync(party, tenant, challenge.UserId, challenge.Id, browser, cancellationToken) is { } options
                ? options
                : FactorsErrors.NotFound;
        }
    }
}
