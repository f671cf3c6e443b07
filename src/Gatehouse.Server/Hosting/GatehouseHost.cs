using System.Net;
using Gatehouse.Audit;
using Gatehouse.Core.Configuration;
using Gatehouse.Development;
using Gatehouse.Split;
using Gatehouse.Web;
using Gatehouse.Web.Rpc;

namespace Gatehouse.Server.Hosting;

/// <summary>Builds the web application: the same for the command, for tests and for the bench.</summary>
internal static class GatehouseHost
{
    private const int MaxBodyLength = 64 * 1024;

    /// <param name="defaults">Settings that the mode brings; files, environment and command line win over them.</param>
    /// <param name="replace">Replaces services, such as the clock in tests.</param>
    /// <exception cref="SettingsException">Some settings cannot be used; the message names all of them.</exception>
    public static WebApplication Build(
        LaunchSettings launch,
        IReadOnlyDictionary<string, string?> defaults,
        Action<IServiceCollection>? replace = null
    )
    {
        var app = Create(launch, defaults, replace);
        app.UseGatehouseManagement();
        app.UseGatehouseSplit();
        app.UseGatehouseRpc();
        app.UseGatehouse();
        app.MapGatehouse();
        if (launch.Development && app.Services.GetRequiredService<SplitOptions>().Runs("notifications"))
            app.MapDevelopmentMailbox();
        CheckGround(app, launch);
        return app;
    }

    /// <summary>Validates the settings as <see cref="Build"/> does, where something is to be started for them first.</summary>
    /// <exception cref="SettingsException">Some settings cannot be used; the message names all of them.</exception>
    public static async Task CheckAsync(LaunchSettings launch, IReadOnlyDictionary<string, string?> defaults)
    {
        await using var app = Create(launch, defaults, replace: null);
        app.Services.CheckSettings();
        CheckGround(app, launch);
    }

    private static WebApplication Create(
        LaunchSettings launch,
        IReadOnlyDictionary<string, string?> defaults,
        Action<IServiceCollection>? replace
    )
    {
        var builder = WebApplication.CreateSlimBuilder(
            new WebApplicationOptions
            {
                EnvironmentName = launch.Development ? Environments.Development : Environments.Production,
                ApplicationName = typeof(GatehouseHost).Assembly.GetName().Name,
            }
        );
        builder.Configuration.Sources.Insert(
            0,
            new Microsoft.Extensions.Configuration.Memory.MemoryConfigurationSource { InitialData = LaunchSettings.Rooted(defaults) }
        );
        builder.Configuration.AddInMemoryCollection(launch.Rooted());
        ConfigureLogging(builder.Logging, launch);

        builder.Services.AddGatehouse(builder.Configuration);
        var http = SettingsCatalog.Read<HttpOptions>(builder.Configuration, "Http");
        var split = SettingsCatalog.Read<SplitOptions>(builder.Configuration, "Split");
        var rpc = SettingsCatalog.Read<RpcOptions>(builder.Configuration, "Grpc");
        if (launch.Development && split.Runs("notifications"))
            builder.Services.AddDevelopmentMailbox();
        builder.Services.Configure<HostOptions>(host => host.ShutdownTimeout = TimeSpan.FromSeconds(http.DrainSeconds + 20));
        replace?.Invoke(builder.Services);

        builder.WebHost.ConfigureKestrel(kestrel =>
        {
            kestrel.AddServerHeader = false;
            kestrel.Limits.MaxRequestBodySize = MaxBodyLength;
            // An address or port that cannot be is reported with all other errors below; until then nothing listens.
            if (
                new[] { http.Port, http.EffectiveManagementPort, split.Port, rpc.Port }.Any(p =>
                    p is < IPEndPoint.MinPort or > IPEndPoint.MaxPort
                )
            )
                return;
            if (!IPAddress.TryParse(http.Address, out var address) || !IPAddress.TryParse(http.ManagementAddress, out var management))
                return;
            kestrel.Listen(address, http.Port);
            kestrel.Listen(management, http.EffectiveManagementPort, listener => listener.AsManagement());
            if (split.Port > 0 && split.Runs("identity") && IPAddress.TryParse(split.Address, out var inner))
                kestrel.Listen(inner, split.Port, listener => listener.AsSplit(split));
            if (rpc.Port > 0 && split.Runs("identity") && IPAddress.TryParse(rpc.Address, out var relying))
                kestrel.Listen(relying, rpc.Port, listener => listener.AsRpc(rpc));
        });

        return builder.Build();
    }

    private static void CheckGround(WebApplication app, LaunchSettings launch)
    {
        if (!launch.OutputIsAnswer)
            ServerEnvironment.Check(
                app.Services.GetRequiredService<HttpOptions>(),
                app.Services.GetRequiredService<SplitOptions>(),
                app.Services.GetRequiredService<RpcOptions>(),
                app.Services.GetService<AuditOptions>()
            );
    }

    private static void ConfigureLogging(ILoggingBuilder logging, LaunchSettings launch)
    {
        logging.ClearProviders();
        logging.AddFilter("Microsoft.Extensions", LogLevel.Warning);
        logging.AddFilter("Microsoft.Hosting", LogLevel.Warning);
        // A failed start is told once, in plain words, by the command.
        logging.AddFilter("Microsoft.Extensions.Hosting", LogLevel.Critical);
        logging.AddConsoleLogs(launch);
    }
}
