using Gatehouse.Core.Postgres;
using Gatehouse.Encryption;

namespace Gatehouse.Notifications.Mail;

/// <summary>A mail sent through a provider that reports later. Only reports about these mails are accepted.</summary>
internal sealed class SentMessage
{
    // More reports than a provider sends about one mail; a repeated report beyond it would not be recognized.
    private const int MaxReports = 50;

    public Guid EventKey { get; init; }

    public BlindIndexEntry? AddressIndex { get; init; }

    public static Task<int> NoteAsync(DbSession db, OutgoingMail mail, DateTimeOffset now) =>
        db.ExecuteAsync(
            """
            insert into notifications.sent_messages (tenant_id, id, event_key, address_index, sent_at)
            values (@TenantId, @Id, @Key, @AddressIndex, @now)
            on conflict do nothing
            """,
            new
            {
                mail.TenantId,
                mail.Id,
                mail.Key,
                mail.AddressIndex,
                now,
            }
        );

    /// <summary>Notes a report.</summary>
    /// <returns>The mail; null when it is none of ours, or the report was noted before.</returns>
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
