using System.Net;
using Gatehouse.Client;
using Gatehouse.V1;
using Grpc.Core;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.Extensions.DependencyInjection;
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

    /// <summary>With a gRPC port beside it, whose call does nothing.</summary>
    public static async Task<int> RunAsync(int port, int rpcPort)
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.Services.AddGrpc();
        builder.WebHost.ConfigureKestrel(kestrel =>
        {
            kestrel.Listen(IPAddress.Loopback, port);
            kestrel.Listen(IPAddress.Loopback, rpcPort, listener => listener.Protocols = HttpProtocols.Http2);
        });
        await using var app = builder.Build();
        app.MapGet("/health/ready", () => TypedResults.Text("ready"));
        app.MapGrpcService<Nothing>();
        await app.RunAsync();
        return 0;
    }

    /// <summary>A service that relies on Gatehouse: an endpoint that does nothing, behind a good access token.</summary>
    /// <param name="settings">Authority, gRPC address, client id and secret.</param>
    public static async Task<int> RunRelyingAsync(int port, string[] settings)
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.ConfigureKestrel(kestrel => kestrel.Listen(IPAddress.Loopback, port));
        builder.Services.AddGatehouseClient(options =>
        {
            (options.Authority, options.Rpc, options.ClientId, options.ClientSecret) = (settings[0], settings[1], settings[2], settings[3]);
        });
        await using var app = builder.Build();
        app.MapGet("/health/ready", () => TypedResults.Text("ready"));
        app.MapGet("/checked", () => TypedResults.Text("ready")).RequireAuthorization();
        await app.RunAsync();
        return 0;
    }

    private sealed class Nothing : V1.Tokens.TokensBase
    {
        private static readonly Task<CheckReply> Reply = Task.FromResult(new CheckReply());

        public override Task<CheckReply> Check(CheckRequest request, ServerCallContext context) => Reply;
    }
}
