using System.Globalization;
using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using System.Text.RegularExpressions;
using Gatehouse.SystemTests.Harness;

namespace Gatehouse.SystemTests.Notifications;

public sealed class SmtpTests(SmtpApp running) : IClassFixture<SmtpApp>
{
    private static readonly TimeSpan MaxWait = TimeSpan.FromMinutes(7);

    private readonly TestApp app = running.App;

    private MailServer Server => running.Server;

    [Fact]
    public async Task A_foreign_server_receives_a_mail_with_the_right_headers_and_both_forms()
    {
        const string To = "ada.lovelace@example.org";
        var started = await RegisterAsync(app, To, "en");
        var mail = await Server.MailAsync(To);

        Assert.Equal("accounts@example.com", mail.GetProperty("from").GetString());
        var headers = mail.GetProperty("headers");
        Assert.Equal("Gatehouse <accounts@example.com>", headers.GetProperty("From").GetString());
        Assert.Equal(To, headers.GetProperty("To").GetString());
        Assert.Equal("auto-generated", headers.GetProperty("Auto-Submitted").GetString());
        Assert.Matches("^<[0-9a-f]{32}@example.com>$", headers.GetProperty("Message-Id").GetString());
        Assert.Equal("multipart/alternative", mail.GetProperty("contentType").GetString());
        var code = Regex.Match(mail.GetProperty("text").GetString()!, @"\b\d{6}\b").Value;
        Assert.Contains(code, mail.GetProperty("html").GetString(), StringComparison.Ordinal);
        Assert.StartsWith(code, headers.GetProperty("Subject").GetString(), StringComparison.Ordinal);
        Assert.True(DateTimeOffset.TryParse(headers.GetProperty("Date").GetString(), CultureInfo.InvariantCulture, out _));

        Assert.Equal(HttpStatusCode.Created, (await app.Users.VerifyAsync(started, code)).Status);
        await app.QuietAsync();
        Assert.Equal("notification.delivered.v1", await OutcomeAsync(app, started));
        Assert.Single(Server.Mails(To));
    }

    [Fact]
    public async Task A_mail_in_Hindi_arrives_whole()
    {
        const string To = "hindi@example.org";
        await RegisterAsync(app, To, "hi");
        var mail = await Server.MailAsync(To);

        Assert.Matches(@"^\d{6} आपका Gatehouse कोड है$", mail.GetProperty("headers").GetProperty("Subject").GetString());
        Assert.Contains("नमस्ते,", mail.GetProperty("text").GetString(), StringComparison.Ordinal);
        Assert.Contains("नमस्ते,", WebUtility.HtmlDecode(mail.GetProperty("html").GetString()), StringComparison.Ordinal);
        Assert.All(mail.GetProperty("raw").GetString()!, c => Assert.InRange(c, '\0', '\u007f'));
    }

    [Fact]
    public async Task A_mail_that_was_put_off_comes_again_under_the_same_id()
    {
        const string To = "busy@example.org";
        using var held = app.Clock.Hold();
        var started = await RegisterAsync(app, To, "en");
        await Server.MailAsync(To);
        await TestApp.EventuallyAsync(
            async () => await app.ScalarAsync<string>("select coalesce(max(reason), '') from runtime.jobs") == "smtp 451",
            "it is put off"
        );
        app.Clock.Advance(TimeSpan.FromSeconds(2));
        await Server.MailAsync(To, number: 2);

        var ids = Server.Mails(To).Select(m => m.GetProperty("headers").GetProperty("Message-Id").GetString());
        Assert.Single(ids.Distinct());
        await app.QuietAsync();
        Assert.Equal("notification.delivered.v1", await OutcomeAsync(app, started));
    }

