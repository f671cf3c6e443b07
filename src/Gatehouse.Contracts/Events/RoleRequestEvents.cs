namespace Gatehouse.Contracts.Events;

/// <summary>A user asked for a role. What the user wrote stands in no event.</summary>
public sealed record RoleRequestCreatedV1 : IEvent
{
    public static string Type => "role-request.created.v1";

    public static string Topic => Topics.Organizations;

    /// <summary>The request.</summary>
    public required Guid RequestId { get; init; }

    /// <summary>The user who asked.</summary>
    public required Guid UserId { get; init; }

    /// <summary>The role.</summary>
    public required Guid RoleId { get; init; }

    /// <summary>Name of the role.</summary>
    public required string Role { get; init; }

    /// <summary>Where it is to count; absent for the whole tenant.</summary>
    public Guid? OrganizationId { get; init; }
}

/// <summary>A reviewer took up a request for a role. What the user wrote stands in no event.</summary>
public sealed record RoleRequestUnderReviewV1 : IEvent
{
    public static string Type => "role-request.under-review.v1";

    public static string Topic => Topics.Organizations;

    /// <summary>The request.</summary>
    public required Guid RequestId { get; init; }

    /// <summary>The user who asked.</summary>
    public required Guid UserId { get; init; }

    /// <summary>The role.</summary>
    public required Guid RoleId { get; init; }

    /// <summary>Name of the role.</summary>
    public required string Role { get; init; }

    /// <summary>Where it is to count; absent for the whole tenant.</summary>
    public Guid? OrganizationId { get; init; }
}

/// <summary>A request for a role was approved, and the role assigned with it. What the user wrote stands in no event.</summary>
public sealed record RoleRequestApprovedV1 : IEvent
{
    public static string Type => "role-request.approved.v1";

    public static string Topic => Topics.Organizations;

    /// <summary>The request.</summary>
    public required Guid RequestId { get; init; }

    /// <summary>The user who asked.</summary>
    public required Guid UserId { get; init; }

    /// <summary>The role.</summary>
    public required Guid RoleId { get; init; }

    /// <summary>Name of the role.</summary>
    public required string Role { get; init; }

    /// <summary>Where it is to count; absent for the whole tenant.</summary>
    public Guid? OrganizationId { get; init; }

    /// <summary>Name of that organization; absent for the whole tenant.</summary>
    public string? OrganizationName { get; init; }
}

/// <summary>A request for a role was rejected. What the user wrote stands in no event.</summary>
public sealed record RoleRequestRejectedV1 : IEvent
{
    public static string Type => "role-request.rejected.v1";

    public static string Topic => Topics.Organizations;

    /// <summary>The request.</summary>
    public required Guid RequestId { get; init; }

    /// <summary>The user who asked.</summary>
    public required Guid UserId { get; init; }

    /// <summary>The role.</summary>
    public required Guid RoleId { get; init; }

    /// <summary>Name of the role.</summary>
    public required string Role { get; init; }

    /// <summary>Where it is to count; absent for the whole tenant.</summary>
    public Guid? OrganizationId { get; init; }

    /// <summary>Name of that organization; absent for the whole tenant.</summary>
    public string? OrganizationName { get; init; }
}
