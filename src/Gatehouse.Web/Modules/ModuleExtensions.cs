using Gatehouse.Contracts.Access;
using Gatehouse.Core.Configuration;
using Gatehouse.Core.Postgres;
using Gatehouse.Core.Templates;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;

namespace Gatehouse.Web.Modules;

public static class ModuleExtensions
{
    public static IServiceCollection AddModule(this IServiceCollection services, IModule module, IConfiguration configuration)
    {
        var assembly = module.GetType().Assembly;
        services.AddMigrations(module.Name, assembly);
        services.AddTexts(assembly);
        services.AddTemplates(assembly);
        services.AddPermissions(module.Areas.SelectMany(area => area.Permissions));
        foreach (var area in module.Areas)
        {
            area.AddServices(services, configuration);
            foreach (var slice in area.Slices)
                slice.AddServices(services);
        }

        return services.AddSingleton(module);
    }

    /// <summary>A module that runs in another process: this one writes its mails, and bears its settings.</summary>
    public static IServiceCollection AddAbsentModule(this IServiceCollection services, IModule module, IConfiguration configuration)
    {
        services.AddTemplates(module.GetType().Assembly);
        services.AddPermissions(module.Areas.SelectMany(area => area.Permissions));
        return services.IgnoreSettings(elsewhere => elsewhere.AddModule(module, configuration));
    }

    /// <summary>Lets the settings stand that the services would read if they ran here.</summary>
    public static IServiceCollection IgnoreSettings(this IServiceCollection services, Action<IServiceCollection> add)
    {
        var elsewhere = new ServiceCollection();
        add(elsewhere);
        if (elsewhere.FindCatalog() is { } ignored)
            services.FindCatalog()?.Ignore(ignored);
        return services;
    }

    internal static IServiceCollection AddPermissions(this IServiceCollection services, IEnumerable<Permission> permissions)
    {
        var catalog = (PermissionCatalog?)services.LastOrDefault(s => s.ServiceType == typeof(PermissionCatalog))?.ImplementationInstance;
        if (catalog is null)
            services.AddSingleton(catalog = new PermissionCatalog());
        catalog.Add(permissions);
        return services;
    }

    private static SettingsCatalog? FindCatalog(this IServiceCollection services) =>
        (SettingsCatalog?)services.LastOrDefault(s => s.ServiceType == typeof(SettingsCatalog))?.ImplementationInstance;

    public static void MapModule(this IEndpointRouteBuilder routes, IModule module)
    {
        foreach (var area in module.Areas)
            area.CheckMachine(routes.ServiceProvider);
        foreach (var slice in module.Areas.SelectMany(area => area.Slices))
            slice.Map(routes);
    }
}
