namespace Gatehouse.SystemTests.Harness;

/// <summary>Two nodes that keep their verifications in Redis, under one clock.</summary>
public sealed class RedisApp : IAsyncLifetime
{
    public RedisServer Server { get; private set; } = null!;

    public TestApp App { get; private set; } = null!;

    public TestApp Other { get; private set; } = null!;

    public async ValueTask InitializeAsync()
    {
        Server = await RedisServer.StartAsync();
        var settings = new Dictionary<string, string?>(Server.Settings, StringComparer.Ordinal) { ["Verification:Store"] = "redis" };
        App = await TestApp.StartAsync(settings: settings);
        Other = await App.StartNodeAsync(settings);
    }

    public async ValueTask DisposeAsync()
    {
        await Other.DisposeAsync();
        await App.DisposeAsync();
        await Server.DisposeAsync();
    }
}
