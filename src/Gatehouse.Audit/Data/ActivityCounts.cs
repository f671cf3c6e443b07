using Gatehouse.Core.Postgres;

namespace Gatehouse.Audit.Data;

/// <summary>How often things happened, by tenant and hour.</summary>
internal sealed class ActivityCounts
{
    /// <summary>Figures are kept as long as records are at least.</summary>
    public static readonly TimeSpan Kept = TimeSpan.FromDays(400);

    private readonly Dictionary<(Guid Tenant, DateTimeOffset Hour, string Action, string Result), long> counts = [];

    public static DateTimeOffset HourOf(DateTimeOffset time) => new(time.UtcDateTime.Date.AddHours(time.UtcDateTime.Hour), TimeSpan.Zero);

    public static DateTimeOffset EndOf(DateTimeOffset time) => HourOf(time) is var hour && hour == time ? hour : hour.AddHours(1);

    public static ActivityCounts Of(IEnumerable<StoredRecord> records)
    {
        var counted = new ActivityCounts();
        foreach (var record in records)
            counted.Add(record.TenantId, record.RecordedAt, record.Action, record.Result);
        return counted;
    }

    public void Add(Guid tenant, DateTimeOffset at, string action, string result)
    {
        var key = (tenant, HourOf(at), action, result);
        counts[key] = counts.GetValueOrDefault(key) + 1;
    }

    /// <summary>Adds them to the figures; rows are locked in one order, so that two writers do not wait for each other.</summary>
    public async Task SaveAsync(DbSession db) =>
        await db.ExecuteAsync(
            """
            insert into audit.figures as f (tenant_id, hour, action, result, count)
            select tenant, hour, action, result, count
              from unnest(@tenants, @hours, @actions, @results, @counts) as c (tenant, hour, action, result, count)
             order by tenant, hour, action collate "C", result collate "C"
            on conflict (tenant_id, hour, action, result) do update set count = f.count + excluded.count
            """,
            new
            {
                tenants = counts.Keys.Select(k => k.Tenant).ToArray(),
                hours = counts.Keys.Select(k => k.Hour).ToArray(),
                actions = counts.Keys.Select(k => k.Action).ToArray(),
                results = counts.Keys.Select(k => k.Result).ToArray(),
                counts = counts.Values.ToArray(),
            }
        );
}

/// <summary>Adds what a transaction counted to the figures as it commits: many events of one hour are one statement.</summary>
internal sealed class ActivityCounting : ITransactionParticipant
{
    public Task BeforeCommitAsync(Transaction tx) =>
        tx.FindCollected<ActivityCounts>() is { } counts ? counts.SaveAsync(tx) : Task.CompletedTask;
}
