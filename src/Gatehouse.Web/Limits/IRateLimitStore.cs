using System.Buffers.Binary;
using System.Globalization;
using System.Net;
using System.Net.Sockets;

namespace Gatehouse.Web;

/// <summary>Counts requests. What it holds may be lost without harm: a lost count only means some more requests.</summary>
public interface IRateLimitStore
{
    /// <summary>Takes one permit if there is one; a rejected request does not prolong the window.</summary>
    ValueTask<RateLimitCount> TakeAsync(RateLimitKey key, RateLimitRule rule, CancellationToken cancellationToken);
}

/// <param name="Remaining">Permits left in this window.</param>
/// <param name="Reset">Time until the window ends.</param>
public readonly record struct RateLimitCount(bool Allowed, int Remaining, TimeSpan Reset);

/// <summary>Who is counted for what.</summary>
public readonly record struct RateLimitKey(RateLimitPolicy Policy, UInt128 Network)
{
    public static RateLimitKey Of(RateLimitPolicy policy, IPAddress? client) => new(policy, NetworkOf(client));

    /// <summary>
    /// IPv4 by address, also when it arrives mapped into IPv6; IPv6 by /64, because one subscriber commonly holds all 2^64 addresses of it.
    /// Connections without an address (a socket in the file system) count together.
    /// </summary>
    public static UInt128 NetworkOf(IPAddress? client)
    {
        if (client is null)
            return 0;

        Span<byte> bytes = stackalloc byte[16];
        client.MapToIPv6().TryWriteBytes(bytes, out _);
        if (client.AddressFamily == AddressFamily.InterNetworkV6 && !client.IsIPv4MappedToIPv6)
            bytes[8..].Clear();
        return BinaryPrimitives.ReadUInt128BigEndian(bytes);
    }

    public override string ToString() => string.Create(CultureInfo.InvariantCulture, $"{Policy}:{Network:x32}");
}
