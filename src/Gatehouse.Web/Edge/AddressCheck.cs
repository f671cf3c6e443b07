using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.HttpOverrides;
using Microsoft.Extensions.Options;

namespace Gatehouse.Web;

/// <summary>
/// Rejects a request whose address is none: a host that is no host, whoever named it, or control characters in path or query. Everything
/// behind may rely on both. Goes around the middleware that takes over what trusted proxies say.
/// </summary>
internal sealed class AddressCheck(RequestDelegate next, IOptions<ForwardedHeadersOptions> forwarding)
{
    private readonly ForwardedHeadersOptions options = forwarding.Value;

    public Task InvokeAsync(HttpContext http) => IsGood(http.Request) && SaysGoodHosts(http) ? next(http) : RejectAsync(http);

    /// <summary>The half that runs after the proxies were heard.</summary>
    public static Task CheckHostAsync(HttpContext http, RequestDelegate next) =>
        http.Request.Headers.Host is { Count: 1 } hosts && HostNames.IsValid(hosts[0]) ? next(http) : RejectAsync(http);

    private static bool IsGood(HttpRequest request) =>
        !ControlCharacters.Has(request.Path.Value) && !ControlCharacters.Has(Uri.UnescapeDataString(request.QueryString.Value ?? ""));

    // The framework would pass over a bad value and take the host that the proxy calls us by.
    private bool SaysGoodHosts(HttpContext http) =>
        !options.ForwardedHeaders.HasFlag(ForwardedHeaders.XForwardedHost)
        || !ConfigureForwardedHeaders.IsTrusted(options, http.Connection.RemoteIpAddress)
        || http.Request.Headers[options.ForwardedHostHeaderName]
            .SelectMany(value => (value ?? "").Split(','))
            .All(host => HostNames.IsValid(host.Trim()));

    private static Task RejectAsync(HttpContext http)
    {
        // What writes the rejection asks for the host, too; no host has this name (RFC 6761, 6.4).
        http.Request.Host = new HostString("invalid");
        return RequestErrors.Malformed.ToProblem().ExecuteAsync(http);
    }
}
