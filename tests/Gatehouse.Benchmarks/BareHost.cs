using System.Net;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;

namespace Gatehouse.Benchmarks;

/// <summary>A web server with one endpoint that does nothing: what any ASP.NET Core program costs on this machine.</summary>
internal static class BareHost
{
    public static async Task<int> RunAsync(int port)
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.ConfigureKestrel(kestrel => kestrel.Listen(IPAddress.Loopback, port));
        await using var app = builder.Build();
        app.MapGet("/health/ready", () => TypedResults.Text("ready"));
        await app.RunAsync();
        return 0;
    }
}
