using System.ComponentModel;
using Gatehouse.Contracts.Access;
using Gatehouse.Core.Actors;
using Gatehouse.Web;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace Gatehouse.Organizations.Access;

/// <summary>Shows the signed-in user what they may do.</summary>
internal static class GetMyPermissions
{
    public sealed record InOrganization
    {
        public required Guid OrganizationId { get; init; }

        [Description("Names of the roles there.")]
        public required IReadOnlyList<string> Roles { get; init; }

        [Description("What they allow there beside the permissions in the whole tenant.")]
        public required IReadOnlyList<string> Permissions { get; init; }
    }

    public sealed record Response
    {
        [Description("Names of the roles in the whole tenant.")]
        public required IReadOnlyList<string> Roles { get; init; }

        [Description("What they allow, such as users:read, in the tenant and each of its organizations.")]
        public required IReadOnlyList<string> Permissions { get; init; }

        public required IReadOnlyList<InOrganization> Organizations { get; init; }
    }

    public static void Map(IEndpointRouteBuilder v1) =>
        v1.MapGet(
                "/permissions/mine",
                async (Handler handler, HttpContext http) => TypedResults.Json(await handler.HandleAsync(http.Actor(), http.RequestAborted))
            )
            .WithName(nameof(GetMyPermissions))
            .WithSummary("List my permissions")
            .WithDescription(
                "What the signed-in user may do now. A user without roles has no permission, and needs none for their own account."
            )
            .Produces<Response>()
            .RequireSignIn();

    internal sealed class Handler(IAccessDirectory directory)
    {
        public async Task<Response> HandleAsync(Actor actor, CancellationToken cancellationToken)
        {
            var access = await directory.FindAsync(actor.Tenant.Id, actor.RequiredUser.Id, cancellationToken);
            var whole = access.Grants.Where(g => g.OrganizationId is null).ToList();
            return new Response
            {
                Roles = [.. whole.Select(g => g.Role)],
                Permissions = Sorted(whole),
                Organizations =
                [
                    .. access
                        .Grants.Where(g => g.OrganizationId is not null)
                        .GroupBy(g => g.OrganizationId!.Value)
                        .Select(group => new InOrganization
                        {
                            OrganizationId = group.Key,
                            Roles = [.. group.Select(g => g.Role)],
                            Permissions = Sorted(group),
                        }),
                ],
            };
        }

        private static IReadOnlyList<string> Sorted(IEnumerable<RoleGrant> grants) =>
            [.. grants.SelectMany(g => g.Permissions).Distinct(StringComparer.Ordinal).Order(StringComparer.Ordinal)];
    }
}
