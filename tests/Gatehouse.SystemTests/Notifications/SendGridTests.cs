using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using System.Text.RegularExpressions;
using Gatehouse.SystemTests.Harness;

namespace Gatehouse.SystemTests.Notifications;

/// <summary>Mail handed to SendGrid, and what its answers lead to.</summary>
[Collection<OneSendGrid>]
public sealed class SendGridTests(SendGridApp running) : IAsyncLifetime
{
    private const string Accepted = "notification.delivered.v1 sendgrid";

    private TestApp App => running.App;

    private SendGridServer Server => running.Server;

    public async ValueTask InitializeAsync() => await running.EmptyAsync();

    public ValueTask DisposeAsync() => ValueTask.CompletedTask;

    [Fact]
    public async Task A_mail_reaches_the_API_with_its_key_ids_and_both_forms_and_with_all_tracking_off()
    {
        var email = TestUsers.NewEmail();
        var started = await App.Users.RegisterAsync(email);
        await TestApp.EventuallyAsync(() => Task.FromResult(Server.To(email).Count == 1), "the mail is handed over");
        var mail = Server.To(email)[0];

        Assert.Equal(("POST", "/v3/mail/send"), (mail.Method, mail.Target));
        Assert.Equal("Bearer SG.secret-of-the-account", mail.Headers["Authorization"]);
        Assert.StartsWith("application/json", mail.Headers["Content-Type"], StringComparison.Ordinal);
        Assert.DoesNotContain("traceparent", mail.Headers.Keys);
        Assert.Equal("""{"email":"accounts@example.com","name":"Example Accounts"}""", mail.Body.GetProperty("from").GetRawText());
        var recipients = Assert.Single(mail.Body.GetProperty("personalizations").EnumerateArray());
        Assert.Equal($$"""{"to":[{"email":"{{email}}"}]}""", recipients.GetRawText());
        Assert.Equal(
            ["text/plain", "text/html"],
            mail.Body.GetProperty("content").EnumerateArray().Select(c => c.GetProperty("type").GetString())
        );
        var id = Guid.Parse(mail.Argument("gatehouse_notification"));
        Assert.Equal(
            $$"""{"Message-ID":"\u003C{{id:N}}@example.com\u003E","Auto-Submitted":"auto-generated"}""",
            mail.Body.GetProperty("headers").GetRawText()
        );
        Assert.Equal(
            """{"click_tracking":{"enable":false,"enable_text":false},"open_tracking":"""
                + """{"enable":false},"subscription_tracking":{"enable":false},"ganalytics":{"enable":false}}""",
            mail.Body.GetProperty("tracking_settings").GetRawText()
        );
        Assert.False(mail.Body.TryGetProperty("categories", out _));
        Assert.Equal(
            await App.ScalarAsync<Guid>("select tenant_id from identity.verifications where id = $1", started.RegistrationId),
            Guid.Parse(mail.Argument("gatehouse_tenant"))
        );

        var code = Regex.Match(mail.Text, @"\b\d{6}\b").Value;
        Assert.Equal(HttpStatusCode.Created, (await App.Users.VerifyAsync(started.RegistrationId, code)).Status);
        await App.QuietAsync();
        Assert.Equal(Accepted, await running.OutcomesAsync(mail));
    }

    [Theory]
    [InlineData(400)]
    [InlineData(413)]
    public async Task A_mail_that_the_API_cannot_take_is_refused_for_good(int status)
    {
        Server.Answer = SendGridServer.Status(
            status,
            """{"errors":[{"message":"Does not contain a valid address.","field":"personalizations.0.to.0.email"}]}"""
        );

        var mail = await running.SentAsync(TestUsers.NewEmail());

        Assert.Equal("notification.failed.v1 refused", await running.OutcomesAsync(mail));
        Assert.Single(Server.Requests);
    }

