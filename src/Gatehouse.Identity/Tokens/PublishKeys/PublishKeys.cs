using System.Buffers.Text;
using System.ComponentModel;
using System.Globalization;
using System.Security.Cryptography;
using System.Text.Json;
using Gatehouse.Web;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.Net.Http.Headers;

namespace Gatehouse.Identity.Tokens;

/// <summary>
/// What services need to check access tokens by themselves: the public keys (RFC 7517) and the issuer's metadata (OpenID Connect Discovery
/// 1.0, as far as it is true so far). Both may be kept for a quarter of an hour; a key is published long before it signs.
/// </summary>
internal static class PublishKeys
{
    public const string KeysPath = "/.well-known/jwks.json";

    public sealed record KeySet
    {
        public required IReadOnlyList<Jwk> Keys { get; init; }
    }

    [Description("A public key on the curve P-256.")]
    public sealed record Jwk
    {
        public required string Kty { get; init; }

        public required string Crv { get; init; }

        public required string Kid { get; init; }

        public required string Use { get; init; }

        public required string Alg { get; init; }

        public required string X { get; init; }

        public required string Y { get; init; }
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
        group
            .MapGet("/openid-configuration", (AccessTokens tokens, HttpContext http) => Cacheable(http, Metadata(tokens)))
            .WithName("DescribeIssuer")
            .WithSummary("Get the issuer metadata")
            .WithDescription("The part of OpenID Connect Discovery that is supported: issuer, keys, algorithms, claims.")
            .Produces<IReadOnlyDictionary<string, object>>()
            .Produces(StatusCodes.Status304NotModified)
            .AllowAnonymous();
    }

    private static KeySet Describe(SigningKeys keys) =>
        new()
        {
            Keys =
            [
                .. keys.All.Select(k => new Jwk
                {
                    Kty = "EC",
                    Crv = "P-256",
                    Kid = k.Id,
                    Use = "sig",
                    Alg = AccessTokens.Algorithm,
                    X = Base64Url.EncodeToString(k.Point.X),
                    Y = Base64Url.EncodeToString(k.Point.Y),
                }),
            ],
        };

    private static byte[] Metadata(AccessTokens tokens)
    {
        using var stream = new MemoryStream();
        using (var json = new Utf8JsonWriter(stream))
        {
            json.WriteStartObject();
            json.WriteString("issuer", tokens.Issuer);
            json.WriteString("jwks_uri", tokens.Issuer + KeysPath);
            Write(json, "subject_types_supported", "public");
            Write(json, "claims_supported", "iss", "sub", "aud", "client_id", "exp", "iat", "auth_time", "jti", "sid", "tid");
            Write(json, "ui_locales_supported", [.. Languages.All]);
            json.WriteEndObject();
        }

        return stream.ToArray();
    }

    private static void Write(Utf8JsonWriter json, string name, params ReadOnlySpan<string> values)
    {
        json.WriteStartArray(name);
        foreach (var value in values)
            json.WriteStringValue(value);
        json.WriteEndArray();
    }

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
