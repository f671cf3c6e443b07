using Gatehouse.Contracts.Tenants;
using Gatehouse.Web;
using Microsoft.AspNetCore.Http;

namespace Gatehouse.OpenId.SignIn;

/// <summary>
/// Under which name the provider answers a request: each verified domain of a tenant is a provider of its own, and all else is the one of
/// the installation (record 111). What began at one of them goes on there only.
/// </summary>
internal sealed class Issuers(ITenantDirectory tenants, HttpOptions options)
{
    /// <summary>That of a request whose tenant is known. A tenant that a header names at another host speaks under no name of its
    /// own.</summary>
    public async ValueTask<Issuer> OfAsync(HttpContext http) =>
        await tenants.FindByHostAsync(http.Request.Host.Host, http.RequestAborted) is { } tenant && tenant.Id == http.Actor().Tenant.Id
            ? AtHost(http)
            : Of(domain: null);

    /// <summary>The one that the host of a request leads to; null for a host that leads to no tenant.</summary>
    public async ValueTask<Issuer?> FindAsync(HttpContext http)
    {
        var host = http.Request.Host.Host;
        if (await tenants.FindByHostAsync(host, http.RequestAborted) is not null)
            return AtHost(http);
        return await tenants.FindDefaultAsync(host, http.RequestAborted) is null ? null : Of(domain: null);
    }

    /// <summary>The one under which something began; null if another tenant has the domain by now. One that is nobody's any more is what
    /// the application still knows it by.</summary>
    public async ValueTask<Issuer?> FindAsync(Guid tenant, string? domain, CancellationToken cancellationToken) =>
        domain is null || (await tenants.FindByHostAsync(domain, cancellationToken) is not { } owner || owner.Id == tenant)
            ? Of(domain)
            : null;

    private Issuer AtHost(HttpContext http)
    {
        var domain = DomainName.OfHost(http.Request.Host.Host);
        return Of(options.IsPublicHost(domain) ? null : domain);
    }

    private Issuer Of(string? domain) => new(options.BaseOf(domain)) { Domain = domain };
}

/// <summary>A name of the provider.</summary>
/// <param name="Url">Without a slash at the end.</param>
internal sealed record Issuer(string Url)
{
    /// <summary>The verified domain; null for the host of <c>Http:PublicUrl</c>.</summary>
    public required string? Domain { get; init; }
}
