using System.Buffers.Text;
using System.ComponentModel;
using System.ComponentModel.DataAnnotations;
using System.Security.Cryptography;
using Gatehouse.Core.Actors;
using Gatehouse.Core.Auditing;
using Gatehouse.Core.Postgres;
using Gatehouse.Core.Results;
using Gatehouse.Organizations.Tenants;
using Gatehouse.Web;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace Gatehouse.Organizations.Domains;

/// <summary>
/// Says that a domain is the tenant's own. That means nothing until <see cref="VerifyDomain"/>; other tenants may say the same.
/// </summary>
internal static class AddDomain
{
    // The tenant's row is locked while they are counted.
    private const int MaxDomains = 100;

    public sealed record Request
    {
        [Description("The host name, such as accounts.school.example; not its subdomains.")]
        [Required, MaxLength(233)]
        public string? Domain { get; init; }
    }

    public static void Map(IEndpointRouteBuilder v1) =>
        v1.MapPost(
                "/tenants/{id:guid}/domains",
                async (Guid id, JsonBody<Request> body, Handler handler, HttpContext http) =>
                    (await handler.HandleAsync(id, body.Input, http.Actor(), http.RequestAborted)).ToResult(TypedResults.Ok)
            )
            .WithName(nameof(AddDomain))
            .WithSummary("Add a domain to the tenant")
            .WithDescription(
                "The answer says which TXT record or which file proves control of it. Then verify it. Repeating it changes nothing. "
                    + "At most 100 domains."
            )
            .Produces<DomainView>()
            .ProducesProblems(409)
            .RequirePermission(DomainsArea.WriteDomains);

    internal sealed class Handler(Database database, HttpOptions http)
    {
        public async Task<Outcome<DomainView>> HandleAsync(Guid id, Input<Request> input, Actor actor, CancellationToken cancellationToken)
        {
            var (request, errors) = input;
            var domain = DomainInput.Parse(request.Domain, http.PublicBase.IdnHost, errors);
            if (errors.Any || domain is null)
                return RequestErrors.InvalidWith(errors);
            if (id != actor.Tenant.Id)
                return TenantsErrors.NotFound;
            return await database.InTransactionAsync("tenant-domain.add", tx => AddAsync(tx, domain, actor), cancellationToken);
        }

        private static async Task<Outcome<DomainView>> AddAsync(Transaction tx, string domain, Actor actor)
        {
            var tenant = actor.Tenant.Id;
            if (await TenantRow.LockAsync(tx, tenant) is null)
                return TenantsErrors.NotFound;
            if (await DomainRow.FindAsync(tx, tenant, domain) is { } known)
                return known.View();
            var held = await tx.SingleAsync<long>(
                "select count(*) from organizations.tenant_domains where tenant_id = @tenant",
                new { tenant }
            );
            if (held >= MaxDomains)
                return DomainsErrors.TooMany;
            var row = new DomainRow
            {
                Id = Guid.CreateVersion7(tx.Now),
                Domain = domain,
                Challenge = DomainCheck.Prefix + Base64Url.EncodeToString(RandomNumberGenerator.GetBytes(24)),
                CreatedAt = tx.Now,
            };
            await tx.ExecuteAsync(
                """
                insert into organizations.tenant_domains (tenant_id, domain, id, challenge, created_at)
                values (@tenant, @Domain, @Id, @Challenge, @CreatedAt)
                """,
                new
                {
                    tenant,
                    row.Domain,
                    row.Id,
                    row.Challenge,
                    row.CreatedAt,
                }
            );
            tx.Record(AuditRecord.Of(actor, "tenant-domain.added").WithFact("domain", domain));
            return row.View();
        }
    }
}
