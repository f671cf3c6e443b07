using Gatehouse.Core.Actors;
using Gatehouse.Core.Postgres;
using Gatehouse.Core.Results;
using Gatehouse.Organizations.Tenants;
using Gatehouse.Web;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace Gatehouse.Organizations.Domains;

/// <summary>Shows one domain of the tenant.</summary>
internal static class GetDomain
{
    public static void Map(IEndpointRouteBuilder v1) =>
        v1.MapGet(
                "/tenants/{id:guid}/domains/{domain}",
                async (Guid id, string domain, Handler handler, HttpContext http) =>
                    (await handler.HandleAsync(id, domain, http.Actor(), http.RequestAborted)).ToResult(TypedResults.Ok)
            )
            .WithName(nameof(GetDomain))
            .WithSummary("Get a domain of the tenant")
            .Produces<DomainView>()
            .ProducesProblems(403)
            .RequirePermission(TenantsArea.ReadTenants);

    internal sealed class Handler(Database database)
    {
        public async Task<Outcome<DomainView>> HandleAsync(Guid id, string typed, Actor actor, CancellationToken cancellationToken) =>
            id != actor.Tenant.Id ? TenantsErrors.NotFound
            : await database.QueryAsync(db => DomainRow.FindAsync(db, id, DomainInput.Canonical(typed)), cancellationToken) is { } row
                ? row.View()
            : DomainsErrors.NotFound;
    }
}
