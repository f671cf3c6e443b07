using Microsoft.AspNetCore.Authorization;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Options;

namespace Gatehouse.Client;

/// <summary>What else a relying service may add.</summary>
public sealed class GatehouseClientBuilder
{
    internal GatehouseClientBuilder(IServiceCollection services) => Services = services;

    /// <summary>The services of the program.</summary>
    public IServiceCollection Services { get; }
}

/// <summary>Makes an ASP.NET Core service rely on Gatehouse.</summary>
public static class GatehouseClientExtensions
{
    private static readonly TimeSpan Timeout = TimeSpan.FromSeconds(5);

    /// <summary>Authentication by access tokens of Gatehouse, permissions, and <see cref="IGatehouseUsers"/>.</summary>
    /// <param name="services">The services of the program.</param>
    /// <param name="configuration">The section with the members of <see cref="GatehouseClientOptions"/>.</param>
    public static GatehouseClientBuilder AddGatehouseClient(this IServiceCollection services, IConfiguration configuration) =>
        services.AddGatehouseClient(configuration.Bind);

    /// <inheritdoc cref="AddGatehouseClient(IServiceCollection, IConfiguration)"/>
    /// <param name="services">The services of the program.</param>
    /// <param name="configure">Sets the options.</param>
    public static GatehouseClientBuilder AddGatehouseClient(this IServiceCollection services, Action<GatehouseClientOptions> configure)
    {
        services.AddOptions<GatehouseClientOptions>().Configure(configure).ValidateOnStart();
        services.AddSingleton<IValidateOptions<GatehouseClientOptions>, GatehouseClientOptionsCheck>();
        services.TryAddSingleton(TimeProvider.System);
        services
            .AddHttpClient(GatehouseHttp.Name)
            // Events are asked for each second; what fails is logged by who asked.
            .RemoveAllLoggers()
            .ConfigureHttpClient(
                (provider, client) =>
                {
                    client.BaseAddress = provider.GetRequiredService<IOptions<GatehouseClientOptions>>().Value.HttpBase;
                    client.Timeout = Timeout;
                }
            )
            .ConfigurePrimaryHttpMessageHandler(() => new SocketsHttpHandler { AllowAutoRedirect = false, UseCookies = false });
        services.AddSingleton<ServiceToken>().AddSingleton<GatehouseRpc>();
        services.AddSingleton<SigningKeys>().AddSingleton<Revocations>().AddSingleton<TokenCheck>();
        services.AddSingleton<IGatehouseTokens, GatehouseTokens>();
        services.AddHostedService(provider => provider.GetRequiredService<SigningKeys>()).AddHostedService<RevocationFollower>();
        services.AddAuthentication(authentication =>
        {
            authentication.DefaultScheme = GatehouseDefaults.Scheme;
            authentication.AddScheme<GatehouseAuthentication>(GatehouseDefaults.Scheme, "Gatehouse");
        });
        services.TryAddTransient<GatehouseAuthentication>();
        services.AddAuthorization();
        services.AddSingleton<IAuthorizationHandler, PermissionHandler>();
        services.AddSingleton<IGatehouseUsers, GatehouseUsers>();
        return new GatehouseClientBuilder(services);
    }
}
