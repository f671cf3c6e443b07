namespace Gatehouse.Contracts.Access;

/// <summary>How far a permission, a role or a grant reaches.</summary>
public enum AccessLevel
{
    /// <summary>One organization of a tenant.</summary>
    Organization,

    /// <summary>One tenant with all its organizations.</summary>
    Tenant,

    /// <summary>The whole installation, every tenant included.</summary>
    Platform,
}

/// <summary>A right that operations ask for. Whatever asks for none that a user holds is denied.</summary>
public sealed record Permission
{
    /// <summary>
    /// <c>area:verb</c> in lower-case letters, digits and hyphens, such as <c>users:read</c>; at most 64 characters. Permissions that are
    /// registered later have a prefix and a dot before them: <c>shop.orders:read</c>.
    /// </summary>
    public required string Name { get; init; }

    /// <summary>
    /// The lowest level at which it can be held. The built-in administrators hold every permission of their own level and of those below.
    /// </summary>
    public required AccessLevel Level { get; init; }

    /// <summary>What it allows, in one English sentence.</summary>
    public required string Description { get; init; }

    public override string ToString() => Name;
}
