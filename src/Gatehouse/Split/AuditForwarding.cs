using Gatehouse.Contracts.Events;
using Gatehouse.Core.Auditing;
using Gatehouse.Core.Postgres;
using Gatehouse.Messaging;

namespace Gatehouse.Split;

/// <summary>Where the audit is kept by another process: records travel to it as events, written with the change that they report.</summary>
internal sealed class AuditForwarding : ITransactionParticipant
{
    public Task BeforeCommitAsync(Transaction tx)
    {
        foreach (var record in tx.FindCollected<PendingRecords>()?.Items ?? [])
        {
            tx.Publish(
                record.TenantId,
                record.Subject ?? record.TenantId,
                new AuditRecordedV1
                {
                    Action = record.Action,
                    Actor = record.Actor,
                    ActorKind = record.ActorKind,
                    Subject = record.Subject,
                    Session = record.Session,
                    Result = record.Result,
                    Reason = record.Reason,
                    Network = record.Network,
                    Device = record.Device,
                    Facts = record.Facts,
                }
            );
        }

        return Task.CompletedTask;
    }

    public void AfterCommit(Transaction tx) { }
}
