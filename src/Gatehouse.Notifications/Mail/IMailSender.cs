using Gatehouse.Notifications.Sending;
using Gatehouse.Notifications.Templates;

namespace Gatehouse.Notifications.Mail;

/// <summary>A way out for mail; chosen by name in the settings.</summary>
internal interface IMailSender
{
    /// <summary>The name it is chosen by, such as <c>smtp</c>.</summary>
    string Name { get; }

    /// <summary>The settings that name the far side.</summary>
    string TargetSettings => "Mail:Sender";

    /// <summary>
    /// Hands one mail over. It may come a second time after a crash; the far side knows it by its id. Failures that may pass are results,
    /// and their reasons hold no address.
    /// </summary>
    Task<SendResult> SendAsync(OutgoingMail mail, CancellationToken cancellationToken);

    /// <summary>What an accepted <see cref="CheckAsync"/> means, such as <c>the server accepts mail from Mail:From</c>.</summary>
    string Checked => "is configured; without a mail no more can be checked";

    /// <summary>Checks whether mail could be sent now, as far as that shows without one.</summary>
    Task<SendResult> CheckAsync(CancellationToken cancellationToken) => Task.FromResult(new SendResult(SendOutcome.Accepted));
}

/// <summary>One mail on its way.</summary>
internal sealed record OutgoingMail : OutgoingMessage
{
    public required RenderedMail Content { get; init; }

    /// <summary>Who sends it, where <see cref="MailOptions.From"/> has no name.</summary>
    public required string ServiceName { get; init; }

    /// <summary>The value of <c>Message-ID</c>: the same at every attempt and with every sender, so that a mailbox can drop the second copy
    /// after a crash.</summary>
    public string MessageId(string host) => $"<{Id:N}@{host}>";

    public override string ToString() => $"mail {Id}";
}
