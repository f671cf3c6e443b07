using System.Globalization;
using Gatehouse.SystemTests.Harness;

namespace Gatehouse.SystemTests.Notifications;

/// <summary>The program with its mail going to a mail server that runs, and once more to one that a test starts.</summary>
public sealed class SmtpApp : IAsyncLifetime
{
    internal MailServer Server { get; set; } = null!;

    internal TestApp App { get; private set; } = null!;

    /// <summary>Where the mail of <see cref="Waiting"/> goes.</summary>
    internal int WaitingPort { get; private set; }

    internal TestApp Waiting { get; private set; } = null!;

    public async ValueTask InitializeAsync()
    {
        Server = await MailServer.StartAsync(GatehouseProcess.FreePort());
        App = await StartAsync(Server.Port);
        WaitingPort = GatehouseProcess.FreePort();
        Waiting = await StartAsync(WaitingPort);
    }

    public async ValueTask DisposeAsync()
    {
        await Waiting.DisposeAsync();
        await App.DisposeAsync();
        await Server.DisposeAsync();
    }

    internal static Task<TestApp> StartAsync(int port, params (string Name, string Value)[] settings)
    {
        var all = new Dictionary<string, string?>(StringComparer.Ordinal)
        {
            ["Mail:Sender"] = "smtp",
            ["Mail:From"] = "accounts@example.com",
            ["Mail:Smtp:Host"] = "127.0.0.1",
            ["Mail:Smtp:Port"] = port.ToString(CultureInfo.InvariantCulture),
            ["Mail:Smtp:Security"] = "none",
        };
        foreach (var (name, value) in settings)
            all[name] = value;
        return TestApp.StartAsync(settings: all);
    }
}
