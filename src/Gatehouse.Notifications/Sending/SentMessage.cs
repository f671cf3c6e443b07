using Gatehouse.Core.Postgres;
using Gatehouse.Encryption;

namespace Gatehouse.Notifications.Sending;

/// <summary>A message sent through a provider that reports later. Only reports about these messages are accepted.</summary>
internal sealed class SentMessage
{
    // More reports than a provider sends about one message; a repeated report beyond it would not be recognized.
    private const int MaxReports = 50;

    public Guid EventKey { get; init; }

    public BlindIndexEntry? AddressIndex { get; init; }

    public static Task<int> NoteAsync(DbSession db, OutgoingMessage message, DateTimeOffset now) =>
        db.ExecuteAsync(
            """
            insert into notifications.sent_messages (tenant_id, id, event_key, address_index, sent_at)
            values (@TenantId, @Id, @Key, @AddressIndex, @now)
            on conflict do nothing
            """,
            new
            {
                message.TenantId,
                message.Id,
                message.Key,
                message.AddressIndex,
                now,
            }
        );

    /// <summary>Notes a report.</summary>
    /// <returns>The message; null when it is none of ours, or the report was noted before.</returns>
    public static Task<SentMessage?> ReportAsync(Transaction tx, Guid tenantId, Guid id, string report, bool isFinal) =>
        tx.FirstOrDefaultAsync<SentMessage>(
            """
            update notifications.sent_messages set reports = reports || @report
             where tenant_id = @tenantId and id = @id and not @report = any(reports) and (@isFinal or cardinality(reports) < @MaxReports)
            returning event_key, address_index
            """,
            new
            {
                tenantId,
                id,
                report,
                isFinal,
                MaxReports,
            }
        );
}
