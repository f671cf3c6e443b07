using System.Globalization;
using System.Net;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using Gatehouse.SystemTests.Harness;

namespace Gatehouse.SystemTests.Notifications;

/// <summary>The program with its mail going to a stand-in of SendGrid, whose reports the test signs.</summary>
public sealed class SendGridApp : IAsyncLifetime
{
    public const string Path = "/v1/notifications/sendgrid-events";

    private readonly ECDsa key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
    private int reports;

    internal SendGridServer Server { get; private set; } = null!;

    internal TestApp App { get; private set; } = null!;

    internal string PublicKey => Convert.ToBase64String(key.ExportSubjectPublicKeyInfo());

    public async ValueTask InitializeAsync()
    {
        Server = await SendGridServer.StartAsync();
        App = await StartAsync();
    }

    public async ValueTask DisposeAsync()
    {
        await App.DisposeAsync();
        await Server.DisposeAsync();
        key.Dispose();
    }

    /// <summary>Forgets what the tests before have left: mails that wait, what became of others, and how the API answered.</summary>
    internal async Task EmptyAsync()
    {
        Server.Answer = SendGridServer.Status(202);
        await App.QuietAsync();
        await App.ExecuteAsync("truncate runtime.jobs, notifications.sent_messages, notifications.suppressions");
        // The log drops old events as the clock moves, so those of other tests cannot be counted along.
        await App.ExecuteAsync("delete from runtime.events");
        Server.Requests.Clear();
        App.Logs.Lines.Clear();
    }

    internal Task<TestApp> StartAsync(params (string Name, string Value)[] settings)
    {
        var all = new Dictionary<string, string?>(StringComparer.Ordinal)
        {
            ["Mail:Sender"] = "sendgrid",
            ["Mail:From"] = "Example Accounts <accounts@example.com>",
            ["Mail:SendGrid:ApiKey"] = "SG.secret-of-the-account",
            ["Mail:SendGrid:ApiUrl"] = Server.Address,
            ["Mail:SendGrid:WebhookPublicKey"] = PublicKey,
        };
        foreach (var (name, value) in settings)
            all[name] = value;
        return TestApp.StartAsync(settings: all);
    }

    /// <summary>Registers and waits for the mail to be accepted; the mail as SendGrid got it.</summary>
    internal async Task<SendGridServer.Received> SentAsync(string email)
    {
        var before = Server.To(email).Count;
        Assert.Equal(HttpStatusCode.Accepted, (await App.Users.RegisterAsync(email)).Status);
        await TestApp.EventuallyAsync(() => Task.FromResult(Server.To(email).Count > before), "the mail is handed over");
        await App.QuietAsync();
        return Server.To(email)[^1];
    }

    /// <summary>A report about the mail, as SendGrid words it.</summary>
    internal Dictionary<string, object> Report(SendGridServer.Received mail, string name, string? type = null) =>
        Report(mail.Argument("gatehouse_tenant"), mail.Argument("gatehouse_notification"), name, type);

    internal Dictionary<string, object> Report(string tenant, string notification, string name, string? type = null)
    {
        var report = new Dictionary<string, object>(StringComparer.Ordinal)
        {
            ["email"] = "somebody.else@example.org",
            ["timestamp"] = 1513299569,
            ["event"] = name,
            ["sg_event_id"] = string.Create(CultureInfo.InvariantCulture, $"event-{Interlocked.Increment(ref reports)}"),
            ["sg_message_id"] = "14c5d75ce93.dfd.64b469.filter0001.16648.5515E0B88.0",
            ["reason"] = "500 unknown recipient",
            ["gatehouse_tenant"] = tenant,
            ["gatehouse_notification"] = notification,
        };
        if (type is not null)
            report["type"] = type;
        return report;
    }

    internal Task<Answer> ReportAsync(params Dictionary<string, object>[] reports) =>
        PostAsync(JsonSerializer.SerializeToUtf8Bytes(reports));

    /// <summary>Posts the batch with a good signature.</summary>
    internal Task<Answer> PostAsync(byte[] body)
    {
        var timestamp = Timestamp(TimeSpan.Zero);
        return PostAsync(body, Sign(timestamp, body), timestamp);
    }

    internal async Task<Answer> PostAsync(byte[] body, string? signature, string? timestamp)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, Path) { Content = new ByteArrayContent(body) };
        request.Content.Headers.ContentType = new("application/json");
        if (signature is not null)
            request.Headers.TryAddWithoutValidation("X-Twilio-Email-Event-Webhook-Signature", signature);
        if (timestamp is not null)
            request.Headers.TryAddWithoutValidation("X-Twilio-Email-Event-Webhook-Timestamp", timestamp);
        return await App.Users.SendAsync(request);
    }

    internal string Timestamp(TimeSpan age) => (App.Clock.GetUtcNow() - age).ToUnixTimeSeconds().ToString(CultureInfo.InvariantCulture);

    internal string Sign(string timestamp, byte[] body) =>
        Convert.ToBase64String(
            key.SignData([.. Encoding.ASCII.GetBytes(timestamp), .. body], HashAlgorithmName.SHA256, DSASignatureFormat.Rfc3279DerSequence)
        );

    /// <summary>Every outcome of the mail that was published, in order.</summary>
    internal Task<string> OutcomesAsync(SendGridServer.Received mail) =>
        App.ScalarAsync<string>(
            """
            select coalesce(string_agg(concat_ws(' ', type, data::jsonb ->> 'sender', data::jsonb ->> 'reason'), ','
                                       order by epoch, xid, seq), '')
              from runtime.events where type <> 'notification.requested.v1' and data::jsonb ->> 'notificationId' = $1
            """,
            mail.Argument("gatehouse_notification")
        );

    /// <summary>What became of the mails of registrations of the address that were never handed over.</summary>
    internal Task<long> SuppressedAsync() =>
        App.ScalarAsync<long>(
            "select count(*) from runtime.events where type = 'notification.failed.v1' and data::jsonb ->> 'reason' = 'suppressed'"
        );
}

/// <summary>The tests that share it, one after the other.</summary>
[CollectionDefinition]
public sealed class OneSendGrid : ICollectionFixture<SendGridApp>;
