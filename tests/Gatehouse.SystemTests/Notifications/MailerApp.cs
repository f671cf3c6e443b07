using System.Net.Http.Json;
using System.Security.Cryptography;
using System.Text.Json;
using Gatehouse.SystemTests.Harness;

namespace Gatehouse.SystemTests.Notifications;

/// <summary>The program with its messages going to a mailer by HTTP.</summary>
public sealed class MailerApp : IAsyncLifetime
{
    internal const string Accepted = "notification.delivered.v1 http";

    internal static string Secret { get; } = "whsec_" + Convert.ToBase64String(RandomNumberGenerator.GetBytes(32));

    internal MailerServer Server { get; private set; } = null!;

    internal TestApp App { get; private set; } = null!;

    public async ValueTask InitializeAsync()
    {
        Server = await MailerServer.StartAsync();
        App = await StartAsync(Server.Url);
    }

    public async ValueTask DisposeAsync()
    {
        await App.DisposeAsync();
        await Server.DisposeAsync();
    }

    /// <summary>Forgets what the tests before have left.</summary>
    internal async Task EmptyAsync()
    {
        Server.Answer = MailerServer.Status(200);
        await App.QuietAsync();
        await App.ExecuteAsync("truncate runtime.jobs");
        Server.Requests.Clear();
        App.Logs.Lines.Clear();
    }

    internal static Task<TestApp> StartAsync(string url, params (string Name, string? Value)[] settings)
    {
        var all = new Dictionary<string, string?>(StringComparer.Ordinal)
        {
            ["Mail:Sender"] = "http",
            ["Mail:Http:Url"] = url,
            ["Mail:Http:AllowPrivateAddresses"] = "true",
            // A busy machine may take its time; the test of that time sets its own.
            ["Mail:Http:TimeoutSeconds"] = "40",
            ["Mail:Signing:Secret"] = Secret,
        };
        foreach (var (name, value) in settings)
            all[name] = value;
        return TestApp.StartAsync(settings: all);
    }

    /// <summary>The mailer takes it now: it comes once more, as the same message, and that is its one end.</summary>
    internal async Task AcceptedAfterAllAsync(TestApp app, string email)
    {
        Server.Answer = MailerServer.Status(200);
        app.Clock.Advance(TimeSpan.FromSeconds(2));
        await TestApp.EventuallyAsync(() => Task.FromResult(Server.To(email).Count == 2), "it is tried again");
        await app.QuietAsync();

        var both = Server.To(email);
        Assert.Equal((both[0].Id, both[0].Body), (both[1].Id, both[1].Body));
        Assert.NotEqual(both[0].Headers["webhook-timestamp"], both[1].Headers["webhook-timestamp"]);
        Assert.NotEqual(both[0].Headers["webhook-signature"], both[1].Headers["webhook-signature"]);
        Assert.Equal(Accepted, await OutcomesAsync(app, both[1].Id));
        Assert.Null(await TroubleAsync(app));
    }

    /// <summary>Every outcome of the message that was published, in order.</summary>
    internal static Task<string> OutcomesAsync(TestApp app, string id) =>
        app.ScalarAsync<string>(
            """
            select coalesce(string_agg(concat_ws(' ', type, data::jsonb ->> 'sender', data::jsonb ->> 'reason'), ','
                                       order by epoch, xid, seq), '')
              from runtime.events where type <> 'notification.requested.v1' and data::jsonb ->> 'notificationId' = $1
            """,
            id
        );

    internal static Task PutOffAsync(TestApp app, string reason) =>
        TestApp.EventuallyAsync(
            async () =>
                (await app.ScalarAsync<string>("select coalesce(max(reason), '') from runtime.jobs where leased_by is null")).StartsWith(
                    reason,
                    StringComparison.Ordinal
                ),
            $"it is put off ({reason})"
        );

    internal static async Task<string?> TroubleAsync(TestApp app)
    {
        var report = await app.Management.GetFromJsonAsync<JsonElement>(new Uri("/health", UriKind.Relative));
        Assert.Equal("ready", report.GetProperty("status").GetString());
        var mail = report.GetProperty("dependencies").EnumerateArray().Single(d => d.GetProperty("name").GetString() == "mail");
        var reason = mail.TryGetProperty("reason", out var said) ? said.GetString() : null;
        Assert.Equal(reason is null, mail.GetProperty("healthy").GetBoolean());
        return reason;
    }

    internal static bool IsLine(string line, string level, string words) =>
        line.StartsWith(level, StringComparison.Ordinal) && line.Contains(words, StringComparison.Ordinal);
}

/// <summary>The tests that share it, one after the other.</summary>
[CollectionDefinition]
public sealed class OneMailer : ICollectionFixture<MailerApp>;
