using Gatehouse.Core.Hosting;
using Gatehouse.Core.Postgres;
using Gatehouse.Messaging.Transports.Kafka;
using Microsoft.Extensions.Logging;

namespace Gatehouse.Messaging;

/// <summary>Makes tomorrow's partitions, and drops those of the log and of what was received past their retention, and operations that
/// ended days ago.</summary>
internal sealed partial class Housekeeping(
    TablePartitions partitions,
    Database database,
    MessagingOptions options,
    TimeProvider clock,
    ILogger<Housekeeping> logger
) : IRecurring
{
    // Who comes back the next day still finds the result.
    private static readonly TimeSpan OperationsKept = TimeSpan.FromHours(48);

    public async Task RunAsync(CancellationToken cancellationToken)
    {
        var now = clock.GetUtcNow();
        await partitions.EnsureAsync(now, cancellationToken);
        await DropAsync(EventLog.Events, now.AddDays(-options.RetentionDays) - EventReplay.Grace, cancellationToken);
        await DropAsync(DeliveryNotes.Table, now.AddDays(-options.InboxRetentionDays), cancellationToken);
        await database.QueryAsync(db => OperationStore.PurgeAsync(db, now - OperationsKept), cancellationToken);
        await database.QueryAsync(db => RejectedRecords.ForgetAsync(db, now.AddDays(-options.InboxRetentionDays)), cancellationToken);
    }

    private async Task DropAsync(PartitionedTable table, DateTimeOffset oldest, CancellationToken cancellationToken)
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
