namespace Gatehouse.Contracts.Access;

/// <summary>What a user may do at one moment: the roles that were assigned, each with what it allows and where.</summary>
public sealed record UserAccess(IReadOnlyList<RoleGrant> Grants)
{
    public static UserAccess None { get; } = new([]);

    /// <summary>Whether it is held in the whole tenant.</summary>
    public bool Allows(string permission) => Grants.Any(g => g.OrganizationId is null && g.Permissions.Contains(permission));

    /// <summary>Whether it is held in that organization, or in the whole tenant; null asks for the tenant.</summary>
    public bool AllowsIn(Guid? organization, string permission) =>
        Allows(permission)
        || (organization is not null && Grants.Any(g => g.OrganizationId == organization && g.Permissions.Contains(permission)));

    /// <summary>Whether it is held in the whole tenant or in some organization.</summary>
    public bool AllowsSomewhere(string permission) => Grants.Any(g => g.Permissions.Contains(permission));

    /// <summary>The organizations in which it is held; null if it is held in the whole tenant.</summary>
    public IReadOnlySet<Guid>? OrganizationsWith(string permission) =>
        Allows(permission)
            ? null
            : Grants
                .Where(g => g.OrganizationId is not null && g.Permissions.Contains(permission))
                .Select(g => g.OrganizationId!.Value)
                .ToHashSet();

    /// <summary>Everything that is held there, organization or (null) whole tenant.</summary>
    public IReadOnlySet<string> In(Guid? organization) =>
        Grants
            .Where(g => g.OrganizationId is null || g.OrganizationId == organization)
            .SelectMany(g => g.Permissions)
            .ToHashSet(StringComparer.Ordinal);

    /// <summary>What is left of it in another tenant: what reaches across the whole installation.</summary>
    public UserAccess AcrossTenants() => new([.. Grants.Where(g => g.Level == AccessLevel.Platform)]);
}

/// <summary>A role of a user.</summary>
public sealed record RoleGrant
{
    public required Guid RoleId { get; init; }

    /// <summary>Name of the role, unique in its tenant or organization: <c>tenant-administrator</c>.</summary>
    public required string Role { get; init; }

    public required AccessLevel Level { get; init; }

    /// <summary>Where it counts; null for the whole tenant.</summary>
    public required Guid? OrganizationId { get; init; }

    /// <summary>Names of permissions.</summary>
    public required IReadOnlySet<string> Permissions { get; init; }
}

/// <summary>Answers what a user may do now, from what is stored and not from what a token says.</summary>
public interface IAccessDirectory
{
    /// <summary>The user's access; <see cref="UserAccess.None"/> for one without roles, and for unknown ones.</summary>
    ValueTask<UserAccess> FindAsync(Guid tenantId, Guid userId, CancellationToken cancellationToken);
}

/// <summary>Answers whether there is such a user, and what it is called.</summary>
public interface IUserDirectory
{
    /// <summary>Whether the tenant has that user.</summary>
    ValueTask<bool> ExistsAsync(Guid tenantId, Guid userId, CancellationToken cancellationToken);

    /// <summary>Whether the tenant has that user, and it is not disabled.</summary>
    ValueTask<bool> IsActiveAsync(Guid tenantId, Guid userId, CancellationToken cancellationToken);

    /// <summary>What the users are called, by id. Unknown and erased ones, and those of other tenants, are left out.</summary>
    ValueTask<IReadOnlyDictionary<Guid, UserNames>> NamesAsync(
        Guid tenantId,
        IReadOnlyCollection<Guid> userIds,
        CancellationToken cancellationToken
    );
}

/// <summary>What a user is called.</summary>
public sealed record UserNames
{
    /// <summary>The display name.</summary>
    public required string Name { get; init; }

    /// <summary>The username as typed; null if the user has none.</summary>
    public required string? Username { get; init; }

    /// <summary>Hides the names: a record's own text would print them.</summary>
    public override string ToString() => nameof(UserNames);
}