    [Theory]
    [InlineData("unknown@example.org")]
    [InlineData("final521@example.org")]
    [InlineData("final530@example.org")]
    [InlineData("heavy530@example.org")]
    [InlineData("final551@example.org")]
    [InlineData("final552@example.org")]
    [InlineData("final553@example.org")]
    [InlineData("final554@example.org")]
    [InlineData("final556@example.org")]
    [InlineData("heavy550@example.org")]
    [InlineData("heavy552@example.org")]
    [InlineData("heavy554@example.org")]
    public async Task What_the_server_rejects_for_good_of_a_recipient_or_a_mail_is_not_tried_again(string to)
    {
        var started = await RegisterAsync(app, to, "en");
        await TestApp.EventuallyAsync(async () => await OutcomeAsync(app, started) == "notification.failed.v1 refused", "it is refused");
        app.Clock.Advance(MaxWait);
        await app.QuietAsync();

        Assert.Equal(1, Server.Rejections(to));
        Assert.Empty(Server.Mails(to));
    }

    [Fact]
    public async Task Mails_that_follow_each_other_share_a_connection_and_one_that_died_is_replaced()
    {
        string[] addresses = ["first@example.org", "second@example.org", "third@example.org"];
        foreach (var address in addresses)
        {
            await RegisterAsync(app, address, "en");
            await Server.MailAsync(address);
            await app.QuietAsync();
        }

        Assert.Single(addresses.Select(to => Server.Mails(to)[0].GetProperty("connection").GetInt32()).Distinct());
        var port = Server.Port;
        await Server.DisposeAsync();
        running.Server = await MailServer.StartAsync(port);
        var started = await RegisterAsync(app, "fourth@example.org", "en");
        await Server.MailAsync("fourth@example.org");
        await TestApp.EventuallyAsync(
            async () => await OutcomeAsync(app, started) == "notification.delivered.v1",
            "it is accepted at the first attempt"
        );
    }

    [Fact]
    public async Task The_server_says_its_name_and_writes_its_domain_in_letters_that_every_server_reads()
    {
        const string To = "labels@example.org";
        await RegisterAsync(app, To, "en");
        Assert.Equal("localhost", (await Server.MailAsync(To)).GetProperty("ehlo").GetString());

        await using var own = await SmtpApp.StartAsync(
            Server.Port,
            ("Mail:From", "Bücher <konten@Bücher.example>"),
            ("Mail:Smtp:EhloName", "mx.example.com")
        );
        await RegisterAsync(own, To, "en");
        var mail = await Server.MailAsync(To, number: 2);

        Assert.Equal(
            ("mx.example.com", "konten@xn--bcher-kva.example"),
            (mail.GetProperty("ehlo").GetString(), mail.GetProperty("from").GetString())
        );
        Assert.Equal("Bücher <konten@xn--bcher-kva.example>", mail.GetProperty("headers").GetProperty("From").GetString());
        Assert.Matches("^<[0-9a-f]{32}@xn--bcher-kva.example>$", mail.GetProperty("headers").GetProperty("Message-Id").GetString());
        Assert.All(mail.GetProperty("raw").GetString()!, c => Assert.InRange(c, '\0', '\u007f'));
    }

