using System.ComponentModel.DataAnnotations;
using System.Net.Mail;
using Gatehouse.Core.Configuration;

namespace Gatehouse.Notifications.Mail;

/// <summary>Outgoing mail.</summary>
public sealed class MailOptions : ICheckSettings
{
    internal const string DevelopmentSender = "inbox";

    /// <summary>
    /// How mail is sent: <c>smtp</c> (default), <c>sendgrid</c> (SendGrid's HTTP API), or <c>inbox</c>, which keeps mail in the
    /// development inbox and exists in development mode only.
    /// </summary>
    public string Sender { get; set; } = SmtpSender.SenderName;

    /// <summary>Sender address. Required with <c>smtp</c> and <c>sendgrid</c>.</summary>
    public string From { get; set; } = "";

    /// <summary>
    /// Maximum number of mails one node sends per second: 0 to 10,000, default 0 (no limit). For providers that reject bursts.
    /// </summary>
    [Range(0, 10_000)]
    public int MaxPerSecond { get; set; }

    /// <summary>
    /// Days for which an address is suppressed after a bounce: 1 to 365, default 30. After a spam complaint it stays suppressed until
    /// an operator lifts it.
    /// </summary>
    [Range(1, 365)]
    public int SuppressBouncedDays { get; set; } = 30;

    /// <summary>With <c>smtp</c>.</summary>
    public SmtpOptions Smtp { get; set; } = new();

    /// <summary>With <c>sendgrid</c>.</summary>
    public SendGridOptions SendGrid { get; set; } = new();

    public IEnumerable<ValidationResult> Check(SettingsMode mode)
    {
        List<string> known = [SmtpSender.SenderName, SendGridSender.SenderName];
        if (mode == SettingsMode.Development) known.Add(DevelopmentSender);
        if (!known.Contains(Sender)) yield return new ValidationResult("must be one of " + string.Join(", ", known), [nameof(Sender)]);
        if (Sender is not (SmtpSender.SenderName or SendGridSender.SenderName)) yield break;

        if (!MailAddress.TryCreate(From, out _)) yield return new ValidationResult("must be a mail address such as accounts@example.com", [nameof(From)]);
        foreach (var error in Sender == SmtpSender.SenderName ? CheckSmtp() : SendGrid.Check(mode)) yield return error;
    }

    private IEnumerable<ValidationResult> CheckSmtp()
    {
        if (Smtp.Host.Length == 0) yield return new ValidationResult("is required: the host name of the mail server", ["Smtp:Host"]);
        if (Smtp.Security == "tls")
        {
            yield return new ValidationResult(
                "must be starttls or none: implicit TLS (usually port 465) is not supported; use the server's submission port with STARTTLS, usually 587",
                ["Smtp:Security"]);
        }
        else if (Smtp.Security is not ("starttls" or "none"))
        {
            yield return new ValidationResult("must be starttls or none", ["Smtp:Security"]);
        }

        if (Smtp.Username.Length > 0 && Smtp.Security == "none")
            yield return new ValidationResult("must be starttls if a username is set; otherwise the password would be sent unencrypted", ["Smtp:Security"]);
    }
}

/// <summary>An SMTP server.</summary>
public sealed class SmtpOptions
{
    /// <summary>Name or address of the server.</summary>
    public string Host { get; set; } = "";

    /// <summary>Port, 1 to 65535, default 587 (message submission, RFC 6409).</summary>
    [Range(1, 65535)]
    public int Port { get; set; } = 587;

    /// <summary><c>starttls</c> (default) or <c>none</c>. Implicit TLS is not supported.</summary>
    public string Security { get; set; } = "starttls";

    /// <summary>Username. Empty: no authentication.</summary>
    public string Username { get; set; } = "";

    /// <summary>Password for the username.</summary>
    [Secret]
    public string Password { get; set; } = "";

    /// <summary>Timeout for sending one mail, in seconds: 1 to 40, default 20.</summary>
    [Range(1, 40)]
    public int TimeoutSeconds { get; set; } = 20;
}
