using System.ComponentModel;
using System.Diagnostics.CodeAnalysis;
using Gatehouse.Audit.Data;
using Gatehouse.Core.Actors;
using Gatehouse.Core.Postgres;
using Gatehouse.Core.Results;
using Gatehouse.Web;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace Gatehouse.Audit;

/// <summary>Shows one record of the actor's tenant with its place in the chain.</summary>
internal static class GetRecord
{
    public sealed record Response : RecordView
    {
        [SetsRequiredMembers]
        internal Response(RecordView record)
            : base(record) { }

        [Description("The sealed batch it is in; null while it is not sealed yet, and when retention has removed the batch.")]
        public required SealedBatch? Batch { get; init; }
    }

    public sealed record SealedBatch
    {
        public required long Number { get; init; }

        public required DateTimeOffset SealedAt { get; init; }
    }

    public static void Map(IEndpointRouteBuilder v1) =>
        v1.MapGet(
                "/audit/{id:guid}",
                async (Guid id, Handler handler, HttpContext http) =>
                    (await handler.HandleAsync(id, http.Actor(), http.RequestAborted)).ToResult(TypedResults.Ok)
            )
            .WithName(nameof(GetRecord))
            .WithSummary("Get an audit record")
            .WithDescription("With its place in the chain of sealed batches.")
            .Produces<Response>()
            .ProducesProblems(403)
            .RequirePermission(AuditArea.ReadAudit);

    internal sealed class Handler(Database database, RecordViews views)
    {
        public async Task<Outcome<Response>> HandleAsync(Guid id, Actor actor, CancellationToken cancellationToken)
        {
            var (record, batch) = await database.QueryAsync(
                async db =>
                    await StoredRecord.FindAsync(db, actor.Tenant.Id, id) is { } found
                        ? (found, await BatchOfAsync(db, found.Position))
                        : (null, null),
                cancellationToken
            );
            if (record is null)
                return AuditErrors.RecordNotFound;
            var view = (await views.ShowAsync([record], actor.Language, cancellationToken))[0];
            return new Response(view) { Batch = batch };
        }

        // The batch that ends at or behind the record has it, unless the record is older than what is left of the chain.
        private static Task<SealedBatch?> BatchOfAsync(DbSession db, AuditPosition place) =>
            db.FirstOrDefaultAsync<SealedBatch>(
                """
                select b.number, b.sealed_at
                  from (select * from audit.batches
                         where (last_epoch, last_xid, last_seq) >= (@Epoch, @Xid, @Seq)
                         order by last_epoch, last_xid, last_seq
                         limit 1) b
                 where (b.first_epoch, b.first_xid, b.first_seq) <= (@Epoch, @Xid, @Seq)
                """,
                place
            );
    }
}
