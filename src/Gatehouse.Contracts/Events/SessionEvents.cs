namespace Gatehouse.Contracts.Events;

/// <summary>A session was started on a device.</summary>
public sealed record SessionStartedV1 : IEvent
{
    public static string Type => "session.started.v1";

    public static string Topic => Topics.Security;

    /// <summary>The user's id.</summary>
    public required Guid UserId { get; init; }

    /// <summary>The session; access tokens contain it as <c>sid</c>.</summary>
    public required Guid SessionId { get; init; }

    /// <summary>
    /// How the user authenticated: <c>password</c> or <c>registration</c> (a code or link that completed a registration);
    /// <c>application</c> for the session of an application in which the user is signed in by OpenID Connect.
    /// </summary>
    public required string Method { get; init; }

    /// <summary>When it expires at the latest, UTC; inactivity, sign-out and revocation end it earlier.</summary>
    public required DateTimeOffset EndsAt { get; init; }
}

/// <summary>A session was ended before it expired. Its access tokens are no longer valid, even if they have not expired.</summary>
public sealed record SessionRevokedV1 : IEvent
{
    public static string Type => "session.revoked.v1";

    public static string Topic => Topics.Security;

    /// <summary>The user's id.</summary>
    public required Guid UserId { get; init; }

    /// <summary>The session.</summary>
    public required Guid SessionId { get; init; }

    /// <summary>
    /// <c>signed-out</c>, <c>ended-by-owner</c> (from another session), <c>too-many</c> (replaced by a new session), <c>token-reused</c>
    /// (an old refresh token was used again: two parties held it), <c>password-changed</c>, <c>email-change-undone</c> (the owner of the
    /// former address took it back), <c>sign-in-reported</c> (the owner said that somebody else signed in), <c>ended-by-administrator</c>,
    /// <c>ended-by-client</c> (revoked with a token of it), <c>code-reused</c> (the code of an application was redeemed twice),
    /// <c>access-withdrawn</c> (the user took back what an application was granted), <c>client-disabled</c> (the application was),
    /// <c>disabled</c> (the user was), <c>organization-deactivated</c> (its current organization was), <c>verified</c> (the address was, by
    /// somebody else than who registered), <c>lapsed</c> (the address was not verified in time).
    /// </summary>
    public required string Reason { get; init; }
}

/// <summary>A user signed in.</summary>
public sealed record UserSignedInV1 : IEvent
{
    public static string Type => "user.signed-in.v1";

    public static string Topic => Topics.Security;

    /// <summary>The user's id.</summary>
    public required Guid UserId { get; init; }

    /// <summary>The new session.</summary>
    public required Guid SessionId { get; init; }

    /// <summary>How the user authenticated: <c>password</c>, or <c>code</c> for a code or link sent to the user.</summary>
    public required string Method { get; init; }

    /// <summary>Whether the user had signed in on this device before.</summary>
    public required bool KnownDevice { get; init; }
}

/// <summary>A sign-in failed. Keyed by the user's id, or by a hash of the identifier if it has no account.</summary>
public sealed record UserSignInFailedV1 : IEvent
{
    public static string Type => "user.sign-in-failed.v1";

    public static string Topic => Topics.Security;

    /// <summary>The user's id; null if the identifier has no account.</summary>
    public Guid? UserId { get; init; }

    /// <summary>The authentication method: <c>password</c>.</summary>
    public required string Method { get; init; }

    /// <summary>Failures in a row for this identifier and bucket, including this one.</summary>
    public required int Failures { get; init; }
}
