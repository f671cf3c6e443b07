using System.Globalization;
using Gatehouse.SystemTests.Harness;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.FileProviders;

namespace Gatehouse.SystemTests.OpenId.SignIn;

/// <summary>An application that runs in the browser, on an origin of its own: its server has files, and packages as npm installs
/// them.</summary>
internal sealed class BrowserApplication : IAsyncDisposable
{
    private readonly WebApplication app;

    private BrowserApplication(WebApplication app) => this.app = app;

    /// <summary>Issuer and client id, once the client is known.</summary>
    public IReadOnlyDictionary<string, string> Settings { get; set; } = new Dictionary<string, string>(StringComparer.Ordinal);

    public string Origin => app.Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()!.Addresses.First();

    public static async Task<BrowserApplication> StartAsync()
    {
        await NodePackages.InstallAsync("Foreign");
        var folder = Path.Combine(AppContext.BaseDirectory, "Foreign");
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        var application = new BrowserApplication(builder.Build());
        application.app.MapGet("/settings.json", (HttpContext http) => http.Response.WriteAsJsonAsync(application.Settings));
        // Another package of the folder needs an older one of this name; where only openid-client is installed both are the same.
        application.Serve("/node_modules/jose", Path.Combine(folder, "node_modules/openid-client/node_modules/jose"));
        application.Serve("/node_modules", Path.Combine(folder, "node_modules"));
        application.Serve("", Path.Combine(folder, "Browser"));
        await application.app.StartAsync();
        return application;
    }

    /// <summary>Gatehouse under the address at which browsers reach it.</summary>
    public static Task<TestApp> StartGatehouseAsync()
    {
        var port = GatehouseProcess.FreePort().ToString(CultureInfo.InvariantCulture);
        return TestApp.StartAsync(
            settings: new Dictionary<string, string?>(StringComparer.Ordinal)
            {
                ["Http:Port"] = port,
                ["Http:PublicUrl"] = "http://localhost:" + port,
            }
        );
    }

    public ValueTask DisposeAsync() => app.DisposeAsync();

    private void Serve(string path, string folder)
    {
        var files = new PhysicalFileProvider(folder);
        app.UseDefaultFiles(new DefaultFilesOptions { FileProvider = files, RequestPath = path });
        app.UseStaticFiles(new StaticFileOptions { FileProvider = files, RequestPath = path });
    }
}
