using Gatehouse.Core.Hosting;
using Gatehouse.Core.Postgres;

namespace Gatehouse.Notifications.Suppression;

/// <summary>Forgets mails of which no report is expected any more, and suppressions that ended.</summary>
internal sealed class PurgeSentMessages(Database database, TimeProvider clock) : IRecurring
{
    private const int Batch = 5000;

    // Complaints arrive days after the mail; a provider retries for three days.
    private static readonly TimeSpan Kept = TimeSpan.FromDays(30);

    public async Task RunAsync(CancellationToken cancellationToken)
    {
        var now = clock.GetUtcNow();
        await database.QueryAsync(
            db => db.ExecuteAsync("delete from notifications.suppressions where expires_at <= @now", new { now }),
            cancellationToken
        );
        for (var removed = Batch; removed == Batch; )
        {
            removed = await database.QueryAsync(
                db =>
                    db.ExecuteAsync(
                        """
                        delete from notifications.sent_messages
                         where (tenant_id, id) in (select tenant_id, id from notifications.sent_messages
                                                   where sent_at < @oldest limit @batch for update skip locked)
                        """,
                        new { oldest = now - Kept, batch = Batch }
                    ),
                cancellationToken
            );
        }
    }
}
