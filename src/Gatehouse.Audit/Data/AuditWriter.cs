using System.Text.Json;
using Gatehouse.Core.Auditing;
using Gatehouse.Core.Postgres;

namespace Gatehouse.Audit.Data;

/// <summary>Writes the records of each transaction into the audit, in one statement; of a change that is one statement, as a part of
/// it.</summary>
internal sealed class AuditWriter(LogEpoch epoch) : ITransactionParticipant, IAuditStatement
{
    // record_xid looks when the row is written: a statement that changes a row first has seen less when it began.
    private const string Insert = """
        insert into audit.records (id, tenant_id, epoch, xid, recorded_at, action, actor_kind, actor, subject, session, result, reason,
                                   network, device, facts)
        select r.id, r.tenant_id, @auditEpoch, audit.record_xid(), @auditNow, r.action, r.actor_kind, r.actor, r.subject, r.session,
               r.result, nullif(r.reason, ''), nullif(r.network, ''), nullif(r.device, ''), r.facts
          from unnest(@auditIds, @auditTenants, @auditActions, @auditActorKinds, @auditActors, @auditSubjects, @auditSessions,
                      @auditResults, @auditReasons, @auditNetworks, @auditDevices, @auditFacts)
               with ordinality as r (id, tenant_id, action, actor_kind, actor, subject, session, result, reason, network, device, facts,
                                     number)
        """;

    public Task BeforeCommitAsync(Transaction tx) =>
        tx.FindCollected<PendingRecords>() is { } records
            ? tx.ExecuteAsync(Insert + " order by r.number", Parameters(records.Items, tx.Now))
            : Task.CompletedTask;

    public string InsertForChanged => Insert + " join changed on changed.number = r.number order by r.number";

    public object Parameters(IReadOnlyList<AuditRecord> records, DateTimeOffset now) =>
        new
        {
            auditEpoch = epoch.Current,
            auditNow = now,
            // Ids of one millisecond are random beyond it; sorted, they list in the order of what happened.
            auditIds = records.Select(_ => Guid.CreateVersion7(now)).Order().ToArray(),
            auditTenants = records.Select(r => r.TenantId).ToArray(),
            auditActions = records.Select(r => r.Action).ToArray(),
            auditActorKinds = records.Select(r => r.ActorKind).ToArray(),
            auditActors = records.Select(r => r.Actor).ToArray(),
            auditSubjects = records.Select(r => r.Subject).ToArray(),
            auditSessions = records.Select(r => r.Session).ToArray(),
            auditResults = records.Select(r => r.Result).ToArray(),
            auditReasons = records.Select(r => r.Reason ?? "").ToArray(),
            auditNetworks = records.Select(r => r.Network ?? "").ToArray(),
            auditDevices = records.Select(r => r.Device ?? "").ToArray(),
            auditFacts = records.Select(r => Text(r.Facts)).ToArray(),
        };

    private static string Text(IReadOnlyDictionary<string, string> facts) =>
        facts.Count == 0
            ? "{}"
            : JsonSerializer.Serialize(new SortedDictionary<string, string>(facts.ToDictionary(), StringComparer.Ordinal));
}
