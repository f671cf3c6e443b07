using System.Globalization;
using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using System.Text.RegularExpressions;
using Gatehouse.SystemTests.Harness;

namespace Gatehouse.SystemTests.Notifications;

public sealed class SmtpTests : IAsyncLifetime
{
    private static readonly TimeSpan MaxWait = TimeSpan.FromMinutes(7);

    private MailServer server = null!;
    private TestApp app = null!;

    public async ValueTask InitializeAsync()
    {
        server = await MailServer.StartAsync();
        app = await StartAsync(server.Port);
    }

    public async ValueTask DisposeAsync()
    {
        await app.DisposeAsync();
        await server.DisposeAsync();
    }

    [Fact]
    public async Task A_foreign_server_receives_a_mail_with_the_right_headers_and_both_forms()
    {
        const string To = "ada.lovelace@example.org";
        var started = await RegisterAsync(app, To, "en");
        var mail = await server.MailAsync(To);

        Assert.Equal("accounts@example.com", mail.GetProperty("from").GetString());
        var headers = mail.GetProperty("headers");
        Assert.Equal("accounts@example.com", headers.GetProperty("From").GetString());
        Assert.Equal(To, headers.GetProperty("To").GetString());
        Assert.Equal("auto-generated", headers.GetProperty("Auto-Submitted").GetString());
        Assert.Matches("^<[0-9a-f]{32}@example.com>$", headers.GetProperty("Message-ID").GetString());
        Assert.Equal("multipart/alternative", mail.GetProperty("contentType").GetString());
        var code = Regex.Match(mail.GetProperty("text").GetString()!, @"\b\d{6}\b").Value;
        Assert.Contains(code, mail.GetProperty("html").GetString(), StringComparison.Ordinal);
        Assert.StartsWith(code, headers.GetProperty("Subject").GetString(), StringComparison.Ordinal);
        Assert.True(DateTimeOffset.TryParse(headers.GetProperty("Date").GetString(), CultureInfo.InvariantCulture, out _));

        Assert.Equal(HttpStatusCode.Created, (await app.Users.VerifyAsync(started, code)).Status);
        await app.QuietAsync();
        Assert.Equal("notification.delivered.v1", await OutcomeAsync(app, started));
        Assert.Single(server.Mails(To));
    }

    [Fact]
    public async Task A_mail_in_Hindi_arrives_whole()
    {
        const string To = "hindi@example.org";
        await RegisterAsync(app, To, "hi", name: "आदा लवलेस");
        var mail = await server.MailAsync(To);

        Assert.Matches(@"^\d{6} आपका Gatehouse कोड है$", mail.GetProperty("headers").GetProperty("Subject").GetString());
        Assert.Contains("नमस्ते आदा लवलेस,", mail.GetProperty("text").GetString(), StringComparison.Ordinal);
        Assert.Contains("आदा लवलेस", WebUtility.HtmlDecode(mail.GetProperty("html").GetString()), StringComparison.Ordinal);
        Assert.All(mail.GetProperty("raw").GetString()!, c => Assert.InRange(c, '\0', '\u007f'));
    }

    [Fact]
    public async Task A_mail_that_was_put_off_comes_again_under_the_same_id()
    {
        const string To = "busy@example.org";
        var started = await RegisterAsync(app, To, "en");
        await server.MailAsync(To);
        await TestApp.EventuallyAsync(async () => await app.ScalarAsync<string>("select coalesce(max(reason), '') from runtime.jobs") == "smtp 451", "it is put off");
        app.Clock.Advance(TimeSpan.FromSeconds(2));
        await server.MailAsync(To, number: 2);

        var ids = server.Mails(To).Select(m => m.GetProperty("headers").GetProperty("Message-ID").GetString());
        Assert.Single(ids.Distinct());
        await app.QuietAsync();
        Assert.Equal("notification.delivered.v1", await OutcomeAsync(app, started));
    }

    [Fact]
    public async Task An_address_the_server_does_not_know_is_not_tried_again()
    {
        const string To = "unknown@example.org";
        var started = await RegisterAsync(app, To, "en");
        await TestApp.EventuallyAsync(async () => await OutcomeAsync(app, started) == "notification.failed.v1 refused", "it is refused");
        app.Clock.Advance(MaxWait);
        await app.QuietAsync();

        Assert.Equal(1, server.Rejections(To));
        Assert.Empty(server.Mails(To));
    }

