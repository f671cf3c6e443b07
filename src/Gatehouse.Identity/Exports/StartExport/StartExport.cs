using System.Text.Json;
using Gatehouse.Core.Actors;
using Gatehouse.Core.Auditing;
using Gatehouse.Core.Postgres;
using Gatehouse.Core.Results;
using Gatehouse.Identity.Data;
using Gatehouse.Messaging;
using Gatehouse.Web;
using Gatehouse.Web.Operations;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace Gatehouse.Identity.Exports;

/// <summary>
/// Starts to collect everything that is held about the user. There is one export at a time: while it is made, and while it can be
/// downloaded, asking again answers the same one.
/// </summary>
internal static class StartExport
{
    public static void Map(IEndpointRouteBuilder v1) =>
        v1.MapPost(
                "/me/export",
                async (Handler handler, HttpContext http) =>
                    (await handler.HandleAsync(http.Actor(), http.RequestAborted)).ToResult(operation => operation.Accepted(http))
            )
            .WithName(nameof(StartExport))
            .WithSummary("Export my data")
            .WithDescription(
                "Starts an operation that collects everything held about the user into a ZIP of JSON files; its result is {exportId, "
                    + "expiresAt}. Read it at the address in Location, or watch it live, then download the file within 24 hours. While an "
                    + "export is made or valid, the same operation is answered."
            )
            .Produces<OperationView>(StatusCodes.Status202Accepted)
            .ProducesProblems(403)
            .RequireSignIn()
            .LimitBy(ExportsArea.ExportLimit)
            .RequireFresh();

    internal sealed class Handler(Database database, OperationList operations, MessageCatalog texts, TimeProvider clock)
    {
        public async Task<Outcome<OperationView>> HandleAsync(Actor actor, CancellationToken cancellationToken)
        {
            // One whose operation is gone or failed gives way; read before the lock, because that never turns back.
            var spent = await FindAsync(actor, cancellationToken) is { IsSpent: true } last ? last.Export.Id : (Guid?)null;
            var id = await database.InTransactionAsync("export.start", tx => StartAsync(tx, actor, spent), cancellationToken);
            if (id.Error is { } error)
                return error;
            var operation = await operations.FindAsync(OperationOwner.Of(actor), id.Value, cancellationToken);
            return operation is null ? RequestErrors.Unauthenticated : OperationView.Of(operation, texts, actor.Language);
        }

        /// <summary>The user's export and what makes it; null for none.</summary>
        public async Task<CurrentExport?> FindAsync(Actor actor, CancellationToken cancellationToken)
        {
            var export = await database.QueryAsync(
                db => StoredExport.FindAsync(db, actor.Tenant.Id, actor.RequiredUser.Id, clock.GetUtcNow()),
                cancellationToken
            );
            return export is null
                ? null
                : new CurrentExport(export, await operations.FindAsync(OperationOwner.Of(actor), export.Id, cancellationToken));
        }

        private static async Task<Outcome<Guid>> StartAsync(Transaction tx, Actor actor, Guid? spent)
        {
            var (tenant, user) = (actor.Tenant.Id, actor.RequiredUser.Id);
            // Requests at the same moment wait here for each other.
            if (await LockedUser.LockAsync(tx, tenant, user) is not { Row.IsLockedOut: false })
                return RequestErrors.Unauthenticated;
            if (await StoredExport.FindAsync(tx, tenant, user, tx.Now) is { } present && present.Id != spent)
                return present.Id;

            var payload = new MakeExport.Payload(tenant, user, actor.RequiredUser.SessionId)
            {
                Network = actor.Network,
                Device = actor.Device,
            };
            var id = tx.StartOperation<MakeExport>(actor, JsonSerializer.Serialize(payload, ExportsJson.Default.MakeExportPayload));
            await tx.ExecuteAsync(
                """
                insert into identity.exports (tenant_id, user_id, id, requested_at, expires_at)
                values (@tenant, @user, @id, @Now, @expiresAt)
                on conflict (tenant_id, user_id) do update
                   set id = excluded.id, requested_at = excluded.requested_at, ready_at = null, downloaded_at = null,
                       expires_at = excluded.expires_at, content = null
                """,
                new
                {
                    tenant,
                    user,
                    id,
                    tx.Now,
                    expiresAt = tx.Now + StoredExport.Validity,
                }
            );
            tx.Record((AuditRecord.Of(actor, "export.requested") with { Subject = user }).WithFact("operation", $"{id}"));
            return id;
        }
    }
}

/// <summary>A user's export and the operation that makes it.</summary>
internal sealed record CurrentExport(StoredExport Export, Operation? Operation)
{
    /// <summary>Whether nothing will come of it.</summary>
    public bool IsSpent => Operation?.State is null or Messaging.Operation.Failed or Messaging.Operation.Canceled;

    public bool IsReady => Export.ReadyAt is not null && !IsSpent;
}
