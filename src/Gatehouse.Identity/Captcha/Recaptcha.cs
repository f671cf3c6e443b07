namespace Gatehouse.Identity.Captcha;

/// <summary>Google reCAPTCHA: version 2 asks the user to tick a box, version 3 gives a score and names the action.</summary>
internal sealed class Recaptcha(CaptchaOptions options, SiteVerify siteVerify) : ICaptchaProvider
{
    public const string ProviderName = "recaptcha";

    private static readonly Uri Address = new("https://www.google.com/recaptcha/api/siteverify");

    private readonly bool scores = options.RecaptchaVersion >= 3;

    public string Name => ProviderName;

    public CaptchaWidget Widget { get; } =
        new()
        {
            SiteKey = options.SiteKey,
            Script =
                "https://www.google.com/recaptcha/api.js"
                + (options.RecaptchaVersion >= 3 ? "?render=" + Uri.EscapeDataString(options.SiteKey) : ""),
            ScriptSources = ["https://www.google.com/recaptcha/", "https://www.gstatic.com/recaptcha/"],
            FrameSources = ["https://www.google.com/recaptcha/", "https://recaptcha.google.com/recaptcha/"],
            ConnectSources = ["https://www.google.com/recaptcha/"],
            ElementClass = options.RecaptchaVersion >= 3 ? null : "g-recaptcha",
            FormField = options.RecaptchaVersion >= 3 ? CaptchaGuard.Field : "g-recaptcha-response",
        };

    public Task<CaptchaAnswer> VerifyAsync(string token, string action, string client, CancellationToken cancellationToken) =>
        siteVerify.AskAsync(
            Address,
            token,
            client,
            answer => scores ? Evaluate(answer, action) : CaptchaAnswer.Accepted,
            cancellationToken
        );

    // Without a score the keys are of version 2, and the settings are wrong: that is to be noticed, and lets nobody pass.
    private CaptchaAnswer Evaluate(SiteVerify.Answer answer, string action) =>
        answer.Score is not { } score ? CaptchaAnswer.Rejected("no-score")
        : answer.Action != action ? CaptchaAnswer.Rejected("other-action")
        : score >= options.MinimumScore ? CaptchaAnswer.Accepted
        : CaptchaAnswer.Rejected("low-score");
}
