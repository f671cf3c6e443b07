namespace Gatehouse.Contracts.Events;

/// <summary>An organization was created.</summary>
public sealed record OrganizationCreatedV1 : IEvent
{
    public static string Type => "organization.created.v1";

    public static string Topic => Topics.Organizations;

    /// <summary>The organization.</summary>
    public required Guid OrganizationId { get; init; }

    /// <summary>Its code, unique in the tenant; permanent.</summary>
    public required string Code { get; init; }

    /// <summary>Its name.</summary>
    public required string Name { get; init; }
}

/// <summary>An organization's name or description was changed.</summary>
public sealed record OrganizationUpdatedV1 : IEvent
{
    public static string Type => "organization.updated.v1";

    public static string Topic => Topics.Organizations;

    /// <summary>The organization.</summary>
    public required Guid OrganizationId { get; init; }

    /// <summary>The name as it is now.</summary>
    public required string Name { get; init; }

    /// <summary>The description as it is now; empty if there is none.</summary>
    public required string Description { get; init; }
}

/// <summary>
/// An organization was deactivated: its roles count for nothing until it is reactivated. An event for each of its members follows.
/// </summary>
public sealed record OrganizationDeactivatedV1 : IEvent
{
    public static string Type => "organization.deactivated.v1";

    public static string Topic => Topics.Organizations;

    /// <summary>The organization.</summary>
    public required Guid OrganizationId { get; init; }
}

/// <summary>An organization was reactivated: members and roles are as they were. An event for each of its members follows.</summary>
public sealed record OrganizationReactivatedV1 : IEvent
{
    public static string Type => "organization.reactivated.v1";

    public static string Topic => Topics.Organizations;

    /// <summary>The organization.</summary>
    public required Guid OrganizationId { get; init; }
}

/// <summary>An organization was related to others, or no longer is. Each side has its own event.</summary>
public sealed record OrganizationRelatedChangedV1 : IEvent
{
    public static string Type => "organization.related-changed.v1";

    public static string Topic => Topics.Organizations;

    /// <summary>The organization.</summary>
    public required Guid OrganizationId { get; init; }

    /// <summary>The organizations to which it is related since.</summary>
    public required IReadOnlyList<Guid> Added { get; init; }

    /// <summary>The organizations to which it no longer is.</summary>
    public required IReadOnlyList<Guid> Removed { get; init; }
}
