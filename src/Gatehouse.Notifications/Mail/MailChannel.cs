using Gatehouse.Contracts.Events;
using Gatehouse.Notifications.Sending;
using Gatehouse.Notifications.Templates;

namespace Gatehouse.Notifications.Mail;

/// <summary>E-mail.</summary>
internal sealed class MailChannel(TemplateCatalog templates, IMailSender sender, MailHealth health, MailOptions options, TimeProvider clock)
    : IChannel
{
    public string SenderName => sender.Name;

    public SendingRate Rate { get; } = new(options.MaxPerSecond, clock);

    public SenderHealth Health => health;

    public bool Takes(string channel) => channel == NotificationRequestedV1.Email;

    public Task<SendResult> SendAsync(DueMessage message, CancellationToken cancellationToken) =>
        sender.SendAsync(
            new OutgoingMail
            {
                Id = message.Request.NotificationId,
                TenantId = message.TenantId,
                Key = message.Key,
                AddressIndex = message.AddressIndex,
                To = message.Personal.To,
                Content = templates.Render(
                    message.Request.Template,
                    message.Request.Language,
                    message.Personal.Values,
                    message.ServiceName
                ),
                ServiceName = message.ServiceName,
            },
            cancellationToken
        );
}

/// <summary>The mail sender in <c>/health</c>.</summary>
internal sealed class MailHealth() : SenderHealth("mail");
