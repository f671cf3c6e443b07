namespace Gatehouse.Identity.Captcha;

/// <summary>Cloudflare Turnstile.</summary>
internal sealed class Turnstile(CaptchaOptions options, SiteVerify siteVerify) : ICaptchaProvider
{
    public const string ProviderName = "turnstile";

    private const string Origin = "https://challenges.cloudflare.com";

    private static readonly Uri Address = new(Origin + "/turnstile/v0/siteverify");

    public string Name => ProviderName;

    public CaptchaWidget Widget { get; } =
        new()
        {
            SiteKey = options.SiteKey,
            Script = Origin + "/turnstile/v0/api.js",
            ScriptSources = [Origin],
            FrameSources = [Origin],
            ConnectSources = [],
            ElementClass = "cf-turnstile",
            FormField = "cf-turnstile-response",
        };

    // A widget that named no action is good for any; one that did, for that alone.
    public Task<CaptchaAnswer> VerifyAsync(string token, string action, string client, CancellationToken cancellationToken) =>
        siteVerify.AskAsync(
            Address,
            token,
            client,
            answer =>
                string.IsNullOrEmpty(answer.Action) || answer.Action == action
                    ? CaptchaAnswer.Accepted
                    : CaptchaAnswer.Rejected("other-action"),
            cancellationToken
        );
}
