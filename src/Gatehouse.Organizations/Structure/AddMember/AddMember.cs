using Gatehouse.Contracts.Access;
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
/// Makes a user a member of an organization, without roles.
/// <para>Publishes <c>user.roles-changed.v1</c> if the user was none.</para>
/// </summary>
internal static class AddMember
{
    public static void Map(IEndpointRouteBuilder v1) =>
        v1.MapPut(
                "/organizations/{id:guid}/members/{userId:guid}",
                async (Guid id, Guid userId, Handler handler, HttpContext http) =>
                    (await handler.HandleAsync(id, userId, http.Actor(), http.RequestAborted)).ToResult(_ => TypedResults.NoContent())
            )
            .WithName(nameof(AddMember))
            .WithSummary("Add a member")
            .WithDescription(
                "A member has no roles there yet. Repeating it changes nothing. An administrator of organizations adds users "
                    + "from one to another; others join by a registration code, an e-mail domain or a role request, or are added "
                    + "by a tenant administrator."
            )
            .Produces(204)
            .RequirePermissionSomewhere(StructureArea.WriteMembers);

    internal sealed class Handler(Database database, IUserDirectory users)
    {
        public async Task<Outcome<bool>> HandleAsync(Guid id, Guid user, Actor actor, CancellationToken cancellationToken)
        {
            var tenant = actor.Tenant.Id;
            if (!actor.RequiredAccess.AllowsIn(id, StructureArea.WriteMembers.Name))
                return AccessErrors.OrganizationNotFound;
            if (!await users.ExistsAsync(tenant, user, cancellationToken))
                return AccessErrors.UserNotFound;
            return await database.InTransactionAsync<Outcome<bool>>(
                "member.add",
                async tx =>
                {
                    if (!await OrganizationRow.HoldActiveAsync(tx, tenant, id))
                        return AccessErrors.OrganizationNotFound;
                    var administered = actor.RequiredAccess.OrganizationsWith(StructureArea.WriteMembers.Name);
                    if (!await Memberships.IsInReachAsync(tx, tenant, user, administered))
                        return AccessErrors.UserNotFound;
                    await Memberships.LockAsync(tx, user);
                    if (!await Memberships.JoinAsync(tx, tenant, id, user))
                        return false;
                    tx.Record((AuditRecord.Of(actor, "member.added") with { Subject = user }).WithFact("organization", id.ToString()));
                    await Memberships.PublishAsync(tx, tenant, user);
                    return true;
                },
                cancellationToken
            );
        }
    }
}
