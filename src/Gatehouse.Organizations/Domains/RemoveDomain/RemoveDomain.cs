using Gatehouse.Contracts.Events;
using Gatehouse.Core.Actors;
using Gatehouse.Core.Auditing;
using Gatehouse.Core.Postgres;
using Gatehouse.Core.Results;
using Gatehouse.Messaging;
using Gatehouse.Organizations.Tenants;
using Gatehouse.Web;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace Gatehouse.Organizations.Domains;

/// <summary>
/// Takes a domain from the tenant; another one may verify it then. Links no longer name it.
/// <para>Publishes <c>tenant.domain-removed.v1</c> if it was verified.</para>
/// </summary>
internal static class RemoveDomain
{
    public static void Map(IEndpointRouteBuilder v1) =>
        v1.MapDelete(
                "/tenants/{id:guid}/domains/{domain}",
                async (Guid id, string domain, Handler handler, HttpContext http) =>
                    (await handler.HandleAsync(id, domain, http.Actor(), http.RequestAborted)).ToResult(_ => TypedResults.NoContent())
            )
            .WithName(nameof(RemoveDomain))
            .WithSummary("Remove a domain from the tenant")
            .WithDescription(
                "Requests to it are no longer the tenant's, within a second. Links in mails name Http:PublicUrl if they named it. "
                    + "Repeating it changes nothing."
            )
            .Produces(204)
            .RequirePermission(DomainsArea.WriteDomains)
            .RequireFresh();

    internal sealed class Handler(Database database, TenantDirectory directory)
    {
        public async Task<Outcome<bool>> HandleAsync(Guid id, string typed, Actor actor, CancellationToken cancellationToken) =>
            id != actor.Tenant.Id
                ? TenantsErrors.NotFound
                : await database.InTransactionAsync(
                    "tenant-domain.remove",
                    tx => RemoveAsync(tx, DomainInput.Canonical(typed), actor),
                    cancellationToken
                );

        /// <returns>Whether there was one.</returns>
        private async Task<Outcome<bool>> RemoveAsync(Transaction tx, string? domain, Actor actor)
        {
            var tenant = actor.Tenant.Id;
            if (await DomainRow.LockAsync(tx, tenant, domain) is not { } row)
                return false;
            var key = new
            {
                tenant,
                row.Domain,
                tx.Now,
            };
            await tx.ExecuteAsync("delete from organizations.tenant_domains where tenant_id = @tenant and domain = @Domain", key);
            tx.Record(AuditRecord.Of(actor, "tenant-domain.removed").WithFact("domain", row.Domain));
            if (row.VerifiedAt is null)
                return true;
            await tx.ExecuteAsync("delete from organizations.verified_domains where tenant_id = @tenant and domain = @Domain", key);
            await tx.ExecuteAsync(
                """
                update organizations.tenants set link_domain = null, version = version + 1, updated_at = @Now
                 where id = @tenant and link_domain = @Domain
                """,
                key
            );
            tx.Publish(tenant, tenant, new TenantDomainRemovedV1 { TenantId = tenant, Domain = row.Domain });
            tx.AfterCommit(directory.Forget);
            return true;
        }
    }
}
