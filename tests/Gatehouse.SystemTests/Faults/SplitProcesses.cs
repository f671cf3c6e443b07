using System.Collections.Concurrent;
using System.Globalization;
using Gatehouse.Development.Kafka;
using Gatehouse.SystemTests.Development.Postgres;
using Gatehouse.SystemTests.Harness;
using Gatehouse.SystemTests.Notifications;
using Gatehouse.SystemTests.Split;
using Npgsql;

namespace Gatehouse.SystemTests.Faults;

/// <summary>The user service and the notification service as processes that are killed, with a database each, a broker between them and a
/// mail server.</summary>
internal sealed class SplitProcesses : IAsyncDisposable
{
    private static readonly TimeSpan Silence = TimeSpan.FromSeconds(3);

    private readonly (string Main, string Keys) identityDatabases;
    private readonly (string Main, string Keys) notificationsDatabases;
    private readonly DevelopmentBroker broker = new();
    private readonly TemporaryFolder identityFolder = new();
    private readonly TemporaryFolder notificationsFolder = new();
    private readonly int port = GatehouseProcess.FreePort();
    private readonly ConcurrentBag<Guid> underWay = [];
    private TestApp? identity;
    private TestApp? notifications;

    private SplitProcesses((string Main, string Keys) identityDatabases, string notificationsDatabase, MailServer mail)
    {
        this.identityDatabases = identityDatabases;
        notificationsDatabases = (notificationsDatabase, SplitApp.NoKeys);
        Mail = mail;
        broker.ForgetMembersAfter(Silence);
    }

    public MailServer Mail { get; }

    public string IdentityDatabase => identityDatabases.Main;

    /// <summary>The mails whose sending had begun and was not concluded at a kill, once for each kill.</summary>
    public IReadOnlyCollection<Guid> UnderWay => underWay;

    private Dictionary<string, string?> IdentitySettings =>
        Settings(
            identityDatabases,
            ("Split:Modules", "identity,organizations,openid,audit"),
            ("Split:Port", port.ToString(CultureInfo.InvariantCulture))
        );

    private Dictionary<string, string?> NotificationsSettings =>
        Settings(
            notificationsDatabases,
            ("Split:Modules", "notifications"),
            ("Split:Identity", string.Create(CultureInfo.InvariantCulture, $"http://127.0.0.1:{port}")),
            ("Mail:Sender", "smtp"),
            ("Mail:From", "accounts@example.com"),
            ("Mail:Smtp:Host", "127.0.0.1"),
            ("Mail:Smtp:Port", Mail.Port.ToString(CultureInfo.InvariantCulture)),
            ("Mail:Smtp:Security", "none")
        );

    public static async Task<SplitProcesses> CreateAsync()
    {
        var databases = await TestDatabases.GetAsync();
        return new SplitProcesses(await databases.CreateAsync(), (await databases.CreateEmptyAsync()).Main, await MailServer.StartAsync());
    }

    /// <summary>Serves the crowd and dies at each of the points; in the end it stays.</summary>
    public async Task<TestApp> ServeIdentityAsync(IEnumerable<string> points, Crowd crowd)
    {
        foreach (var point in points)
        {
            await using var server = Start(IdentitySettings, identityFolder, point);
            crowd.Address = await server.FindAddressAsync();
            await ExpectKilledAsync(server, "identity", point);
            crowd.Address = null;
        }

        identity = await TestApp.StartAsync(identityDatabases, settings: IdentitySettings);
        crowd.Address = identity.Http.BaseAddress;
        return identity;
    }

    /// <summary>Sends the mails and dies at each of the points, whereupon somebody else registers; in the end it stays.</summary>
    public async Task<TestApp> ServeNotificationsAsync(IEnumerable<string> points, Crowd crowd)
    {
        foreach (var point in points)
        {
            await using var server = Start(NotificationsSettings, notificationsFolder, point);
            await ExpectKilledAsync(server, "notifications", point);
            await NoteUnderWayAsync();
            var before = crowd.Registered.Count;
            await TestApp.EventuallyAsync(
                () => Task.FromResult(crowd.Registered.Count > before),
                "a registration while no mail can be sent"
            );
        }

        notifications = await TestApp.StartAsync(notificationsDatabases, settings: NotificationsSettings);
        return notifications;
    }

    public async ValueTask DisposeAsync()
    {
        if (notifications is not null)
            await notifications.DisposeAsync();
        if (identity is not null)
            await identity.DisposeAsync();
        await Mail.DisposeAsync();
        broker.Dispose();
        identityFolder.Dispose();
        notificationsFolder.Dispose();
    }

    private static GatehouseProcess Start(Dictionary<string, string?> settings, TemporaryFolder folder, string point) =>
        GatehouseProcess.Start(["serve", "--dev", "--port", "0", "--data", folder.FullPath], settings, killAt: point);

    private static async Task ExpectKilledAsync(GatehouseProcess server, string service, string point)
    {
        var exitCode = await server.ExitCodeAsync();
        Assert.True(exitCode == GatehouseProcess.Killed, $"{service}, {point}: ended with {exitCode}: {server.Output} {server.Errors}");
    }

    private async Task NoteUnderWayAsync()
    {
        await using var source = NpgsqlDataSource.Create(notificationsDatabases.Main + ";Pooling=false");
        await using var command = source.CreateCommand("select id from runtime.jobs where leased_by is not null");
        await using var reader = await command.ExecuteReaderAsync();
        while (await reader.ReadAsync())
            underWay.Add(reader.GetGuid(0));
    }

    private Dictionary<string, string?> Settings((string Main, string Keys) databases, params (string Name, string Value)[] settings)
    {
        var all = TestApp.Settings(databases.Main, databases.Keys);
        (all["Kafka:Servers"], all["Kafka:GroupProtocol"], all["Split:Secret"]) = (broker.Servers, "consumer", SplitApp.Secret);
        foreach (var (name, value) in settings)
            all[name] = value;
        return all;
    }
}
