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

/// <summary>How users register for a role was changed. It carries all of it as it is now.</summary>
public sealed record RoleRegistrationChangedV1 : IEvent
{
    public static string Type => "role.registration-changed.v1";

    public static string Topic => Topics.Organizations;

    /// <summary>The role.</summary>
    public required Guid RoleId { get; init; }

    /// <summary>Its name.</summary>
    public required string Name { get; init; }

    /// <summary><c>open</c> if anybody may register for it, otherwise <c>closed</c>.</summary>
    public required string State { get; init; }

    /// <summary>The fields that a registration must have, such as <c>birthDate</c>.</summary>
    public required IReadOnlyList<string> RequiredFields { get; init; }

    /// <summary>In whole years; absent for any age.</summary>
    public int? MinimumAge { get; init; }

    /// <summary>What the mail leads with: <c>code</c> or <c>link</c>.</summary>
    public required string Verification { get; init; }

    /// <summary>Whether users are signed in before they verify their address.</summary>
    public required bool SignInBeforeVerification { get; init; }
}
