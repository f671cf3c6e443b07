using System.Security.Cryptography;
using Gatehouse.Runtime.Http;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace Gatehouse.Runtime.Pages;

/// <summary>The files pages use. Their addresses carry a hash of the content, so browsers may keep them for ever.</summary>
public static class SiteFiles
{
    private static readonly byte[] Style = Read("Pages/site.css");

    public static string StylePath { get; } = $"/assets/site.{Convert.ToHexStringLower(SHA256.HashData(Style))[..16]}.css";

    public static void MapSiteFiles(this IEndpointRouteBuilder routes) => routes
        .MapGet(StylePath, (HttpContext http) =>
        {
            http.Response.Headers.CacheControl = "public, max-age=31536000, immutable";
            return TypedResults.Bytes(Style, "text/css; charset=utf-8");
        })
        .ExcludeFromDescription()
        .LimitBy(RateLimitPolicy.None)
        .AllowAnonymous();

    private static byte[] Read(string name)
    {
        using var resource = typeof(SiteFiles).Assembly.GetManifestResourceStream(name)!;
        using var bytes = new MemoryStream();
        resource.CopyTo(bytes);
        return bytes.ToArray();
    }
}
