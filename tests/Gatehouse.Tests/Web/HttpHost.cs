using Gatehouse.Core.Configuration;
using Gatehouse.Web;
using Gatehouse.Web.Pages;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace Gatehouse.Tests.Web;

/// <summary>A real Kestrel on a free loopback port with the product's own pipeline around a few endpoints.</summary>
internal sealed class HttpHost : IAsyncDisposable
{
    private readonly WebApplication host;

    private HttpHost(WebApplication app)
    {
        host = app;
        Address = new Uri(app.Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()!.Addresses.Single());
        Client = new HttpClient { BaseAddress = Address };
    }

    public Uri Address { get; }

    public HttpClient Client { get; }

    public IServiceProvider Services => host.Services;

    public static async Task<HttpHost> StartAsync(
        Action<WebApplication> map,
        Dictionary<string, string?>? settings = null,
        Action<WebApplicationBuilder>? configure = null,
        string environment = "Production"
    )
    {
        var builder = WebApplication.CreateSlimBuilder(new WebApplicationOptions { EnvironmentName = environment });
        builder.Logging.ClearProviders();
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        builder.WebHost.ConfigureKestrel(kestrel => kestrel.AddServerHeader = false);
        builder.Configuration.AddInMemoryCollection(settings ?? []);
        builder.Services.AddGatehouseHttp(builder.Configuration).AddGatehousePages();
        configure?.Invoke(builder);

        var app = builder.Build();
        app.UseGatehouseHttp();
        map(app);
        app.Services.GetRequiredService<SettingsCatalog>().Check(app.Services, SettingsMode.Production);
        await app.StartAsync();
        return new HttpHost(app);
    }

    /// <summary>Ends as the program does: what is under way is finished first.</summary>
    public Task StopAsync() => host.StopAsync();

    public async ValueTask DisposeAsync()
    {
        Client.Dispose();
        await host.DisposeAsync();
    }
}

/// <summary>A clock that stands still until it is moved.</summary>
internal sealed class StillClock : TimeProvider
{
    private DateTimeOffset now = new(2026, 1, 1, 0, 0, 0, TimeSpan.Zero);

    public override long TimestampFrequency => TimeSpan.TicksPerSecond;

    public override DateTimeOffset GetUtcNow() => now;

    public override long GetTimestamp() => now.Ticks;

    public void Advance(TimeSpan by) => now += by;
}
