using System.Globalization;
using System.Net;
using Gatehouse.Core.Actors;
using Gatehouse.Encryption;
using Gatehouse.Web;

namespace Gatehouse.Identity.Data;

/// <summary>Networks as they are counted and stored: by a keyed hash.</summary>
internal static class NetworkIndex
{
    /// <summary>Of the address of IPv4, of the /64 of IPv6: what one subscriber commonly holds.</summary>
    public static BlindIndexEntry OfNetwork(this BlindIndex blindIndex, Actor actor)
    {
        // Stored by this text: the prefix stays, whatever else is called so.
        var network = IPAddress.TryParse(actor.Client, out var address)
            ? string.Create(CultureInfo.InvariantCulture, $"SignIn:{RateLimitKey.NetworkOf(address):x32}")
            : actor.Client;
        return blindIndex.Compute(actor.Tenant.Id, "throttle|network", network);
    }
}