    [Fact]
    public async Task With_the_server_away_registration_answers_and_the_mail_goes_out_when_it_returns()
    {
        const string To = "patient@example.org";
        var first = await MailServer.StartAsync();
        var port = first.Port;
        await first.DisposeAsync();
        await using var own = await StartAsync(port);

        var started = await RegisterAsync(own, To, "en");
        await TestApp.EventuallyAsync(async () => await own.ScalarAsync<long>("select count(*) from runtime.jobs where attempts = 1 and leased_by is null") == 1, "the first attempt fails");
        await using var back = await MailServer.StartAsync(port);
        own.Clock.Advance(TimeSpan.FromSeconds(2));
        var mail = await back.MailAsync(To);
        Assert.Equal(HttpStatusCode.Created, (await own.Users.VerifyAsync(started, Regex.Match(mail.GetProperty("text").GetString()!, @"\b\d{6}\b").Value)).Status);
    }

    [Fact]
    public async Task A_mail_whose_code_has_expired_is_not_sent_any_more()
    {
        const string To = "too-late@example.org";
        var first = await MailServer.StartAsync();
        var port = first.Port;
        await first.DisposeAsync();
        await using var own = await StartAsync(port);

        var started = await RegisterAsync(own, To, "en");
        await TestApp.EventuallyAsync(async () => await own.ScalarAsync<long>("select count(*) from runtime.jobs where attempts = 1 and leased_by is null") == 1, "the first attempt fails");
        await using var back = await MailServer.StartAsync(port);
        own.Clock.Advance(TimeSpan.FromMinutes(10));
        await TestApp.EventuallyAsync(async () => await OutcomeAsync(own, started) == "notification.failed.v1 expired", "it is given up");
        await own.QuietAsync();
        Assert.Empty(back.Mails(To));
    }

    [Fact]
    public async Task No_log_line_holds_an_address_a_name_or_a_code()
    {
        string[] addresses = ["log.plain@example.org", "busy.log@example.org", "unknown.log@example.org"];
        foreach (var address in addresses) await RegisterAsync(app, address, "en", name: "Loggia Example");
        var code = Regex.Match((await server.MailAsync(addresses[0])).GetProperty("text").GetString()!, @"\b\d{6}\b").Value;
        await server.MailAsync(addresses[1]);
        app.Clock.Advance(MaxWait);
        await server.MailAsync(addresses[1], number: 2);
        await app.QuietAsync();

        var lines = string.Join('\n', app.Logs.Lines);
        foreach (var personal in addresses.Append("Loggia").Append(code + " is your").Append(TestUsers.Password)) Assert.DoesNotContain(personal, lines, StringComparison.OrdinalIgnoreCase);
        Assert.Contains("notifications.send-mail", lines, StringComparison.Ordinal);
    }

    private static Task<TestApp> StartAsync(int port) => TestApp.StartAsync(settings: new Dictionary<string, string?>(StringComparer.Ordinal)
    {
        ["Mail:Sender"] = "smtp",
        ["Mail:From"] = "accounts@example.com",
        ["Mail:Smtp:Host"] = "127.0.0.1",
        ["Mail:Smtp:Port"] = port.ToString(CultureInfo.InvariantCulture),
        ["Mail:Smtp:Security"] = "none",
    });

    private static async Task<Guid> RegisterAsync(TestApp app, string email, string language, string name = "Ada")
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, "/v1/registrations") { Content = JsonContent.Create(new { email, name, password = TestUsers.Password }) };
        request.Headers.Add("Accept-Language", language);
        var started = await app.Users.SendAsync(request);
        Assert.Equal(HttpStatusCode.Accepted, started.Status);
        return started.RegistrationId;
    }

    /// <summary>The event that says what became of the registration's mail, with its reason.</summary>
    private static async Task<string> OutcomeAsync(TestApp app, Guid registration)
    {
        var found = await app.ScalarAsync<string>(
            "select coalesce(max(type || data), '') from runtime.events where key = $1 and type in ('notification.delivered.v1', 'notification.failed.v1')", registration);
        if (found.Length == 0) return "";
        using var data = JsonDocument.Parse(found[found.IndexOf('{', StringComparison.Ordinal)..]);
        return found[..found.IndexOf('{', StringComparison.Ordinal)] + (data.RootElement.TryGetProperty("reason", out var reason) ? " " + reason.GetString() : "");
    }
}
