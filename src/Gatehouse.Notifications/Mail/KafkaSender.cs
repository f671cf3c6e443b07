using Gatehouse.Messaging.Transports.Kafka;
using Gatehouse.Notifications.Sending;

namespace Gatehouse.Notifications.Mail;

/// <summary>
/// Puts each message on a topic that a mailer of the installation's own reads. The brokers have acknowledged it before it counts as
/// accepted; it lies there in the clear.
/// </summary>
internal sealed class KafkaSender(MailOptions options, RecordSender records, MailTrouble trouble, TimeProvider clock) : IMailSender
{
    public const string SenderName = "kafka";

    public string Name => SenderName;

    public string Checked => "the topic Mail:Kafka:Topic exists";

    public string TargetSettings => "Kafka:Servers and Mail:Kafka:Topic";

    private TimeSpan Limit => TimeSpan.FromSeconds(options.Kafka.TimeoutSeconds);

    public async Task<SendResult> SendAsync(OutgoingMail mail, CancellationToken cancellationToken)
    {
        var message = SignedMessage.Of(mail, options.Signing, clock.GetUtcNow());
        var record = new OutgoingRecord
        {
            Topic = options.Kafka.Topic,
            Key = mail.Key.ToString(),
            Value = message.Body,
            Headers = new Dictionary<string, string>(message.Headers, StringComparer.Ordinal)
            {
                ["content-type"] = SignedMessage.ContentType,
            },
        };
        return trouble.Tell(Evaluate(await records.SendAsync(record, Limit, cancellationToken)));
    }

    public async Task<SendResult> CheckAsync(CancellationToken cancellationToken) =>
        Evaluate(await records.CheckAsync(options.Kafka.Topic, Limit, cancellationToken));

    private static SendResult Evaluate(RecordResult result) =>
        result.Outcome switch
        {
            RecordOutcome.Acknowledged => new SendResult(SendOutcome.Accepted),
            RecordOutcome.Rejected => new SendResult(SendOutcome.Refused, result.Reason),
            RecordOutcome.NotAllowed => SendResult.Misconfigured(result.Reason),
            _ => new SendResult(SendOutcome.TryAgain, result.Reason),
        };
}
