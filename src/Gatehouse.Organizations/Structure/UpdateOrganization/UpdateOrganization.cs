using System.ComponentModel;
using System.ComponentModel.DataAnnotations;
using Gatehouse.Contracts.Events;
using Gatehouse.Core.Actors;
using Gatehouse.Core.Auditing;
using Gatehouse.Core.Postgres;
using Gatehouse.Core.Results;
using Gatehouse.Messaging;
using Gatehouse.Organizations.Access;
using Gatehouse.Organizations.Data;
using Gatehouse.Web;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.Primitives;

namespace Gatehouse.Organizations.Structure;

/// <summary>
/// Changes the name or description of an organization; its code is permanent.
/// <para>Publishes <c>organization.updated.v1</c> if something is different.</para>
/// </summary>
internal static class UpdateOrganization
{
    public sealed record Request
    {
        [Description("1 to 100 characters. Cannot be cleared.")]
        [MaxLength(OrganizationTexts.MaxName), EmptyText]
        public string? Name { get; init; }

        [Description("At most 500 characters. An empty text clears it.")]
        [MaxLength(OrganizationTexts.MaxDescription), EmptyText]
        public string? Description { get; init; }
    }

    public static void Map(IEndpointRouteBuilder v1) =>
        v1.MapPatch(
                "/organizations/{id:guid}",
                async (Guid id, JsonBody<Request> body, Handler handler, HttpContext http) =>
                    (await handler.HandleAsync(id, body.Input, http.Request.Headers.IfMatch, http.Actor(), http.RequestAborted)).ToResult(
                        row => http.Tagged(row)
                    )
            )
            .WithName(nameof(UpdateOrganization))
            .WithSummary("Update an organization")
            .WithDescription(
                "Omitted fields stay unchanged. With If-Match (its ETag) nothing is changed if the organization was changed since."
            )
            .Produces<OrganizationView>()
            .ProducesProblems(403, 412)
            .RequirePermissionSomewhere(StructureArea.WriteOrganizations);

    internal sealed class Handler(Database database)
    {
        public async Task<Outcome<OrganizationRow>> HandleAsync(
            Guid id,
            Input<Request> input,
            StringValues expected,
            Actor actor,
            CancellationToken cancellationToken
        )
        {
            var (request, errors) = input;
            var name = request.Name is null ? null : OrganizationTexts.ParseName(request.Name, "name", errors);
            var description = request.Description is null
                ? null
                : OrganizationTexts.ParseDescription(request.Description, "description", errors);
            if (errors.Any)
                return RequestErrors.InvalidWith(errors);
            return await database.InTransactionAsync<Outcome<OrganizationRow>>(
                "organization.update",
                async tx =>
                {
                    var row = await VisibleOrganization.LockAsync(tx, actor, id, StructureArea.WriteOrganizations);
                    if (row is null)
                        return AccessErrors.OrganizationNotFound;
                    if (!EntityTags.Match(expected, row.Tag()))
                        return RequestErrors.PreconditionFailed;
                    return await UpdateAsync(tx, row, new Change(name ?? row.Name) { Description = description ?? row.Description }, actor);
                },
                cancellationToken
            );
        }

        private static async Task<OrganizationRow> UpdateAsync(Transaction tx, OrganizationRow row, Change change, Actor actor)
        {
            if (change.Name == row.Name && change.Description == row.Description)
                return row;
            var changed = await tx.SingleAsync<OrganizationRow>(
                $"""
                update organizations.organizations
                   set name = @Name, description = @Description, version = version + 1, updated_at = @Now
                 where tenant_id = @tenant and id = @Id
                returning {OrganizationRow.Columns}
                """,
                new
                {
                    change.Name,
                    change.Description,
                    tenant = actor.Tenant.Id,
                    row.Id,
                    tx.Now,
                }
            );
            tx.Publish(
                actor.Tenant.Id,
                row.Id,
                new OrganizationUpdatedV1
                {
                    OrganizationId = row.Id,
                    Name = change.Name,
                    Description = change.Description,
                }
            );
            tx.Record(AuditRecord.Of(actor, "organization.updated").WithFact("organization", row.Id.ToString()));
            return changed;
        }

        private sealed record Change(string Name)
        {
            public required string Description { get; init; }
        }
    }
}
