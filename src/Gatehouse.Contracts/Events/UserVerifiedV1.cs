namespace Gatehouse.Contracts.Events;

/// <summary>An identifier was verified by the user or declared verified by an operator or administrator.</summary>
public sealed record UserVerifiedV1 : IEvent
{
    public static string Type => "user.verified.v1";

    public static string Topic => Topics.Users;

    /// <summary>The user's id.</summary>
    public required Guid UserId { get; init; }

    /// <summary>The kind of identifier: <c>email</c> or <c>phone</c>.</summary>
    public required string Channel { get; init; }

    /// <summary>How it was verified: <c>code</c>, <c>link</c>, <c>operator</c> or <c>administrator</c>.</summary>
    public required string Method { get; init; }
}
