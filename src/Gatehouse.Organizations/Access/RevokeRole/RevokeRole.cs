using System.ComponentModel;
using Gatehouse.Contracts.Access;
using Gatehouse.Core.Actors;
using Gatehouse.Core.Auditing;
using Gatehouse.Core.Postgres;
using Gatehouse.Core.Results;
using Gatehouse.Organizations.Data;
using Gatehouse.Web;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace Gatehouse.Organizations.Access;

/// <summary>
/// Takes a role from a user. Nobody takes what they do not hold, and the last administrator of the platform, of a tenant or of an
/// organization stays one.
/// <para>Publishes <c>user.roles-changed.v1</c> if the user had it.</para>
/// </summary>
internal static class RevokeRole
{
    public static void Map(IEndpointRouteBuilder v1) =>
        v1.MapDelete(
                "/users/{userId:guid}/roles/{roleId:guid}",
                async (
                    Guid userId,
                    Guid roleId,
                    [Description(AssignRole.OrganizationDescription)] Guid? organization,
                    Handler handler,
                    HttpContext http
                ) =>
                    (await handler.HandleAsync(new Assignment(userId, roleId, organization), http.Actor(), http.RequestAborted)).ToResult(
                        _ => TypedResults.NoContent()
                    )
            )
            .WithName(nameof(RevokeRole))
            .WithSummary("Revoke a role")
            .WithDescription(
                "Repeating it changes nothing. Membership in the organization stays. The last platform administrator cannot be revoked, "
                    + "and the last administrator of a tenant or an organization cannot revoke the own role."
            )
            .Produces(204)
            .ProducesProblems(403, 409, 422)
            .RequirePermissionSomewhere(AccessArea.AssignRoles);

    internal sealed class Handler(Database database, Roles roles, IUserDirectory users)
    {
        public async Task<Outcome<bool>> HandleAsync(Assignment assignment, Actor actor, CancellationToken cancellationToken)
        {
            if (!await users.ExistsAsync(actor.Tenant.Id, assignment.UserId, cancellationToken))
                return AccessErrors.UserNotFound;
            return await database.InTransactionAsync("role.revoke", tx => RevokeAsync(tx, assignment, actor), cancellationToken);
        }

        private async Task<Outcome<bool>> RevokeAsync(Transaction tx, Assignment assignment, Actor actor)
        {
            var tenant = actor.Tenant.Id;
            if (await roles.FindAsync(tx, tenant, assignment.RoleId) is not { } role)
                return AccessErrors.RoleNotFound;
            // Who may assign it in the whole tenant may do so in its organizations only.
            if (assignment.OrganizationId is { } organization && await OrganizationRow.FindAsync(tx, tenant, organization) is null)
                return AccessErrors.OrganizationNotFound;
            var rejected =
                AssignmentRules.Check(role, assignment.OrganizationId, actor.RequiredAccess)
                ?? (await IsLastAsync(tx, role, assignment, actor) ? AccessErrors.LastAdministrator : null);
            var record = assignment.Describe(AuditRecord.Of(actor, "role.revoked"), role);
            if (rejected is null)
                return await DeleteAsync(tx, assignment, tenant, record);
            tx.Record(record.RefusedWith(rejected.Code));
            return rejected;
        }

        private static async Task<Outcome<bool>> DeleteAsync(Transaction tx, Assignment assignment, Guid tenant, AuditRecord record)
        {
            await Memberships.LockAsync(tx, assignment.UserId);
            var deleted = await tx.ExecuteAsync(
                """
                delete from organizations.role_assignments
                 where tenant_id = @tenant and user_id = @UserId and role_id = @RoleId and organization_id = @where
                """,
                new
                {
                    tenant,
                    assignment.UserId,
                    assignment.RoleId,
                    where = assignment.OrganizationId ?? Roles.WholeTenant,
                }
            );
            if (deleted == 0)
                return false;
            tx.Record(record);
            await Memberships.PublishAsync(tx, tenant, assignment.UserId);
            return true;
        }

        // Locks every assignment of the role, in one order, so that two administrators cannot revoke each other at once.
        private static async Task<bool> IsLastAsync(Transaction tx, Role role, Assignment assignment, Actor actor)
        {
            if (assignment.OrganizationId is { } organization)
                return await IsLastAsync(tx, role, organization, assignment.UserId, actor);
            var everywhere = role.Level == AccessLevel.Platform && role.IsBuiltIn;
            var ownTenant = role.Id == BuiltInRole.TenantAdministrator.Id && assignment.UserId == actor.User?.Id;
            if (!everywhere && !ownTenant)
                return false;
            var holders = await tx.ListAsync<Holder>(
                """
                select tenant_id, user_id from organizations.role_assignments
                 where role_id = @RoleId and (tenant_id = @tenant or @everywhere)
                 order by tenant_id, user_id for update
                """,
                new
                {
                    assignment.RoleId,
                    tenant = actor.Tenant.Id,
                    everywhere,
                }
            );
            return holders is [var only] && only.TenantId == actor.Tenant.Id && only.UserId == assignment.UserId;
        }

        // One who may assign it in the whole tenant is not locked out of the organization.
        private static async Task<bool> IsLastAsync(Transaction tx, Role role, Guid organization, Guid user, Actor actor)
        {
            if (role.Id != BuiltInRole.OrganizationAdministrator.Id || user != actor.User?.Id)
                return false;
            if (actor.RequiredAccess.Allows(AccessArea.AssignRoles.Name))
                return false;
            await Memberships.LockAsync(tx, user);
            return await Memberships.IsLastAdministratorAsync(tx, actor.Tenant.Id, organization, user);
        }

        private sealed class Holder
        {
            public Guid TenantId { get; init; }

            public Guid UserId { get; init; }
        }
    }
}
