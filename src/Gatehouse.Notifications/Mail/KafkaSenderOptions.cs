using System.ComponentModel.DataAnnotations;
using Gatehouse.Messaging;

namespace Gatehouse.Notifications.Mail;

/// <summary>A mailer of the installation's own, which reads messages from a Kafka topic.</summary>
public sealed class KafkaSenderOptions
{
    /// <summary>
    /// Topic on the brokers of <c>Kafka:Servers</c>, default <c>gatehouse.messages</c>; created if it is missing. Its records contain
    /// addresses, codes and links in the clear: whoever may read the topic can use them. Events stay encrypted.
    /// </summary>
    public string Topic { get; set; } = "gatehouse.messages";

    /// <summary>Hours the topic keeps its records if it is created here: 1 to 168, default 1. Codes expire much earlier.</summary>
    [Range(1, 168)]
    public int RetentionHours { get; set; } = 1;

    /// <summary>Seconds within which the brokers must have acknowledged a message: 1 to 40, default 5.</summary>
    [Range(1, 40)]
    public int TimeoutSeconds { get; set; } = 5;

    internal IEnumerable<ValidationResult> Check(bool hasBroker)
    {
        if (!hasBroker)
            yield return new ValidationResult("must be smtp, sendgrid or http if Kafka:Servers is not set", ["Sender"]);
        if (!IsName)
            yield return new ValidationResult("must be 1 to 249 letters, digits, '.', '_' or '-'", ["Kafka:Topic"]);
        else if (EventCatalog.Topics.Contains(Topic, StringComparer.Ordinal))
            yield return new ValidationResult("must not be a topic of the events", ["Kafka:Topic"]);
    }

    private bool IsName =>
        Topic.Length is > 0 and <= 249
        && Topic is not ("." or "..")
        && Topic.All(c => char.IsAsciiLetterOrDigit(c) || c is '.' or '_' or '-');
}
