using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.HttpOverrides;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace Gatehouse.Web;

/// <summary>
/// Says once in the log that a proxy speaks to us which the settings do not name. Goes before the middleware that takes over what trusted
/// proxies say.
/// </summary>
internal sealed partial class UntrustedProxyWarning(
    RequestDelegate next,
    IOptions<ForwardedHeadersOptions> forwarding,
    ILogger<UntrustedProxyWarning> logger
)
{
    private readonly ForwardedHeadersOptions options = forwarding.Value;
    private int said;

    public Task InvokeAsync(HttpContext http)
    {
        if (
            Volatile.Read(ref said) == 0
            && http.Request.Headers.ContainsKey(ForwardedHeadersDefaults.XForwardedProtoHeaderName)
            && http.Connection.RemoteIpAddress is { } peer
            && !ConfigureForwardedHeaders.IsTrusted(options, peer)
            && Interlocked.Exchange(ref said, 1) == 0
        )
            Log.Untrusted(logger, ClientNetwork.Describe(peer));
        return next(http);
    }

    private static partial class Log
    {
        [LoggerMessage(
            1,
            LogLevel.Warning,
            "A request from the network {Network} carries X-Forwarded-Proto, which is ignored: "
                + "Gatehouse:Proxies:Trusted does not name that proxy. Unless it is set "
                + "(GATEHOUSE__PROXIES__TRUSTED), rate limits and sessions see the proxy instead of its clients, "
                + "and forms from any address but Gatehouse:Http:PublicUrl are rejected"
        )]
        public static partial void Untrusted(ILogger logger, string network);
    }
}
