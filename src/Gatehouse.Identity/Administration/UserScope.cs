using Gatehouse.Contracts.Access;
using Gatehouse.Core.Actors;

namespace Gatehouse.Identity.Administration;

/// <summary>Whom an actor reaches with a permission: everybody in the tenant, or the members of some organizations.</summary>
internal sealed record UserScope(bool Everybody, Guid[] Organizations)
{
    /// <summary>Holds for the rows of <c>identity.users u</c> that are in reach.</summary>
    // In one condition with an "or", the planner would look at every user for the members of the smallest organization.
    public string Condition =>
        Everybody
            ? "true"
            : """
                exists (select 1 from identity.memberships s
                         where s.tenant_id = u.tenant_id and s.user_id = u.id and s.organization_id = any(@Organizations))
                """;

    public static UserScope Of(Actor actor, Permission permission) =>
        actor.RequiredAccess.OrganizationsWith(permission.Name) is { } organizations
            ? new UserScope(Everybody: false, [.. organizations])
            : new UserScope(Everybody: true, []);
}
