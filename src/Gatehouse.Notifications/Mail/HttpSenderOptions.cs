using System.ComponentModel.DataAnnotations;
using Gatehouse.Core.Configuration;

namespace Gatehouse.Notifications.Mail;

/// <summary>A mailer of the installation's own, which takes messages by HTTP.</summary>
public sealed class HttpSenderOptions
{
    /// <summary>
    /// URL that each message is posted to. Required with <c>http</c>. Outside development mode it must be https: the bodies contain
    /// addresses, codes and links. Redirects are not followed.
    /// </summary>
    public Uri? Url { get; set; }

    /// <summary>
    /// Whether the URL may lead to a private address (loopback, 10.0.0.0/8, 192.168.0.0/16, link-local and other special ones), default
    /// false. What its name resolves to is checked at each connection. No proxy is used.
    /// </summary>
    public bool AllowPrivateAddresses { get; set; }

    /// <summary>Timeout for sending one message, in seconds: 1 to 40, default 5.</summary>
    [Range(1, 40)]
    public int TimeoutSeconds { get; set; } = 5;

    internal IEnumerable<ValidationResult> Check(SettingsMode mode)
    {
        if (Url is null)
            yield return new ValidationResult("is required: the URL of the mailer", ["Http:Url"]);
        else if (Url.Scheme != Uri.UriSchemeHttps && (Url.Scheme != Uri.UriSchemeHttp || mode != SettingsMode.Development))
            yield return new ValidationResult("must begin with https://; otherwise the messages would be sent unencrypted", ["Http:Url"]);
        else if (Url.UserInfo.Length > 0 || Url.Fragment.Length > 0)
            yield return new ValidationResult("must have no user name and no fragment; messages are signed instead", ["Http:Url"]);
    }
}
