using Gatehouse.Core.Configuration;
using Gatehouse.Web;
using Gatehouse.Web.Pages;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;

namespace Gatehouse.Docs;

/// <summary>The documents of the interfaces, and the pages at <c>/docs</c> that show them to people.</summary>
internal static class DocsPages
{
    public static void AddGatehouseDocs(this IServiceCollection services, IConfiguration configuration)
    {
        services.AddSettings<DocsOptions>(configuration, "Docs");
        services.AddTexts(typeof(DocsPages).Assembly);
        services.AddGatehouseOpenApi();
    }

    public static void UseGatehouseDocs(this IApplicationBuilder app)
    {
        if (AreShown(app.ApplicationServices))
            ApiViewer.Use(app);
    }

    public static void MapGatehouseDocs(this IEndpointRouteBuilder routes)
    {
        routes.MapGatehouseOpenApi();
        AsyncApi.Map(routes);
        if (!AreShown(routes.ServiceProvider))
            return;
        ApiViewer.MapFiles(routes);
        routes
            .MapPages()
            .MapGet("/docs", (HttpContext http) => http.Page<DocsPage>(new Dictionary<string, object?>(StringComparer.Ordinal)))
            .AllowAnonymous();
    }

    private static bool AreShown(IServiceProvider services) =>
        services.GetRequiredService<DocsOptions>().AreShown(services.GetRequiredService<IHostEnvironment>());
}
