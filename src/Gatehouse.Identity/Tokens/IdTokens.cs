using System.Buffers.Text;
using System.Text;
using Gatehouse.Encryption;
using Gatehouse.Web;

namespace Gatehouse.Identity.Tokens;

/// <summary>
/// Tokens that clients of OpenID Connect read: ID tokens and logout tokens, RS256 unless the client wants ES256. One that comes back as a
/// hint may have expired, but must be ours, under a key that is still published.
/// </summary>
internal sealed class IdTokens(SigningKeys keys, TimeProvider clock)
{
    private const string Type = "JWT";
    private const int MaxLength = 8192;

    public string Issue(IdTokenContent content)
    {
        var algorithm = content.Algorithm == SigningAlgorithm.Es256.Name ? SigningAlgorithm.Es256 : SigningAlgorithm.Rs256;
        var key = keys.CurrentOf(algorithm);
        var now = clock.GetUtcNow();
        var header = AccessTokens.Write(json =>
        {
            json.WriteString("alg", algorithm.Name);
            json.WriteString("typ", content.Type);
            json.WriteString("kid", key.Id);
        });
        var payload = AccessTokens.Write(json =>
        {
            json.WriteString("iss", content.Issuer);
            json.WriteString("aud", content.Audience);
            json.WriteNumber("iat", now.ToUnixTimeSeconds());
            json.WriteNumber("exp", (now + content.Lifetime).ToUnixTimeSeconds());
            foreach (var (name, value) in content.Claims)
                ClaimJson.Write(json, name, value);
        });
        var text = AccessTokens.Encode(header) + "." + AccessTokens.Encode(payload);
        return text + "." + Base64Url.EncodeToString(key.Sign(Encoding.ASCII.GetBytes(text)));
    }

    public async ValueTask<IdTokenFacts?> ReadAsync(string token, string issuer, CancellationToken cancellationToken)
    {
        if (token.Length > MaxLength || AccessTokenText.Split(token, Type) is not { } parts)
            return null;
        var algorithm = parts.Algorithm == SigningAlgorithm.Rs256.Name ? SigningAlgorithm.Rs256 : SigningAlgorithm.Es256;
        if (parts.Algorithm != algorithm.Name || await keys.FindAsync(algorithm, parts.KeyId, cancellationToken) is not { } key)
            return null;
        return key.Verify(parts.Signed, parts.Signature) ? AccessTokenText.ReadHint(parts, issuer) : null;
    }
}
