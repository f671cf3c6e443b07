namespace Gatehouse.Identity.Sessions;

/// <summary>A session as lists of pages show it.</summary>
public sealed record SessionLine
{
    public required Guid Id { get; init; }

    /// <summary>Whether it is the reader's own.</summary>
    public required bool Current { get; init; }

    /// <summary>Program and system; empty if unknown.</summary>
    public required string Device { get; init; }

    public required string Network { get; init; }

    public required string Method { get; init; }

    public required DateTimeOffset CreatedAt { get; init; }

    public required DateTimeOffset UsedAt { get; init; }

    /// <summary>When it expires if it is not used.</summary>
    public required DateTimeOffset EndsAt { get; init; }

    internal static SessionLine Of(ListSessions.Item session) =>
        new()
        {
            Id = session.Id,
            Current = session.Current,
            Device = session.Device,
            Network = session.Network,
            Method = session.Method,
            CreatedAt = session.CreatedAt,
            UsedAt = session.UsedAt,
            EndsAt = session.EndsAt,
        };
}
