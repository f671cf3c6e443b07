using Gatehouse.Audit;
using Gatehouse.Core.Configuration;
using Gatehouse.Docs;
using Gatehouse.Identity;
using Gatehouse.Messaging.Transports.Kafka;
using Gatehouse.Notifications;
using Gatehouse.OpenId;
using Gatehouse.Organizations;
using Gatehouse.Split;
using Gatehouse.Web;
using Gatehouse.Web.Admin;
using Gatehouse.Web.DataProtection;
using Gatehouse.Web.Events;
using Gatehouse.Web.Files;
using Gatehouse.Web.Jobs;
using Gatehouse.Web.Modules;
using Gatehouse.Web.Operations;
using Gatehouse.Web.Pages;
using Gatehouse.Web.Rpc;
using Gatehouse.Web.Startup;
using Gatehouse.Webhooks;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;

namespace Gatehouse;

/// <summary>The modules in one call, for embedding in another ASP.NET Core program.</summary>
public static class GatehouseExtensions
{
    internal static readonly IModule[] Modules =
    [
        new IdentityModule(),
        new OrganizationsModule(),
        new OpenIdModule(),
        new NotificationsModule(),
        new WebhooksModule(),
        new AuditModule(),
    ];

    /// <summary>
    /// Adds everything Gatehouse needs; its settings stand under <c>Gatehouse:</c> in <paramref name="configuration"/> (docs/settings.md).
    /// <para>Own endpoints of the program may ask for a signed-in user by <c>[Authorize]</c> or <c>RequireAuthorization()</c> and read
    /// <c>HttpContext.User</c>: the scheme <see cref="GatehouseAuthentication.Scheme"/> is the default one unless the program names
    /// another. An own endpoint that says nothing stays what it is without Gatehouse: open, or as the program's own fallback policy says.
    /// An endpoint of Gatehouse that says nothing is rejected.</para>
    /// <para>The framework's own logs begin at warnings, because its lines about requests name paths, and a path can hold a username. The
    /// framework's scope of a request names the path, too: a program whose logger writes scopes (<c>IncludeScopes</c>) writes it.</para>
    /// </summary>
    public static IServiceCollection AddGatehouse(this IServiceCollection services, IConfiguration configuration)
    {
        services.AddAntiforgery(forms =>
        {
            forms.FormFieldName = FormToken.FieldName;
            forms.HeaderName = null;
            forms.Cookie = new HostCookie
            {
                Name = FormToken.CookieName,
                HttpOnly = true,
                SameSite = SameSiteMode.Lax,
                Path = "/",
            };
        });
        services.AddLogging(LogFilters.Add);
        services.AddSettings<SplitOptions>(configuration, "Split");
        services.AddOptions<SplitOptions>().PostConfigure<KafkaOptions>((split, kafka) => split.HasBroker = kafka.Servers.Length > 0);
        var split = SettingsCatalog.Read<SplitOptions>(configuration, "Split");
        services.AddGatehouseFoundation(configuration, hasKeys: split.Runs("identity"));
        services.AddGatehouseRpc(configuration, answers: split.Runs("identity"));
        services.AddGatehouseDocs(configuration);
        foreach (var module in Modules)
        {
            // Identity cannot be built without some, nor others without it; settings that say so are rejected when all are checked.
            var isHere = module switch
            {
                AuditModule or OrganizationsModule => split.Runs(module.Name) || split.Runs("identity"),
                OpenIdModule or WebhooksModule => split.Runs(module.Name) && split.Runs("identity"),
                _ => split.Runs(module.Name),
            };
            if (isHere)
                services.AddModule(module, configuration);
            else
                services.AddAbsentModule(module, configuration);
        }

        services.RemoveEagerKeyRead();
        if (split.Port > 0 && split.Runs("identity"))
            services.AddSplitServer();
        if (split.Runs("identity"))
            services.AddSingleton<IAddressIndex, LocalAddressIndex>();
        else
            services.AddRemoteIdentity(configuration);
        if (!split.Runs("audit"))
            services.AddAuditForwarding();
        return services;
    }

    /// <summary>
    /// Validates the settings, and puts headers, rejections, limits, routing, authentication and authorization in place. Goes first in the
    /// pipeline, once; the program needs neither <c>UseRouting</c> nor <c>UseAuthentication</c> nor <c>UseAuthorization</c> beside it.
    /// </summary>
    /// <exception cref="SettingsException">Some settings cannot be used; the message names all of them.</exception>
    public static IApplicationBuilder UseGatehouse(this IApplicationBuilder app)
    {
        app.ApplicationServices.CheckSettings();
        app.Use(app.ApplicationServices.GetRequiredService<Draining>().CloseConnectionAsync);
        app.UseGatehouseHttp();
        app.UseGatehouseAuthentication();
        app.UseGatehouseDocs();
        return app;
    }

    /// <summary>Maps every operation and page.</summary>
    public static IEndpointRouteBuilder MapGatehouse(this IEndpointRouteBuilder routes)
    {
        var own = routes.MapOwn();
        own.MapSiteFiles();
        own.MapLanguageChoice();
        own.MapConsole();
        own.MapHealth();
        own.MapGatehouseDocs();
        if (routes.ServiceProvider.GetRequiredService<SplitOptions>().Runs("identity"))
        {
            own.MapEvents();
            own.MapOperations();
            own.MapJobs();
            own.MapFiles();
        }

        foreach (var module in routes.ServiceProvider.GetServices<IModule>())
            own.MapModule(module);
        return routes;
    }
}
