using System.ComponentModel;
using System.ComponentModel.DataAnnotations;
using Gatehouse.Core.Actors;
using Gatehouse.Core.Auditing;
using Gatehouse.Core.Postgres;
using Gatehouse.Core.Results;
using Gatehouse.Organizations.Access;
using Gatehouse.Organizations.Structure;
using Gatehouse.Web;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace Gatehouse.Organizations.Placement;

/// <summary>Says that new users with addresses of a domain are placed in an organization. The key of the table decides races.</summary>
internal static class AddEmailDomain
{
    public sealed record Request
    {
        [Description("The domain, such as school.example; not its subdomains.")]
        [Required, MaxLength(PlacementInput.MaxDomain + 9)]
        public string? Domain { get; init; }
    }

    public static void Map(IEndpointRouteBuilder v1) =>
        v1.MapPost(
                "/organizations/{id:guid}/domains",
                async (Guid id, JsonBody<Request> body, Handler handler, HttpContext http) =>
                    (await handler.HandleAsync(id, body.Input, http.Actor(), http.RequestAborted)).ToResult(TypedResults.Ok)
            )
            .WithName(nameof(AddEmailDomain))
            .WithSummary("Add an e-mail domain")
            .WithDescription(
                "New users whose address has the domain become members. A scheme and a slash are left out. Repeating it changes nothing."
            )
            .Produces<EmailDomainView>()
            .ProducesProblems(409)
            .RequirePermission(PlacementArea.WriteEmailDomains);

    internal sealed class Handler(Database database)
    {
        public async Task<Outcome<EmailDomainView>> HandleAsync(
            Guid id,
            Input<Request> input,
            Actor actor,
            CancellationToken cancellationToken
        )
        {
            var (request, errors) = input;
            var value = PlacementInput.ParseDomain(request.Domain, "domain", errors);
            if (errors.Any || value is null)
                return RequestErrors.InvalidWith(errors);
            return await database.InTransactionAsync<Outcome<EmailDomainView>>(
                "email-domain.add",
                async tx =>
                {
                    if (await VisibleOrganization.LockAsync(tx, actor, id, PlacementArea.WriteEmailDomains) is null)
                        return AccessErrors.OrganizationNotFound;
                    return await AddAsync(tx, id, value, actor);
                },
                cancellationToken
            );
        }

        private static async Task<Outcome<EmailDomainView>> AddAsync(Transaction tx, Guid id, string value, Actor actor)
        {
            var key = new
            {
                tenant = actor.Tenant.Id,
                value,
                rowId = Guid.CreateVersion7(tx.Now),
                id,
                tx.Now,
            };
            var inserted = await tx.ExecuteAsync(
                """
                insert into organizations.email_domains (tenant_id, domain, id, organization_id, created_at)
                values (@tenant, @value, @rowId, @id, @Now) on conflict do nothing
                """,
                key
            );
            var row = await tx.FirstOrDefaultAsync<PlacementRow>(
                """
                select id, domain as value, organization_id, created_at from organizations.email_domains
                 where tenant_id = @tenant and domain = @value
                """,
                key
            );
            if (row is null || row.OrganizationId != id)
                return PlacementErrors.DomainTaken;
            if (inserted > 0)
                tx.Record(AuditRecord.Of(actor, "email-domain.added").WithFact("organization", id.ToString()));
            return row.Domain();
        }
    }
}
