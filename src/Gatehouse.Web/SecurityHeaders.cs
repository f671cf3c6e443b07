using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Hosting;

namespace Gatehouse.Web;

/// <summary>The Content-Security-Policy of an endpoint's answers.</summary>
public sealed record ContentPolicy(string Value)
{
    /// <summary>For data: nothing may be loaded, framed or sent from it.</summary>
    public static readonly ContentPolicy Api = new("default-src 'none'; frame-ancestors 'none'; base-uri 'none'; form-action 'none'");

    /// <summary>For our own pages: styles, scripts and pictures from this server only, nothing inline.</summary>
    public static readonly ContentPolicy Page = new(
        "default-src 'none'; style-src 'self'; script-src 'self'; img-src 'self' data:; font-src 'self'; connect-src 'self'; "
            + "form-action 'self'; base-uri 'none'; frame-ancestors 'none'"
    );

    /// <summary>For a page of ours whose form leads to another address in the end: browsers look at where redirects lead, too.</summary>
    public static ContentPolicy PageTo(Uri address) =>
        new(Page.Value.Replace("form-action 'self'", "form-action 'self' " + SourceOf(address), StringComparison.Ordinal));

    /// <summary>The same for a page of ours that shows a part of another server.</summary>
    public ContentPolicy Allowing(IReadOnlyList<string> scripts, IReadOnlyList<string> frames, IReadOnlyList<string> connections) =>
        new(With(With(With(Value, "script-src", scripts), "frame-src", frames), "connect-src", connections));

    private static string With(string policy, string directive, IReadOnlyList<string> sources)
    {
        if (sources.Count == 0)
            return policy;
        var list = string.Join(' ', sources);
        return policy.Contains(directive + ' ', StringComparison.Ordinal)
            ? policy.Replace(directive + ' ', $"{directive} {list} ", StringComparison.Ordinal)
            : $"{policy}; {directive} {list}";
    }

    // The policy has no form for the address of an IPv6 host, and none but the scheme for an application of its own.
    private static string SourceOf(Uri address) =>
        address.Scheme is "http" or "https" && address.HostNameType != UriHostNameType.IPv6
            ? $"{address.Scheme}://{address.IdnHost}" + (address.IsDefaultPort ? "" : ":" + address.Port)
            : address.Scheme + ":";
}

/// <summary>Names the content policy of an endpoint.</summary>
public static class ContentPolicyExtensions
{
    public static TBuilder WithContentPolicy<TBuilder>(this TBuilder builder, ContentPolicy policy)
        where TBuilder : IEndpointConventionBuilder => builder.WithMetadata(policy);
}

/// <summary>Headers every answer carries, rejections and failures included (OWASP Secure Headers).</summary>
internal sealed class SecurityHeaders(RequestDelegate next, IHostEnvironment environment)
{
    private const string Denied =
        "accelerometer=(), bluetooth=(), browsing-topics=(), camera=(), display-capture=(), geolocation=(), gyroscope=(), hid=(), "
        + "idle-detection=(), magnetometer=(), microphone=(), midi=(), payment=(), serial=(), usb=(), xr-spatial-tracking=()";

    private readonly bool development = environment.IsDevelopment();

    public Task InvokeAsync(HttpContext http)
    {
        // Set when the answer starts: the exception handler clears the headers of a failed request.
        http.Response.OnStarting(() =>
        {
            Set(http);
            return Task.CompletedTask;
        });
        return next(http);
    }

    private void Set(HttpContext http)
    {
        var headers = http.Response.Headers;
        var policy = http.Features.Get<ContentPolicy>() ?? http.GetEndpoint()?.Metadata.GetMetadata<ContentPolicy>() ?? ContentPolicy.Api;
        headers.ContentSecurityPolicy = policy.Value;
        headers.XContentTypeOptions = "nosniff";
        headers.XFrameOptions = "DENY";
        headers["Referrer-Policy"] = "no-referrer";
        headers["Permissions-Policy"] = Denied;
        headers["Cross-Origin-Opener-Policy"] = "same-origin";
        headers["Cross-Origin-Resource-Policy"] = http.HasMark<EmbeddableMark>() ? "cross-origin" : "same-origin";
        if (headers.CacheControl.Count == 0)
            headers.CacheControl = "no-store";

        // Also without TLS of our own: usually a proxy ends it, and browsers ignore the header over plain HTTP (RFC 6797, section 8.1).
        if (!development)
            headers.StrictTransportSecurity = "max-age=63072000; includeSubDomains";
    }
}
