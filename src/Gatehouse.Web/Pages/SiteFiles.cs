using System.Security.Cryptography;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace Gatehouse.Web.Pages;

/// <summary>The files pages use. Their addresses carry a hash of the content, so browsers may keep them for ever.</summary>
public static class SiteFiles
{
    internal static readonly SiteFile Style = SiteFile.Of("css", "text/css; charset=utf-8");
    internal static readonly SiteFile Script = SiteFile.Of("js", "text/javascript; charset=utf-8");
    internal static readonly SiteFile Icon = SiteFile.Of("svg", "image/svg+xml");

    /// <summary>What is shown of a user without a photo. Others keep its address, so it stays the same.</summary>
    public const string NobodyPath = "/assets/nobody.svg";

    // What only some pages need, the others do not fetch.
    internal static readonly SiteFile ConsoleScript = SiteFile.Of("console.js", Script.Type);
    private static readonly SiteFile Photo = SiteFile.Of("photo.js", Script.Type);
    private static readonly SiteFile Nobody = SiteFile.Of("nobody.svg", "image/svg+xml");

    internal static IReadOnlyList<SiteFile> All { get; } = [Style, Script, ConsoleScript, Photo, Icon];

    /// <summary>The script of forms that have a photo.</summary>
    public static string PhotoScriptPath => Photo.Path;

    /// <summary>The picture at <see cref="NobodyPath"/>.</summary>
    public static IResult NobodyPicture => TypedResults.Bytes(Nobody.Content, Nobody.Type);

    public static void MapSiteFiles(this IEndpointRouteBuilder routes)
    {
        foreach (var file in All)
        {
            routes
                .MapGet(
                    file.Path,
                    (HttpContext http) =>
                    {
                        http.Response.Headers.CacheControl = "public, max-age=31536000, immutable";
                        return TypedResults.Bytes(file.Content, file.Type);
                    }
                )
                .ExcludeFromDescription()
                .LimitBy(RateLimitPolicy.None)
                .AllowAnonymous();
        }

        routes
            .MapGet(
                NobodyPath,
                (HttpContext http) =>
                {
                    http.Response.Headers.CacheControl = "public, max-age=86400";
                    return NobodyPicture;
                }
            )
            .WithMetadata(EmbeddableMark.Instance)
            .ExcludeFromDescription()
            .LimitBy(RateLimitPolicy.None)
            .AllowAnonymous();
    }
}

internal sealed record SiteFile(string Path, byte[] Content, string Type)
{
    public static SiteFile Of(string extension, string type)
    {
        using var resource = typeof(SiteFile).Assembly.GetManifestResourceStream("Pages/site." + extension)!;
        using var bytes = new MemoryStream();
        resource.CopyTo(bytes);
        var content = bytes.ToArray();
        return new SiteFile($"/assets/site.{Convert.ToHexStringLower(SHA256.HashData(content))[..16]}.{extension}", content, type);
    }
}
