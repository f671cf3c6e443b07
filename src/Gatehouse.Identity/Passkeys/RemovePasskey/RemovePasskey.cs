using Gatehouse.Contracts.Events;
using Gatehouse.Core.Actors;
using Gatehouse.Core.Auditing;
using Gatehouse.Core.Postgres;
using Gatehouse.Core.Results;
using Gatehouse.Encryption;
using Gatehouse.Identity.Authenticators;
using Gatehouse.Identity.Challenges;
using Gatehouse.Identity.Data;
using Gatehouse.Identity.Factors;
using Gatehouse.Web;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace Gatehouse.Identity.Passkeys;

/// <summary>
/// Removes a passkey: it signs in no more. Sessions that it began go on; what remembered devices need not prove is asked for again.
/// <para>Publishes <c>credential.changed.v1</c> and <c>notification.requested.v1</c>.</para>
/// </summary>
internal static class RemovePasskey
{
    public static void Map(IEndpointRouteBuilder v1) =>
        v1.MapDelete(
                "/me/passkeys/{id:guid}",
                async (Guid id, Handler handler, HttpContext http) =>
                    (await handler.HandleAsync(id, http.Actor(), http.RequestAborted)).ToResult(_ => TypedResults.NoContent())
            )
            .WithName(nameof(RemovePasskey))
            .WithSummary("Remove a passkey")
            .WithDescription("Sessions begun with the passkey go on. Passkeys of other users are reported as not found.")
            .Produces(StatusCodes.Status204NoContent)
            .ProducesProblems(403, 409)
            .RequireSignIn()
            .RequireFresh();

    internal sealed class Handler(Database database, SubjectKeys subjectKeys, SecurityNotice notice)
    {
        public async Task<Outcome<Guid>> HandleAsync(Guid id, Actor actor, CancellationToken cancellationToken)
        {
            if (await subjectKeys.FindAsync(actor.RequiredUser.Id, cancellationToken) is not { } key)
                return RequestErrors.Unauthenticated;
            return await database.InTransactionAsync("passkey.remove", tx => RemoveAsync(tx, id, key, actor), cancellationToken);
        }

        private async Task<Outcome<Guid>> RemoveAsync(Transaction tx, Guid id, SubjectKey key, Actor actor)
        {
            var (tenant, owner) = (actor.Tenant.Id, actor.RequiredUser.Id);
            if (await LockedUser.LockAsync(tx, tenant, owner) is not { } user)
                return RequestErrors.Unauthenticated;
            var isLast = (await StoredPasskey.ListAsync(tx, tenant, owner)) is [{ Id: var last }] && last == id;
            if (
                isLast
                && await SecondFactors.MayRemoveAsync(tx, user.Row, SecondFactorNames.Passkey, actor.Tenant.Settings) is { } rejection
            )
                return rejection;
            var removed = await tx.ExecuteAsync(
                "delete from identity.passkeys where tenant_id = @tenant and id = @id and user_id = @owner",
                new
                {
                    tenant,
                    id,
                    owner,
                }
            );
            if (removed == 0)
                return PasskeysErrors.NotFound;
            if (isLast)
                await SecondFactors.GiveUpAsync(tx, user.Row, SecondFactorNames.Passkey);
            else
                await RememberedDevices.ForgetAsync(tx, user.Row);
            tx.Record(AuditRecord.Of(actor, "passkey.removed").WithFact("passkey", id.ToString()) with { Subject = owner });
            user.Publish(
                tx,
                new CredentialChangedV1
                {
                    UserId = owner,
                    Credential = AddPasskey.Credential,
                    Reason = "removed",
                }
            );
            notice.Request(tx, user, key, "passkey-removed", actor.Device);
            await user.SaveAsync(tx);
            return id;
        }
    }
}
