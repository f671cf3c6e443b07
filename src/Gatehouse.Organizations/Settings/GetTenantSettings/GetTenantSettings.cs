using Gatehouse.Core.Actors;
using Gatehouse.Core.Postgres;
using Gatehouse.Core.Results;
using Gatehouse.Organizations.Tenants;
using Gatehouse.Web;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace Gatehouse.Organizations.Settings;

/// <summary>Shows the settings of the tenant.</summary>
internal static class GetTenantSettings
{
    public static void Map(IEndpointRouteBuilder v1) =>
        v1.MapGet(
                "/tenants/{id:guid}/settings",
                async (Guid id, Handler handler, HttpContext http) =>
                {
                    http.AcceptPatch();
                    return (await handler.HandleAsync(id, http.Actor(), http.RequestAborted)).ToResult(settings =>
                        http.Tagged(settings.View, EntityTags.Quoted(settings.Version))
                    );
                }
            )
            .WithName(nameof(GetTenantSettings))
            .WithSummary("Get the settings of the tenant")
            .Produces<SettingsView>()
            .ProducesProblems(403)
            .RequirePermission(TenantsArea.ReadTenants);

    internal sealed class Handler(Database database)
    {
        public async Task<Outcome<VersionedSettings>> HandleAsync(Guid id, Actor actor, CancellationToken cancellationToken) =>
            id == actor.Tenant.Id && await database.QueryAsync(db => TenantRow.FindAsync(db, id), cancellationToken) is { } row
                ? SettingsView.Of(row)
                : TenantsErrors.NotFound;
    }
}
