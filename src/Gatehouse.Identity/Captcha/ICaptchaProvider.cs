namespace Gatehouse.Identity.Captcha;

/// <summary>Who tells humans from programs; chosen by name in the settings.</summary>
internal interface ICaptchaProvider
{
    /// <summary>The name it is chosen by, such as <c>turnstile</c>.</summary>
    string Name { get; }

    /// <summary>What pages show; null for nothing.</summary>
    CaptchaWidget? Widget { get; }

    /// <summary>Asks whether the token is good for the action. A token can be used once.</summary>
    /// <param name="client">The address it comes from.</param>
    Task<CaptchaAnswer> VerifyAsync(string token, string action, string client, CancellationToken cancellationToken);
}

internal enum CaptchaVerdict
{
    Accepted,
    Rejected,

    /// <summary>Nobody knows: the provider gave no good answer.</summary>
    Unknown,
}

/// <param name="Reason">Why, in a word for metrics and audit.</param>
internal readonly record struct CaptchaAnswer(CaptchaVerdict Verdict, string Reason)
{
    public static readonly CaptchaAnswer Accepted = new(CaptchaVerdict.Accepted, "accepted");

    public static CaptchaAnswer Rejected(string reason) => new(CaptchaVerdict.Rejected, reason);

    public static CaptchaAnswer Unknown(string reason) => new(CaptchaVerdict.Unknown, reason);
}

/// <summary>The provider's part of a page: its script, and the sources that the page's policy must allow for it.</summary>
internal sealed record CaptchaWidget
{
    public required string SiteKey { get; init; }

    public required string Script { get; init; }

    public required IReadOnlyList<string> ScriptSources { get; init; }

    public required IReadOnlyList<string> FrameSources { get; init; }

    public required IReadOnlyList<string> ConnectSources { get; init; }

    /// <summary>The class by which the provider's script finds its place; null where our script asks it for a token.</summary>
    public required string? ElementClass { get; init; }

    /// <summary>The field of the form that the token comes in.</summary>
    public required string FormField { get; init; }
}

/// <summary>No captcha.</summary>
internal sealed class NoCaptcha : ICaptchaProvider
{
    public const string ProviderName = "none";

    public string Name => ProviderName;

    public CaptchaWidget? Widget => null;

    public Task<CaptchaAnswer> VerifyAsync(string token, string action, string client, CancellationToken cancellationToken) =>
        Task.FromResult(CaptchaAnswer.Accepted);
}
