using System.Net;
using System.Security.Cryptography;
using Gatehouse.Notifications.Mail;
using Gatehouse.SystemTests.Harness;
using StandardWebhooks;
using StandardWebhooks.Diagnostics;

namespace Gatehouse.SystemTests.Notifications;

/// <summary>Messages posted to a mailer of somebody's own, and what its answers lead to.</summary>
[Collection<OneMailer>]
public sealed class HttpSenderTests(MailerApp running) : IAsyncLifetime
{
    private const string Refused = "notification.failed.v1 refused";

    private TestApp App => running.App;

    private MailerServer Server => running.Server;

    public async ValueTask InitializeAsync() => await running.EmptyAsync();

    public ValueTask DisposeAsync() => ValueTask.CompletedTask;

    [Fact]
    public async Task A_message_reaches_the_mailer_in_the_shape_it_reads_and_its_code_works()
    {
        var email = TestUsers.NewEmail();
        var started = await App.Users.RegisterAsync(email);
        var message = await OneAsync(email);

        Assert.Equal(("POST", "/v1/messages?key=of-the-mailer"), (message.Method, message.Target));
        Assert.Equal("application/json", message.Headers.ContentType);
        Assert.Equal(["type", "email"], message.Json.EnumerateObject().Select(m => m.Name));
        Assert.Equal("email", message.Json.GetProperty("type").GetString());
        var mail = message.Json.GetProperty("email");
        Assert.Equal(["to", "subject", "body"], mail.EnumerateObject().Select(m => m.Name));
        Assert.Equal($"""["{email}"]""", mail.GetProperty("to").GetRawText());
        Assert.NotEmpty(mail.GetProperty("subject").GetString()!);
        Assert.StartsWith("<!DOCTYPE html>", mail.GetProperty("body").GetString(), StringComparison.OrdinalIgnoreCase);

        Assert.Equal(HttpStatusCode.Created, (await App.Users.VerifyAsync(started.RegistrationId, message.Code)).Status);
        await App.QuietAsync();
        Assert.Equal(MailerApp.Accepted, await MailerApp.OutcomesAsync(App, message.Id));
        Assert.Null(await MailerApp.TroubleAsync(App));
    }

    [Fact]
    public async Task The_signature_is_good_for_this_message_and_no_other()
    {
        var email = TestUsers.NewEmail();
        await using var app = await MailerApp.StartAsync(Server.Url);
        await app.Users.RegisterAsync(email);
        var message = await OneAsync(email);
        var reader = new StandardWebhook(MailerApp.Secret);

        reader.Verify(message.Body, message.Headers);

        AssertForged(reader, message with { Body = message.Body.Replace(email, "eve@example.org", StringComparison.Ordinal) });
        AssertForged(new StandardWebhook(RandomNumberGenerator.GetBytes(32)), message);
        foreach (var (header, value) in new[] { ("webhook-id", Guid.Empty.ToString()), ("webhook-timestamp", Seconds(message, 1)) })
        {
            var kept = message.Headers[header];
            message.Headers[header] = value;
            AssertForged(reader, message);
            message.Headers[header] = kept;
        }

        reader.Verify(message.Body, message.Headers);
    }

    [Fact]
    public async Task While_the_secret_is_replaced_the_message_is_signed_with_both()
    {
        var email = TestUsers.NewEmail();
        var next = RandomNumberGenerator.GetBytes(24);
        await using var app = await MailerApp.StartAsync(
            Server.Url,
            ("Mail:Signing:Secret", Convert.ToBase64String(next)),
            ("Mail:Signing:PreviousSecret", MailerApp.Secret)
        );
        await app.Users.RegisterAsync(email);
        var message = await OneAsync(email);

        // The library looks at the first signature only (findings/standardwebhooks-first-signature.sh), so it is given one after the other.
        var signatures = message.Headers["webhook-signature"].ToString().Split(' ');
        Assert.Equal(2, signatures.Length);
        Verify(new StandardWebhook(next), signatures[0]);
        Verify(new StandardWebhook(MailerApp.Secret), signatures[1]);

        void Verify(StandardWebhook reader, string signature)
        {
            message.Headers["webhook-signature"] = signature;
            reader.Verify(message.Body, message.Headers);
        }
    }

    [Theory]
    [InlineData(400)]
    [InlineData(413)]
    [InlineData(422)]
    public async Task A_message_that_the_mailer_rejects_is_not_sent_again_and_the_operator_is_told(int status)
    {
        Server.Answer = MailerServer.Status(status, "unknown person@example.com");
        var email = TestUsers.NewEmail();
        await App.Users.RegisterAsync(email);
        var message = await OneAsync(email);
        await App.QuietAsync();

        Assert.Equal(Refused, await MailerApp.OutcomesAsync(App, message.Id));
        Assert.Single(Server.Requests);
        Assert.Contains(
            App.Logs.Lines,
            l => MailerApp.IsLine(l, "Warning", $"Message {message.Id} was rejected and is not sent again: http {status}")
        );
        Assert.DoesNotContain(App.Logs.Lines, l => MailerApp.IsLine(l, "Error", "accepts nothing from Gatehouse"));
        Assert.Null(await MailerApp.TroubleAsync(App));
    }

