using Gatehouse.Core.Actors;
using Gatehouse.Core.Auditing;
using Gatehouse.Core.Postgres;
using Gatehouse.Core.Results;
using Gatehouse.Encryption;
using Gatehouse.Identity.Data;
using Gatehouse.Web;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace Gatehouse.Identity.Factors;

/// <summary>Makes new recovery codes; those of before are void.
/// <para>Publishes <c>notification.requested.v1</c>.</para></summary>
internal static class MakeRecoveryCodes
{
    public static void Map(IEndpointRouteBuilder v1) =>
        v1.MapPost(
                "/me/recovery-codes",
                async (Handler handler, HttpContext http) =>
                    (await handler.HandleAsync(http.Actor(), http.RequestAborted)).ToResult(codes => TypedResults.Ok(codes))
            )
            .WithName(nameof(MakeRecoveryCodes))
            .WithSummary("Make new recovery codes")
            .WithDescription("Ten codes, each accepted once in place of a second factor. Those of before are void.")
            .Produces<NewRecoveryCodes>()
            .ProducesProblems(403, 409)
            .RequireSignIn()
            .RequireFresh();

    internal sealed class Handler(Database database, SubjectKeys subjectKeys, RecoveryCodes recoveryCodes, SecurityNotice notice)
    {
        public async Task<Outcome<NewRecoveryCodes>> HandleAsync(Actor actor, CancellationToken cancellationToken)
        {
            if (await subjectKeys.FindAsync(actor.RequiredUser.Id, cancellationToken) is not { } key)
                return RequestErrors.Unauthenticated;
            return await database.InTransactionAsync("recovery-codes.make", tx => MakeAsync(tx, key, actor), cancellationToken);
        }

        private async Task<Outcome<NewRecoveryCodes>> MakeAsync(Transaction tx, SubjectKey key, Actor actor)
        {
            if (await LockedUser.LockAsync(tx, actor.Tenant.Id, actor.RequiredUser.Id) is not { } user)
                return RequestErrors.Unauthenticated;
            if (user.Row.SecondFactors is [])
                return FactorsErrors.NoneAdded;
            tx.Record(AuditRecord.Of(actor, "recovery-codes.made") with { Subject = user.Row.Id });
            notice.Request(tx, user, key, "recovery-codes-made", actor.Device);
            var codes = await recoveryCodes.ReplaceAsync(tx, user.Row);
            await user.SaveAsync(tx);
            return new NewRecoveryCodes { RecoveryCodes = codes };
        }
    }
}
