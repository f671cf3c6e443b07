namespace Gatehouse.Contracts.Events;

/// <summary>A person proved that a contact address is theirs, or an operator vouched for it.</summary>
public sealed record UserVerifiedV1 : IEvent
{
    public static string Type => "user.verified.v1";

    public static string Topic => Topics.Users;

    /// <summary>The user's id.</summary>
    public required Guid UserId { get; init; }

    /// <summary>The kind of contact that was proved: <c>email</c>.</summary>
    public required string Channel { get; init; }

    /// <summary>How it was proved: <c>code</c> or <c>link</c>; <c>operator</c> where an operator vouched for it.</summary>
    public required string Method { get; init; }
}