    [Theory]
    [InlineData(401)]
    [InlineData(403)]
    [InlineData(404)]
    public async Task While_the_mailer_rejects_this_server_messages_wait_and_the_operator_is_told(int status)
    {
        Server.Answer = MailerServer.Status(status, "unknown signature");
        using var held = App.Clock.Hold();
        var email = TestUsers.NewEmail();
        await App.Users.RegisterAsync(email);
        await MailerApp.PutOffAsync(App, $"http {status}");
        Assert.Contains(App.Logs.Lines, l => MailerApp.IsLine(l, "Error", $"accepts nothing from Gatehouse (http {status})"));
        Assert.Equal($"http {status}", await MailerApp.TroubleAsync(App));

        await running.AcceptedAfterAllAsync(App, email);
    }

    [Theory]
    [InlineData(408)]
    [InlineData(425)]
    [InlineData(429)]
    [InlineData(500)]
    [InlineData(503)]
    public async Task A_message_that_the_mailer_cannot_take_now_comes_again_under_the_same_id(int status)
    {
        Server.Answer = MailerServer.Status(status, "{ no JSON");
        using var held = App.Clock.Hold();
        var email = TestUsers.NewEmail();
        await App.Users.RegisterAsync(email);
        await MailerApp.PutOffAsync(App, $"http {status}");
        Assert.Equal($"http {status}", await MailerApp.TroubleAsync(App));

        await running.AcceptedAfterAllAsync(App, email);
    }

    [Fact]
    public async Task A_mailer_that_is_slow_is_not_waited_for_and_gets_the_same_message_again()
    {
        await using var app = await MailerApp.StartAsync(Server.Url, ("Mail:Http:TimeoutSeconds", "1"));
        using var held = app.Clock.Hold();
        Server.Answer = (_, http) => Task.Delay(Timeout.InfiniteTimeSpan, TimeProvider.System, http.RequestAborted);
        var email = TestUsers.NewEmail();
        await app.Users.RegisterAsync(email);
        await MailerApp.PutOffAsync(app, "http time-out");
        // One that answers may take its time on a busy machine.
        app.Services.GetRequiredService<MailOptions>().Http.TimeoutSeconds = 40;

        await running.AcceptedAfterAllAsync(app, email);
    }

    [Theory]
    [InlineData("220 mail.example.com ESMTP\r\n", "http unreadable answer")]
    [InlineData("HTTP/1.1 twohundred OK\r\n\r\n", "http unreadable answer")]
    [InlineData("HTTP/1.1 999 Fine\r\ncontent-length: 0\r\n\r\n", "http 999")]
    [InlineData("", "http away")]
    public async Task An_answer_that_makes_no_sense_puts_the_message_off(string answer, string reason)
    {
        await using var other = new OtherServer(answer);
        await using var app = await MailerApp.StartAsync(other.Url);

        await app.Users.RegisterAsync(TestUsers.NewEmail());

        await MailerApp.PutOffAsync(app, reason);
    }

    [Theory]
    [InlineData(429, "120", 120)]
    [InlineData(503, "999999999", 3600)]
    [InlineData(503, "soon", 0)]
    public async Task Retry_After_is_honoured_within_reason(int status, string header, int seconds)
    {
        Server.Answer = (_, http) =>
        {
            http.Response.StatusCode = status;
            http.Response.Headers.RetryAfter = header;
            return Task.CompletedTask;
        };
        using var held = App.Clock.Hold();
        await App.Users.RegisterAsync(TestUsers.NewEmail());
        await MailerApp.PutOffAsync(App, $"http {status}");

        var wait = await App.ScalarAsync<DateTime>("select run_at from runtime.jobs") - App.Clock.GetUtcNow().UtcDateTime;
        Assert.InRange(wait.TotalSeconds, seconds == 0 ? 0.5 : seconds - 0.001, seconds == 0 ? 1.5 : seconds + 0.001);
    }

    [Fact]
    public async Task No_log_line_holds_an_address_a_code_the_secret_or_a_word_of_the_mailer()
    {
        const string Words = "the mailer's own words about person@example.com";
        var email = TestUsers.NewEmail();
        foreach (var status in new[] { 400, 401, 302, 500 })
        {
            Server.Answer = MailerServer.Status(status, Words);
            await App.Users.RegisterAsync(email);
        }

        await TestApp.EventuallyAsync(() => Task.FromResult(Server.To(email).Count >= 4), "all are tried");
        await App.QuietAsync();

        var lines = string.Join('\n', App.Logs.Lines);
        string[] secrets = [email, Words, MailerApp.Secret, "of-the-mailer", .. Server.To(email).Select(m => m.Code + " is your")];
        foreach (var secret in secrets)
            Assert.DoesNotContain(secret, lines, StringComparison.OrdinalIgnoreCase);
    }

    private static string Seconds(MailerServer.Received message, int more) =>
        (long.Parse(message.Headers["webhook-timestamp"]!, null) + more).ToString(System.Globalization.CultureInfo.InvariantCulture);

    private static void AssertForged(StandardWebhook reader, MailerServer.Received message) =>
        Assert.Throws<WebhookVerificationException>(() => reader.Verify(message.Body, message.Headers));

    private async Task<MailerServer.Received> OneAsync(string email)
    {
        await TestApp.EventuallyAsync(() => Task.FromResult(Server.To(email).Count == 1), "the message is posted");
        return Server.To(email)[0];
    }
}
