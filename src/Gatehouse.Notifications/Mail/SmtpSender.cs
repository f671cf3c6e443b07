using System.Net;
using System.Net.Mail;
using System.Net.Mime;
using System.Text;

namespace Gatehouse.Notifications.Mail;

/// <summary>Sends by SMTP with STARTTLS. A connection a mail: the framework's client serves one mail at a time.</summary>
internal sealed class SmtpSender(MailOptions options) : IMailSender
{
    public const string SenderName = "smtp";

    public string Name => SenderName;

    public async Task<SendResult> SendAsync(OutgoingMail mail, CancellationToken cancellationToken)
    {
        using var client = new SmtpClient(options.Smtp.Host, options.Smtp.Port)
        {
            EnableSsl = options.Smtp.Security == "starttls",
            DeliveryFormat = SmtpDeliveryFormat.SevenBit,
            Credentials = options.Smtp.Username.Length > 0 ? new NetworkCredential(options.Smtp.Username, options.Smtp.Password) : null,
        };
        using var message = Compose(mail);
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        limit.CancelAfter(TimeSpan.FromSeconds(options.Smtp.TimeoutSeconds));
        try
        {
            await client.SendMailAsync(message, limit.Token);
            return new SendResult(SendOutcome.Accepted);
        }
        catch (SmtpException e)
        {
            // The exception's own text may repeat the address; the status alone is kept.
            return new SendResult(IsFinal(e.StatusCode) ? SendOutcome.Refused : SendOutcome.TryAgain, $"smtp {(int)e.StatusCode}");
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            return new SendResult(SendOutcome.TryAgain, "smtp time-out");
        }
        catch (FormatException)
        {
            return new SendResult(SendOutcome.Refused, "address not usable");
        }
    }

    private MailMessage Compose(OutgoingMail mail)
    {
        var from = new MailAddress(options.From);
        var message = new MailMessage
        {
            From = from,
            Subject = mail.Subject,
            SubjectEncoding = Encoding.UTF8,
            Body = mail.Text,
            BodyEncoding = Encoding.UTF8,
        };
        message.To.Add(new MailAddress(mail.To));
        message.AlternateViews.Add(AlternateView.CreateAlternateViewFromString(mail.Html, Encoding.UTF8, MediaTypeNames.Text.Html));
        message.Headers.Add("Message-ID", mail.MessageId(from.Host));
        message.Headers.Add("Auto-Submitted", "auto-generated");
        return message;
    }

    /// <summary>The mailbox does not exist or may not be written to; trying again cannot help (RFC 5321, 4.2.3).</summary>
    private static bool IsFinal(SmtpStatusCode status) => (int)status is 550 or 551 or 553;
}
