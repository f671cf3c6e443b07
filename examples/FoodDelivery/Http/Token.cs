using System.Buffers.Text;
using System.Text;
using System.Text.Json;

namespace FoodDelivery.Http;

/// <summary>An access token as it stands in a cookie.</summary>
internal sealed class Token
{
    private const int MaxLength = 4096;

    private Token(string text) => Text = text;

    public string Text { get; }

    /// <summary>Null for what can be no token.</summary>
    public static Token? Parse(string text) =>
        text.Length is > 0 and <= MaxLength && text.All(c => char.IsAsciiLetterOrDigit(c) || c is '.' or '-' or '_')
            ? new Token(text)
            : null;

    /// <summary>The names of the roles in it. Believed only once Gatehouse accepted it.</summary>
    public IReadOnlyList<string> Roles =>
        Claims is { } claims && claims.TryGetProperty("roles", out var roles) && roles.ValueKind == JsonValueKind.Array
            ? [.. roles.EnumerateArray().Where(r => r.ValueKind == JsonValueKind.String).Select(r => r.GetString()!)]
            : [];

    /// <summary>The tenant in it. The same holds.</summary>
    public Guid? Tenant =>
        Claims is { } claims
        && claims.TryGetProperty("tid", out var tenant)
        && tenant.ValueKind == JsonValueKind.String
        && tenant.TryGetGuid(out var id)
            ? id
            : null;

    /// <summary>Whether it says that the address is not verified. The same holds.</summary>
    public bool IsUnverified =>
        Claims is { } claims && claims.TryGetProperty("emailVerified", out var verified) && verified.ValueKind == JsonValueKind.False;

    private JsonElement? Claims
    {
        get
        {
            if (Text.Split('.') is not [_, var payload, _] || !Base64Url.IsValid(payload))
                return null;
            try
            {
                var claims = JsonDocument.Parse(Encoding.UTF8.GetString(Base64Url.DecodeFromChars(payload))).RootElement;
                return claims.ValueKind == JsonValueKind.Object ? claims : null;
            }
            catch (JsonException)
            {
                return null;
            }
        }
    }

    public override string ToString() => "[token]";
}
