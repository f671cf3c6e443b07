using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json.Nodes;
using Gatehouse.Encryption;
using Gatehouse.SystemTests.Harness;

namespace Gatehouse.SystemTests.Identity.Tokens;

/// <summary>Makes tokens as whoever stole the signing key could, from a good one.</summary>
internal sealed class Forger : IDisposable
{
    private readonly TokenPair good;

    private Forger(StoredSigningKey key, TokenPair good)
    {
        Key = ECDsa.Create();
        Key.ImportPkcs8PrivateKey(key.Pkcs8, out _);
        this.good = good;
    }

    public ECDsa Key { get; }

    public string Good => good.Access;

    public string HeaderPart => Good.Split('.')[0];

    public string ClaimsPart => Good.Split('.')[1];

    public string SignaturePart => Good.Split('.')[2];

    /// <summary>The good token's parts as JSON text.</summary>
    public string Header => Decode(HeaderPart);

    public string Claims => Decode(ClaimsPart);

    /// <summary>Under the key that signed the good token.</summary>
    public static async Task<Forger> StealAsync(TestApp app, TokenPair good)
    {
        var id = JsonNode.Parse(Decode(good.Access.Split('.')[0]))!["kid"]!.GetValue<string>();
        var keys = await app.Services.GetRequiredService<SigningKeyStore>().ListAsync(SigningAlgorithm.Es256, CancellationToken.None);
        return new Forger(keys.Single(k => k.Id == id), good);
    }

    public string With(Action<JsonObject>? header = null, Action<JsonObject>? claims = null) =>
        Sign(Change(Header, header), Change(Claims, claims));

    /// <summary>A good signature under whatever is said.</summary>
    public string Sign(string header, string claims) => SignParts(Encode(header), Encode(claims));

    public string SignParts(string header, string claims)
    {
        var text = header + "." + claims;
        return text + "." + Base64Url.EncodeToString(Key.SignData(Encoding.ASCII.GetBytes(text), HashAlgorithmName.SHA256));
    }

    /// <summary>HMAC under what everybody can read, as confused verifiers would check it.</summary>
    public string SignByPublicKey(byte[] key)
    {
        var text = Encode(Change(Header, h => h["alg"] = "HS256")) + "." + ClaimsPart;
        return text + "." + Base64Url.EncodeToString(HMACSHA256.HashData(key, Encoding.ASCII.GetBytes(text)));
    }

    public static string Encode(string text) => Base64Url.EncodeToString(Encoding.UTF8.GetBytes(text));

    public static string Change(string json, Action<JsonObject>? change)
    {
        var members = JsonNode.Parse(json)!.AsObject();
        change?.Invoke(members);
        return members.ToJsonString();
    }

    public void Dispose() => Key.Dispose();

    private static string Decode(string part) => Encoding.UTF8.GetString(Base64Url.DecodeFromChars(part));
}
