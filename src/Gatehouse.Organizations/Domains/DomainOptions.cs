using System.ComponentModel.DataAnnotations;
using System.Net;
using Gatehouse.Core.Configuration;

namespace Gatehouse.Organizations.Domains;

/// <summary>How control of a tenant's domain is checked.</summary>
public sealed class DomainOptions : ICheckSettings
{
    /// <summary>
    /// Name servers that are asked for TXT records, as IP addresses with or without a port (<c>192.0.2.53</c>, <c>[2001:db8::53]:53</c>).
    /// Default: those of the system. They are believed, so name resolvers that you trust.
    /// </summary>
    public string[] NameServers { get; set; } = [];

    /// <summary>Timeout for the TXT record and for the file, each, in seconds: 1 to 20, default 5.</summary>
    [Range(1, 20)]
    public int TimeoutSeconds { get; set; } = 5;

    /// <summary>
    /// Whether the file may be at a private address (loopback, 10.0.0.0/8, 192.168.0.0/16, link-local and other special ones), default
    /// false. Tenants choose the domain, so with true they make Gatehouse send requests into your network.
    /// </summary>
    public bool AllowPrivateAddresses { get; set; }

    /// <summary>
    /// Development mode only: URL of the server that is asked for the file of every domain, with the domain as <c>Host</c>, in place of
    /// <c>https://</c> and the domain.
    /// </summary>
    public Uri? FileServer { get; set; }

    public IEnumerable<ValidationResult> Check(SettingsMode mode)
    {
        if (NameServers.Any(server => !IPEndPoint.TryParse(server, out _)))
            yield return new ValidationResult("must be IP addresses such as 192.0.2.53 or 192.0.2.53:5353", [nameof(NameServers)]);
        if (FileServer is not null && mode != SettingsMode.Development)
            yield return new ValidationResult("exists in development mode only", [nameof(FileServer)]);
        else if (FileServer is not null && FileServer.Scheme is not ("http" or "https"))
            yield return new ValidationResult("must begin with http:// or https://", [nameof(FileServer)]);
    }
}
