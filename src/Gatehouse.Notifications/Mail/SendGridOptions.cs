using System.ComponentModel.DataAnnotations;
using System.Security.Cryptography;
using Gatehouse.Core.Configuration;

namespace Gatehouse.Notifications.Mail;

/// <summary>An account with SendGrid.</summary>
public sealed class SendGridOptions
{
    /// <summary>API key that may send mail (permission <c>Mail Send</c>, no other). Required with <c>sendgrid</c>.</summary>
    [Secret]
    public string ApiKey { get; set; } = "";

    /// <summary>Address of the API, default <c>https://api.sendgrid.com</c>; <c>https://api.eu.sendgrid.com</c> for accounts in the
    /// European Union. Outside development mode it must be https.</summary>
    public Uri ApiUrl { get; set; } = new("https://api.sendgrid.com");

    /// <summary>
    /// Verification key of the signed event webhook as SendGrid shows it (Base64). Empty: SendGrid events are not accepted,
    /// and bounced addresses are not suppressed.
    /// </summary>
    public string WebhookPublicKey { get; set; } = "";

    /// <summary>Timeout for sending one mail, in seconds: 1 to 40, default 20.</summary>
    [Range(1, 40)]
    public int TimeoutSeconds { get; set; } = 20;

    internal IEnumerable<ValidationResult> Check(SettingsMode mode)
    {
        if (ApiKey.Length == 0)
            yield return new ValidationResult("is required: the key of the account", ["SendGrid:ApiKey"]);
        else if (!ApiKey.All(c => c is > ' ' and <= '~'))
            yield return new ValidationResult("must be a key as SendGrid shows it, without spaces", ["SendGrid:ApiKey"]);
        if (
            !ApiUrl.IsAbsoluteUri
            || (ApiUrl.Scheme != Uri.UriSchemeHttps && (ApiUrl.Scheme != Uri.UriSchemeHttp || mode != SettingsMode.Development))
        )
            yield return new ValidationResult(
                "must begin with https://; otherwise the key and the mails would be sent unencrypted",
                ["SendGrid:ApiUrl"]
            );
        if (WebhookPublicKey.Length > 0 && !IsKey())
            yield return new ValidationResult(
                "must be the verification key as SendGrid shows it: Base64, curve P-256",
                ["SendGrid:WebhookPublicKey"]
            );
    }

    /// <summary>The key that signs what SendGrid reports.</summary>
    internal ECDsa OpenWebhookKey()
    {
        var key = ECDsa.Create();
        try
        {
            key.ImportSubjectPublicKeyInfo(Convert.FromBase64String(WebhookPublicKey), out _);
            return key;
        }
        catch
        {
            key.Dispose();
            throw;
        }
    }

    private bool IsKey()
    {
        try
        {
            using var key = OpenWebhookKey();
            return key.ExportParameters(includePrivateParameters: false).Curve.Oid.Value == ECCurve.NamedCurves.nistP256.Oid.Value;
        }
        catch (Exception e) when (e is FormatException or CryptographicException)
        {
            return false;
        }
    }
}
