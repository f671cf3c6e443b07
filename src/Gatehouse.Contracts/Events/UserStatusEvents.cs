namespace Gatehouse.Contracts.Events;

/// <summary>An administrator disabled a user, who cannot sign in any more. The sessions that ended have their own events.</summary>
public sealed record UserDisabledV1 : IEvent
{
    public static string Type => "user.disabled.v1";

    public static string Topic => Topics.Users;

    /// <summary>The user's id.</summary>
    public required Guid UserId { get; init; }
}

/// <summary>An administrator enabled a disabled user, who can sign in again.</summary>
public sealed record UserEnabledV1 : IEvent
{
    public static string Type => "user.enabled.v1";

    public static string Topic => Topics.Users;

    /// <summary>The user's id.</summary>
    public required Guid UserId { get; init; }
}
