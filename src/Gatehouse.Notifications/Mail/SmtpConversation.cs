using MailKit.Net.Smtp;
using MimeKit;

namespace Gatehouse.Notifications.Mail;

/// <summary>A connection to a mail server that knows how far a mail has come: some rejections are the same at every step.</summary>
internal sealed class SmtpConversation : SmtpClient
{
    /// <summary>Whether the server has accepted the sender of the current mail (MAIL): what it rejects then is a recipient or a
    /// mail.</summary>
    public bool SenderIsAccepted { get; set; }

    /// <summary>What the server says to MAIL with this sender.</summary>
    public async Task<SmtpStatusCode> AskForSenderAsync(string address, CancellationToken cancellationToken)
    {
        var answer = await SendCommandAsync($"MAIL FROM:<{address}>", cancellationToken);
        if ((int)answer.StatusCode < 400)
            await ForgetMailAsync(cancellationToken);
        return answer.StatusCode;
    }

    /// <summary>Leaves the mail that was begun (RSET); the connection is then good for the next.</summary>
    public Task ForgetMailAsync(CancellationToken cancellationToken) => SendCommandAsync("RSET", cancellationToken);

    protected override void OnSenderAccepted(MimeMessage message, MailboxAddress mailbox, SmtpResponse response) => SenderIsAccepted = true;
}
