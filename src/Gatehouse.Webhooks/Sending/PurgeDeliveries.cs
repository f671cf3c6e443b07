using Gatehouse.Core.Hosting;
using Gatehouse.Core.Postgres;

namespace Gatehouse.Webhooks.Sending;

/// <summary>Forgets deliveries of long ago, those too that wait for a disabled webhook.</summary>
internal sealed class PurgeDeliveries(Database database, WebhooksOptions options, TimeProvider clock) : IRecurring
{
    private const int Batch = 5000;

    public async Task RunAsync(CancellationToken cancellationToken)
    {
        var oldest = clock.GetUtcNow() - TimeSpan.FromDays(options.KeepDays);
        for (var removed = Batch; removed == Batch; )
        {
            removed = await database.QueryAsync(
                db =>
                    db.ExecuteAsync(
                        """
                        delete from webhooks.deliveries
                         where (tenant_id, webhook, id) in (
                               select d.tenant_id, d.webhook, d.id
                                 from webhooks.deliveries d
                                 left join webhooks.webhooks w on w.tenant_id = d.tenant_id and w.id = d.webhook
                                where d.created_at < @oldest and (d.state <> 'pending' or w.disabled_at < @oldest or w.id is null)
                                limit @Batch)
                        """,
                        new { oldest, Batch }
                    ),
                cancellationToken
            );
        }
    }
}
