namespace Gatehouse.Contracts.Access;

/// <summary>Answers which permissions there are: those that the program declares and those that were registered.</summary>
public interface IPermissionDirectory
{
    /// <summary>Those of the names that there are, by name.</summary>
    ValueTask<IReadOnlyDictionary<string, Permission>> FindAsync(IReadOnlyCollection<string> names, CancellationToken cancellationToken);
}

/// <summary>Answers whether there is such an organization.</summary>
public interface IOrganizationDirectory
{
    /// <summary>Whether the tenant has that organization, and it is active.</summary>
    ValueTask<bool> IsActiveAsync(Guid tenantId, Guid organizationId, CancellationToken cancellationToken);
}

/// <summary>Answers which organizations a user belongs to.</summary>
public interface IMembershipDirectory
{
    /// <summary>Those that the user is a member of now.</summary>
    ValueTask<IReadOnlySet<Guid>> OrganizationsAsync(Guid tenantId, Guid userId, CancellationToken cancellationToken);
}
