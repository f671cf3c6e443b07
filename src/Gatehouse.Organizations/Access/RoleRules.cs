using Gatehouse.Contracts.Access;
using Gatehouse.Contracts.Events;
using Gatehouse.Core.Actors;
using Gatehouse.Core.Auditing;
using Gatehouse.Core.Postgres;
using Gatehouse.Core.Results;
using Gatehouse.Messaging;
using Gatehouse.Organizations.Data;

namespace Gatehouse.Organizations.Access;

/// <summary>Who may see and change which role.</summary>
internal static class RoleRules
{
    /// <summary>Whether a role counts in one of the organizations; null stands for the whole tenant, in which all are seen.</summary>
    public static bool IsVisible(Guid? home, IReadOnlySet<Guid>? organizations) =>
        organizations is null || home is null || organizations.Contains(home.Value);

    /// <summary>The same for a built-in one: those of tenant and platform count in no organization alone.</summary>
    public static bool IsVisible(BuiltInRole role, IReadOnlySet<Guid>? organizations) =>
        organizations is null || role.Level == AccessLevel.Organization;

    /// <summary>Null if the actor may write a role there that allows this: nobody makes a role that allows more than they hold.</summary>
    public static Error? Check(Guid? organization, IReadOnlySet<string> permissions, UserAccess actor)
    {
        if (!actor.AllowsIn(organization, AccessArea.WriteRoles.Name))
            return organization is null ? AccessErrors.ExceedsOwnAccess : AccessErrors.OrganizationNotFound;
        return permissions.IsSubsetOf(actor.In(organization)) ? null : AccessErrors.ExceedsOwnAccess;
    }

    /// <summary>The role under its lock, or why the actor cannot change it; what was tried at one that is seen is recorded.</summary>
    public static async Task<Outcome<RoleRow>> LockAsync(Transaction tx, Actor actor, Guid id, PermissionSet known, AuditRecord record)
    {
        var access = actor.RequiredAccess;
        var visible = access.OrganizationsWith(AccessArea.WriteRoles.Name);
        if (BuiltInRole.Find(id) is { } builtIn)
            return IsVisible(builtIn, visible) ? RoleErrors.BuiltIn : AccessErrors.RoleNotFound;
        if (await RoleRow.LockAsync(tx, actor.Tenant.Id, id) is not { } row || !IsVisible(row.Where, visible))
            return AccessErrors.RoleNotFound;
        if (Check(row.Where, row.ToRole(known).Permissions, access) is not { } rejected)
            return row;
        tx.Record(record.Of(row).RefusedWith(rejected.Code));
        return rejected;
    }

    public static AuditRecord Of(this AuditRecord record, RoleRow row)
    {
        var described = record.WithFact("role", row.Name);
        return row.Where is { } organization ? described.WithFact("organization", organization.ToString()) : described;
    }

    public static void PublishUpdate(Transaction tx, Guid tenant, RoleRow row) =>
        tx.Publish(
            tenant,
            row.Id,
            new RoleUpdatedV1
            {
                RoleId = row.Id,
                OrganizationId = row.Where,
                Name = row.Name,
                Labels = RoleViews.Labels(row),
                Permissions = row.Permissions,
            }
        );
}
