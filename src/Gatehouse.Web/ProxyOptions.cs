using System.ComponentModel.DataAnnotations;
using System.Net;
using Gatehouse.Core.Configuration;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.HttpOverrides;
using Microsoft.Extensions.Options;
using IPNetwork = System.Net.IPNetwork;

namespace Gatehouse.Web;

/// <summary>Reverse proxies in front of the server.</summary>
public sealed class ProxyOptions : ICheckSettings
{
    /// <summary>
    /// Addresses (<c>192.0.2.7</c>) and networks (<c>10.0.0.0/8</c>) whose <c>X-Forwarded-For</c>, <c>-Proto</c> and <c>-Host</c> are
    /// trusted. Without any, these headers are ignored and the address of the connection is used.
    /// </summary>
    public string[] Trusted { get; set; } = [];

    public IEnumerable<ValidationResult> Check(SettingsMode mode)
    {
        if (Trusted.Any(entry => !IPAddress.TryParse(entry, out _) && !IPNetwork.TryParse(entry, out _)))
            yield return new ValidationResult("each item must be an address or a network such as 10.0.0.0/8", [nameof(Trusted)]);
    }
}

/// <summary>Makes the framework believe exactly the configured proxies.</summary>
internal sealed class ConfigureForwardedHeaders(IOptions<ProxyOptions> proxies) : IConfigureOptions<ForwardedHeadersOptions>
{
    /// <summary>
    /// The framework reads the list of addresses with quoted strings, which it does not have: one stray quote from the client would
    /// swallow what the proxy appended, and the client would pass for the proxy.
    /// </summary>
    public static void DropQuotes(IHeaderDictionary headers)
    {
        if (
            headers.TryGetValue(ForwardedHeadersDefaults.XForwardedForHeaderName, out var list)
            && list.ToString().Contains('"', StringComparison.Ordinal)
        )
            headers[ForwardedHeadersDefaults.XForwardedForHeaderName] = list.ToString().Replace("\"", "", StringComparison.Ordinal);
    }

    public static bool IsTrusted(ForwardedHeadersOptions options, IPAddress? address)
    {
        if (address is null)
            return false;
        if (address.IsIPv4MappedToIPv6)
            address = address.MapToIPv4();
        return options.KnownProxies.Contains(address) || options.KnownIPNetworks.Any(network => network.Contains(address));
    }

    public void Configure(ForwardedHeadersOptions options)
    {
        // The framework trusts loopback by default, and everybody once both lists are empty.
        options.KnownProxies.Clear();
        options.KnownIPNetworks.Clear();
        foreach (var entry in proxies.Value.Trusted)
        {
            if (IPAddress.TryParse(entry, out var address))
                options.KnownProxies.Add(address);
            else if (IPNetwork.TryParse(entry, out var network))
                options.KnownIPNetworks.Add(network);
        }

        if (options.KnownProxies.Count + options.KnownIPNetworks.Count == 0)
        {
            options.ForwardedHeaders = ForwardedHeaders.None;
            return;
        }

        // No limit on the hops: the walk ends at the first address that is not trusted.
        options.ForwardLimit = null;
        options.ForwardedHeaders = ForwardedHeaders.XForwardedFor | ForwardedHeaders.XForwardedProto | ForwardedHeaders.XForwardedHost;
    }
}
