namespace Gatehouse.Contracts.Events;

/// <summary>A user's roles or memberships changed. It carries all of them as they are now, so the newest event is enough.</summary>
public sealed record UserRolesChangedV1 : IEvent
{
    public static string Type => "user.roles-changed.v1";

    public static string Topic => Topics.Organizations;

    /// <summary>The user.</summary>
    public required Guid UserId { get; init; }

    /// <summary>Names of the roles in the whole tenant, such as <c>tenant-administrator</c>.</summary>
    public required IReadOnlyList<string> Roles { get; init; }

    /// <summary>The active organizations that the user is a member of, in the order of joining.</summary>
    public required IReadOnlyList<MembershipV1> Memberships { get; init; }

    /// <summary>The inactive organizations that the user is a member of, which are not among the memberships; absent if there is
    /// none.</summary>
    public IReadOnlyList<Guid>? Inactive { get; init; }
}

/// <summary>A membership in an organization.</summary>
/// <param name="OrganizationId">The organization.</param>
/// <param name="Roles">Names of the roles there.</param>
public sealed record MembershipV1(Guid OrganizationId, IReadOnlyList<string> Roles);
