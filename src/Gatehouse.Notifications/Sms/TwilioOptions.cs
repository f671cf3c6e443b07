using System.ComponentModel.DataAnnotations;
using System.Text.RegularExpressions;
using Gatehouse.Core.Configuration;

namespace Gatehouse.Notifications.Sms;

/// <summary>An account with Twilio.</summary>
public sealed partial class TwilioOptions
{
    /// <summary>SID of the account (<c>AC…</c>). Required with <c>twilio</c>.</summary>
    public string AccountSid { get; set; } = "";

    /// <summary>
    /// Auth token of the account. Twilio signs its status callbacks with it; without it, none are requested, and undelivered messages go
    /// unnoticed. Required if there is no API key.
    /// </summary>
    [Secret]
    public string AuthToken { get; set; } = "";

    /// <summary>SID of an API key (<c>SK…</c>) that messages are sent with instead of the auth token.</summary>
    public string ApiKeySid { get; set; } = "";

    /// <summary>Secret of the API key.</summary>
    [Secret]
    public string ApiKeySecret { get; set; } = "";

    /// <summary>Number (<c>+14155550100</c>) or alphanumeric sender ID that SMS come from. This or the messaging service is required.</summary>
    public string From { get; set; } = "";

    /// <summary>SID of a messaging service (<c>MG…</c>), which chooses the number that a message comes from.</summary>
    public string MessagingServiceSid { get; set; } = "";

    /// <summary>Number that WhatsApp messages come from, such as <c>+14155550100</c>. Empty: one of the messaging service.</summary>
    public string WhatsAppFrom { get; set; } = "";

    /// <summary>
    /// Approved WhatsApp templates by text and language: <c>registration-code.en=HX…</c> (SIDs of Twilio's Content API). The code is their
    /// variable 1. WhatsApp delivers other texts only to users who wrote to the number within the last 24 hours.
    /// </summary>
    public string[] WhatsAppTemplates { get; set; } = [];

    /// <summary>Address of the API, default <c>https://api.twilio.com</c>; regions have their own. Outside development mode it must be
    /// https.</summary>
    public Uri ApiUrl { get; set; } = new("https://api.twilio.com");

    /// <summary>
    /// Whether the address may lead to a private address (loopback, 10.0.0.0/8, 192.168.0.0/16, link-local and other special ones), default
    /// false. What its name resolves to is checked at each connection. No proxy is used.
    /// </summary>
    public bool AllowPrivateAddresses { get; set; }

    /// <summary>Timeout for sending one message, in seconds: 1 to 40, default 20.</summary>
    [Range(1, 40)]
    public int TimeoutSeconds { get; set; } = 20;

    internal string User => ApiKeySid.Length > 0 ? ApiKeySid : AccountSid;

    internal string Password => ApiKeySid.Length > 0 ? ApiKeySecret : AuthToken;

    internal IEnumerable<ValidationResult> Check(SettingsMode mode)
    {
        if (!IsSid(AccountSid, "AC"))
            yield return new ValidationResult("must be the SID of the account: AC and 32 digits", ["Twilio:AccountSid"]);
        if (ApiKeySid.Length > 0 && !IsSid(ApiKeySid, "SK"))
            yield return new ValidationResult("must be the SID of an API key: SK and 32 digits", ["Twilio:ApiKeySid"]);
        if (ApiKeySid.Length > 0 && !IsSecret(ApiKeySecret))
            yield return new ValidationResult("is required with Twilio:ApiKeySid: its secret, without spaces", ["Twilio:ApiKeySecret"]);
        if (ApiKeySid.Length == 0 && AuthToken.Length == 0)
            yield return new ValidationResult("is required: the auth token of the account, or an API key", ["Twilio:AuthToken"]);
        else if (AuthToken.Length > 0 && !IsSecret(AuthToken))
            yield return new ValidationResult("must be a token as Twilio shows it, without spaces", ["Twilio:AuthToken"]);
        foreach (var error in CheckSenders())
            yield return error;
        if (
            !ApiUrl.IsAbsoluteUri
            || (ApiUrl.Scheme != Uri.UriSchemeHttps && (ApiUrl.Scheme != Uri.UriSchemeHttp || mode != SettingsMode.Development))
        )
            yield return new ValidationResult(
                "must begin with https://; otherwise the token and the messages would be sent unencrypted",
                ["Twilio:ApiUrl"]
            );
    }

    /// <summary>The approved template of a text for WhatsApp, in the language or in English; null where there is none.</summary>
    internal string? WhatsAppTemplate(string template, string language) =>
        FindTemplate($"{template}.{language}=") ?? FindTemplate($"{template}.en=");

    private string? FindTemplate(string prefix) =>
        WhatsAppTemplates.FirstOrDefault(entry => entry.StartsWith(prefix, StringComparison.Ordinal))?[prefix.Length..];

    private IEnumerable<ValidationResult> CheckSenders()
    {
        if (From.Length == 0 && MessagingServiceSid.Length == 0)
            yield return new ValidationResult("is required: a number or sender ID of the account, or a messaging service", ["Twilio:From"]);
        if (From.Length > 0 && !Sender.IsMatch(From))
            yield return new ValidationResult("must be a number such as +14155550100, or up to 11 letters and digits", ["Twilio:From"]);
        if (MessagingServiceSid.Length > 0 && !IsSid(MessagingServiceSid, "MG"))
            yield return new ValidationResult("must be the SID of a messaging service: MG and 32 digits", ["Twilio:MessagingServiceSid"]);
        if (WhatsAppFrom.Length > 0 && !Number.IsMatch(WhatsAppFrom))
            yield return new ValidationResult("must be a number such as +14155550100", ["Twilio:WhatsAppFrom"]);
        if (!WhatsAppTemplates.All(entry => ApprovedTemplate.IsMatch(entry)))
            yield return new ValidationResult(
                "must be templates with their SIDs, such as registration-code.en=HX and 32 digits",
                ["Twilio:WhatsAppTemplates"]
            );
    }

    private static bool IsSid(string value, string kind) =>
        value.Length == 34 && value.StartsWith(kind, StringComparison.Ordinal) && value.AsSpan(2).ContainsAnyExcept(HexDigits) == false;

    private static readonly System.Buffers.SearchValues<char> HexDigits = System.Buffers.SearchValues.Create("0123456789abcdefABCDEF");

    private static bool IsSecret(string value) => value.Length > 0 && value.All(c => c is > ' ' and <= '~');

    [GeneratedRegex(@"^\+[1-9][0-9]{6,14}\z", RegexOptions.CultureInvariant, matchTimeoutMilliseconds: 1000)]
    private static partial Regex Number { get; }

    // Short codes are numbers of three to eight digits.
    [GeneratedRegex(@"^(\+[1-9][0-9]{6,14}|[A-Za-z0-9 ]{3,11})\z", RegexOptions.CultureInvariant | RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex Sender { get; }

    [GeneratedRegex(@"^[a-z-]+\.[a-z]{2,3}=HX[0-9a-fA-F]{32}\z", RegexOptions.CultureInvariant, matchTimeoutMilliseconds: 1000)]
    private static partial Regex ApprovedTemplate { get; }
}
