namespace Gatehouse.Web.Admin;

/// <summary>What happened in one stretch of time.</summary>
public sealed record ChartBar
{
    /// <summary>The stretch, in words.</summary>
    public required string Label { get; init; }

    public required long Value { get; init; }

    /// <summary>What failed, on top of <see cref="Value"/>.</summary>
    public required long Bad { get; init; }
}
