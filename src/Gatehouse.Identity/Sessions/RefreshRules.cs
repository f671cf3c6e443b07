using Gatehouse.Identity.Tokens;

namespace Gatehouse.Identity.Sessions;

/// <summary>What a genuine refresh token is worth. Pure: the session's row, the token's generation and the times in, decision
/// out.</summary>
internal static class RefreshRules
{
    /// <summary>How long the immediate predecessor still gets the same successor, by the database's clock: an answer that was lost may be
    /// asked for again. Time in which the database was down does not count: nobody could ask.</summary>
    public static readonly TimeSpan Leeway = TimeSpan.FromSeconds(10);

    /// <param name="down">How much of the time since the rotation the database was down.</param>
    public static RefreshVerdict Evaluate(UserSession session, long generation, DateTimeOffset now, TimeSpan down)
    {
        if (session.EndedAt is not null || now >= session.IdleEndsAt || now >= session.EndsAt)
            return RefreshVerdict.Over;
        if (generation == session.Generation)
            return RefreshVerdict.Rotate;
        // Its successor is unused as long as the row stands at the successor's generation.
        if (IsPredecessor(session, generation) && session.SinceRotation - down <= Leeway)
            return RefreshVerdict.Repeat;
        // A generation that was not issued yet means that the database is older than the token: a dump was restored. Nobody stole anything.
        return generation < session.Generation ? RefreshVerdict.Reused : RefreshVerdict.Over;
    }

    /// <summary>Whether an outage could still save the token: only then is its length worth a statement.</summary>
    public static bool MayBeLateByOutage(UserSession session, long generation) =>
        IsPredecessor(session, generation) && session.SinceRotation > Leeway;

    /// <summary>Until when a session used now lives without further use.</summary>
    public static DateTimeOffset IdleEnd(TokenOptions options, DateTimeOffset sessionEnds, DateTimeOffset now)
    {
        var idle = now.AddDays(options.IdleDays);
        return idle < sessionEnds ? idle : sessionEnds;
    }

    private static bool IsPredecessor(UserSession session, long generation) => generation == session.Generation - 1;
}

internal enum RefreshVerdict
{
    /// <summary>The newest token: the next generation follows.</summary>
    Rotate,

    /// <summary>The one before the newest, in time: the newest is given again.</summary>
    Repeat,

    /// <summary>An old one: two parties hold tokens of this session, and one of them should not.</summary>
    Reused,

    /// <summary>The session has ended, or has no such token.</summary>
    Over,
}
