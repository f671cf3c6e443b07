using Gatehouse.Notifications.Sending;

namespace Gatehouse.Notifications.Sms;

/// <summary>A way out for messages to phones; chosen by name in the settings.</summary>
internal interface ITextSender
{
    /// <summary>The name it is chosen by, such as <c>twilio</c>.</summary>
    string Name { get; }

    /// <summary>Hands one message over. Failures that may pass are results, and their reasons hold no number.</summary>
    Task<SendResult> SendAsync(OutgoingText message, CancellationToken cancellationToken);
}

/// <summary>One message to a phone on its way.</summary>
internal sealed record OutgoingText : OutgoingMessage
{
    /// <summary><c>sms</c> or <c>whatsapp</c>.</summary>
    public required string Channel { get; init; }

    public required string Text { get; init; }

    public required string Template { get; init; }

    public required string Language { get; init; }

    /// <summary>The code in it; null where there is none.</summary>
    public string? Code { get; init; }

    public DateTimeOffset? ExpiresAt { get; init; }

    public override string ToString() => $"{Channel} {Id}";
}

/// <summary>Sends nothing: the installation has no way to phones.</summary>
internal sealed class NoTextSender : ITextSender
{
    public const string SenderName = "none";

    public string Name => SenderName;

    public Task<SendResult> SendAsync(OutgoingText message, CancellationToken cancellationToken) =>
        Task.FromResult(new SendResult(SendOutcome.Refused, "Sms:Sender is none"));
}
