using Gatehouse.Core.Actors;
using Gatehouse.Core.Auditing;
using Gatehouse.Core.Postgres;
using Gatehouse.Core.Results;
using Gatehouse.Organizations.Access;
using Gatehouse.Organizations.Data;
using Gatehouse.Web;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace Gatehouse.Organizations.Structure;

/// <summary>
/// Ends a membership and takes the member's roles there, none of which may allow more than the actor may do. The last administrator of an
/// organization cannot leave it.
/// <para>Publishes <c>user.roles-changed.v1</c> if the user was a member.</para>
/// </summary>
internal static class RemoveMember
{
    public static void Map(IEndpointRouteBuilder v1) =>
        v1.MapDelete(
                "/organizations/{id:guid}/members/{userId:guid}",
                async (Guid id, Guid userId, Handler handler, HttpContext http) =>
                    (await handler.HandleAsync(id, userId, http.Actor(), http.RequestAborted)).ToResult(_ => TypedResults.NoContent())
            )
            .WithName(nameof(RemoveMember))
            .WithSummary("Remove a member")
            .WithDescription(
                "The member's roles there are revoked; a role that allows more than the actor's own roles is rejected. "
                    + "The last administrator of an organization cannot remove the own membership. Repeating it changes nothing."
            )
            .Produces(204)
            .ProducesProblems(409)
            .RequirePermissionSomewhere(StructureArea.WriteMembers);

    internal sealed class Handler(Database database, Roles roles)
    {
        public Task<Outcome<bool>> HandleAsync(Guid id, Guid user, Actor actor, CancellationToken cancellationToken) =>
            database.InTransactionAsync<Outcome<bool>>(
                "member.remove",
                async tx =>
                {
                    if (await VisibleOrganization.FindAsync(tx, actor, id, StructureArea.WriteMembers) is null)
                        return AccessErrors.OrganizationNotFound;
                    await Memberships.LockAsync(tx, user);
                    var record = (AuditRecord.Of(actor, "member.removed") with { Subject = user }).WithFact("organization", id.ToString());
                    if (await CheckAsync(tx, id, user, actor) is { } rejected)
                    {
                        tx.Record(record.RefusedWith(rejected.Code));
                        return rejected;
                    }

                    if (!await Memberships.LeaveAsync(tx, actor.Tenant.Id, id, user))
                        return false;
                    tx.Record(record);
                    await Memberships.PublishAsync(tx, actor.Tenant.Id, user);
                    return true;
                },
                cancellationToken
            );

        private async Task<Error?> CheckAsync(Transaction tx, Guid id, Guid user, Actor actor)
        {
            foreach (var role in await Memberships.RoleIdsAsync(tx, actor.Tenant.Id, id, user))
            {
                if (
                    await roles.FindAsync(tx, actor.Tenant.Id, role) is { } held
                    && !AssignmentRules.MayRevoke(held, id, actor.RequiredAccess)
                )
                    return AccessErrors.ExceedsOwnAccess;
            }

            var leaves = user == actor.User?.Id && !actor.RequiredAccess.Allows(StructureArea.WriteMembers.Name);
            return leaves && await Memberships.IsLastAdministratorAsync(tx, actor.Tenant.Id, id, user)
                ? AccessErrors.LastAdministrator
                : null;
        }
    }
}
