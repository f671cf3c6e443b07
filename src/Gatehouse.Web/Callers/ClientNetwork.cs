using System.Net;
using System.Net.Sockets;

namespace Gatehouse.Web;

/// <summary>The place a client calls from, coarse enough not to name a household: IPv4 to /24, IPv6 to /48.</summary>
public static class ClientNetwork
{
    /// <summary>Such as <c>203.0.113.0/24</c>; empty for a connection without an address.</summary>
    public static string Describe(IPAddress? address)
    {
        if (address is null)
            return "";
        if (address.IsIPv4MappedToIPv6)
            address = address.MapToIPv4();
        var (kept, prefix) = address.AddressFamily == AddressFamily.InterNetwork ? (3, 24) : (6, 48);
        var bytes = address.GetAddressBytes();
        bytes.AsSpan(kept).Clear();
        return $"{new IPAddress(bytes)}/{prefix}";
    }
}
