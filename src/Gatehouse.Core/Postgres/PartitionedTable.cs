using Microsoft.Extensions.DependencyInjection;

namespace Gatehouse.Core.Postgres;

public enum PartitionSpan
{
    Day,
    Month,
}

/// <summary>A table that is partitioned by its version-7 id. Its owner registers it; <see cref="TablePartitions"/> keeps its
/// partitions.</summary>
public sealed record PartitionedTable
{
    public required string Schema { get; init; }

    public required string Name { get; init; }

    public required PartitionSpan Span { get; init; }

    /// <summary>Whether a partition that is past its retention must stay for another reason. It is named with its schema:
    /// <c>runtime.events_20261127</c>.</summary>
    public required Func<DbSession, string, Task<bool>> IsNeededAsync { get; init; }

    internal string FullName => $"{Schema}.{Name}";

    /// <summary>The smallest version-7 id of the time: 48 bits of milliseconds, then zeros (RFC 9562, 5.7).</summary>
    public static Guid LowestId(DateTimeOffset time)
    {
        var milliseconds = time.ToUnixTimeMilliseconds();
        return new Guid((int)(milliseconds >> 16), (short)milliseconds, 0, 0, 0, 0, 0, 0, 0, 0, 0);
    }

    internal static Guid LowestId(DateOnly day) => LowestId(new DateTimeOffset(day.ToDateTime(TimeOnly.MinValue), TimeSpan.Zero));
}

public static class PartitionedTableExtensions
{
    public static IServiceCollection AddPartitionedTable(this IServiceCollection services, PartitionedTable table) =>
        services.AddSingleton(table);
}
