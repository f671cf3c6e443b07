using Gatehouse.Core.Actors;
using Gatehouse.Core.Postgres;
using Gatehouse.Core.Results;
using Gatehouse.Encryption;
using Gatehouse.Identity.Authenticators;
using Gatehouse.Identity.Data;
using Gatehouse.Web;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace Gatehouse.Identity.Passkeys;

/// <summary>Begins to add a passkey: what the browser asks an authenticator to make. It counts for the session that asked.</summary>
internal static class CreatePasskeyOptions
{
    public static void Map(IEndpointRouteBuilder v1) =>
        v1.MapPost(
                "/me/passkeys/options",
                async (RelyingParties parties, Handler handler, HttpContext http) =>
                    (await handler.HandleAsync(await parties.OfAsync(http), http.Actor(), http.RequestAborted)).ToResult(options =>
                        TypedResults.Json(options)
                    )
            )
            .WithName(nameof(CreatePasskeyOptions))
            .WithSummary("Begin adding a passkey")
            .WithDescription("Returns the options for navigator.credentials.create. Needs an account whose address or number is verified.")
            .Produces<PasskeyOptions>()
            .ProducesProblems(403, 409)
            .RequireSignIn()
            .AllowBeforeEnrollment()
            .LimitBy(PasskeysArea.OptionsLimit)
            .RequireFresh();

    internal sealed class Handler(Database database, SubjectKeys subjectKeys, WebAuthn webAuthn, PasskeyCeremonies ceremonies)
    {
        public async Task<Outcome<PasskeyOptions>> HandleAsync(RelyingParty party, Actor actor, CancellationToken cancellationToken)
        {
            var (tenant, id, session) = (actor.Tenant.Id, actor.RequiredUser.Id, actor.RequiredUser.SessionId);
            var user = await database.QueryAsync(db => StoredUser.FindAsync(db, tenant, id), cancellationToken);
            var key = await subjectKeys.FindAsync(id, cancellationToken);
            if (user is null || key is null)
                return RequestErrors.Unauthenticated;
            if (user.IsUnverified)
                return PasskeysErrors.VerificationRequired;
            var known = await database.QueryAsync(db => StoredPasskey.ListAsync(db, tenant, id), cancellationToken);
            if (known.Count >= StoredPasskey.Max)
                return PasskeysErrors.LimitReached;

            var names = new PasskeyNames
            {
                Service = actor.Tenant.DisplayName,
                User = user.Name.Value,
                Account = user.OpenEmail(key)?.Delivery ?? user.Username?.Typed ?? user.OpenPhone(key)?.Delivery ?? user.Name.Value,
            };
            var (options, state) = await webAuthn.AskForNewAsync(party, id, names, known);
            var purpose = CeremonyPurpose.Add(id, session);
            return new PasskeyOptions
            {
                CeremonyId = await ceremonies.BeginAsync(tenant, purpose, party, state, browser: null, cancellationToken),
                PublicKey = options,
            };
        }
    }
}