    [Theory]
    [InlineData("connect", "smtp 554 at connect")]
    [InlineData("ehlo", "smtp 550 at connect")]
    [InlineData("mail", "smtp 550 at mail")]
    [InlineData("mail530", "smtp 530 at mail")]
    [InlineData("mail554", "smtp 554 at mail")]
    public async Task What_the_server_rejects_of_us_is_the_operators_matter_and_the_mail_waits(string step, string reason)
    {
        const string To = "waiting@example.org";
        var own = await WaitingAsync();
        using var held = own.Clock.Hold();
        var rejecting = await MailServer.StartAsync(running.WaitingPort, "--refuse", step);
        var started = await RegisterAsync(own, To, "en");
        for (var attempt = 1; attempt <= 2; attempt++)
        {
            var number = attempt;
            await TestApp.EventuallyAsync(
                async () =>
                    await own.ScalarAsync<string>(
                        "select coalesce(max(attempts || ' ' || reason), '') from runtime.jobs where leased_by is null"
                    ) == $"{number} {reason}",
                "it is put off"
            );
            if (attempt == 1)
                own.Clock.Advance(TimeSpan.FromSeconds(2));
        }

        Assert.Contains(reason, await own.Management.GetStringAsync(new Uri("/health", UriKind.Relative)), StringComparison.Ordinal);
        var line = Assert.Single(
            own.Logs.Lines,
            l => l.StartsWith("Error ", StringComparison.Ordinal) && l.Contains(reason, StringComparison.Ordinal)
        );
        Assert.Contains("gatehouse doctor --mail", line, StringComparison.Ordinal);
        var findings = await own.Services.GetRequiredService<Gatehouse.Web.Health.Doctor>().ExamineAsync(CancellationToken.None);
        Assert.Contains(findings, f => f is { Subject: "mail", Level: Gatehouse.Web.Health.FindingLevel.Error } && f.Text == reason);

        await rejecting.DisposeAsync();
        await using var mended = await MailServer.StartAsync(running.WaitingPort);
        own.Clock.Advance(TimeSpan.FromSeconds(10));
        await mended.MailAsync(To);
        await TestApp.EventuallyAsync(async () => await OutcomeAsync(own, started) == "notification.delivered.v1", "it is delivered");
    }

    [Fact]
    public async Task The_doctor_asks_whether_the_sender_is_accepted_and_leaves_the_connection_as_it_was()
    {
        const string To = "after.doctor@example.org";
        var doctor = app.Services.GetRequiredService<Gatehouse.Web.Health.Doctor>();
        for (var look = 0; look < 2; look++)
        {
            var finding = Assert.Single(await doctor.ExamineAsync(CancellationToken.None), f => f.Subject == "mail");
            Assert.Equal(
                (
                    Gatehouse.Web.Health.FindingLevel.Good,
                    "the server accepts the sender Mail:From; without a mail no more can be checked (smtp)"
                ),
                (finding.Level, finding.Text)
            );
        }

        await RegisterAsync(app, To, "en");
        await Server.MailAsync(To);
    }

    [Fact]
    public async Task Nothing_that_a_stranger_writes_reaches_an_address_that_is_not_proved()
    {
        const string To = "third.party@example.org";
        const string Bait = "You won! evil.example/prize";
        var started = await RegisterAsync(app, To, "en", name: Bait);
        var code = await Server.MailAsync(To);
        Assert.Equal(
            HttpStatusCode.Created,
            (await app.Users.VerifyAsync(started, Regex.Match(code.GetProperty("text").GetString()!, @"\b\d{6}\b").Value)).Status
        );

        foreach (var language in new[] { "en", "hi", "es" })
            await RegisterAsync(app, To, language, name: Bait);
        var known = await Server.MailAsync(To, number: 4);

        foreach (var mail in Server.Mails(To))
            Assert.DoesNotContain("evil", Everything(mail), StringComparison.OrdinalIgnoreCase);
        foreach (var part in new[] { "text", "html" })
        {
            Assert.Contains("http://localhost:8080/sign-in", known.GetProperty(part).GetString(), StringComparison.Ordinal);
            Assert.Contains("http://localhost:8080/forgot", known.GetProperty(part).GetString(), StringComparison.Ordinal);
        }

        static string Everything(JsonElement mail) =>
            mail.GetProperty("headers").GetRawText() + mail.GetProperty("text").GetString() + mail.GetProperty("html").GetString();
    }

