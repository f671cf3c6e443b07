using Gatehouse.Contracts.Events;
using Gatehouse.Notifications.Sending;
using Gatehouse.Notifications.Templates;

namespace Gatehouse.Notifications.Sms;

/// <summary>SMS and WhatsApp: two channels to one number, with the same texts.</summary>
internal sealed class SmsChannel(
    TemplateCatalog templates,
    ITextSender sender,
    SmsLimits limits,
    SmsHealth health,
    SmsOptions options,
    TimeProvider clock
) : IChannel
{
    public string SenderName => sender.Name;

    public SendingRate Rate { get; } = new(options.MaxPerSecond, clock);

    public SenderHealth Health => health;

    public bool Takes(string channel) => channel is NotificationRequestedV1.Sms or NotificationRequestedV1.WhatsApp;

    public async Task<SendResult> SendAsync(DueMessage message, CancellationToken cancellationToken)
    {
        var request = message.Request;
        var outgoing = new OutgoingText
        {
            Id = request.NotificationId,
            TenantId = message.TenantId,
            Key = message.Key,
            AddressIndex = message.AddressIndex,
            To = message.Personal.To,
            Channel = request.Channel,
            Text = templates.RenderText(request.Template, request.Language, message.Personal.Values, message.ServiceName),
            Template = request.Template,
            Language = request.Language,
            Code = message.Personal.Values.GetValueOrDefault("code"),
            ExpiresAt = request.ExpiresAt,
        };
        return await limits.AdmitAsync(outgoing, cancellationToken) switch
        {
            Admission.Limited => SendResult.Limited,
            Admission.Sent => new SendResult(SendOutcome.Accepted) { IsReportedLater = true },
            _ => await sender.SendAsync(outgoing, cancellationToken),
        };
    }
}

/// <summary>The sender of messages to phones in <c>/health</c>.</summary>
internal sealed class SmsHealth() : SenderHealth("sms");
