using Gatehouse.Contracts.Access;
using Gatehouse.Core.Results;
using Gatehouse.Organizations.Data;

namespace Gatehouse.Organizations.Access;

/// <summary>Who may assign and revoke which role where. Pure.</summary>
internal static class AssignmentRules
{
    /// <summary>Null if the actor may assign or revoke it there.</summary>
    /// <param name="organization">Where it is to count; null for the whole tenant.</param>
    public static Error? Check(Role role, Guid? organization, UserAccess actor)
    {
        if (!actor.AllowsIn(organization, AccessArea.AssignRoles.Name))
            return organization is null ? AccessErrors.ExceedsOwnAccess : AccessErrors.OrganizationNotFound;
        if (!Fits(role, organization))
            return AccessErrors.WrongLevel;
        // A role of the platform counts in all tenants, so what its holder may do in one does not cover it.
        var own = role.Level == AccessLevel.Platform ? actor.AcrossTenants() : actor;
        return role.Permissions.IsSubsetOf(own.In(organization)) ? null : AccessErrors.ExceedsOwnAccess;
    }

    /// <summary>Whether the actor may take the role from a member of that organization.</summary>
    public static bool MayRevoke(Role role, Guid organization, UserAccess actor) => Check(role, organization, actor) is null;

    /// <summary>Whether there is anywhere the actor may assign the role.</summary>
    public static bool MayAssignSomewhere(Role role, UserAccess actor)
    {
        var name = AccessArea.AssignRoles.Name;
        var own = role.Level == AccessLevel.Platform ? actor.AcrossTenants() : actor;
        // Held in the whole tenant, it is held in each organization.
        if (actor.Allows(name) && role.Permissions.IsSubsetOf(own.In(organization: null)))
            return true;
        return actor.Grants.Any(grant => grant.OrganizationId is { } home && Check(role, home, actor) is null);
    }

    /// <summary>A tenant's own role may be assigned at either level, one of an organization only there.</summary>
    public static bool Fits(Role role, Guid? organization) =>
        role switch
        {
            { IsBuiltIn: true, Level: AccessLevel.Organization } => organization is not null,
            { IsBuiltIn: true } => organization is null,
            { OrganizationId: { } home } => organization == home,
            _ => true,
        };
}
