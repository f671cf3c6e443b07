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

/// <summary>Gives an organization a code that places new users in it. The key of the table decides races.</summary>
internal static class AddRegistrationCode
{
    public sealed record Request
    {
        [Description("1 to 32 letters a-z, digits, hyphens and underscores; unique in the tenant.")]
        [Required, MaxLength(PlacementInput.MaxCode)]
        public string? Code { get; init; }
    }

    public static void Map(IEndpointRouteBuilder v1) =>
        v1.MapPost(
                "/organizations/{id:guid}/registration-codes",
                async (Guid id, JsonBody<Request> body, Handler handler, HttpContext http) =>
                    (await handler.HandleAsync(id, body.Input, http.Actor(), http.RequestAborted)).ToResult(TypedResults.Ok)
            )
            .WithName(nameof(AddRegistrationCode))
            .WithSummary("Add a registration code")
            .WithDescription("New users who register with it become members. It is stored in lower case. Repeating it changes nothing.")
            .Produces<RegistrationCodeView>()
            .ProducesProblems(409)
            .RequirePermissionSomewhere(StructureArea.WriteOrganizations);

    internal sealed class Handler(Database database)
    {
        public async Task<Outcome<RegistrationCodeView>> HandleAsync(
            Guid id,
            Input<Request> input,
            Actor actor,
            CancellationToken cancellationToken
        )
        {
            var (request, errors) = input;
            var value = PlacementInput.ParseCode(request.Code, "code", errors);
            if (errors.Any || value is null)
                return RequestErrors.InvalidWith(errors);
            return await database.InTransactionAsync<Outcome<RegistrationCodeView>>(
                "registration-code.add",
                async tx =>
                {
                    if (await VisibleOrganization.LockAsync(tx, actor, id, StructureArea.WriteOrganizations) is null)
                        return AccessErrors.OrganizationNotFound;
                    return await AddAsync(tx, id, value, actor);
                },
                cancellationToken
            );
        }

        private static async Task<Outcome<RegistrationCodeView>> AddAsync(Transaction tx, Guid id, string value, Actor actor)
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
                insert into organizations.registration_codes (tenant_id, code, id, organization_id, created_at)
                values (@tenant, @value, @rowId, @id, @Now) on conflict do nothing
                """,
                key
            );
            var row = await tx.FirstOrDefaultAsync<PlacementRow>(
                """
                select id, code as value, organization_id, created_at from organizations.registration_codes
                 where tenant_id = @tenant and code = @value
                """,
                key
            );
            if (row is null || row.OrganizationId != id)
                return PlacementErrors.RegistrationCodeTaken;
            if (inserted > 0)
                tx.Record(AuditRecord.Of(actor, "registration-code.added").WithFact("organization", id.ToString()));
            return row.Code();
        }
    }
}
