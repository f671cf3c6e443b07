using System.Net;
using Gatehouse.Core.Actors;
using Gatehouse.Encryption;
using Gatehouse.Web;

namespace Gatehouse.Identity.Data;

/// <summary>Networks as they are counted and stored: by a keyed hash.</summary>
internal static class NetworkIndex
{
    /// <summary>Of the address of IPv4, of the /64 of IPv6: what one subscriber commonly holds.</summary>
    public static byte[] OfNetwork(this BlindIndex blindIndex, Caller caller)
    {
        var network = IPAddress.TryParse(caller.Client, out var address) ? RateLimitKey.Of(RateLimitPolicy.SignIn, address).ToString() : caller.Client;
        return blindIndex.Compute(caller.Tenant.Id, "throttle|network", network);
    }
}
