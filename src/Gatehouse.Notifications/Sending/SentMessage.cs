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

    public string Channel { get; init; } = "";

    public string[] Reports { get; init; } = [];

    /// <summary>Whether a message that was noted has been reported on; null when it was not noted.</summary>
    public static Task<bool?> HasReportsAsync(DbSession db, Guid tenantId, Guid id) =>
        db.FirstOrDefaultAsync<bool?>(
            "select cardinality(reports) > 0 from notifications.sent_messages where tenant_id = @tenantId and id = @id",
            new { tenantId, id }
        );

    public static Task<int> NoteAsync(DbSession db, OutgoingMessage message, string channel, DateTimeOffset now) =>
        db.ExecuteAsync(
            """
            insert into notifications.sent_messages (tenant_id, id, event_key, address_index, channel, sent_at)
            values (@TenantId, @Id, @Key, @AddressIndex, @channel, @now)
            on conflict do nothing
            """,
            new
            {
                message.TenantId,
                message.Id,
                message.Key,
                message.AddressIndex,
                channel,
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
            returning event_key, address_index, channel, reports
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
