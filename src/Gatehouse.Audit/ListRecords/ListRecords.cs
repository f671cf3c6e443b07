using Gatehouse.Audit.Data;
using Gatehouse.Core.Actors;
using Gatehouse.Core.Postgres;
using Gatehouse.Core.Results;
using Gatehouse.Web;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace Gatehouse.Audit;

/// <summary>Lists the records of the actor's tenant, newest or oldest first, by any combination of filters.</summary>
internal static class ListRecords
{
    public static readonly Sorting Sorting = new() { List = "audit", Time = "at" };

    public static void Map(IEndpointRouteBuilder v1) =>
        v1.MapGet(
                "/audit",
                async ([AsParameters] RecordQuery query, Handler handler, HttpContext http) =>
                    (
                        await handler.HandleAsync(
                            query,
                            new PageInput
                            {
                                Limit = query.Limit,
                                After = query.After,
                                Sort = query.Sort,
                            },
                            http.Actor(),
                            http.RequestAborted
                        )
                    ).ToResult(TypedResults.Ok)
            )
            .WithName(nameof(ListRecords))
            .WithSummary("List audit records")
            .WithDescription("Of the tenant, newest first. Several filters narrow each other.")
            .Produces<Page<RecordView>>()
            .ProducesProblems(403)
            .RequirePermission(AuditArea.ReadAudit);

    internal sealed class Handler(Database database, RecordViews views)
    {
        public async Task<Outcome<Page<RecordView>>> HandleAsync(
            RecordQuery query,
            PageInput asked,
            Actor actor,
            CancellationToken cancellationToken
        )
        {
            var errors = new ValidationErrors();
            var filter = RecordFilter.Parse(query, errors);
            var page = PageQuery.Parse(asked, Sorting, actor.Tenant.Id, errors);
            if (errors.Any || page is null)
                return RequestErrors.InvalidWith(errors);

            var rows = await database.QueryAsync(
                db =>
                    db.ListAsync<StoredRecord>(
                        filter.Statement(StoredRecord.Columns, page),
                        DbSession.Parameters(
                            filter,
                            new
                            {
                                tenant = actor.Tenant.Id,
                                page.Cursor,
                                page.Rows,
                            }
                        )
                    ),
                cancellationToken
            );
            var shown = (await views.ShowAsync([.. rows.Take(page.Limit)], actor.Language, cancellationToken)).ToDictionary(r => r.Id);
            return page.Of(rows, row => row.Id, row => shown[row.Id]);
        }
    }
}
