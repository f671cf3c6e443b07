using System.ComponentModel.DataAnnotations;
using System.Globalization;
using System.Net.Mail;
using System.Text;
using Gatehouse.Core.Configuration;

namespace Gatehouse.Notifications.Mail;

/// <summary>Outgoing mail.</summary>
public sealed class MailOptions : ICheckSettings
{
    internal const string DevelopmentSender = "inbox";

    /// <summary>
    /// How mail is sent: <c>smtp</c> (default), <c>sendgrid</c> (SendGrid's HTTP API), <c>http</c> or <c>kafka</c> (messages to a mailer of
    /// the installation's own, by POST or on a topic), or <c>inbox</c>, which keeps mail in the development inbox and exists in development
    /// mode only.
    /// </summary>
    public string Sender { get; set; } = SmtpSender.SenderName;

    /// <summary>
    /// Address that mail comes from, with a name (<c>Example Accounts &lt;accounts@example.com&gt;</c>) or without: then the name is
    /// <c>Tenant:DisplayName</c>. Required with <c>smtp</c> and <c>sendgrid</c>.
    /// </summary>
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

    /// <summary>With <c>http</c>.</summary>
    public HttpSenderOptions Http { get; set; } = new();

    /// <summary>With <c>kafka</c>.</summary>
    public KafkaSenderOptions Kafka { get; set; } = new();

    /// <summary>With <c>http</c> and <c>kafka</c>.</summary>
    public SigningOptions Signing { get; set; } = new();

    /// <summary>Whether <c>Kafka:Servers</c> names brokers.</summary>
    internal bool HasBroker { get; set; }

    public IEnumerable<ValidationResult> Check(SettingsMode mode)
    {
        List<string> known = [SmtpSender.SenderName, SendGridSender.SenderName, HttpSender.SenderName, KafkaSender.SenderName];
        if (mode == SettingsMode.Development)
            known.Add(DevelopmentSender);
        if (!known.Contains(Sender))
            yield return new ValidationResult("must be one of " + string.Join(", ", known), [nameof(Sender)]);
        if (Sender is SmtpSender.SenderName or SendGridSender.SenderName && !CanSend())
            yield return new ValidationResult("must be a mail address such as accounts@example.com", [nameof(From)]);
        var errors = Sender switch
        {
            SmtpSender.SenderName => CheckSmtp(),
            SendGridSender.SenderName => SendGrid.Check(mode),
            HttpSender.SenderName => Http.Check(mode).Concat(Signing.Check(required: true)),
            KafkaSender.SenderName => Kafka.Check(HasBroker).Concat(Signing.Check(required: false)),
            _ => [],
        };
        foreach (var error in errors)
            yield return error;
    }

    /// <summary><see cref="From"/> as it goes over the wire: the domain as A-labels (RFC 5890), which every server reads.</summary>
    internal MailSender ReadFrom()
    {
        var from = new MailAddress(From);
        var host = new IdnMapping().GetAscii(from.Host).ToLowerInvariant();
        return new MailSender
        {
            Name = from.DisplayName,
            Address = $"{from.User}@{host}",
            Host = host,
        };
    }

    private bool CanSend()
    {
        try
        {
            return Ascii.IsValid(ReadFrom().Address);
        }
        catch (Exception e) when (e is FormatException or ArgumentException)
        {
            return false;
        }
    }

    private IEnumerable<ValidationResult> CheckSmtp()
    {
        if (Smtp.Host.Length == 0)
            yield return new ValidationResult("is required: the name of the mail server", ["Smtp:Host"]);
        if (Smtp.Security is not (SmtpOptions.StartTls or SmtpOptions.ImplicitTls or SmtpOptions.Plain))
            yield return new ValidationResult("must be starttls, tls or none", ["Smtp:Security"]);
        if (Smtp.Username.Length > 0 && Smtp.Security == SmtpOptions.Plain)
            yield return new ValidationResult(
                "must be starttls or tls if a username is set; otherwise the password would be sent unencrypted",
                ["Smtp:Security"]
            );
        if (Smtp.Authentication is not (SmtpOptions.ByPassword or "plain" or "login" or SmtpOptions.XOAuth2))
            yield return new ValidationResult("must be password, plain, login or xoauth2", ["Smtp:Authentication"]);
        if (Smtp.EhloName.Length > 0 && !IsEhloName(Smtp.EhloName))
            yield return new ValidationResult("must be a host name such as accounts.example.com", ["Smtp:EhloName"]);
    }

    private static bool IsEhloName(string name) => Uri.CheckHostName(name) == UriHostNameType.Dns && Ascii.IsValid(name);
}

/// <summary>Who mails come from.</summary>
internal sealed record MailSender
{
    /// <summary>Empty where the settings name none.</summary>
    public required string Name { get; init; }

    public required string Address { get; init; }

    public required string Host { get; init; }
}

/// <summary>An SMTP server.</summary>
public sealed class SmtpOptions
{
    internal const string StartTls = "starttls";
    internal const string ImplicitTls = "tls";
    internal const string Plain = "none";
    internal const string ByPassword = "password";
    internal const string XOAuth2 = "xoauth2";

    /// <summary>Name or address of the server.</summary>
    public string Host { get; set; } = "";

    /// <summary>Port, 1 to 65535, default 587 (message submission, RFC 6409).</summary>
    [Range(1, 65535)]
    public int Port { get; set; } = 587;

    /// <summary>
    /// <c>starttls</c> (default), <c>tls</c> (implicit TLS, usually port 465), or <c>none</c>, for a relay on the same machine and without
    /// a user name. Mail never falls back to clear text.
    /// </summary>
    public string Security { get; set; } = StartTls;

    /// <summary>Whether a certificate must not be revoked, default true. A private authority that publishes no list of revoked certificates
    /// needs false.</summary>
    public bool CheckRevocation { get; set; } = true;

    /// <summary>The name this server gives itself (EHLO). Default: the host of <c>Http:PublicUrl</c>.</summary>
    public string EhloName { get; set; } = "";

    /// <summary>
    /// How the user proves itself: <c>password</c> (default: PLAIN or LOGIN, as the server offers), <c>plain</c>, <c>login</c>, or
    /// <c>xoauth2</c> with an OAuth access token.
    /// </summary>
    public string Authentication { get; set; } = ByPassword;

    /// <summary>With <c>xoauth2</c>: file that holds the access token, read at each connection, so that another program can renew it.
    /// Empty: the token is <c>Password</c>.</summary>
    public string AccessTokenFile { get; set; } = "";

    /// <summary>Username. Empty: no authentication.</summary>
    public string Username { get; set; } = "";

    /// <summary>Password for the username.</summary>
    [Secret]
    public string Password { get; set; } = "";

    /// <summary>Timeout for sending one mail, in seconds: 1 to 40, default 20.</summary>
    [Range(1, 40)]
    public int TimeoutSeconds { get; set; } = 20;
}
