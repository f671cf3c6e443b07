using System.ComponentModel;
using Gatehouse.Core.Postgres;
using Gatehouse.Organizations.Data;
using Gatehouse.Web;
using Gatehouse.Web.Modules;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace Gatehouse.Organizations.Access;

/// <summary>Lists all permissions, those that the program declares and those that were registered.</summary>
internal static class ListPermissions
{
    public sealed record Response
    {
        [Description("By name.")]
        public required IReadOnlyList<PermissionView> Items { get; init; }
    }

    public static void Map(IEndpointRouteBuilder v1) =>
        v1.MapGet(
                "/permissions",
                async (Handler handler, HttpContext http) => TypedResults.Json(await handler.HandleAsync(http.RequestAborted))
            )
            .WithName(nameof(ListPermissions))
            .WithSummary("List permissions")
            .WithDescription("All that a role can allow, on this server and on the services that registered theirs.")
            .Produces<Response>()
            .ProducesProblems(403)
            .RequirePermissionSomewhere(AccessArea.ReadRoles);

    internal sealed class Handler(Database database, PermissionCatalog declared)
    {
        public async Task<Response> HandleAsync(CancellationToken cancellationToken)
        {
            var registered = await database.QueryAsync(
                db => db.ListAsync<PermissionRow>($"select {PermissionRow.Columns} from organizations.permissions"),
                cancellationToken
            );
            var all = declared
                .All.Select(permission => permission.View())
                .Concat(registered.Where(row => declared.Find(row.Name) is null).Select(row => row.View()));
            return new Response { Items = [.. all.OrderBy(view => view.Name, StringComparer.Ordinal)] };
        }
    }
}