    [Theory]
    [InlineData(200)]
    [InlineData(302)]
    [InlineData(401)]
    [InlineData(403)]
    [InlineData(404)]
    [InlineData(429)]
    [InlineData(500)]
    [InlineData(503)]
    public async Task Any_other_answer_puts_the_mail_off_and_it_comes_again_under_the_same_ids(int status)
    {
        Server.Answer = SendGridServer.Status(status, "{ no JSON");
        using var held = App.Clock.Hold();
        var email = TestUsers.NewEmail();
        await App.Users.RegisterAsync(email);
        await PutOffAsync($"sendgrid {status}");

        Server.Answer = SendGridServer.Status(202);
        App.Clock.Advance(TimeSpan.FromSeconds(2));
        await TestApp.EventuallyAsync(() => Task.FromResult(Server.To(email).Count == 2), "it is tried again");
        await App.QuietAsync();

        Assert.Equal(Accepted, await running.OutcomesAsync(Server.To(email)[1]));
        Assert.Single(Server.To(email).Select(m => m.Body.GetRawText()).Distinct(StringComparer.Ordinal));
    }

    [Fact]
    public async Task A_refused_key_is_told_to_the_operator()
    {
        Server.Answer = SendGridServer.Status(401);
        using var held = App.Clock.Hold();
        await App.Users.RegisterAsync(TestUsers.NewEmail());
        await PutOffAsync("sendgrid 401");

        Assert.Contains(
            App.Logs.Lines,
            l =>
                l.StartsWith("Error", StringComparison.Ordinal)
                && l.Contains("SendGrid refuses this server's key", StringComparison.Ordinal)
        );
        Assert.Equal((false, "sendgrid 401"), await HealthAsync());

        Server.Answer = SendGridServer.Status(202);
        App.Clock.Advance(TimeSpan.FromSeconds(2));
        await App.QuietAsync();
        Assert.Equal((true, null), await HealthAsync());
    }

    [Theory]
    [InlineData("120", 120)]
    [InlineData("999999999", 3600)]
    [InlineData("soon", 0)]
    [InlineData("-5", 0)]
    public async Task Retry_After_is_honoured_within_reason(string header, int seconds)
    {
        Server.Answer = (_, http) =>
        {
            http.Response.StatusCode = 429;
            http.Response.Headers.RetryAfter = header;
            return Task.CompletedTask;
        };
        using var held = App.Clock.Hold();
        await App.Users.RegisterAsync(TestUsers.NewEmail());
        await PutOffAsync("sendgrid 429");

        var wait =
            await App.ScalarAsync<DateTime>("select run_at from runtime.jobs where reason = 'sendgrid 429'")
            - App.Clock.GetUtcNow().UtcDateTime;
        Assert.InRange(wait.TotalSeconds, seconds == 0 ? 0.5 : seconds - 0.001, seconds == 0 ? 1.5 : seconds + 0.001);
    }

    [Fact]
    public async Task An_answer_that_does_not_come_is_not_waited_for()
    {
        await using var app = await running.StartAsync(("Mail:SendGrid:TimeoutSeconds", "1"));
        Server.Answer = (_, http) => Task.Delay(Timeout.InfiniteTimeSpan, TimeProvider.System, http.RequestAborted);

        await app.Users.RegisterAsync(TestUsers.NewEmail());

        await PutOffAsync("sendgrid time-out", app);
    }

    [Fact]
    public async Task With_the_API_away_registration_answers_and_the_mail_waits()
    {
        var gone = await SendGridServer.StartAsync();
        var address = gone.Address;
        await gone.DisposeAsync();
        await using var app = await running.StartAsync(("Mail:SendGrid:ApiUrl", address));

        Assert.Equal(HttpStatusCode.Accepted, (await app.Users.RegisterAsync(TestUsers.NewEmail())).Status);

        await PutOffAsync("sendgrid away", app);
    }

    [Fact]
    public async Task A_mail_whose_code_has_expired_is_not_sent_any_more()
    {
        Server.Answer = SendGridServer.Status(503);
        using var held = App.Clock.Hold();
        await App.Users.RegisterAsync(TestUsers.NewEmail());
        await PutOffAsync("sendgrid 503");
        Server.Answer = SendGridServer.Status(202);
        App.Clock.Advance(TimeSpan.FromMinutes(11));
        await App.QuietAsync();

        Assert.Equal("notification.failed.v1 expired", await running.OutcomesAsync(Assert.Single(Server.Requests)));
    }

