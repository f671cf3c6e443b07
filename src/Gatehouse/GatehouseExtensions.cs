using Gatehouse.Audit;
using Gatehouse.Core.Templates;
using Gatehouse.Identity;
using Gatehouse.Notifications;
using Gatehouse.Web;
using Gatehouse.Web.Modules;
using Gatehouse.Web.Pages;
using Gatehouse.Web.Startup;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;

namespace Gatehouse;

/// <summary>The modules in one call, for embedding in another ASP.NET Core program.</summary>
public static class GatehouseExtensions
{
    private static readonly IModule[] Modules = [new IdentityModule(), new NotificationsModule(), new AuditModule()];

    /// <summary>Adds everything Gatehouse needs; its settings stand under <c>Gatehouse:</c> in <paramref name="configuration"/> (docs/settings.md).</summary>
    public static IServiceCollection AddGatehouse(this IServiceCollection services, IConfiguration configuration)
    {
        services.AddAntiforgery(forms =>
        {
            forms.FormFieldName = FormToken.FieldName;
            forms.HeaderName = null;
            forms.Cookie = new HostCookie { Name = FormToken.CookieName, HttpOnly = true, SameSite = SameSiteMode.Lax, Path = "/" };
        });
        services.AddGatehouseFoundation(configuration);
        services.AddGatehouseOpenApi();
        foreach (var module in Modules)
        {
            // Texts of all modules: a split notification process writes the mails of modules it does not run.
            services.AddTemplates(module.GetType().Assembly);
            module.AddServices(services, configuration);
            services.AddSingleton(module);
        }

        return services;
    }

    /// <summary>Puts headers, refusals, limits and routing in place. Goes first in the pipeline.</summary>
    public static IApplicationBuilder UseGatehouse(this IApplicationBuilder app)
    {
        app.Use(app.ApplicationServices.GetRequiredService<Draining>().CloseConnectionAsync);
        app.UseGatehouseHttp();
        app.UseGatehouseDocs();
        return app;
    }

    /// <summary>Maps every operation and page.</summary>
    public static IEndpointRouteBuilder MapGatehouse(this IEndpointRouteBuilder routes)
    {
        routes.MapSiteFiles();
        routes.MapLanguageChoice();
        routes.MapHealth();
        routes.MapGatehouseOpenApi();
        foreach (var module in routes.ServiceProvider.GetServices<IModule>()) module.MapEndpoints(routes);
        return routes;
    }
}
