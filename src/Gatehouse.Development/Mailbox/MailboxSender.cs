using Gatehouse.Core.Postgres;
using Gatehouse.Notifications.Mail;

namespace Gatehouse.Development.Mailbox;

/// <summary>Keeps mail in the development inbox instead of sending it. A mail handed over twice is kept once.</summary>
internal sealed class MailboxSender(Database database, TimeProvider clock, MailboxSignal news) : IMailSender
{
    public const string SenderName = MailOptions.DevelopmentSender;

    public string Name => SenderName;

    public async Task<SendResult> SendAsync(OutgoingMail mail, CancellationToken cancellationToken)
    {
        await database.QueryAsync(
            db =>
                db.ExecuteAsync(
                    """
                    insert into notifications.inbox_messages (tenant_id, id, channel, recipient, subject, text, html, sent_at)
                    values (@TenantId, @Id, 'email', @To, @Subject, @Text, @Html, @now)
                    on conflict do nothing
                    """,
                    new
                    {
                        mail.TenantId,
                        mail.Id,
                        mail.To,
                        mail.Content.Subject,
                        mail.Content.Text,
                        mail.Content.Html,
                        now = clock.GetUtcNow(),
                    }
                ),
            cancellationToken
        );
        news.Notify();
        return new SendResult(SendOutcome.Accepted);
    }
}
