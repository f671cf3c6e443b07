using System.Text.Json;
using Gatehouse.Core.Auditing;
using Gatehouse.Core.Postgres;

namespace Gatehouse.Audit.Data;

/// <summary>Writes the records of each transaction into the audit, in one statement.</summary>
internal sealed class AuditWriter(LogEpoch epoch) : ITransactionParticipant
{
    public Task BeforeCommitAsync(Transaction tx) => tx.FindCollected<PendingRecords>() is { } records ? AppendAsync(tx, records.Items, epoch.Current) : Task.CompletedTask;

    private static Task<int> AppendAsync(Transaction tx, IReadOnlyList<AuditRecord> records, int epoch)
    {
        // Ids of one millisecond are random beyond it; sorted, they list in the order of what happened.
        var ids = records.Select(_ => Guid.CreateVersion7(tx.Now)).Order().ToArray();
        return tx.ExecuteAsync(
            """
            insert into audit.records (id, tenant_id, epoch, recorded_at, action, actor_kind, actor, subject, session, result, reason, network, device, facts)
            select r.id, r.tenant_id, @epoch, @now, r.action, r.actor_kind, r.actor, r.subject, r.session, r.result,
                   nullif(r.reason, ''), nullif(r.network, ''), nullif(r.device, ''), r.facts
              from unnest(@ids, @tenants, @actions, @actorKinds, @actors, @subjects, @sessions, @results, @reasons, @networks, @devices, @facts)
                   with ordinality as r (id, tenant_id, action, actor_kind, actor, subject, session, result, reason, network, device, facts, number)
             order by r.number
            """,
            new
            {
                epoch,
                now = tx.Now,
                ids,
                tenants = records.Select(r => r.TenantId).ToArray(),
                actions = records.Select(r => r.Action).ToArray(),
                actorKinds = records.Select(r => r.ActorKind).ToArray(),
                actors = records.Select(r => r.Actor).ToArray(),
                subjects = records.Select(r => r.Subject).ToArray(),
                sessions = records.Select(r => r.Session).ToArray(),
                results = records.Select(r => r.Result).ToArray(),
                reasons = records.Select(r => r.Reason ?? "").ToArray(),
                networks = records.Select(r => r.Network ?? "").ToArray(),
                devices = records.Select(r => r.Device ?? "").ToArray(),
                facts = records.Select(r => JsonSerializer.Serialize(new SortedDictionary<string, string>(r.Facts.ToDictionary(), StringComparer.Ordinal))).ToArray(),
            });
    }
}
