using Gatehouse.Contracts.Events;
using Gatehouse.Core.Postgres;
using Gatehouse.Notifications.Mail;
using Gatehouse.Notifications.Sending;
using Gatehouse.Notifications.Sms;

namespace Gatehouse.Development.Mailbox;

/// <summary>Keeps messages in the development inbox instead of sending them. A message handed over twice is kept once.</summary>
internal sealed class MailboxSender(Database database, TimeProvider clock, MailboxSignal news) : IMailSender, ITextSender
{
    public const string SenderName = MailOptions.DevelopmentSender;

    public string Name => SenderName;

    public Task<SendResult> SendAsync(OutgoingMail mail, CancellationToken cancellationToken) =>
        KeepAsync(
            mail,
            new Page
            {
                Channel = NotificationRequestedV1.Email,
                Subject = mail.Content.Subject,
                Text = mail.Content.Text,
                Html = mail.Content.Html,
            },
            cancellationToken
        );

    public Task<SendResult> SendAsync(OutgoingText message, CancellationToken cancellationToken) =>
        KeepAsync(message, new Page { Channel = message.Channel, Text = message.Text }, cancellationToken);

    private async Task<SendResult> KeepAsync(OutgoingMessage message, Page page, CancellationToken cancellationToken)
    {
        await database.QueryAsync(
            db =>
                db.ExecuteAsync(
                    """
                    insert into notifications.inbox_messages (tenant_id, id, channel, recipient, subject, text, html, sent_at)
                    values (@TenantId, @Id, @Channel, @To, @Subject, @Text, @Html, @now)
                    on conflict do nothing
                    """,
                    new
                    {
                        message.TenantId,
                        message.Id,
                        message.To,
                        page.Channel,
                        page.Subject,
                        page.Text,
                        page.Html,
                        now = clock.GetUtcNow(),
                    }
                ),
            cancellationToken
        );
        news.Notify();
        return new SendResult(SendOutcome.Accepted);
    }

    private sealed record Page
    {
        public required string Channel { get; init; }

        public required string Text { get; init; }

        public string Subject { get; init; } = "";

        public string Html { get; init; } = "";
    }
}
