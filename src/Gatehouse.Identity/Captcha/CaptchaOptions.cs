using System.ComponentModel.DataAnnotations;
using Gatehouse.Core.Configuration;

namespace Gatehouse.Identity.Captcha;

/// <summary>What happens while the provider of the captcha gives no good answer.</summary>
public enum CaptchaOutage
{
    /// <summary>The request passes, which is recorded.</summary>
    Open,

    /// <summary>The request is rejected with 503.</summary>
    Closed,
}

/// <summary>
/// Captcha: a check by a provider that a human, not a program, starts an operation. Whoever calls the API sends the provider's token as
/// <c>captchaToken</c>; pages show the provider's widget.
/// </summary>
public sealed class CaptchaOptions : ICheckSettings
{
    private const int MaxHostname = 253;

    private static readonly string[] AllButEverySignIn =
    [
        CaptchaOperation.Registration,
        CaptchaOperation.PasswordReset,
        CaptchaOperation.SignInCode,
        CaptchaOperation.SignInAfterFailures,
    ];

    /// <summary>The provider: <c>none</c> (default: no captcha), <c>recaptcha</c> (Google reCAPTCHA) or <c>turnstile</c> (Cloudflare
    /// Turnstile).</summary>
    public string Provider { get; set; } = NoCaptcha.ProviderName;

    /// <summary>The provider's public key, which pages carry. Required with a provider.</summary>
    public string SiteKey { get; set; } = "";

    /// <summary>The provider's secret key. Required with a provider.</summary>
    [Secret]
    public string SecretKey { get; set; } = "";

    /// <summary>
    /// What asks for the captcha: <c>registration</c>, <c>password-reset</c>, <c>sign-in-code</c>, and <c>sign-in</c> (every sign-in with a
    /// password) or <c>sign-in-after-failures</c> (only after a failed one with the same identifier, or several from the same network).
    /// Empty means all of them except <c>sign-in</c>.
    /// </summary>
    public string[] Operations { get; set; } = [];

    /// <summary>With <c>recaptcha</c>: the version of the keys, 2 (a box to tick, default) or 3 (a score without a question).</summary>
    [Range(2, 3)]
    public int RecaptchaVersion { get; set; } = 2;

    /// <summary>With version 3 of reCAPTCHA: the least score that passes, 0 (surely a program) to 1 (surely a human), default
    /// 0.5.</summary>
    [Range(0.0, 1.0)]
    public double MinimumScore { get; set; } = 0.5;

    /// <summary>
    /// Hostnames of the sites whose tokens pass. Empty (default): those that the provider knows for the key. Required if the provider was
    /// told not to check them.
    /// </summary>
    public string[] Hostnames { get; set; } = [];

    /// <summary>URL that tokens are verified at. Empty: the provider's own. Outside development mode it must be https.</summary>
    public Uri? VerifyUrl { get; set; }

    /// <summary>
    /// Whether that URL may lead to a private address (loopback, 10.0.0.0/8, 192.168.0.0/16, link-local and other special ones), default
    /// false. What its name resolves to is checked at each connection. No proxy is used.
    /// </summary>
    public bool AllowPrivateAddresses { get; set; }

    /// <summary>Timeout for verifying a token: 0.1 to 10 seconds, default 3 seconds.</summary>
    [Range(typeof(TimeSpan), "00:00:00.1", "00:00:10")]
    public TimeSpan Timeout { get; set; } = TimeSpan.FromSeconds(3);

    /// <summary>
    /// What happens while the provider gives no good answer in time: <c>open</c> (default: the request passes, which is recorded in the
    /// audit) or <c>closed</c> (it is rejected with 503).
    /// </summary>
    public CaptchaOutage DuringOutage { get; set; } = CaptchaOutage.Open;

    public IEnumerable<ValidationResult> Check(SettingsMode mode)
    {
        string[] known = [NoCaptcha.ProviderName, Recaptcha.ProviderName, Turnstile.ProviderName];
        if (!known.Contains(Provider, StringComparer.Ordinal))
            yield return new ValidationResult("must be one of " + string.Join(", ", known), [nameof(Provider)]);
        if (Operations.Except(CaptchaOperation.All, StringComparer.Ordinal).Any())
            yield return new ValidationResult("must be of " + string.Join(", ", CaptchaOperation.All), [nameof(Operations)]);
        if (Provider == NoCaptcha.ProviderName)
            yield break;
        if (!IsKey(SiteKey))
            yield return new ValidationResult("is required: the provider's public key, without spaces", [nameof(SiteKey)]);
        if (!IsKey(SecretKey))
            yield return new ValidationResult("is required: the provider's secret key, without spaces", [nameof(SecretKey)]);
        if (Array.Exists(Hostnames, name => name.Length > MaxHostname || Uri.CheckHostName(name) == UriHostNameType.Unknown))
            yield return new ValidationResult("must be hostnames such as accounts.example.com", [nameof(Hostnames)]);
        if (
            VerifyUrl is { } url
            && url.Scheme != Uri.UriSchemeHttps
            && (mode == SettingsMode.Production || url.Scheme != Uri.UriSchemeHttp)
        )
            yield return new ValidationResult("must begin with https:// (http:// in development mode only)", [nameof(VerifyUrl)]);
        else if (VerifyUrl is { } address && (address.Query.Length > 0 || address.Fragment.Length > 0 || address.UserInfo.Length > 0))
            yield return new ValidationResult("must be an address without user, query and fragment", [nameof(VerifyUrl)]);
    }

    internal bool Guards(string operation) =>
        Provider != NoCaptcha.ProviderName
        && (Operations.Length > 0 ? Operations : AllButEverySignIn).Contains(operation, StringComparer.Ordinal);

    private static bool IsKey(string value) => value.Length > 0 && value.All(c => c is > ' ' and <= '~');
}
