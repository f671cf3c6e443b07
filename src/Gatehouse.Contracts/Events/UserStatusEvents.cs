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

/// <summary>A user closed the own account. Other services hide the user; the account is erased later, unless it is opened again.</summary>
public sealed record UserClosedV1 : IEvent
{
    public static string Type => "user.closed.v1";

    public static string Topic => Topics.Users;

    /// <summary>The user's id.</summary>
    public required Guid UserId { get; init; }

    /// <summary>When the account is erased, in UTC.</summary>
    public required DateTimeOffset EraseAt { get; init; }
}

/// <summary>A user opened the own closed account again.</summary>
public sealed record UserReopenedV1 : IEvent
{
    public static string Type => "user.reopened.v1";

    public static string Topic => Topics.Users;

    /// <summary>The user's id.</summary>
    public required Guid UserId { get; init; }
}

/// <summary>A user was erased, for good: services delete what they hold of the user. Earlier events of the user cannot be read any
/// more.</summary>
public sealed record UserErasedV1 : IEvent
{
    public static string Type => "user.erased.v1";

    public static string Topic => Topics.Users;

    /// <summary>The user's id, which is never used again.</summary>
    public required Guid UserId { get; init; }
}
