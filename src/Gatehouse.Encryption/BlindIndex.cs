using System.Security.Cryptography;
using System.Text;

namespace Gatehouse.Encryption;

/// <summary>
/// Finds an encrypted contact address by equality: a keyed hash of tenant, kind and canonical value. Without the key, neither a value nor
/// the sameness of values across tenants can be read from it.
/// </summary>
public sealed class BlindIndex(ServerKeys keys)
{
    /// <summary>Version of the key, stored beside each entry so that a new key can be brought in while both are checked.</summary>
    public const short Version = ServerKeys.FirstVersion;

    /// <param name="kind"><c>email</c>; the same text as another kind of identifier gives another entry.</param>
    public BlindIndexEntry Compute(Guid tenantId, string kind, string canonicalValue) =>
        new(HMACSHA256.HashData(keys.Get(ServerKeys.BlindIndex), Encoding.UTF8.GetBytes($"{tenantId:N}|{kind}|{canonicalValue}")));
}
