using System.Globalization;
using Gatehouse.Notifications.Sms;

namespace Gatehouse.Notifications.Suppression;

/// <summary>What Twilio reports of one message, reduced to what we go by: its number and text are not read.</summary>
internal sealed record TwilioStatus
{
    /// <summary>By what a failure is noted.</summary>
    public const string FailureKey = "final failure";

    private const string Delivered = "delivered";

    /// <summary><c>accepted</c>, <c>delivered</c>, or the reason of the failure.</summary>
    public required string Kind { get; init; }

    /// <summary>By what a repeated report is known.</summary>
    public required string Key { get; init; }

    public bool IsFailure => Key == FailureKey;

    /// <summary>Whether it says what became of the message, which counts once however often it is reported.</summary>
    public bool IsFinal => IsFailure || Kind == Delivered;

    /// <summary>Null for what is no status that we know.</summary>
    public static TwilioStatus? Read(IReadOnlyDictionary<string, string> form) =>
        form.GetValueOrDefault("MessageStatus") switch
        {
            "accepted" or "scheduled" or "queued" or "sending" => new() { Kind = "accepted", Key = "accepted" },
            // Not every network tells that the phone has it; "sent" is the last word of the others.
            "sent" or "delivered" or "read" => new() { Kind = Delivered, Key = Delivered },
            "undelivered" => Failure(form, isSent: true),
            "failed" or "canceled" => Failure(form, isSent: false),
            _ => null,
        };

    private static TwilioStatus Failure(IReadOnlyDictionary<string, string> form, bool isSent)
    {
        _ = int.TryParse(form.GetValueOrDefault("ErrorCode"), NumberStyles.None, CultureInfo.InvariantCulture, out var code);
        return new() { Kind = TwilioErrors.ReasonOf(code, isSent), Key = FailureKey };
    }
}
