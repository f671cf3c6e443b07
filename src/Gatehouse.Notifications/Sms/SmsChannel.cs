using Gatehouse.Contracts.Events;
using Gatehouse.Notifications.Sending;
using Gatehouse.Notifications.Templates;

namespace Gatehouse.Notifications.Sms;

/// <summary>SMS and WhatsApp: two channels to one number, with the same texts.</summary>
internal sealed class SmsChannel(TemplateCatalog templates, ITextSender sender, SmsHealth health, TimeProvider clock) : IChannel
{
    public string SenderName => sender.Name;

    public SendingRate Rate { get; } = new(maxPerSecond: 0, clock);

    public SenderHealth Health => health;

    public bool Takes(string channel) => channel is NotificationRequestedV1.Sms or NotificationRequestedV1.WhatsApp;

    public Task<SendResult> SendAsync(DueMessage message, CancellationToken cancellationToken) =>
        sender.SendAsync(
            new OutgoingText
            {
                Id = message.Request.NotificationId,
                TenantId = message.TenantId,
                Key = message.Key,
                AddressIndex = message.AddressIndex,
                To = message.Personal.To,
                Channel = message.Request.Channel,
                Text = templates.RenderText(
                    message.Request.Template,
                    message.Request.Language,
                    message.Personal.Values,
                    message.ServiceName
                ),
            },
            cancellationToken
        );
}

/// <summary>The sender of messages to phones in <c>/health</c>.</summary>
internal sealed class SmsHealth() : SenderHealth("sms");
