using System.ComponentModel;
using System.ComponentModel.DataAnnotations;
using Gatehouse.Contracts.Events;
using Gatehouse.Core.Actors;
using Gatehouse.Core.Auditing;
using Gatehouse.Core.Postgres;
using Gatehouse.Core.Results;
using Gatehouse.Messaging;
using Gatehouse.Organizations.Data;
using Gatehouse.Web;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace Gatehouse.Organizations.Structure;

/// <summary>
/// Creates an organization of the tenant. The constraint on its code decides races.
/// <para>Publishes <c>organization.created.v1</c>.</para>
/// </summary>
internal static class CreateOrganization
{
    public sealed record Request
    {
        [Description("1 to 63 lower-case letters, digits, hyphens and underscores; unique in the tenant, and permanent.")]
        [Required, MaxLength(OrganizationTexts.MaxCode)]
        public string? Code { get; init; }

        [Description("1 to 100 characters.")]
        [Required, MaxLength(OrganizationTexts.MaxName)]
        public string? Name { get; init; }

        [Description("At most 500 characters.")]
        [MaxLength(OrganizationTexts.MaxDescription)]
        public string? Description { get; init; }
    }

    public static void Map(IEndpointRouteBuilder v1) =>
        v1.MapPost(
                "/organizations",
                async (JsonBody<Request> body, Handler handler, HttpContext http) =>
                    (await handler.HandleAsync(body.Input, http.Actor(), http.RequestAborted)).ToResult(row =>
                    {
                        http.Response.Headers.Location = $"/v1/organizations/{row.Id}";
                        return http.Tagged(row, StatusCodes.Status201Created);
                    })
            )
            .WithName(nameof(CreateOrganization))
            .WithSummary("Create an organization")
            .WithDescription("It has no members yet.")
            .Produces<OrganizationView>(StatusCodes.Status201Created)
            .ProducesProblems(409)
            .RequirePermission(StructureArea.CreateOrganizations)
            .AcceptIdempotencyKey();

    internal sealed class Handler(Database database)
    {
        public async Task<Outcome<OrganizationRow>> HandleAsync(Input<Request> input, Actor actor, CancellationToken cancellationToken)
        {
            var (request, errors) = input;
            var code = OrganizationTexts.ParseCode(request.Code, "code", errors);
            var name = OrganizationTexts.ParseName(request.Name, "name", errors);
            var description = OrganizationTexts.ParseDescription(request.Description ?? "", "description", errors);
            if (errors.Any || code is null || name is null)
                return RequestErrors.InvalidWith(errors);
            return await database.InTransactionAsync<Outcome<OrganizationRow>>(
                "organization.create",
                async tx =>
                {
                    var row = await tx.FirstOrDefaultAsync<OrganizationRow>(
                        $"""
                        insert into organizations.organizations (tenant_id, id, code, name, description, created_at, updated_at)
                        values (@tenant, @id, @code, @name, @description, @Now, @Now)
                        on conflict on constraint organizations_code_taken do nothing
                        returning {OrganizationRow.Columns}
                        """,
                        new
                        {
                            tenant = actor.Tenant.Id,
                            id = Guid.CreateVersion7(tx.Now),
                            code,
                            name,
                            description,
                            tx.Now,
                        }
                    );
                    if (row is null)
                        return StructureErrors.CodeTaken;
                    tx.Publish(
                        actor.Tenant.Id,
                        row.Id,
                        new OrganizationCreatedV1
                        {
                            OrganizationId = row.Id,
                            Code = code,
                            Name = name,
                        }
                    );
                    tx.Record(AuditRecord.Of(actor, "organization.created").WithFact("organization", row.Id.ToString()));
                    return row;
                },
                cancellationToken
            );
        }
    }
}
