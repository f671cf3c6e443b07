using System.ComponentModel;

namespace Gatehouse.Identity.Tokens;

/// <summary>What a signed-in client holds.</summary>
public sealed record TokensView
{
    [Description("JWT for the header Authorization: Bearer; null if it was set as a cookie.")]
    public required string? AccessToken { get; init; }

    [Description(
        "Can be used once at /v1/tokens/refresh and returns a new pair. Keep it secret and keep only the newest. "
            + "Null if it was set as a cookie."
    )]
    public required string? RefreshToken { get; init; }

    [Description("Bearer or Cookie.")]
    public string TokenType { get; init; } = "Bearer";

    [Description("Lifetime of the access token in seconds.")]
    public required int ExpiresIn { get; init; }

    public required Guid SessionId { get; init; }

    /// <summary>Hides the tokens: a record's own text would print them.</summary>
    public override string ToString() => $"[tokens of session {SessionId}]";
}
