using System.Diagnostics.CodeAnalysis;
using System.Globalization;
using Gatehouse.Files;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.AspNetCore.Routing;

namespace Gatehouse.Web.Files;

/// <summary>
/// Serves the signed addresses of <see cref="LocalFiles"/>. The signature is all that counts; whatever is wrong with an address, there is
/// nothing at it.
/// </summary>
internal static class LocalFileEndpoints
{
    public static void Map(IEndpointRouteBuilder routes)
    {
        var files = routes
            .MapGroup(LocalFiles.Path)
            .WithMetadata(ReadyMark.Instance, EmbeddableMark.Instance)
            .RequireCors(CrossOriginPolicies.Name)
            .ExcludeFromDescription()
            .AllowAnonymous();
        files.MapGet("{**key}", (string key, LocalFiles local, TimeProvider clock, HttpContext http) => Read(key, local, clock, http));
        files.MapPut(
            "{**key}",
            (string key, LocalFiles local, TimeProvider clock, HttpContext http) => WriteAsync(key, local, clock, http)
        );
    }

    [SuppressMessage("Reliability", "CA2000", Justification = "The answer disposes what it is read from.")]
    private static IResult Read(string key, LocalFiles local, TimeProvider clock, HttpContext http)
    {
        if (Find(key, HttpMethods.Get, local, clock, http) is not { } file || local.Open(file.Key) is not { } content)
            return RequestErrors.NotFound.ToProblem();
        var remaining = file.ExpiresAt - clock.GetUtcNow().ToUnixTimeSeconds();
        http.Response.Headers.CacheControl = string.Create(CultureInfo.InvariantCulture, $"private, max-age={remaining}");
        // Only pictures are shown; what else a user sent is none of our pages.
        var isPicture = file.ContentType.StartsWith("image/", StringComparison.Ordinal);
        return TypedResults.Stream(content, file.ContentType, isPicture ? null : file.Key.Name);
    }

    private static async Task<IResult> WriteAsync(string key, LocalFiles local, TimeProvider clock, HttpContext http)
    {
        if (Find(key, HttpMethods.Put, local, clock, http) is not { } file)
            return RequestErrors.NotFound.ToProblem();
        if (http.Request.ContentType != file.ContentType)
            return RequestErrors.ContentType.ToProblem();
        if (http.Request.ContentLength > file.Size)
            return RequestErrors.TooLarge.ToProblem();
        if (http.Features.Get<IHttpMaxRequestBodySizeFeature>() is { IsReadOnly: false } limit)
            limit.MaxRequestBodySize = file.Size;
        return await local.WriteAsync(file.Key, http.Request.Body, file.Size, http.RequestAborted)
            ? TypedResults.Ok()
            : RequestErrors.Malformed.ToProblem();
    }

    private static SignedFile? Find(string key, string method, LocalFiles local, TimeProvider clock, HttpContext http)
    {
        var query = http.Request.Query;
        if (
            FileKey.Parse(key) is not { } parsed
            || !long.TryParse(query["size"], NumberStyles.None, CultureInfo.InvariantCulture, out var size)
            || !long.TryParse(query["expires"], NumberStyles.None, CultureInfo.InvariantCulture, out var expires)
        )
            return null;
        var file = new SignedFile(method, parsed, query["type"].ToString(), size, expires);
        return local.IsGenuine(file, query["signature"].ToString()) && expires > clock.GetUtcNow().ToUnixTimeSeconds() ? file : null;
    }
}
