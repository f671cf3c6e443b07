using System.ComponentModel;
using System.ComponentModel.DataAnnotations;
using Gatehouse.Contracts.Events;
using Gatehouse.Core.Actors;
using Gatehouse.Core.Auditing;
using Gatehouse.Core.Postgres;
using Gatehouse.Core.Results;
using Gatehouse.Encryption;
using Gatehouse.Messaging;
using Gatehouse.Organizations.Access;
using Gatehouse.Organizations.Data;
using Gatehouse.Web;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace Gatehouse.Organizations.RoleRequests;

/// <summary>
/// A user asks for a role, in the whole tenant or in one organization. A unique index decides that only one such request is open.
/// <para>Publishes <c>role-request.created.v1</c>.</para>
/// </summary>
internal static class CreateRoleRequest
{
    public sealed record Request
    {
        [Description("The role.")]
        [Required, MaxLength(36)]
        public string? RoleId { get; init; }

        [Description("The organization in which it is to count; omit it for the whole tenant.")]
        [MaxLength(36)]
        public string? OrganizationId { get; init; }

        [Description("At most 30 texts of at most 1000 characters, by names of 1 to 64 letters, digits, hyphens and underscores.")]
        public IReadOnlyDictionary<string, string>? Form { get; init; }
    }

    public static void Map(IEndpointRouteBuilder v1) =>
        v1.MapPost(
                "/role-requests",
                async (JsonBody<Request> body, Handler handler, HttpContext http) =>
                    (await handler.HandleAsync(body.Input, http.Actor(), http.RequestAborted)).ToResult(view =>
                    {
                        http.Response.Headers.Location = $"/v1/role-requests/{view.Id}";
                        return TypedResults.Json(view, statusCode: StatusCodes.Status201Created);
                    })
            )
            .WithName(nameof(CreateRoleRequest))
            .WithSummary("Request a role")
            .WithDescription("A request for the same role in the same place must not be open. After a rejection another one is allowed.")
            .Produces<RoleRequestView>(StatusCodes.Status201Created)
            .ProducesProblems(409, 422)
            .RequireSignIn();

    internal sealed class Handler(Database database, Roles roles, SubjectKeys keys, RoleRequestViews views)
    {
        public async Task<Outcome<RoleRequestView>> HandleAsync(Input<Request> input, Actor actor, CancellationToken cancellationToken)
        {
            var (request, errors) = input;
            var roleId = ParseId(request.RoleId, "roleId", errors);
            if (string.IsNullOrWhiteSpace(request.RoleId))
                errors.Add("roleId", ValidationCodes.Required);
            var organization = ParseId(request.OrganizationId, "organizationId", errors);
            var form = RoleRequestForm.Parse(request.Form, "form", errors);
            if (errors.Any || roleId is not { } role)
                return RequestErrors.InvalidWith(errors);
            // Somebody who administers another tenant has no account there.
            if (actor.HomeTenantId is not null)
                return RequestErrors.Forbidden;
            var key = await keys.FindAsync(actor.RequiredUser.Id, cancellationToken);
            if (key is null)
                return RequestErrors.Unauthenticated;

            var assignment = new Assignment(actor.RequiredUser.Id, role, organization);
            var content = key.Encrypt(new RoleRequestContent(form, []));
            var outcome = await database.InTransactionAsync(
                "role-request.create",
                tx => InsertAsync(tx, assignment, content, actor),
                cancellationToken
            );
            return outcome.Error is { } error ? error : await views.ViewAsync(outcome.Value, cancellationToken);
        }

        private async Task<Outcome<RoleRequestRow>> InsertAsync(
            Transaction tx,
            Assignment wanted,
            EncryptedValue<RoleRequestContent> content,
            Actor actor
        )
        {
            var tenant = actor.Tenant.Id;
            if (await roles.HoldAsync(tx, tenant, wanted.RoleId) is not { } role)
                return AccessErrors.RoleNotFound;
            if (wanted.OrganizationId is { } home && !await OrganizationRow.HoldActiveAsync(tx, tenant, home))
                return AccessErrors.OrganizationNotFound;
            if (!AssignmentRules.Fits(role, wanted.OrganizationId))
                return AccessErrors.WrongLevel;
            var access = await roles.AccessAsync(tx, tenant, wanted.UserId);
            if (access.Grants.Any(g => g.RoleId == wanted.RoleId && g.OrganizationId == wanted.OrganizationId))
                return RoleRequestErrors.RoleHeld;
            var row = await tx.FirstOrDefaultAsync<RoleRequestRow>(
                $"""
                insert into organizations.role_requests
                    (tenant_id, id, user_id, role_id, organization_id, state, content, created_at, updated_at)
                values (@tenant, @id, @UserId, @RoleId, @where, @Requested, @content, @Now, @Now)
                on conflict (tenant_id, user_id, role_id, organization_id) where state in ('requested', 'under-review') do nothing
                returning {RoleRequestRow.Columns}
                """,
                new
                {
                    tenant,
                    id = Guid.CreateVersion7(tx.Now),
                    wanted.UserId,
                    wanted.RoleId,
                    where = wanted.OrganizationId ?? Roles.WholeTenant,
                    RoleRequestState.Requested,
                    content,
                    tx.Now,
                }
            );
            if (row is null)
                return RoleRequestErrors.Open;
            tx.Publish(
                tenant,
                row.UserId,
                new RoleRequestCreatedV1
                {
                    RequestId = row.Id,
                    UserId = row.UserId,
                    RoleId = role.Id,
                    Role = role.Name,
                    OrganizationId = row.Where,
                }
            );
            tx.Record(wanted.Describe(AuditRecord.Of(actor, "role-request.created"), role));
            return row;
        }

        private static Guid? ParseId(string? input, string field, ValidationErrors errors)
        {
            if (string.IsNullOrWhiteSpace(input))
                return null;
            if (Guid.TryParseExact(input, "D", out var id))
                return id;
            errors.Add(field, ValidationCodes.WrongType, TextInput.Limits(("expected", "UUID")));
            return null;
        }
    }
}
