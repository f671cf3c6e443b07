using System.ComponentModel;
using System.ComponentModel.DataAnnotations;
using System.Text.Json;
using Gatehouse.Contracts.Access;
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

namespace Gatehouse.Organizations.Access;

/// <summary>
/// Creates a role of the tenant or of one organization. It allows no more than its creator may do there, and no name means two roles in
/// one place: a role of an organization cannot pass for one of the tenant.
/// <para>Publishes <c>role.created.v1</c>.</para>
/// </summary>
internal static class CreateRole
{
    public sealed record Request
    {
        [Description("1 to 64 lower-case letters, digits and hyphens; unique where it counts, and permanent.")]
        [Required, MaxLength(RoleInput.MaxName)]
        public string? Name { get; init; }

        [Description("What people read, by language: at most 30 labels of 1 to 64 characters.")]
        public IReadOnlyDictionary<string, string>? Labels { get; init; }

        [Description("What it allows, such as users:read; at most 200.")]
        public IReadOnlyList<string>? Permissions { get; init; }

        [Description("The organization it belongs to; omit it for the whole tenant.")]
        [MaxLength(36)]
        public string? OrganizationId { get; init; }
    }

    public static void Map(IEndpointRouteBuilder v1) =>
        v1.MapPost(
                "/roles",
                async (JsonBody<Request> body, Handler handler, RoleViews views, HttpContext http) =>
                    (await handler.HandleAsync(body.Input, http.Actor(), http.RequestAborted)).ToResult(found =>
                    {
                        http.Response.Headers.Location = $"/v1/roles/{found.Own!.Id}";
                        return views.Show(http, found, StatusCodes.Status201Created);
                    })
            )
            .WithName(nameof(CreateRole))
            .WithSummary("Create a role")
            .WithDescription(
                "A role that allows more than the actor's own roles is rejected. Without permissions it is only a name in tokens."
            )
            .Produces<RoleView>(StatusCodes.Status201Created)
            .ProducesProblems(403, 409)
            .RequirePermissionSomewhere(AccessArea.WriteRoles)
            .AcceptIdempotencyKey();

    internal sealed class Handler(Database database, KnownPermissions permissions)
    {
        public async Task<Outcome<FoundRole>> HandleAsync(Input<Request> input, Actor actor, CancellationToken cancellationToken)
        {
            var (request, errors) = input;
            var name = RoleInput.ParseName(request.Name, "name", errors);
            var labels = RoleInput.ParseLabels(request.Labels, "labels", errors);
            var allowed = RoleInput.ParsePermissions(request.Permissions, "permissions", errors);
            var organization = RoleInput.ParseId(request.OrganizationId, "organizationId", errors);
            if (errors.Any || name is null)
                return RequestErrors.InvalidWith(errors);
            var role = new NewRole(name, organization)
            {
                Labels = JsonSerializer.Serialize(labels, AccessJson.Default.IReadOnlyDictionaryStringString),
                Permissions = allowed,
            };
            return await database.InTransactionAsync("role.create", tx => CreateAsync(tx, role, actor), cancellationToken);
        }

        private async Task<Outcome<FoundRole>> CreateAsync(Transaction tx, NewRole role, Actor actor)
        {
            var tenant = actor.Tenant.Id;
            var known = await permissions.HoldAsync(tx, role.Permissions);
            var errors = new ValidationErrors();
            RoleInput.Check(role.Permissions, role.Level, known, errors);
            if (errors.Any)
                return RequestErrors.InvalidWith(errors);
            if (role.Where is { } home && !await OrganizationRow.HoldActiveAsync(tx, tenant, home))
                return AccessErrors.OrganizationNotFound;
            if (RoleRules.Check(role.Where, role.Permissions.ToHashSet(StringComparer.Ordinal), actor.RequiredAccess) is { } rejected)
            {
                tx.Record(AuditRecord.Of(actor, "role.created").WithFact("role", role.Name).RefusedWith(rejected.Code));
                return rejected;
            }

            if (await InsertAsync(tx, tenant, role) is not { } row)
                return RoleErrors.NameTaken;
            tx.Publish(
                tenant,
                row.Id,
                new RoleCreatedV1
                {
                    RoleId = row.Id,
                    OrganizationId = row.Where,
                    Name = row.Name,
                    Labels = RoleViews.Labels(row),
                    Permissions = row.Permissions,
                }
            );
            tx.Record(AuditRecord.Of(actor, "role.created").Of(row));
            return new FoundRole(known) { Own = row };
        }

        // The constraint knows one place only, so creations of a name in a tenant wait for each other.
        private static async Task<RoleRow?> InsertAsync(Transaction tx, Guid tenant, NewRole role)
        {
            var values = new
            {
                tenant,
                id = Guid.CreateVersion7(tx.Now),
                where = role.Where ?? Roles.WholeTenant,
                Roles.WholeTenant,
                role.Name,
                role.Labels,
                permissions = role.Permissions.ToArray(),
                tx.Now,
            };
            await tx.ExecuteAsync("select pg_advisory_xact_lock(hashtextextended(@tenant::text || @Name, 22))", values);
            return await tx.FirstOrDefaultAsync<RoleRow>(
                $"""
                insert into organizations.roles (tenant_id, id, organization_id, name, labels, permissions, created_at, updated_at)
                select @tenant, @id, @where, @Name, @Labels::jsonb, @permissions, @Now, @Now
                 where not exists (
                       select 1 from organizations.roles
                        where tenant_id = @tenant and name = @Name
                          and (organization_id in (@where, @WholeTenant) or @where = @WholeTenant))
                returning {RoleRow.Columns}
                """,
                values
            );
        }

        private sealed record NewRole(string Name, Guid? Where)
        {
            public required string Labels { get; init; }

            public required IReadOnlyList<string> Permissions { get; init; }

            public AccessLevel Level => Where is null ? AccessLevel.Tenant : AccessLevel.Organization;
        }
    }
}
