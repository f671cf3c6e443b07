using Gatehouse.Contracts.Access;
using Gatehouse.Core.Actors;
using Gatehouse.Core.Postgres;
using Gatehouse.Organizations.Data;

namespace Gatehouse.Organizations.Structure;

/// <summary>Organizations as far as an actor may do something there: others look like those that do not exist.</summary>
internal static class VisibleOrganization
{
    public static async Task<OrganizationRow?> FindAsync(DbSession db, Actor actor, Guid id, Permission permission) =>
        actor.RequiredAccess.AllowsIn(id, permission.Name) ? await OrganizationRow.FindAsync(db, actor.Tenant.Id, id) : null;

    /// <summary>The same under its lock.</summary>
    public static async Task<OrganizationRow?> LockAsync(Transaction tx, Actor actor, Guid id, Permission permission) =>
        actor.RequiredAccess.AllowsIn(id, permission.Name) ? await OrganizationRow.LockAsync(tx, actor.Tenant.Id, id) : null;
}
