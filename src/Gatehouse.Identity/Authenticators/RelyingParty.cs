using Gatehouse.Contracts.Tenants;
using Gatehouse.Web;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Hosting;

namespace Gatehouse.Identity.Authenticators;

/// <summary>Who asks for a passkey: the one origin whose pages may, such as <c>https://accounts.example.com</c>, and its host name, which
/// passkeys are bound to.</summary>
internal sealed record RelyingParty(Uri Origin)
{
    public string Id => Origin.IdnHost;

    /// <summary>Whether the browser names that origin. Browsers write origins in one form only.</summary>
    /// <param name="anyPort">Whether the port does not matter.</param>
    public bool Matches(string? origin, bool anyPort) =>
        origin == Origin.GetLeftPart(UriPartial.Authority)
        || (
            anyPort
            && Uri.TryCreate(origin, UriKind.Absolute, out var other)
            && other.Scheme == Origin.Scheme
            && other.Host == Origin.Host
            && other.UserInfo.Length == 0
            && other.GetLeftPart(UriPartial.Authority) == origin
        );
}

/// <summary>Finds it for a request: at a domain that its tenant has verified that domain, everywhere else the public address.</summary>
internal sealed class RelyingParties(HttpOptions options, ITenantDirectory tenants, IHostEnvironment environment)
{
    /// <summary>In development mode a front end may stand at another port of the same machine.</summary>
    public bool AnyPort => environment.IsDevelopment();

    public async ValueTask<RelyingParty> OfAsync(HttpContext http)
    {
        var host = DomainName.OfHost(http.Request.Host.Host);
        var isDomain =
            !options.IsPublicHost(host) && (await tenants.FindByHostAsync(host, http.RequestAborted))?.Id == http.Actor().Tenant.Id;
        return new RelyingParty(new Uri(options.BaseOf(isDomain ? host : null)));
    }
}
