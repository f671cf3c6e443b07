using System.ComponentModel;
using Gatehouse.Core.Actors;
using Gatehouse.Core.Postgres;
using Gatehouse.Core.Results;
using Gatehouse.OpenId.Data;
using Gatehouse.Web;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace Gatehouse.OpenId.Clients;

/// <summary>Lists the clients of the tenant, newest first or sorted.</summary>
internal static class ListClients
{
    // As the index of the table is (V004__sorting.sql).
    private static readonly Sorting Sorting = new()
    {
        List = "clients",
        Columns = [new() { Name = "name", Expression = $"name {SortColumn.ByName}" }],
    };

    public static void Map(IEndpointRouteBuilder v1) =>
        v1.MapGet(
                "/clients",
                async (
                    [Description("Part of the name, in any case, or the whole client_id.")] string? q,
                    [Description(PageQuery.LimitDescription)] string? limit,
                    [Description(PageQuery.AfterDescription)] string? after,
                    [Description("createdAt or name; with - in front from the last to the first. Default: -createdAt.")] string? sort,
                    Handler handler,
                    HttpContext http
                ) =>
                    (
                        await handler.HandleAsync(
                            q,
                            new PageInput
                            {
                                Limit = limit,
                                After = after,
                                Sort = sort,
                            },
                            http.Actor(),
                            http.RequestAborted
                        )
                    ).ToResult(TypedResults.Ok)
            )
            .WithName(nameof(ListClients))
            .WithSummary("List clients")
            .WithDescription("The newest first, or sorted.")
            .Produces<Page<ClientView>>()
            .ProducesProblems(403)
            .RequirePermission(ClientsArea.ReadClients);

    internal sealed class Handler(Database database)
    {
        public async Task<Outcome<Page<ClientView>>> HandleAsync(
            string? text,
            PageInput asked,
            Actor actor,
            CancellationToken cancellationToken
        )
        {
            var errors = new ValidationErrors();
            var wanted = string.IsNullOrWhiteSpace(text) ? null : TextInput.Clean(text, "q", ClientInput.MaxName, errors);
            var tenant = actor.Tenant.Id;
            if (PageQuery.Parse(asked, Sorting, tenant, errors) is not { } page || errors.Any)
                return RequestErrors.InvalidWith(errors);
            return await database.QueryAsync<Outcome<Page<ClientView>>>(
                async db =>
                {
                    var rows = await db.ListAsync<ClientRow>(
                        $"""
                        select {ClientRow.Columns} from openid.clients
                         where tenant_id = @tenant and {page.Beyond("id")}
                           and (@wanted::text is null or position(lower(@wanted) in lower(name)) > 0 or client_id = @wanted)
                         {page.Order("id")}
                        """,
                        new
                        {
                            tenant,
                            wanted,
                            page.Cursor,
                            page.Key,
                            page.Rows,
                        }
                    );
                    var secrets = await SecretRow.ListAsync(db, tenant, [.. rows.Select(row => row.Id)]);
                    return page.Of(rows, row => row.Id, row => ClientView.Of(row, secrets), (row, _) => row.Name);
                },
                cancellationToken
            );
        }
    }
}