    [Fact]
    public async Task No_more_mails_go_out_in_a_second_than_the_setting_says_and_none_is_lost()
    {
        const int Mails = 5;
        await using var app = await running.StartAsync(("Mail:MaxPerSecond", "1"), ("Messaging:JobConcurrency", "16"));
        var clock = TimeProvider.System;
        var start = clock.GetTimestamp();
        var registrations = Enumerable.Range(0, Mails).Select(_ => app.Users.RegisterAsync(TestUsers.NewEmail())).ToList();
        Assert.All(await Task.WhenAll(registrations), r => Assert.Equal(HttpStatusCode.Accepted, r.Status));

        await TestApp.EventuallyAsync(() => Task.FromResult(Server.Requests.Count == Mails), "all mails go out");

        // Between the first and the last lie as many seconds as mails less one, however fast or slow the machine is.
        Assert.True(clock.GetElapsedTime(start) >= TimeSpan.FromSeconds(Mails - 1));
        await app.QuietAsync();
        Assert.Equal(
            (long)Mails,
            await app.ScalarAsync<long>("select count(*) from runtime.events where type = 'notification.delivered.v1'")
        );
    }

    [Fact]
    public async Task A_code_that_expires_while_its_mail_waits_for_its_turn_is_not_sent()
    {
        await using var app = await running.StartAsync(("Mail:MaxPerSecond", "1"), ("Messaging:JobConcurrency", "16"));
        app.Clock.Hold();
        // The mails come together, however long the machine takes for the registrations: nobody carries events meanwhile.
        await app.ExecuteAsync(
            "update runtime.lanes set owner = '00000000-0000-7000-8000-00000000dead', leased_until = now() + interval '1 hour'"
        );
        var registrations = Enumerable.Range(0, 12).Select(_ => app.Users.RegisterAsync(TestUsers.NewEmail())).ToList();
        await Task.WhenAll(registrations);
        await app.ExecuteAsync("update runtime.lanes set owner = null, leased_until = null");
        await TestApp.EventuallyAsync(() => Task.FromResult(!Server.Requests.IsEmpty), "the first goes out");
        app.Clock.Advance(TimeSpan.FromMinutes(10));
        // Who gave the place back comes again by the clock, which stands still unless it is moved.
        await TestApp.EventuallyAsync(
            async () =>
            {
                app.Clock.Advance(TimeSpan.FromSeconds(1));
                return await app.ScalarAsync<long>(
                        "select count(*) from runtime.events where type in ('notification.delivered.v1', 'notification.failed.v1')"
                    ) == 12;
            },
            "all twelve have their end"
        );

        // The registration ends with its code, and its key with it: which of the two ends a mail meets first is chance.
        var late = await app.ScalarAsync<long>(
            """
            select count(*) from runtime.events
             where type = 'notification.failed.v1' and data::jsonb ->> 'reason' in ('expired', 'recipient-deleted')
            """
        );
        Assert.InRange(late, 1, 11);
        Assert.Equal(12 - late, Server.Requests.Count);
    }

    [Fact]
    public async Task No_log_line_holds_an_address_a_code_the_key_or_a_word_of_the_provider()
    {
        const string Words = "the provider's own words about person@example.com";
        var email = TestUsers.NewEmail();
        foreach (var status in new[] { 400, 401, 500 })
        {
            Server.Answer = SendGridServer.Status(status, Words);
            await App.Users.RegisterAsync(email);
        }

        await TestApp.EventuallyAsync(() => Task.FromResult(Server.To(email).Count >= 3), "all are tried");
        await App.QuietAsync();
        var code = Regex.Match(Server.To(email)[0].Text, @"\b\d{6}\b").Value;

        var lines = string.Join('\n', App.Logs.Lines);
        foreach (var secret in new[] { email, Words, "SG.secret", code + " is your" })
            Assert.DoesNotContain(secret, lines, StringComparison.OrdinalIgnoreCase);
    }

    private Task PutOffAsync(string reason, TestApp? app = null) =>
        TestApp.EventuallyAsync(
            async () =>
                await (app ?? App).ScalarAsync<string>("select coalesce(max(reason), '') from runtime.jobs where leased_by is null")
                == reason,
            "it is put off"
        );

    private async Task<(bool Healthy, string? Reason)> HealthAsync()
    {
        var report = await App.Management.GetFromJsonAsync<JsonElement>(new Uri("/health", UriKind.Relative));
        Assert.Equal("ready", report.GetProperty("status").GetString());
        var mail = report.GetProperty("dependencies").EnumerateArray().Single(d => d.GetProperty("name").GetString() == "mail");
        return (mail.GetProperty("healthy").GetBoolean(), mail.TryGetProperty("reason", out var reason) ? reason.GetString() : null);
    }
}
