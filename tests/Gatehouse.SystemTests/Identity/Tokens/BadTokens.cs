using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text.Json.Nodes;
using Gatehouse.SystemTests.Harness;

namespace Gatehouse.SystemTests.Identity.Tokens;

/// <summary>What is no access token of this installation, by what is wrong with it.</summary>
internal static class BadTokens
{
    private static readonly JsonObject OwnKey = PublicKeyOf(ECDsa.Create(ECCurve.NamedCurves.nistP256));

    /// <summary>Each takes what a thief of the signing key could use, and somebody's other tokens.</summary>
    public static IReadOnlyDictionary<string, Func<Forger, SignedIn, string>> All { get; } =
        new Dictionary<string, Func<Forger, SignedIn, string>>(StringComparer.Ordinal)
        {
            ["header altered"] = (f, _) =>
                $"{Forger.Encode(f.Header.Replace("{", "{ ", StringComparison.Ordinal))}.{f.ClaimsPart}.{f.SignaturePart}",
            ["claims altered"] = (f, _) =>
                $"{f.HeaderPart}.{Forger.Encode(Forger.Change(f.Claims, c => c["sub"] = Guid.Empty.ToString()))}.{f.SignaturePart}",
            ["signature altered"] = (f, _) =>
                $"{f.HeaderPart}.{f.ClaimsPart}.{(f.SignaturePart[0] == 'A' ? 'B' : 'A')}{f.SignaturePart[1..]}",
            ["last character of the signature altered"] = (f, _) => Good(f)[..^1] + Next(Good(f)[^1]),
            ["signature cut"] = (f, _) => Good(f)[..^4],
            ["signature longer"] = (f, _) => Good(f) + "AAAA",
            ["signature of zeros"] = (f, _) => $"{f.HeaderPart}.{f.ClaimsPart}.{Base64Url.EncodeToString(new byte[64])}",
            ["signature as DER"] = (f, _) =>
                f.HeaderPart
                + "."
                + f.ClaimsPart
                + "."
                + Base64Url.EncodeToString(
                    f.Key.SignData(
                        System.Text.Encoding.ASCII.GetBytes(f.HeaderPart + "." + f.ClaimsPart),
                        HashAlgorithmName.SHA256,
                        DSASignatureFormat.Rfc3279DerSequence
                    )
                ),
            ["signed by another key"] = (f, _) => SignedByOther(f),
            ["unsigned"] = (f, _) => $"{f.HeaderPart}.{f.ClaimsPart}.",
            ["two parts"] = (f, _) => $"{f.HeaderPart}.{f.ClaimsPart}",
            ["four parts"] = (f, _) => Good(f) + ".e30",
            ["five parts, as encrypted ones have"] = (f, _) => Good(f) + "..",
            ["alg none"] = (f, _) => Unsigned(f, "none"),
            ["alg None"] = (f, _) => Unsigned(f, "None"),
            ["alg NONE"] = (f, _) => Unsigned(f, "NONE"),
            ["alg nOnE"] = (f, _) => Unsigned(f, "nOnE"),
            ["alg empty"] = (f, _) => Unsigned(f, ""),
            ["alg none, signed all the same"] = (f, _) => f.With(h => h["alg"] = "none"),
            ["alg es256"] = (f, _) => f.With(h => h["alg"] = "es256"),
            ["alg ES384"] = (f, _) => f.With(h => h["alg"] = "ES384"),
            ["alg RS256"] = (f, _) => f.With(h => h["alg"] = "RS256"),
            ["alg missing"] = (f, _) => f.With(h => h.Remove("alg")),
            ["alg a number"] = (f, _) => f.With(h => h["alg"] = 256),
            ["alg null"] = (f, _) => f.With(h => h["alg"] = null),
            ["alg a list"] = (f, _) => f.With(h => h["alg"] = new JsonArray("ES256")),
            ["HS256 with the public key as PEM"] = (f, _) =>
                f.SignByPublicKey(System.Text.Encoding.ASCII.GetBytes(f.Key.ExportSubjectPublicKeyInfoPem())),
            ["HS256 with the public key as DER"] = (f, _) => f.SignByPublicKey(f.Key.ExportSubjectPublicKeyInfo()),
            ["HS256 with the public point"] = (f, _) => f.SignByPublicKey(f.Key.ExportParameters(includePrivateParameters: false).Q.X!),
            ["HS256 with an empty key"] = (f, _) => f.SignByPublicKey([]),
            ["type JWT"] = (f, _) => f.With(h => h["typ"] = "JWT"),
            ["type AT+JWT"] = (f, _) => f.With(h => h["typ"] = "AT+JWT"),
            ["type of an id token, missing"] = (f, _) => f.With(h => h.Remove("typ")),
            ["key unknown"] = (f, _) => f.With(h => h["kid"] = "AAAAAAAAAAAAAAAAAAAAAA"),
            ["key id missing"] = (f, _) => f.With(h => h.Remove("kid")),
            ["key id empty"] = (f, _) => f.With(h => h["kid"] = ""),
            ["key id of 65 characters"] = (f, _) => f.With(h => h["kid"] = new string('A', 65)),
            ["key id of SQL"] = (f, _) => f.With(h => h["kid"] = "' or 1=1 --"),
            ["key id of a path"] = (f, _) => f.With(h => h["kid"] = "../../../dev/null"),
            ["embedded jwk"] = (f, _) => f.With(h => h["jwk"] = PublicKeyOf(f.Key)),
            ["embedded jwk of the signer"] = (f, _) => f.With(h => h["jwk"] = OwnKey.DeepClone()),
            ["jku"] = (f, _) => f.With(h => h["jku"] = "http://localhost:8080/.well-known/jwks.json"),
            ["x5u"] = (f, _) => f.With(h => h["x5u"] = "http://localhost:8080/cert.pem"),
            ["x5c"] = (f, _) => f.With(h => h["x5c"] = new JsonArray("MIIB")),
            ["crit"] = (f, _) => f.With(h => h["crit"] = new JsonArray("exp")),
            ["crit empty"] = (f, _) => f.With(h => h["crit"] = new JsonArray()),
            ["b64 false"] = (f, _) => f.With(h => h["b64"] = false),
            ["zip"] = (f, _) => f.With(h => h["zip"] = "DEF"),
            ["header member twice"] = (f, _) => f.Sign(Again(f.Header, "alg", "ES256"), f.Claims),
            ["header member twice, the second none"] = (f, _) => f.Sign(Again(f.Header, "alg", "none"), f.Claims),
            ["claim twice"] = (f, other) => f.Sign(f.Header, Again(f.Claims, "sub", other.UserId.ToString())),
            ["header a list"] = (f, _) => f.Sign("[]", f.Claims),
            ["header a text"] = (f, _) => f.Sign("\"ES256\"", f.Claims),
            ["header no JSON"] = (f, _) => f.Sign("ES256", f.Claims),
            ["header with a comment"] = (f, _) => f.Sign(f.Header + "/**/", f.Claims),
            ["header with something behind it"] = (f, _) => f.Sign(f.Header + "{}", f.Claims),
            ["header with a byte order mark"] = (f, _) => f.Sign("\uFEFF" + f.Header, f.Claims),
            ["header nested deep"] = (f, _) => f.Sign(new string('[', 500) + new string(']', 500), f.Claims),
            ["claims a list"] = (f, _) => f.Sign(f.Header, "[]"),
            ["claims empty"] = (f, _) => f.Sign(f.Header, "{}"),
            ["claims no JSON"] = (f, _) => f.Sign(f.Header, "sub"),
            ["padding"] = (f, _) => Good(f) + "==",
            ["padding in the header"] = (f, _) => f.SignParts(f.HeaderPart + "=", f.ClaimsPart),
            ["white space in the claims"] = (f, _) => f.SignParts(f.HeaderPart, f.ClaimsPart.Insert(4, " ")),
            ["tab in the claims"] = (f, _) => f.SignParts(f.HeaderPart, f.ClaimsPart.Insert(4, "\t")),
            ["white space before the signature"] = (f, _) => Good(f).Insert(Good(f).LastIndexOf('.') + 1, " "),
            ["alphabet of plain base64"] = (f, _) => f.SignParts(f.HeaderPart, f.ClaimsPart + "+/"),
            ["issuer other"] = (f, _) => f.With(claims: c => c["iss"] = "http://localhost:8081"),
            ["issuer with a slash"] = (f, _) => f.With(claims: c => c["iss"] = "http://localhost:8080/"),
            ["issuer missing"] = (f, _) => f.With(claims: c => c.Remove("iss")),
            ["audience other"] = (f, _) => f.With(claims: c => c["aud"] = "https://other.example"),
            ["audience a list"] = (f, _) => f.With(claims: c => c["aud"] = new JsonArray("http://localhost:8080", "https://other.example")),
            ["audience missing"] = (f, _) => f.With(claims: c => c.Remove("aud")),
            ["tenant unknown"] = (f, _) => f.With(claims: c => c["tid"] = "0197a0b2-0000-7000-8000-000000000000"),
            ["tenant missing"] = (f, _) => f.With(claims: c => c.Remove("tid")),
            ["tenant no id"] = (f, _) => f.With(claims: c => c["tid"] = "default"),
            ["person missing"] = (f, _) => f.With(claims: c => c.Remove("sub")),
            ["person no id"] = (f, _) => f.With(claims: c => c["sub"] = "ada"),
            ["session missing"] = (f, _) => f.With(claims: c => c.Remove("sid")),
            ["end missing"] = (f, _) => f.With(claims: c => c.Remove("exp")),
            ["end a text"] = (f, _) => f.With(claims: c => c["exp"] = "9999999999"),
            ["end with a fraction"] = (f, _) => f.With(claims: c => c["exp"] = 9999999999.5),
            ["end beyond all time"] = (f, _) => f.With(claims: c => c["exp"] = long.MaxValue),
            ["end negative"] = (f, _) => f.With(claims: c => c["exp"] = -1),
            ["beginning missing"] = (f, _) => f.With(claims: c => c.Remove("iat")),
            ["authentication time missing"] = (f, _) => f.With(claims: c => c.Remove("auth_time")),
            ["30 KB"] = (f, _) => f.With(claims: c => c["more"] = new string('x', 22_000)),
            ["a little over what is read"] = (f, _) => f.With(claims: c => c["more"] = new string('x', 3_000)),
            ["a refresh token"] = (_, other) => other.Tokens.Refresh,
            ["a device token"] = (_, other) => other.Device,
            ["a word"] = (_, _) => "token",
            ["dots"] = (_, _) => "..",
            ["many dots"] = (_, _) => new string('.', 4_000),
        };

    private static string Good(Forger forger) => forger.Good;

    private static string Unsigned(Forger f, string algorithm) =>
        $"{Forger.Encode(Forger.Change(f.Header, h => h["alg"] = algorithm))}.{f.ClaimsPart}.";

    private static string Again(string json, string name, string value) => $"{json[..^1]},\"{name}\":\"{value}\"}}";

    // Of six bits the last character of 64 bytes carries two; the other four are zero where this installation writes it.
    private static char Next(char last) => (char)(last + 1);

    private static string SignedByOther(Forger forger)
    {
        using var other = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var text = forger.HeaderPart + "." + forger.ClaimsPart;
        return text + "." + Base64Url.EncodeToString(other.SignData(System.Text.Encoding.ASCII.GetBytes(text), HashAlgorithmName.SHA256));
    }

    private static JsonObject PublicKeyOf(ECDsa key)
    {
        var point = key.ExportParameters(includePrivateParameters: false).Q;
        return new JsonObject
        {
            ["kty"] = "EC",
            ["crv"] = "P-256",
            ["x"] = Base64Url.EncodeToString(point.X),
            ["y"] = Base64Url.EncodeToString(point.Y),
        };
    }
}
