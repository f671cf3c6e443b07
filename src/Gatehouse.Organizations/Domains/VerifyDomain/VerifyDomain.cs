using Gatehouse.Contracts.Events;
using Gatehouse.Core.Actors;
using Gatehouse.Core.Auditing;
using Gatehouse.Core.Postgres;
using Gatehouse.Core.Results;
using Gatehouse.Core.Tenants;
using Gatehouse.Messaging;
using Gatehouse.Organizations.Tenants;
using Gatehouse.Web;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace Gatehouse.Organizations.Domains;

/// <summary>
/// Looks for the proof that a domain is the tenant's, outside any transaction, and makes it so. Of several tenants that prove it the first
/// one has it: the key of <c>organizations.verified_domains</c> decides.
/// <para>Publishes <c>tenant.domain-verified.v1</c> if it was not verified before.</para>
/// </summary>
internal static class VerifyDomain
{
    public static void Map(IEndpointRouteBuilder v1) =>
        v1.MapPost(
                "/tenants/{id:guid}/domains/{domain}/verify",
                async (Guid id, string domain, Handler handler, HttpContext http) =>
                    (await handler.HandleAsync(id, domain, http.Actor(), http.RequestAborted)).ToResult(TypedResults.Ok)
            )
            .WithName(nameof(VerifyDomain))
            .WithSummary("Verify a domain of the tenant")
            .WithDescription(
                "Looks for the TXT record, then for the file. Once verified it stays so: remove record and file if you like. Requests to "
                    + "the domain are the tenant's within a second. If neither is found, dns and file in the answer say what was: "
                    + "absent, different or unreachable."
            )
            .Produces<DomainView>()
            .ProducesProblems(409, 422)
            .RequirePermission(DomainsArea.WriteDomains)
            .LimitBy(DomainsArea.VerifyLimit);

    internal sealed class Handler(Database database, DomainCheck check, TenantDirectory directory)
    {
        public async Task<Outcome<DomainView>> HandleAsync(Guid id, string typed, Actor actor, CancellationToken cancellationToken)
        {
            if (id != actor.Tenant.Id)
                return TenantsErrors.NotFound;
            var row = await database.QueryAsync(db => DomainRow.FindAsync(db, id, DomainInput.Canonical(typed)), cancellationToken);
            if (row is null)
                return DomainsErrors.NotFound;
            if (row.VerifiedAt is not null)
                return row.View();
            var found = await check.SearchAsync(row.Domain, row.Challenge, cancellationToken);
            if (found.Method is not { } method)
                return DomainsErrors.NotVerified.WithFact("dns", found.Dns).WithFact("file", found.File);
            return await database.InTransactionAsync("tenant-domain.verify", tx => VerifyAsync(tx, row, method, actor), cancellationToken);
        }

        private async Task<Outcome<DomainView>> VerifyAsync(Transaction tx, DomainRow proved, string method, Actor actor)
        {
            var tenant = actor.Tenant.Id;
            // What was removed, and perhaps added again, since has another challenge.
            if (await DomainRow.LockAsync(tx, tenant, proved.Domain) is not { } row || row.Challenge != proved.Challenge)
                return DomainsErrors.NotFound;
            if (row.VerifiedAt is not null)
                return row.View();
            var key = new
            {
                tenant,
                row.Domain,
                method,
                tx.Now,
                first = DefaultTenant.Id,
            };
            var inserted = await tx.ExecuteAsync(
                """
                insert into organizations.verified_domains (domain, tenant_id, method, verified_at)
                values (@Domain, @tenant, @method, @Now) on conflict do nothing
                """,
                key
            );
            if (inserted == 0)
                return DomainsErrors.VerifiedElsewhere;
            // Http:PublicUrl leads to the first tenant, so the links of another one name the first domain it verifies.
            await tx.ExecuteAsync(
                """
                update organizations.tenants set link_domain = @Domain, version = version + 1, updated_at = @Now
                 where id = @tenant and id <> @first and link_domain is null
                """,
                key
            );
            tx.Publish(tenant, tenant, new TenantDomainVerifiedV1 { TenantId = tenant, Domain = row.Domain });
            tx.Record(AuditRecord.Of(actor, "tenant-domain.verified").WithFact("domain", row.Domain).WithFact("method", method));
            tx.AfterCommit(directory.Forget);
            return (await DomainRow.FindAsync(tx, tenant, row.Domain))!.View();
        }
    }
}
