using System.Globalization;
using Gatehouse.Audit;
using Gatehouse.Audit.Data;

namespace Gatehouse.Tests.Audit;

/// <summary>A chain in memory, sealed as the server seals.</summary>
internal static class Chain
{
    public static readonly DateTimeOffset Start = new(2026, 11, 1, 8, 0, 0, TimeSpan.Zero);

    public static readonly CheckpointKey Key = new(() => new byte[32]);

    public static StoredRecord Record(int number) =>
        new()
        {
            Id = new Guid(number, 0, 7, [0, 0, 0, 0, 0, 0, 0, 0]),
            TenantId = new Guid(1, 0, 7, [0, 0, 0, 0, 0, 0, 0, 0]),
            Epoch = 1,
            Xid = 1000 + (number / 3),
            Seq = number,
            RecordedAt = Start.AddSeconds(number),
            Action = "session.started",
            ActorKind = "person",
            Subject = new Guid(number % 7, 0, 7, [0, 0, 0, 0, 0, 0, 0, 0]),
            Result = "done",
            Network = "203.0.113.0/24",
            Facts = string.Create(CultureInfo.InvariantCulture, $$"""{"method":"{{number}}"}"""),
        };

    public static List<StoredRecord> Records(int count) => [.. Enumerable.Range(1, count).Select(Record)];

    public static IEnumerable<Batch> Seal(IEnumerable<StoredRecord> records, int size)
    {
        Batch? before = null;
        foreach (var some in records.Chunk(size))
            yield return before = Batch.Of(before, some, some[^1].RecordedAt.AddMinutes(1), Key);
    }

    public static async Task<AuditReport> VerifyAsync(
        IEnumerable<Batch> batches,
        IEnumerable<StoredRecord> records,
        DateTimeOffset? now = null
    )
    {
        var report = new AuditReport();
        await new ChainVerifier(Key, report).RunAsync(batches.ToAsyncEnumerable(), records.ToAsyncEnumerable(), now ?? Start);
        return report;
    }
}
