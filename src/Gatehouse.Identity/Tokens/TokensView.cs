using System.ComponentModel;

namespace Gatehouse.Identity.Tokens;

/// <summary>What a signed-in client holds.</summary>
public sealed record TokensView
{
    [Description("JWT for the header Authorization: Bearer.")]
    public required string AccessToken { get; init; }

    [Description("Exchanged once for the next pair at /v1/tokens/refresh. Keep it secret and keep the newest only.")]
    public required string RefreshToken { get; init; }

    [Description("Bearer.")]
    public string TokenType { get; init; } = "Bearer";

    [Description("Seconds the access token is good for.")]
    public required int ExpiresIn { get; init; }

    public required Guid SessionId { get; init; }

    /// <summary>Hides the tokens: a record's own text would print them.</summary>
    public override string ToString() => $"[tokens of session {SessionId}]";
}
