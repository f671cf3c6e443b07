using Gatehouse.Web.Modules;
using Gatehouse.Web.Pages;
using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;

namespace Gatehouse.Web.Admin;

/// <summary>The console: pages for administrators, at home in the modules, and what all of them stand on.</summary>
public static class ConsoleHome
{
    public const string Path = PageFrame.ConsolePath;

    internal static IServiceCollection AddGatehouseConsole(this IServiceCollection services) =>
        services
            .AddRequests(ConsoleJson.Default)
            .AddSingleton<IAuthorizationHandler, ConsoleHandler>()
            .AddPermissions(SystemPermissions.All)
            .AddConsoleEntry(EventPages.Entry)
            .AddConsoleEntry(JobPages.Entry)
            .AddSingleton<JobActs>()
            .AddSingleton<OperationActs>()
            .AddConsoleEntry(SystemPages.Deliveries)
            .AddConsoleEntry(SystemPages.Health);

    public static void MapConsole(this IEndpointRouteBuilder routes)
    {
        var pages = routes.MapPages();
        pages.MapGet(Path, (Delegate)ShowAsync).RequireConsole();
        FindPages.Map(pages);
        ActingTenant.Map(pages);
        EventPages.Map(pages);
        SystemPages.Map(pages);
        JobPages.Map(routes);
        OperationPages.Map(routes);
    }

    /// <summary>What other modules show on a page of the console.</summary>
    public static async Task<IReadOnlyList<ConsoleFragment>> PartsAsync(this HttpContext http, string of, Guid id)
    {
        var fragments = new List<ConsoleFragment>();
        foreach (var part in http.RequestServices.GetServices<IConsolePart>().Where(p => p.Of == of).OrderBy(p => p.Order))
        {
            if (await part.ShowAsync(id, http.Actor(), http.RequestAborted) is { } fragment)
                fragments.Add(fragment);
        }

        return fragments;
    }

    private static async Task<IResult> ShowAsync(HttpContext http) =>
        http.Page<HomePage>(
            new Dictionary<string, object?>(StringComparer.Ordinal)
            {
                [nameof(HomePage.Fragments)] = await http.PartsAsync(Path, Guid.Empty),
            }
        );
}
