using Gatehouse.Web;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace Gatehouse.Docs;

/// <summary>Swagger UI, in which operations of the HTTP API can be tried.</summary>
internal static class ApiViewer
{
    public const string Path = "/docs/api";

    private static readonly byte[] Page = EmbeddedFile.Read("viewer.html");

    private static readonly (string Path, string Type)[] Files =
    [
        ("/docs/viewer.css", "text/css; charset=utf-8"),
        ("/docs/viewer.js", "text/javascript; charset=utf-8"),
    ];

    public static void Use(IApplicationBuilder app) =>
        app.UseWhen(
            context => context.Request.Path.StartsWithSegments(Path, StringComparison.Ordinal),
            viewer =>
            {
                viewer.Use(
                    (context, next) =>
                    {
                        context.Features.Set(ContentPolicy.Page);
                        // The viewer knows GET only; the server leaves out the body.
                        if (HttpMethods.IsHead(context.Request.Method))
                            context.Request.Method = HttpMethods.Get;
                        return next(context);
                    }
                );
                viewer.UseSwaggerUI(options =>
                {
                    options.RoutePrefix = Path.TrimStart('/');
                    options.IndexStream = () => new MemoryStream(Page);
                });
            }
        );

    public static void MapFiles(IEndpointRouteBuilder routes)
    {
        foreach (var (path, type) in Files)
        {
            var content = EmbeddedFile.Read(System.IO.Path.GetFileName(path));
            routes
                .MapGet(path, () => TypedResults.Bytes(content, type))
                .ExcludeFromDescription()
                .LimitBy(RateLimitPolicy.None)
                .AllowAnonymous();
        }
    }
}
