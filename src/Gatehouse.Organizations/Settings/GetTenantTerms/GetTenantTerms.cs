using Gatehouse.Core.Actors;
using Gatehouse.Core.Postgres;
using Gatehouse.Core.Results;
using Gatehouse.Organizations.Tenants;
using Gatehouse.Web;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace Gatehouse.Organizations.Settings;

/// <summary>Shows the terms of service of the tenant.</summary>
internal static class GetTenantTerms
{
    public static void Map(IEndpointRouteBuilder v1) =>
        v1.MapGet(
                "/tenants/{id:guid}/terms",
                async (Guid id, Handler handler, HttpContext http) =>
                    (await handler.HandleAsync(id, http.Actor(), http.RequestAborted)).ToResult(TypedResults.Ok)
            )
            .WithName(nameof(GetTenantTerms))
            .WithSummary("Get the terms of service of the tenant")
            .Produces<TermsView>()
            .ProducesProblems(403)
            .RequirePermission(TenantsArea.ReadTenants);

    internal sealed class Handler(Database database)
    {
        public async Task<Outcome<TermsView>> HandleAsync(Guid id, Actor actor, CancellationToken cancellationToken) =>
            id == actor.Tenant.Id && await database.QueryAsync(db => TenantRow.FindAsync(db, id), cancellationToken) is { } row
                ? TermsView.Of(row.Terms)
                : TenantsErrors.NotFound;
    }
}
