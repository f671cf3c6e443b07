using Gatehouse.Client;
using Gatehouse.SystemTests.Harness;
using Gatehouse.SystemTests.OpenId;
using Gatehouse.SystemTests.Rpc;
using Microsoft.Extensions.Hosting;

namespace Gatehouse.SystemTests.Client;

/// <summary>The library as a relying service has it, in this process: its clock and its settings can be the test's.</summary>
internal sealed class LocalClient : IAsyncDisposable
{
    private static readonly string[] Scopes = ["access:check", "events:read", "tokens:introspect", "users:read"];

    private readonly ServiceProvider provider;

    private LocalClient(ServiceProvider provider, LogLines logs) => (this.provider, Logs) = (provider, logs);

    public LogLines Logs { get; }

    public TokenCheck Tokens => provider.GetRequiredService<TokenCheck>();

    public Gatehouse.Client.Revocations Revocations => provider.GetRequiredService<Gatehouse.Client.Revocations>();

    public IGatehouseUsers Users => provider.GetRequiredService<IGatehouseUsers>();

    public IServiceProvider Services => provider;

    public static Task<TestClient> AccountAsync(RpcApp rpc) => rpc.App.ClientAsync(rpc.Admin, Scopes);

    /// <param name="only">The background services that run; null for all.</param>
    public static async Task<LocalClient> StartAsync(
        RpcApp rpc,
        Action<GatehouseClientOptions>? change = null,
        TimeProvider? clock = null,
        Action<GatehouseClientBuilder>? add = null,
        Func<IHostedService, bool>? only = null,
        TestClient? account = null
    )
    {
        account ??= await AccountAsync(rpc);
        var services = new ServiceCollection();
        var logs = new LogLines();
        services.AddLogging(logging => logging.AddProvider(logs)).AddSingleton(clock ?? rpc.App.Clock);
        var builder = services.AddGatehouseClient(options =>
        {
            options.Authority = "http://localhost:8080";
            options.Address = rpc.App.Http.BaseAddress!.AbsoluteUri;
            options.Rpc = rpc.Address.AbsoluteUri;
            options.ClientId = account.ClientId;
            options.ClientSecret = account.Secret;
            change?.Invoke(options);
        });
        add?.Invoke(builder);
        var client = new LocalClient(services.BuildServiceProvider(), logs);
        foreach (var service in client.Services.GetServices<IHostedService>().Where(only ?? (_ => true)))
            await service.StartAsync(CancellationToken.None);
        return client;
    }

    public async Task<bool> AcceptsAsync(string token) => await Tokens.CheckAsync(token, CancellationToken.None) is not null;

    public async ValueTask DisposeAsync()
    {
        foreach (var service in provider.GetServices<IHostedService>())
            await service.StopAsync(CancellationToken.None);
        await provider.DisposeAsync();
    }
}
