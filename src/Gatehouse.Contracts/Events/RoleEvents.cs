namespace Gatehouse.Contracts.Events;

/// <summary>A role of a tenant or of an organization was created.</summary>
public sealed record RoleCreatedV1 : IEvent
{
    public static string Type => "role.created.v1";

    public static string Topic => Topics.Organizations;

    /// <summary>The role.</summary>
    public required Guid RoleId { get; init; }

    /// <summary>The organization it belongs to; absent for the whole tenant.</summary>
    public Guid? OrganizationId { get; init; }

    /// <summary>Its name; permanent.</summary>
    public required string Name { get; init; }

    /// <summary>What people read, by language.</summary>
    public required IReadOnlyDictionary<string, string> Labels { get; init; }

    /// <summary>Names of the permissions that it allows.</summary>
    public required IReadOnlyList<string> Permissions { get; init; }
}

/// <summary>Labels or permissions of a role were changed. It carries all of them as they are now.</summary>
public sealed record RoleUpdatedV1 : IEvent
{
    public static string Type => "role.updated.v1";

    public static string Topic => Topics.Organizations;

    /// <summary>The role.</summary>
    public required Guid RoleId { get; init; }

    /// <summary>The organization it belongs to; absent for the whole tenant.</summary>
    public Guid? OrganizationId { get; init; }

    /// <summary>Its name; permanent.</summary>
    public required string Name { get; init; }

    /// <summary>What people read, by language.</summary>
    public required IReadOnlyDictionary<string, string> Labels { get; init; }

    /// <summary>Names of the permissions that it allows.</summary>
    public required IReadOnlyList<string> Permissions { get; init; }
}

/// <summary>A role was deleted. Nobody had it.</summary>
public sealed record RoleDeletedV1 : IEvent
{
    public static string Type => "role.deleted.v1";

    public static string Topic => Topics.Organizations;

    /// <summary>The role.</summary>
    public required Guid RoleId { get; init; }

    /// <summary>The organization it belonged to; absent for the whole tenant.</summary>
    public Guid? OrganizationId { get; init; }

    /// <summary>Its name.</summary>
    public required string Name { get; init; }
}
