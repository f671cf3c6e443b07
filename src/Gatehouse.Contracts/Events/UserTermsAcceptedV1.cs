namespace Gatehouse.Contracts.Events;

/// <summary>A user accepted the terms of service, when registering or when asked again.</summary>
public sealed record UserTermsAcceptedV1 : IEvent
{
    public static string Type => "user.terms-accepted.v1";

    public static string Topic => Topics.Users;

    /// <summary>The user's id.</summary>
    public required Guid UserId { get; init; }

    /// <summary>The version that was accepted.</summary>
    public required string Version { get; init; }

    /// <summary>When.</summary>
    public required DateTimeOffset AcceptedAt { get; init; }
}
