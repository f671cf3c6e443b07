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
        // Texts of all modules: a split notification process writes the mails of modules it does not run.
        services.AddTemplates(assembly);
        foreach (var area in module.Areas)
        {
            area.AddServices(services, configuration);
            foreach (var slice in area.Slices)
                slice.AddServices(services);
        }

        return services.AddSingleton(module);
    }

    public static void MapModule(this IEndpointRouteBuilder routes, IModule module)
    {
        foreach (var area in module.Areas)
            area.CheckMachine(routes.ServiceProvider);
        foreach (var slice in module.Areas.SelectMany(area => area.Slices))
            slice.Map(routes);
    }
}
