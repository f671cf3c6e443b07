using Gatehouse.Runtime.Data;
using Gatehouse.Runtime.Jobs;
using Gatehouse.Runtime.Keys;
using Gatehouse.Runtime.Messaging;
using Microsoft.Extensions.Logging;

namespace Gatehouse.Runtime.Startup;

/// <summary>Makes tomorrow's partitions, drops those past retention, and removes ended keys and stored answers.</summary>
internal sealed partial class Housekeeping(
    Partitions partitions, SubjectKeys subjectKeys, Database database, MessagingOptions options, TimeProvider clock, ILogger<Housekeeping> logger) : IRecurring
{
    public async Task RunAsync(CancellationToken cancellationToken)
    {
        var now = clock.GetUtcNow();
        await partitions.EnsureAsync(now, cancellationToken);
        await subjectKeys.DestroyEndedAsync(cancellationToken);
        await database.UseAsync(
            sql => sql.ExecuteAsync("delete from runtime.idempotency_keys where created_at < @oldest", new { oldest = now.AddHours(-24) }), cancellationToken);
        await DropAsync("events", now.AddDays(-options.RetentionDays), cancellationToken);
        await DropAsync("inbox", now.AddDays(-options.InboxRetentionDays), cancellationToken);
    }

    private async Task DropAsync(string table, DateTimeOffset oldest, CancellationToken cancellationToken)
    {
        foreach (var partition in await partitions.DropBeforeAsync(table, DateOnly.FromDateTime(oldest.UtcDateTime), cancellationToken))
            Log.Dropped(logger, partition);
    }

    private static partial class Log
    {
        [LoggerMessage(1, LogLevel.Information, "Dropped partition {Partition}, past its retention")]
        public static partial void Dropped(ILogger logger, string partition);
    }
}
