using System.Security.Cryptography;
using System.Text;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Extensions;

namespace Gatehouse.Web;

/// <summary>
/// Tells two requests apart without keeping them. Keyed, because a plain hash of a body holding a password could be searched for it
/// offline.
/// </summary>
public sealed class IdempotencyFingerprint(Func<byte[]> key)
{
    public byte[] Of(HttpRequest request, ReadOnlySpan<byte> body)
    {
        using var hmac = IncrementalHash.CreateHMAC(HashAlgorithmName.SHA256, key());
        hmac.AppendData(Encoding.UTF8.GetBytes($"{request.Method} {request.GetEncodedPathAndQuery()}\n"));
        hmac.AppendData(body);
        return hmac.GetHashAndReset();
    }
}
