using System.Collections.Frozen;
using Gatehouse.Core.Postgres;

namespace Gatehouse.Webhooks.Sending;

/// <summary>Which tenants have webhooks, at most a second old: the events of all others leave no trace here.</summary>
internal sealed class WebhookTenants(Database database)
{
    private static readonly TimeSpan Fresh = TimeSpan.FromSeconds(1);

    // Real time: how old it is has nothing to do with the time of the events.
    private readonly TimeProvider clock = TimeProvider.System;
    private volatile Snapshot? last;

    public async ValueTask<bool> HasAsync(Guid tenant, CancellationToken cancellationToken)
    {
        if (last is not { } known || clock.GetElapsedTime(known.ReadAt) > Fresh)
        {
            var readAt = clock.GetTimestamp();
            var tenants = await database.QueryAsync(
                db => db.ListAsync<Guid>("select distinct tenant_id from webhooks.webhooks where disabled_at is null"),
                cancellationToken
            );
            last = known = new Snapshot(tenants.ToFrozenSet(), readAt);
        }

        return known.Tenants.Contains(tenant);
    }

    /// <summary>After a change on this node.</summary>
    public void Forget() => last = null;

    private sealed record Snapshot(FrozenSet<Guid> Tenants, long ReadAt);
}
