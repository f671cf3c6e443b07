namespace Gatehouse.Contracts.Events;

/// <summary>A person is signed in on a device.</summary>
public sealed record SessionStartedV1 : IEvent
{
    public static string Type => "session.started.v1";

    public static string Topic => Topics.Security;

    /// <summary>The user's id.</summary>
    public required Guid UserId { get; init; }

    /// <summary>The session; access tokens carry it as <c>sid</c>.</summary>
    public required Guid SessionId { get; init; }

    /// <summary>What was proved: <c>password</c>, <c>registration</c> (a code or link at the end of a registration).</summary>
    public required string Method { get; init; }

    /// <summary>When it ends in any case, UTC; disuse, sign-out and revocation end it earlier.</summary>
    public required DateTimeOffset EndsAt { get; init; }
}

/// <summary>A session ended before its time. Its access tokens are good for nothing from now on, although their own time may not be over.</summary>
public sealed record SessionRevokedV1 : IEvent
{
    public static string Type => "session.revoked.v1";

    public static string Topic => Topics.Security;

    /// <summary>The user's id.</summary>
    public required Guid UserId { get; init; }

    /// <summary>The session.</summary>
    public required Guid SessionId { get; init; }

    /// <summary>
    /// <c>signed-out</c>, <c>ended-by-owner</c> (from another session), <c>too-many</c> (the oldest gave way to a new one), <c>token-reused</c> (an old refresh token
    /// was shown: two parties held it), <c>password-changed</c>.
    /// </summary>
    public required string Reason { get; init; }
}

/// <summary>A person proved who they are.</summary>
public sealed record UserSignedInV1 : IEvent
{
    public static string Type => "user.signed-in.v1";

    public static string Topic => Topics.Security;

    /// <summary>The user's id.</summary>
    public required Guid UserId { get; init; }

    /// <summary>The session that began.</summary>
    public required Guid SessionId { get; init; }

    /// <summary>What was proved: <c>password</c>.</summary>
    public required string Method { get; init; }

    /// <summary>Whether the user had signed in on this device before.</summary>
    public required bool KnownDevice { get; init; }
}

/// <summary>Somebody tried to sign in and could not. Keyed by the user's id where the identifier has an account, and by a hash of the identifier where it has none.</summary>
public sealed record UserSignInFailedV1 : IEvent
{
    public static string Type => "user.sign-in-failed.v1";

    public static string Topic => Topics.Security;

    /// <summary>The user's id; null where the identifier has no account.</summary>
    public Guid? UserId { get; init; }

    /// <summary>What was tried: <c>password</c>.</summary>
    public required string Method { get; init; }

    /// <summary>Failures in a row on this identifier and bucket, this one included.</summary>
    public required int Failures { get; init; }
}
