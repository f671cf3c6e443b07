using System.ComponentModel;
using Gatehouse.Contracts.Access;
using Gatehouse.Core.Actors;
using Gatehouse.Core.Postgres;
using Gatehouse.Core.Results;
using Gatehouse.Organizations.Data;
using Gatehouse.Web;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace Gatehouse.Organizations.Access;

/// <summary>Shows a user's roles, as far as the actor may see them.</summary>
internal static class ListUserRoles
{
    public sealed record Item
    {
        public required Guid RoleId { get; init; }

        [Description("Name of the role, such as tenant-administrator.")]
        public required string Name { get; init; }

        [Description("Where it counts; null for the whole tenant.")]
        public required Guid? OrganizationId { get; init; }

        [Description("What it allows, such as users:read.")]
        public required IReadOnlyList<string> Permissions { get; init; }
    }

    public sealed record Response
    {
        [Description("In the order of assignment. Roles in organizations that are not active are left out: they count for nothing.")]
        public required IReadOnlyList<Item> Items { get; init; }
    }

    public static void Map(IEndpointRouteBuilder v1) =>
        v1.MapGet(
                "/users/{userId:guid}/roles",
                async (Guid userId, Handler handler, HttpContext http) =>
                    (await handler.HandleAsync(userId, http.Actor(), http.RequestAborted)).ToResult(roles => TypedResults.Json(roles))
            )
            .WithName(nameof(ListUserRoles))
            .WithSummary("List a user's roles")
            .WithDescription("An administrator of organizations sees the roles there.")
            .Produces<Response>()
            .ProducesProblems(403)
            .RequirePermissionSomewhere(AccessArea.ReadRoles);

    internal sealed class Handler(Database database, Roles roles, IUserDirectory users)
    {
        public async Task<Outcome<Response>> HandleAsync(Guid user, Actor actor, CancellationToken cancellationToken)
        {
            if (!await users.ExistsAsync(actor.Tenant.Id, user, cancellationToken))
                return AccessErrors.UserNotFound;
            var access = await database.QueryAsync(db => roles.AccessAsync(db, actor.Tenant.Id, user), cancellationToken);
            var visible = actor.RequiredAccess.OrganizationsWith(AccessArea.ReadRoles.Name);
            var seen = access.Grants.Where(g => visible is null || (g.OrganizationId is { } home && visible.Contains(home)));
            return new Response { Items = [.. seen.Select(Describe)] };
        }

        private static Item Describe(RoleGrant grant) =>
            new()
            {
                RoleId = grant.RoleId,
                Name = grant.Role,
                OrganizationId = grant.OrganizationId,
                Permissions = [.. grant.Permissions.Order(StringComparer.Ordinal)],
            };
    }
}
