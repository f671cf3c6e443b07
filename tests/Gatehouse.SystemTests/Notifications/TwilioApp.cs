using System.Diagnostics.CodeAnalysis;
using System.Net.Http.Json;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using Gatehouse.Contracts.Tenants;
using Gatehouse.SystemTests.Harness;

namespace Gatehouse.SystemTests.Notifications;

/// <summary>The program with its messages to phones going to a stand-in of Twilio, whose reports the test signs.</summary>
public sealed class TwilioApp : IAsyncLifetime
{
    public const string PublicUrl = "https://accounts.example.com";
    public const string Account = "AC0123456789abcdef0123456789abcdef";
    public const string Token = "token-of-the-account";
    public const string From = "+14155550100";

    internal TwilioServer Server { get; private set; } = null!;

    internal TestApp App { get; private set; } = null!;

    public async ValueTask InitializeAsync()
    {
        Server = await TwilioServer.StartAsync();
        App = await StartAsync();
    }

    public async ValueTask DisposeAsync()
    {
        await App.DisposeAsync();
        await Server.DisposeAsync();
    }

    /// <summary>Forgets what the tests before have left.</summary>
    internal async Task EmptyAsync()
    {
        Server.Answer = TwilioServer.Accepting;
        await App.QuietAsync();
        await App.ExecuteAsync("truncate runtime.jobs, notifications.sent_messages, notifications.suppressions, notifications.phone_days");
        await App.ExecuteAsync("delete from runtime.events");
        Server.Requests.Clear();
        App.Logs.Lines.Clear();
    }

    internal Task<TestApp> StartAsync(params (string Name, string Value)[] settings) => StartNodeAsync(databases: null, settings);

    internal Task<TestApp> StartNodeAsync((string Main, string Keys)? databases, params (string Name, string Value)[] settings)
    {
        var all = new Dictionary<string, string?>(StringComparer.Ordinal)
        {
            ["Http:PublicUrl"] = PublicUrl,
            ["Sms:Sender"] = "twilio",
            ["Sms:Countries"] = "US,ES=2,IN=0,*",
            ["Sms:Twilio:AccountSid"] = Account,
            ["Sms:Twilio:AuthToken"] = Token,
            ["Sms:Twilio:From"] = From,
            ["Sms:Twilio:WhatsAppFrom"] = "+14155550199",
            ["Sms:Twilio:ApiUrl"] = Server.Address,
            ["Sms:Twilio:AllowPrivateAddresses"] = "true",
        };
        foreach (var (name, value) in settings)
            all[name] = value;
        return TestApp.StartAsync(databases, settings: all);
    }

    /// <summary>Asks for a message and waits until it is handed over.</summary>
    internal async Task<(Guid Id, TwilioServer.Received Message)> SentAsync(string number, string channel = "sms")
    {
        var before = Server.To(number).Count;
        var id = await App.RequestAsync(number, channel);
        await TestApp.EventuallyAsync(() => Task.FromResult(Server.To(number).Count > before), "the message is handed over");
        await App.QuietAsync();
        return (id, Server.To(number)[^1]);
    }

    /// <summary>The address of the message's reports.</summary>
    internal async Task<string> CallbackAsync(Guid id)
    {
        var tenant = (await App.Services.GetRequiredService<ITenantDirectory>().FindOnlyAsync(CancellationToken.None))!.Id;
        return $"{PublicUrl}/v1/notifications/twilio-status?tenant={tenant}&message={id}";
    }

    /// <summary>A report as Twilio sends it.</summary>
    internal static Dictionary<string, string> Report(string status, int? error = null)
    {
        var form = new Dictionary<string, string>(StringComparer.Ordinal)
        {
            ["MessageStatus"] = status,
            ["SmsStatus"] = status,
            ["MessageSid"] = "SM" + new string('1', 32),
            ["AccountSid"] = Account,
            ["From"] = From,
            ["To"] = "+14155559999",
            ["ApiVersion"] = "2010-04-01",
            ["RawDlrDoneDate"] = "",
        };
        if (error is not null)
            form["ErrorCode"] = error.Value.ToString(System.Globalization.CultureInfo.InvariantCulture);
        return form;
    }

    /// <summary>Posts the report with a good signature.</summary>
    internal async Task<Answer> ReportAsync(Guid id, string status, int? error = null)
    {
        var (url, form) = (await CallbackAsync(id), Report(status, error));
        return await PostAsync(url, form, Sign(url, form));
    }

    internal async Task<Answer> PostAsync(string url, IEnumerable<KeyValuePair<string, string>> form, string? signature)
    {
        using var content = new FormUrlEncodedContent(form);
        return await PostAsync(url, content, signature);
    }

    internal async Task<Answer> PostAsync(string url, HttpContent content, string? signature)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, new Uri(url).PathAndQuery) { Content = content };
        if (signature is not null)
            request.Headers.TryAddWithoutValidation("X-Twilio-Signature", signature);
        return await App.Users.SendAsync(request);
    }

    [SuppressMessage("Security", "CA5350", Justification = "That is how Twilio signs.")]
    internal static string Sign(string url, IReadOnlyDictionary<string, string> form, string token = Token) =>
        Convert.ToBase64String(
            HMACSHA1.HashData(
                Encoding.UTF8.GetBytes(token),
                Encoding.UTF8.GetBytes(url + string.Concat(form.OrderBy(f => f.Key, StringComparer.Ordinal).Select(f => f.Key + f.Value)))
            )
        );

    internal Task<string> OutcomesAsync(Guid id) => OutcomesAsync(App, id);

    /// <summary>Every outcome of the message that was published, in order.</summary>
    internal static Task<string> OutcomesAsync(TestApp app, Guid id) =>
        app.ScalarAsync<string>(
            """
            select coalesce(string_agg(concat_ws(' ', type, data::jsonb ->> 'channel', data::jsonb ->> 'sender', data::jsonb ->> 'reason'), ','
                                       order by epoch, xid, seq), '')
              from runtime.events where type <> 'notification.requested.v1' and data::jsonb ->> 'notificationId' = $1
            """,
            id.ToString()
        );

    internal static Task EndedAsync(TestApp app, Guid id, string outcome) =>
        TestApp.EventuallyAsync(async () => await OutcomesAsync(app, id) == outcome, $"it ends as {outcome}");

    internal static Task PutOffAsync(TestApp app, string reason) => MailerApp.PutOffAsync(app, reason);

    internal static async Task<(bool Healthy, string? Reason)> HealthAsync(TestApp app)
    {
        var report = await app.Management.GetFromJsonAsync<JsonElement>(new Uri("/health", UriKind.Relative));
        var sms = report.GetProperty("dependencies").EnumerateArray().Single(d => d.GetProperty("name").GetString() == "sms");
        return (sms.GetProperty("healthy").GetBoolean(), sms.TryGetProperty("reason", out var reason) ? reason.GetString() : null);
    }
}

/// <summary>The tests that share it, one after the other.</summary>
[CollectionDefinition]
public sealed class OneTwilio : ICollectionFixture<TwilioApp>;
