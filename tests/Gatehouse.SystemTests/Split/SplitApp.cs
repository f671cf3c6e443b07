using System.Globalization;
using Gatehouse.Development.Kafka;
using Gatehouse.SystemTests.Harness;

namespace Gatehouse.SystemTests.Split;

/// <summary>The user service and the notification service: two programs with a database each, and a broker between them.</summary>
public sealed class SplitApp : IAsyncLifetime
{
    public const string Secret = "a credential of the tests, long enough";

    /// <summary>For a process that has no key store: nobody listens there.</summary>
    public const string NoKeys = "Host=127.0.0.1;Port=1;Database=none";

    private (string Main, string Keys) identityDatabases;
    private (string Main, string Keys) notificationsDatabases;

    internal DevelopmentBroker Broker { get; } = new();

    public int Port { get; } = GatehouseProcess.FreePort();

    public ShiftableClock Clock { get; } = new();

    public TestApp Identity { get; private set; } = null!;

    public TestApp Notifications { get; private set; } = null!;

    public Uri SplitAddress => new(string.Create(CultureInfo.InvariantCulture, $"http://127.0.0.1:{Port}"));

    public async ValueTask InitializeAsync()
    {
        Broker.ForgetMembersAfter(TimeSpan.FromSeconds(3));
        var databases = await TestDatabases.GetAsync();
        identityDatabases = await databases.CreateAsync();
        // What this process does not run makes no tables in its database, and it has no key store.
        notificationsDatabases = ((await databases.CreateEmptyAsync()).Main, NoKeys);
        Identity = await StartIdentityAsync();
        Notifications = await StartNotificationsAsync();
    }

    public async ValueTask DisposeAsync()
    {
        await Notifications.DisposeAsync();
        await Identity.DisposeAsync();
        Broker.Dispose();
    }

    public Task<TestApp> StartIdentityAsync(params (string Name, string Value)[] more) =>
        TestApp.StartAsync(
            identityDatabases,
            Clock,
            Common([
                ("Split:Modules", "identity,organizations,openid,webhooks,audit"),
                ("Split:Port", Port.ToString(CultureInfo.InvariantCulture)),
                ("Tenant:DisplayName", "Example Accounts"),
                .. more,
            ])
        );

    public Task<TestApp> StartNotificationsAsync(
        string secret = Secret,
        (string, string)? databases = null,
        string group = "gatehouse",
        (string Name, string Value)[]? more = null
    ) =>
        TestApp.StartAsync(
            databases ?? notificationsDatabases,
            Clock,
            Common([
                ("Split:Modules", "notifications"),
                ("Split:Identity", SplitAddress.AbsoluteUri),
                ("Split:Secret", secret),
                ("Kafka:GroupPrefix", group),
                .. more ?? [],
            ])
        );

    /// <summary>For tests that stop one of the two.</summary>
    public async Task RestartAsync(Func<Task> meanwhile)
    {
        await Identity.DisposeAsync();
        try
        {
            await meanwhile();
        }
        finally
        {
            Identity = await StartIdentityAsync();
        }
    }

    private Dictionary<string, string?> Common((string Name, string Value)[] settings)
    {
        var all = new Dictionary<string, string?>(StringComparer.Ordinal)
        {
            ["Kafka:Servers"] = Broker.Servers,
            ["Kafka:GroupProtocol"] = "consumer",
            ["Split:Secret"] = Secret,
        };
        foreach (var (name, value) in settings)
            all[name] = value;
        return all;
    }
}
