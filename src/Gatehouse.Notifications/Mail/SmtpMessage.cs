using MimeKit;

namespace Gatehouse.Notifications.Mail;

/// <summary>A mail as it goes over SMTP.</summary>
internal static class SmtpMessage
{
    public static MimeMessage Compose(OutgoingMail mail, MailSender from, DateTimeOffset now)
    {
        var message = new MimeMessage
        {
            Subject = mail.Content.Subject,
            Date = now,
            MessageId = mail.MessageId(from.Host),
            Body = new MultipartAlternative { Part("plain", mail.Content.Text), Part("html", mail.Content.Html) },
        };
        message.From.Add(new MailboxAddress(from.Name.Length > 0 ? from.Name : mail.ServiceName, from.Address));
        message.To.Add(new MailboxAddress(name: null, mail.To));
        message.Headers.Add("Auto-Submitted", "auto-generated");
        return message;
    }

    private static TextPart Part(string kind, string text)
    {
        var part = new TextPart(kind);
        part.SetText(System.Text.Encoding.UTF8, text);
        part.ContentTransferEncoding = part.GetBestEncoding(EncodingConstraint.SevenBit);
        return part;
    }
}
