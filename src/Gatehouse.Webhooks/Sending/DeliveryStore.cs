using System.Security.Cryptography;
using Gatehouse.Core.Auditing;
using Gatehouse.Core.Postgres;
using Gatehouse.Webhooks.Data;

namespace Gatehouse.Webhooks.Sending;

/// <summary>Statements of the queue of deliveries.</summary>
internal sealed class DeliveryStore(
    Database database,
    WebhooksOptions options,
    WebhookTenants tenants,
    WebhookMetrics metrics,
    TimeProvider clock
)
{
    /// <summary>Of one webhook at once on a node.</summary>
    public const int PerWebhook = 32;

    // Longer than any attempt: what is not concluded by then belongs to a node that is gone.
    private static readonly TimeSpan Lease = TimeSpan.FromSeconds(30);

    // A receiver that is away is asked by one delivery at a time, so that what waits for it costs nothing.
    private static readonly TimeSpan UntilProbing = TimeSpan.FromMinutes(1);

    /// <summary>Takes what is due: of each key the oldest, of each webhook only so many that it keeps nobody else waiting.</summary>
    /// <param name="busy">How many this node has in flight, by webhook.</param>
    /// <remarks>
    /// The first of a key is asked for by its number, for one row after the other until there are enough: a join would compare all that
    /// waits with all that waits.
    /// </remarks>
    public Task<IReadOnlyList<DueDelivery>> TakeAsync(IReadOnlyDictionary<Guid, int> busy, CancellationToken cancellationToken)
    {
        var now = clock.GetUtcNow();
        return database.QueryAsync(
            db =>
                db.ListAsync<DueDelivery>(
                    """
                    with due as (
                        select d.tenant_id, d.webhook, d.id
                          from webhooks.webhooks w
                          left join unnest(@webhooks, @counts) as b (webhook, count) on b.webhook = w.id
                         cross join lateral (
                               select p.tenant_id, p.webhook, p.id
                                 from webhooks.deliveries p
                                where p.tenant_id = w.tenant_id and p.webhook = w.id and p.state = 'pending' and p.next_attempt_at <= @now
                                  and (p.leased_until is null or p.leased_until < now())
                                  and p.number = (select min(first.number) from webhooks.deliveries first
                                                   where first.tenant_id = p.tenant_id and first.webhook = p.webhook
                                                     and first.key = p.key and first.state = 'pending')
                                order by p.next_attempt_at, p.number
                                limit greatest(0, case when w.failing_since < @probing then 1 else @PerWebhook end - coalesce(b.count, 0))
                                  for update skip locked) d
                         where w.disabled_at is null)
                    update webhooks.deliveries d
                       set leased_until = now() + @Lease, attempts = d.attempts + 1, last_attempt_at = @now,
                           first_attempt_at = coalesce(d.first_attempt_at, @now)
                      from due join webhooks.webhooks w on w.tenant_id = due.tenant_id and w.id = due.webhook
                     where d.tenant_id = due.tenant_id and d.webhook = due.webhook and d.id = due.id
                    returning d.tenant_id, d.webhook, d.id, d.event_id, d.body, d.attempts, d.first_attempt_at, w.address, w.secret,
                              w.previous_secret, w.previous_secret_until
                    """,
                    new
                    {
                        webhooks = busy.Keys.ToArray(),
                        counts = busy.Values.ToArray(),
                        now,
                        probing = now - UntilProbing,
                        PerWebhook,
                        Lease,
                    }
                ),
            cancellationToken
        );
    }

    /// <summary>Notes what became of attempts, of each delivery and of its webhook.</summary>
    public Task<int> ConcludeAsync(IReadOnlyList<Tried> tried) =>
        database.InTransactionAsync(
            "webhooks.conclude",
            async tx =>
            {
                foreach (var some in tried.GroupBy(t => (t.Due.TenantId, t.Due.Webhook)).OrderBy(g => g.Key.Webhook))
                    await NoteStateAsync(tx, some.Key, [.. some]);
                return await StoreAsync(tx, tried);
            },
            CancellationToken.None
        );

    private Task<int> StoreAsync(Transaction tx, IReadOnlyList<Tried> tried)
    {
        var outcomes = tried.Select(t => OutcomeOf(t, tx.Now)).ToList();
        tx.AfterCommit(() => Count(tried, outcomes.Count(o => o.State == DeliveryRow.Failed)));
        return tx.ExecuteAsync(
            """
            update webhooks.deliveries d
               set state = t.state, next_attempt_at = t.next, status = nullif(t.status, 0), duration_ms = t.duration,
                   error = nullif(t.error, ''), leased_until = null
              from unnest(@tenants, @webhooks, @ids, @states, @nexts, @statuses, @durations, @errors)
                   as t (tenant, webhook, id, state, next, status, duration, error)
             where d.tenant_id = t.tenant and d.webhook = t.webhook and d.id = t.id and d.state = 'pending'
            """,
            new
            {
                tenants = tried.Select(t => t.Due.TenantId).ToArray(),
                webhooks = tried.Select(t => t.Due.Webhook).ToArray(),
                ids = tried.Select(t => t.Due.Id).ToArray(),
                states = outcomes.Select(o => o.State).ToArray(),
                nexts = outcomes.Select(o => o.Next.UtcDateTime).ToArray(),
                statuses = tried.Select(t => t.Result.Status ?? 0).ToArray(),
                durations = tried.Select(t => (int)t.Result.Duration.TotalMilliseconds).ToArray(),
                errors = tried.Select(t => t.Result.Error ?? "").ToArray(),
            }
        );
    }

    private void Count(IReadOnlyList<Tried> tried, int givenUp)
    {
        foreach (var (_, result) in tried)
            metrics.Tried(result);
        if (givenUp > 0)
            metrics.GivenUp(givenUp);
    }

    private (string State, DateTimeOffset Next) OutcomeOf(Tried tried, DateTimeOffset now)
    {
        var (due, result) = tried;
        if (result.Error is null)
            return (DeliveryRow.Delivered, now);
        var patience = TimeSpan.FromHours(options.GiveUpAfterHours);
        if (result.IsGone || RetryTimes.IsLast(due.Attempts, now - due.FirstAttemptAt, patience))
            return (DeliveryRow.Failed, now);
        return (DeliveryRow.Pending, now + RetryTimes.After(due.Attempts, RandomNumberGenerator.GetInt32(-1000, 1001) / 1000.0));
    }

    /// <summary>Whether the webhook works, fails, or has failed for so long that it is disabled.</summary>
    private async Task NoteStateAsync(Transaction tx, (Guid Tenant, Guid Webhook) of, IReadOnlyList<Tried> tried)
    {
        var succeeded = tried.Any(t => t.Result.Error is null);
        var isGone = tried.Any(t => t.Result.IsGone);
        var disabled = await tx.FirstOrDefaultAsync<string>(
            """
            with webhook as (
                select tenant_id, id, case when @succeeded then null else coalesce(failing_since, @Now) end as failing_since
                  from webhooks.webhooks
                 where tenant_id = @Tenant and id = @Webhook and disabled_at is null
                   and (@isGone or @succeeded = (failing_since is not null) or failing_since < @longAgo)
                   for update),
            judged as (
                select *, case when @isGone then 'gone' when failing_since < @longAgo then 'failing' end as reason from webhook)
            update webhooks.webhooks w
               set failing_since = j.failing_since, disabled_at = case when j.reason is not null then @Now end, disabled_reason = j.reason,
                   version = version + case when j.reason is null then 0 else 1 end
              from judged j
             where w.tenant_id = j.tenant_id and w.id = j.id
            returning w.disabled_reason
            """,
            new
            {
                of.Tenant,
                of.Webhook,
                succeeded,
                isGone,
                longAgo = tx.Now - TimeSpan.FromHours(options.DisableAfterHours),
                tx.Now,
            }
        );
        if (disabled is null)
            return;
        tx.Record(new AuditRecord(of.Tenant, "webhook.disabled") { Reason = disabled }.WithFact("webhook", of.Webhook.ToString()));
        tx.AfterCommit(tenants.Forget);
    }
}
