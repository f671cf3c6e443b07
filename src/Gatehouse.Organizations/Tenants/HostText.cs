using System.Net;
using Gatehouse.Web;

namespace Gatehouse.Organizations.Tenants;

/// <summary>Host names of requests. Pure.</summary>
internal static class HostText
{
    /// <summary>The one form of all spellings: lower case, without the dot of the root, ASCII where it stands for another script.</summary>
    public static string Canonical(string host) => DomainName.OfHost(host);

    /// <summary>Whether the host is that of the address. Loopback has several names.</summary>
    public static bool IsSame(string host, Uri address) =>
        Canonical(host) is var name
        && (name.Equals(address.IdnHost, StringComparison.OrdinalIgnoreCase) || (address.IsLoopback && IsLoopback(name)));

    private static bool IsLoopback(string name) =>
        name == "localhost" || (IPAddress.TryParse(name.Trim('[', ']'), out var address) && IPAddress.IsLoopback(address));
}
