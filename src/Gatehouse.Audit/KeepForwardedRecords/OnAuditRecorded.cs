using Gatehouse.Contracts.Events;
using Gatehouse.Core.Auditing;
using Gatehouse.Core.Postgres;
using Gatehouse.Messaging;

namespace Gatehouse.Audit;

/// <summary>Adds what another process reports to the audit, with the time at which it happened there.</summary>
internal sealed class OnAuditRecorded : ISubscriber<AuditRecordedV1>
{
    public const string Name = "audit.record";
    public const string HappenedAt = "happenedAt";

    public Task<Delivery> HandleAsync(AuditRecordedV1 message, EventEnvelope envelope, Transaction tx, CancellationToken cancellationToken)
    {
        tx.Record(
            new AuditRecord(envelope.TenantId, message.Action)
            {
                Actor = message.Actor,
                ActorKind = message.ActorKind,
                Subject = message.Subject,
                Session = message.Session,
                Result = message.Result,
                Reason = message.Reason,
                Network = message.Network,
                Device = message.Device,
                Facts = message.Facts,
            }.WithFact(HappenedAt, EventTime.Text(envelope.Time))
        );
        return Task.FromResult(Delivery.Done);
    }
}
