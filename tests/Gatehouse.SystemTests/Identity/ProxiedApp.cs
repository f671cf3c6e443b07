using System.Globalization;
using Gatehouse.SystemTests.Harness;

namespace Gatehouse.SystemTests.Identity;

/// <summary>An application behind a proxy, with the limits of production.</summary>
public sealed class ProxiedApp : IAsyncLifetime
{
    private static int network;

    internal static readonly Dictionary<string, string?> Settings = new(StringComparer.Ordinal)
    {
        ["Proxies:Trusted"] = "127.0.0.1",
        ["RateLimits:ApplyInDevelopment"] = "true",
    };

    public TestApp App { get; private set; } = null!;

    public async ValueTask InitializeAsync() => App = await TestApp.StartAsync(settings: Settings);

    public async ValueTask DisposeAsync() => await App.DisposeAsync();

    /// <summary>A network of its own, whose limits stand at the beginning.</summary>
    public static (string Name, string Value) NewPlace() =>
        ("X-Forwarded-For", string.Create(CultureInfo.InvariantCulture, $"2001:db8:{Interlocked.Increment(ref network):x}::1"));

    public async Task<SignedIn> SomebodyAsync((string, string) place, string? contact = null)
    {
        var email = contact ?? TestUsers.NewEmail();
        var started = await App.Users.PostAsync("/v1/registrations", TestUsers.Registration(email), place);
        var verified = await App.Users.PostAsync(
            $"/v1/registrations/{started.RegistrationId}/verify",
            new { code = (await App.Users.LetterAsync(email)).Code },
            place
        );
        return new SignedIn(verified.Body.GetProperty("user").GetProperty("id").GetGuid(), email, verified.Tokens(), verified.Device());
    }
}

/// <summary>The tests that share it, one after the other.</summary>
[CollectionDefinition]
public sealed class OneProxiedApp : ICollectionFixture<ProxiedApp>;

/// <summary>The same, with its counters and verifications in Redis.</summary>
public sealed class ProxiedRedisApp : IAsyncLifetime
{
    public RedisServer Server { get; private set; } = null!;

    public TestApp App { get; private set; } = null!;

    public async ValueTask InitializeAsync()
    {
        Server = await RedisServer.StartAsync();
        App = await TestApp.StartAsync(
            settings: new Dictionary<string, string?>(ProxiedApp.Settings.Concat(Server.Settings), StringComparer.Ordinal)
            {
                ["Verification:Store"] = "redis",
            }
        );
    }

    public async ValueTask DisposeAsync()
    {
        await App.DisposeAsync();
        await Server.DisposeAsync();
    }
}