    [Fact]
    public async Task With_the_server_away_registration_answers_and_the_mail_goes_out_when_it_returns()
    {
        const string To = "patient@example.org";
        var own = await WaitingAsync();

        var started = await RegisterAsync(own, To, "en");
        await TestApp.EventuallyAsync(
            async () => await own.ScalarAsync<long>("select count(*) from runtime.jobs where attempts = 1 and leased_by is null") == 1,
            "the first attempt fails"
        );
        await using var back = await MailServer.StartAsync(running.WaitingPort);
        own.Clock.Advance(TimeSpan.FromSeconds(2));
        var mail = await back.MailAsync(To);
        Assert.Equal(
            HttpStatusCode.Created,
            (await own.Users.VerifyAsync(started, Regex.Match(mail.GetProperty("text").GetString()!, @"\b\d{6}\b").Value)).Status
        );
    }

    [Fact]
    public async Task A_mail_whose_code_has_expired_is_not_sent_any_more()
    {
        const string To = "too-late@example.org";
        var own = await WaitingAsync();
        using var held = own.Clock.Hold();

        var started = await RegisterAsync(own, To, "en");
        await TestApp.EventuallyAsync(
            async () => await own.ScalarAsync<long>("select count(*) from runtime.jobs where attempts = 1 and leased_by is null") == 1,
            "the first attempt fails"
        );
        await using var back = await MailServer.StartAsync(running.WaitingPort);
        own.Clock.Advance(TimeSpan.FromMinutes(11));
        await TestApp.EventuallyAsync(async () => await OutcomeAsync(own, started) == "notification.failed.v1 expired", "it is given up");
        await own.QuietAsync();
        Assert.Empty(back.Mails(To));
    }

    [Fact]
    public async Task No_log_line_holds_an_address_a_name_or_a_code()
    {
        string[] addresses = ["log.plain@example.org", "busy.log@example.org", "unknown.log@example.org"];
        foreach (var address in addresses)
            await RegisterAsync(app, address, "en", name: "Loggia Example");
        var code = Regex.Match((await Server.MailAsync(addresses[0])).GetProperty("text").GetString()!, @"\b\d{6}\b").Value;
        await Server.MailAsync(addresses[1]);
        app.Clock.Advance(MaxWait);
        await Server.MailAsync(addresses[1], number: 2);
        await app.QuietAsync();

        var lines = string.Join('\n', app.Logs.Lines);
        foreach (var personal in addresses.Append("Loggia").Append(code + " is your").Append(TestUsers.Password))
            Assert.DoesNotContain(personal, lines, StringComparison.OrdinalIgnoreCase);
        Assert.Contains("notifications.send-mail", lines, StringComparison.Ordinal);
    }

    /// <summary>The application whose mail server is away, with nothing left to send.</summary>
    private async Task<TestApp> WaitingAsync()
    {
        await running.Waiting.QuietAsync();
        running.Waiting.Logs.Lines.Clear();
        return running.Waiting;
    }

    private static async Task<Guid> RegisterAsync(TestApp app, string email, string language, string name = "Ada")
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, "/v1/registrations")
        {
            Content = JsonContent.Create(
                new
                {
                    email,
                    name,
                    password = TestUsers.Password,
                }
            ),
        };
        request.Headers.Add("Accept-Language", language);
        var started = await app.Users.SendAsync(request);
        Assert.Equal(HttpStatusCode.Accepted, started.Status);
        return started.RegistrationId;
    }

    /// <summary>The event that says what became of the registration's mail, with its reason.</summary>
    private static async Task<string> OutcomeAsync(TestApp app, Guid registration)
    {
        var found = await app.ScalarAsync<string>(
            """
            select coalesce(max(type || data), '') from runtime.events
             where key = $1 and type in ('notification.delivered.v1', 'notification.failed.v1')
            """,
            registration
        );
        if (found.Length == 0)
            return "";
        using var data = JsonDocument.Parse(found[found.IndexOf('{', StringComparison.Ordinal)..]);
        return found[..found.IndexOf('{', StringComparison.Ordinal)]
            + (data.RootElement.TryGetProperty("reason", out var reason) ? " " + reason.GetString() : "");
    }
}
