using System.ComponentModel;
using Gatehouse.Core.Actors;
using Gatehouse.Core.Postgres;
using Gatehouse.Core.Results;
using Gatehouse.Organizations.Data;
using Gatehouse.Web;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace Gatehouse.Organizations.Structure;

/// <summary>Lists organizations, newest first or sorted, as far as the actor may see them.</summary>
internal static class ListOrganizations
{
    private const string Code = "code";

    // As the indexes of the table are (V009__sorting.sql).
    private static readonly Sorting Sorting = new()
    {
        List = "organizations",
        Columns =
        [
            new() { Name = "name", Expression = $"name {SortColumn.ByName}" },
            new() { Name = Code, Expression = $"code {SortColumn.ByCode}" },
        ],
    };

    /// <summary>What the list is narrowed to.</summary>
    public sealed record Filter
    {
        public static Filter None { get; } = new();

        /// <summary>Part of the name or the code.</summary>
        public string? Text { get; init; }

        public string? State { get; init; }
    }

    public static void Map(IEndpointRouteBuilder v1) =>
        v1.MapGet(
                "/organizations",
                async (
                    [Description("Part of the name or the code, in any case.")] string? q,
                    [Description("Only those in this state: active or inactive.")] string? state,
                    [Description(PageQuery.LimitDescription)] string? limit,
                    [Description(PageQuery.AfterDescription)] string? after,
                    [Description("createdAt, name or code; with - in front from the last to the first. Default: -createdAt.")] string? sort,
                    Handler handler,
                    HttpContext http
                ) =>
                    (
                        await handler.HandleAsync(
                            new Filter { Text = q, State = state },
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
            .WithName(nameof(ListOrganizations))
            .WithSummary("List organizations")
            .WithDescription("Newest first, or sorted. An administrator of organizations sees those.")
            .Produces<Page<OrganizationView>>()
            .ProducesProblems(403)
            .RequirePermissionSomewhere(StructureArea.ReadOrganizations);

    internal sealed class Handler(Database database)
    {
        public async Task<Outcome<Page<OrganizationView>>> HandleAsync(
            Filter filter,
            PageInput asked,
            Actor actor,
            CancellationToken cancellationToken
        )
        {
            var errors = new ValidationErrors();
            var page = PageQuery.Parse(asked, Sorting, actor.Tenant.Id, errors);
            var wanted = string.IsNullOrWhiteSpace(filter.Text)
                ? null
                : TextInput.Clean(filter.Text, "q", OrganizationTexts.MaxName, errors);
            if (filter.State is not (null or OrganizationRow.Active or OrganizationRow.Inactive))
                errors.Add(
                    "state",
                    ValidationCodes.UnknownValue,
                    TextInput.Limits(("allowed", $"{OrganizationRow.Active}, {OrganizationRow.Inactive}"))
                );
            if (errors.Any || page is null)
                return RequestErrors.InvalidWith(errors);

            var visible = actor.RequiredAccess.OrganizationsWith(StructureArea.ReadOrganizations.Name);
            var rows = await database.QueryAsync(
                db =>
                    db.ListAsync<OrganizationRow>(
                        $"""
                        select {OrganizationRow.Columns} from organizations.organizations
                         where tenant_id = @tenant and {page.Beyond("id")} and (@visible::uuid[] is null or id = any(@visible))
                           and (@State::text is null or state = @State)
                           and (@wanted::text is null
                                or position(lower(@wanted) in lower(name)) > 0 or position(lower(@wanted) in code) > 0)
                         {page.Order("id")}
                        """,
                        new
                        {
                            tenant = actor.Tenant.Id,
                            page.Cursor,
                            page.Key,
                            page.Rows,
                            visible = visible?.ToArray(),
                            wanted,
                            filter.State,
                        }
                    ),
                cancellationToken
            );
            return page.Of(rows, row => row.Id, row => row.View(), (row, column) => column == Code ? row.Code : row.Name);
        }
    }
}
