using Gatehouse.Core.Configuration;
using Gatehouse.Core.Hosting;
using Gatehouse.Files;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;

namespace Gatehouse.Web.Files;

/// <summary>The ways files are kept, one of which the settings choose; only that one is ever loaded.</summary>
public static class FileServices
{
    internal static IServiceCollection AddFiles(this IServiceCollection services, IConfiguration configuration)
    {
        services.AddSettings<FilesOptions>(configuration, "Files");
        services.AddKeyedSingleton<IFileProvider, S3Files>(S3Options.StoreName);
        services.AddKeyedSingleton<IFileProvider, AzureFiles>(AzureFilesOptions.StoreName);
        services.AddKeyedSingleton<IFileProvider, GoogleFiles>(GoogleFilesOptions.StoreName);
        return services.AddSingleton<FileStore>();
    }

    /// <summary>Its addresses are signed with a key of the installation.</summary>
    internal static IServiceCollection AddLocalFiles(this IServiceCollection services)
    {
        services.AddSingleton<LocalFiles>().AddStartupTask<LocalFiles>();
        return services.AddKeyedSingleton<IFileProvider>(
            LocalFilesOptions.StoreName,
            (provider, _) => provider.GetRequiredService<LocalFiles>()
        );
    }

    /// <summary>The addresses of files that this server keeps itself, if it does.</summary>
    public static void MapFiles(this IEndpointRouteBuilder routes)
    {
        if (routes.ServiceProvider.GetRequiredService<FilesOptions>().Store == LocalFilesOptions.StoreName)
            LocalFileEndpoints.Map(routes);
    }
}
