using System.Buffers.Text;
using System.ComponentModel;
using System.Globalization;
using System.Security.Cryptography;
using System.Text.Json;
using System.Text.Json.Serialization;
using Gatehouse.Web;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.Net.Http.Headers;

namespace Gatehouse.Identity.Tokens;

/// <summary>
/// What services need to check tokens by themselves: the public keys (RFC 7517). They may be kept for a quarter of an hour; a key is
/// published long before it signs.
/// </summary>
internal static class PublishKeys
{
    public const string KeysPath = "/.well-known/jwks.json";

    public sealed record KeySet
    {
        public required IReadOnlyList<Jwk> Keys { get; init; }
    }

    [Description("A public key: on the curve P-256 for access tokens, of RSA for ID tokens and logout tokens.")]
    public sealed record Jwk
    {
        public required string Kty { get; init; }

        public required string Kid { get; init; }

        public required string Use { get; init; }

        public required string Alg { get; init; }

        [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
        public string? Crv { get; init; }

        [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
        public string? X { get; init; }

        [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
        public string? Y { get; init; }

        [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
        public string? N { get; init; }

        [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
        public string? E { get; init; }
    }

    public static void Map(IEndpointRouteBuilder routes)
    {
        var group = routes.MapWellKnown("Discovery");
        group
            .MapGet(
                "/jwks.json",
                (SigningKeys keys, HttpContext http) =>
                    Cacheable(http, JsonSerializer.SerializeToUtf8Bytes(Describe(keys), TokensJson.Default.KeySet))
            )
            .WithName("ListSigningKeys")
            .WithSummary("Get the signing keys")
            .WithDescription("A JSON Web Key Set. It contains the next key long before that key is used.")
            .Produces<KeySet>()
            .Produces(StatusCodes.Status304NotModified)
            .AllowAnonymous();
    }

    private static KeySet Describe(SigningKeys keys) => new() { Keys = [.. keys.All.Select(key => key.Describe())] };

    internal static string Encode(byte[] bytes) => Base64Url.EncodeToString(bytes);

    private static IResult Cacheable(HttpContext http, byte[] json)
    {
        http.Response.Headers.CacheControl = string.Create(
            CultureInfo.InvariantCulture,
            $"public, max-age={SigningKeyRules.CacheLife.TotalSeconds}"
        );
        // Anybody may read them, from the script of any page.
        http.Response.Headers.AccessControlAllowOrigin = "*";
        var tag = new EntityTagHeaderValue($"\"{Convert.ToHexStringLower(SHA256.HashData(json).AsSpan(0, 16))}\"");
        return Results.Bytes(json, "application/json", entityTag: tag);
    }
}
