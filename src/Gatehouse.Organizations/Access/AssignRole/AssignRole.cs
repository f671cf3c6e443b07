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
/// Gives a user a role, in the whole tenant or in one organization, of which the user becomes a member. Nobody gives what they do not hold.
/// <para>Publishes <c>user.roles-changed.v1</c> if the user did not have it.</para>
/// </summary>
internal static class AssignRole
{
    public const string OrganizationDescription = "The organization in which the role counts; omit it for the whole tenant.";

    public static void Map(IEndpointRouteBuilder v1) =>
        v1.MapPut(
                "/users/{userId:guid}/roles/{roleId:guid}",
                async (
                    Guid userId,
                    Guid roleId,
                    [Description(OrganizationDescription)] Guid? organization,
                    Handler handler,
                    HttpContext http
                ) =>
                    (await handler.HandleAsync(new Assignment(userId, roleId, organization), http.Actor(), http.RequestAborted)).ToResult(
                        _ => TypedResults.NoContent()
                    )
            )
            .WithName(nameof(AssignRole))
            .WithSummary("Assign a role")
            .WithDescription(
                "Repeating it changes nothing. With an organization, the user becomes a member of it; an administrator of organizations "
                    + "assigns roles to their members only. "
                    + "A role that allows more than the actor's own roles is rejected."
            )
            .Produces(204)
            .ProducesProblems(403, 422)
            .RequirePermissionSomewhere(AccessArea.AssignRoles)
            .RequireFresh(PrivilegedRoles.InRoute("roleId"));

    internal sealed class Handler(Database database, Roles roles, IUserDirectory users)
    {
        public async Task<Outcome<bool>> HandleAsync(Assignment assignment, Actor actor, CancellationToken cancellationToken)
        {
            var tenant = actor.Tenant.Id;
            if (!await users.ExistsAsync(tenant, assignment.UserId, cancellationToken))
                return AccessErrors.UserNotFound;
            return await database.InTransactionAsync(
                "role.assign",
                async tx =>
                {
                    if (await roles.HoldAsync(tx, tenant, assignment.RoleId) is not { } role)
                        return AccessErrors.RoleNotFound;
                    var administered = actor.RequiredAccess.OrganizationsWith(AccessArea.AssignRoles.Name);
                    if (!await Memberships.IsInReachAsync(tx, tenant, assignment.UserId, administered))
                        return AccessErrors.UserNotFound;
                    if (AssignmentRules.Check(role, assignment.OrganizationId, actor.RequiredAccess) is { } rejected)
                    {
                        tx.Record(Record(actor, assignment, role).RefusedWith(rejected.Code));
                        return rejected;
                    }

                    return await AssignAsync(tx, role, assignment, actor);
                },
                cancellationToken
            );
        }

        /// <summary>Assigns a built-in role of the whole tenant or platform as an operator says, who may do everything.</summary>
        public Task<Outcome<bool>> ByOperatorAsync(
            Guid userId,
            BuiltInRole builtIn,
            Actor operators,
            CancellationToken cancellationToken
        ) =>
            database.InTransactionAsync(
                "role.assign",
                async tx =>
                {
                    var role = await roles.FindAsync(tx, operators.Tenant.Id, builtIn.Id);
                    return await AssignAsync(tx, role!, new Assignment(userId, builtIn.Id, OrganizationId: null), operators);
                },
                cancellationToken
            );

        private static async Task<Outcome<bool>> AssignAsync(Transaction tx, Role role, Assignment assignment, Actor actor)
        {
            var tenant = actor.Tenant.Id;
            if (assignment.OrganizationId is { } organization && !await OrganizationRow.HoldActiveAsync(tx, tenant, organization))
                return AccessErrors.OrganizationNotFound;
            if (!await assignment.InsertAsync(tx, tenant, actor.Id))
                return false;
            tx.Record(Record(actor, assignment, role));
            return true;
        }

        private static AuditRecord Record(Actor actor, Assignment assignment, Role role) =>
            assignment.Describe(AuditRecord.Of(actor, "role.assigned"), role);
    }
}
