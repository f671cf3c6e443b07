using Gatehouse.Core.Actors;
using Gatehouse.Core.Postgres;
using Gatehouse.Core.Results;
using Gatehouse.Core.Tenants;
using Gatehouse.Web;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace Gatehouse.Organizations.Tenants;

/// <summary>Shows one tenant.</summary>
internal static class GetTenant
{
    public static void Map(IEndpointRouteBuilder v1) =>
        v1.MapGet(
                "/tenants/{id:guid}",
                async (Guid id, Handler handler, HttpContext http) =>
                {
                    http.AcceptPatch();
                    return (await handler.HandleAsync(id, http.Actor(), http.RequestAborted)).ToResult(row =>
                        http.Tagged(row.View, EntityTags.Quoted(row.Version))
                    );
                }
            )
            .WithName(nameof(GetTenant))
            .WithSummary("Get a tenant")
            .Produces<TenantView>()
            .ProducesProblems(403)
            .RequirePermission(TenantsArea.ReadTenants);

    internal sealed class Handler(Database database, TenantOptions options)
    {
        public async Task<Outcome<VersionedTenant>> HandleAsync(Guid id, Actor actor, CancellationToken cancellationToken) =>
            actor.VisibleTenant() is { } only && only != id ? TenantsErrors.NotFound
            : await database.QueryAsync(db => TenantRow.FindAsync(db, id), cancellationToken) is { } row
                ? new VersionedTenant(TenantView.Of(row, options), row.Version)
            : TenantsErrors.NotFound;
    }
}

/// <summary>A tenant with how often it was changed.</summary>
internal sealed record VersionedTenant(TenantView View, long Version);

internal static class TenantVisibility
{
    /// <summary>The only tenant that the actor may see; null for an administrator of the platform, who sees all.</summary>
    public static Guid? VisibleTenant(this Actor actor) =>
        actor.RequiredAccess.AcrossTenants().Allows(TenantsArea.ReadTenants.Name) ? null : actor.Tenant.Id;
}
