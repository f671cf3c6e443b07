using System.Globalization;
using System.Text;
using Gatehouse.SystemTests.Harness;
using Gatehouse.SystemTests.Server;

namespace Gatehouse.SystemTests.Notifications;

/// <summary>Messages to phones by Twilio's API: what is sent, and what each answer leads to.</summary>
[Collection<OneTwilio>]
public sealed class TwilioTests(TwilioApp running) : IAsyncLifetime
{
    private TestApp App => running.App;

    private TwilioServer Server => running.Server;

    public async ValueTask InitializeAsync() => await running.EmptyAsync();

    public ValueTask DisposeAsync() => ValueTask.CompletedTask;

    [Fact]
    public async Task An_SMS_is_sent_as_the_API_documents_it()
    {
        var number = PhoneMessages.NewNumber();
        var (id, message) = await running.SentAsync(number);

        Assert.Equal($"POST /2010-04-01/Accounts/{TwilioApp.Account}/Messages.json", message.Target);
        Assert.Equal("Basic " + Base64($"{TwilioApp.Account}:{TwilioApp.Token}"), message.Headers["Authorization"]);
        Assert.Equal((number, TwilioApp.From), (message.To, message.Fields["From"]));
        Assert.StartsWith("123456 is your ", message.Fields["Body"], StringComparison.Ordinal);
        Assert.Equal(await running.CallbackAsync(id), message.Fields["StatusCallback"]);
        Assert.InRange(int.Parse(message.Fields["ValidityPeriod"], CultureInfo.InvariantCulture), 500, 600);
        // Twilio's reports will say what became of it.
        Assert.Equal("", await running.OutcomesAsync(id));
        Assert.Equal((true, null), await TwilioApp.HealthAsync(App));
    }

    [Fact]
    public async Task A_WhatsApp_message_has_its_own_addresses()
    {
        var number = PhoneMessages.NewNumber();
        var (_, message) = await running.SentAsync(number, "whatsapp");

        Assert.Equal(("whatsapp:" + number, "whatsapp:+14155550199"), (message.To, message.Fields["From"]));
        Assert.StartsWith("123456 is your ", message.Fields["Body"], StringComparison.Ordinal);
    }

    [Fact]
    public async Task An_API_key_a_messaging_service_and_approved_templates_are_used_where_they_are_set()
    {
        var (key, service, template) = ("SK" + new string('2', 32), "MG" + new string('3', 32), "HX" + new string('4', 32));
        await using var app = await running.StartAsync(
            ("Sms:Twilio:AuthToken", ""),
            ("Sms:Twilio:ApiKeySid", key),
            ("Sms:Twilio:ApiKeySecret", "secret-of-the-key"),
            ("Sms:Twilio:From", ""),
            ("Sms:Twilio:MessagingServiceSid", service),
            ("Sms:Twilio:WhatsAppFrom", ""),
            ("Sms:Twilio:WhatsAppTemplates", $"registration-code.en={template}")
        );
        var (sms, whatsApp) = (PhoneMessages.NewNumber(), PhoneMessages.NewNumber());
        var first = await app.RequestAsync(sms);
        var second = await app.RequestAsync(whatsApp, "whatsapp", language: "hi");
        // Without the auth token no report can be believed, so none is asked for: acceptance is the outcome.
        await TwilioApp.EndedAsync(app, first, "notification.delivered.v1 sms twilio");
        await TwilioApp.EndedAsync(app, second, "notification.delivered.v1 whatsapp twilio");

        var (plain, approved) = (Server.To(sms)[0], Server.To(whatsApp)[0]);
        Assert.Equal("Basic " + Base64($"{key}:secret-of-the-key"), plain.Headers["Authorization"]);
        Assert.Equal(["Body", "MessagingServiceSid", "To", "ValidityPeriod"], plain.Fields.Keys.Order(StringComparer.Ordinal));
        Assert.Equal(service, approved.Fields["MessagingServiceSid"]);
        Assert.Equal((template, """{"1":"123456"}"""), (approved.Fields["ContentSid"], approved.Fields["ContentVariables"]));
        Assert.DoesNotContain("Body", approved.Fields.Keys);
    }

    [Theory]
    [InlineData(21211)]
    [InlineData(21614)]
    [InlineData(21408)]
    [InlineData(21612)]
    [InlineData(99999)]
    [InlineData(-1)]
    public async Task A_rejected_message_is_not_sent_again(int code)
    {
        Server.Answer = TwilioServer.Error(code);
        var number = PhoneMessages.NewNumber();

        var id = await App.RequestAsync(number);
        await TwilioApp.EndedAsync(App, id, "notification.failed.v1 sms refused");

        Assert.Single(Server.To(number));
        Assert.Contains(App.Logs.Lines, l => MailerApp.IsLine(l, "Warning", $"twilio {code}"));
        AssertNothingTold(number);
    }

    [Fact]
    [Trait("Speed", "Slow")]
    public async Task An_operator_lets_messages_go_to_a_number_again_that_was_suppressed()
    {
        Server.Answer = TwilioServer.Error(21610);
        var number = PhoneMessages.NewNumber();
        await TwilioApp.EndedAsync(App, await App.RequestAsync(number), "notification.failed.v1 sms unsubscribed");
        Server.Answer = TwilioServer.Accepting;

        await using (var wrong = await RunAsync(number[1..]))
            Assert.Equal(1, await wrong.ExitCodeAsync());
        await using (var lift = await RunAsync($"{number[..4]} {number[4..]}"))
            Assert.StartsWith("The number is no longer suppressed.", lift.Output, StringComparison.Ordinal);
        await using (var again = await RunAsync(number))
            Assert.Equal("The number was not suppressed.", again.Output);

        await running.SentAsync(number);

        async Task<GatehouseProcess> RunAsync(string typed) =>
            await GatehouseProcess.RunAsync(["notifications", "unsuppress", typed], await ServeTests.SettingsAsync(App.Databases));
    }

    [Fact]
    public async Task A_number_whose_owner_unsubscribed_gets_nothing_more()
    {
        Server.Answer = TwilioServer.Error(21610);
        var number = PhoneMessages.NewNumber();
        var id = await App.RequestAsync(number);
        await TwilioApp.EndedAsync(App, id, "notification.failed.v1 sms unsubscribed");

        Server.Answer = TwilioServer.Accepting;
        var next = await App.RequestAsync(number);
        await TwilioApp.EndedAsync(App, next, "notification.failed.v1 sms suppressed");

        Assert.Single(Server.To(number));
        App.Clock.Advance(TimeSpan.FromDays(30));
        await running.SentAsync(number);
    }

    [Theory]
    [InlineData(401, 20003)]
    [InlineData(403, 20003)]
    [InlineData(404, 20404)]
    [InlineData(400, 21606)]
    [InlineData(400, 21701)]
    [InlineData(400, 63007)]
    public async Task What_only_the_operator_can_mend_is_told_once_and_messages_wait(int status, int code)
    {
        Server.Answer = TwilioServer.Error(code, status);
        var reason = status == 400 ? $"twilio {code}" : $"twilio {status}";
        using var held = App.Clock.Hold();
        var number = PhoneMessages.NewNumber();
        var id = await App.RequestAsync(number);
        await TwilioApp.PutOffAsync(App, reason);
        App.Clock.Advance(TimeSpan.FromSeconds(2));
        await TestApp.EventuallyAsync(() => Task.FromResult(Server.To(number).Count == 2), "it is tried again");
        await TwilioApp.PutOffAsync(App, reason);
        await TestApp.EventuallyAsync(async () => !(await TwilioApp.HealthAsync(App)).Healthy, "its health shows it");

        Assert.Single(App.Logs.Lines, l => MailerApp.IsLine(l, "Error", $"Twilio accepts no messages from Gatehouse ({reason})"));
        Server.Answer = TwilioServer.Accepting;
        App.Clock.Advance(TimeSpan.FromSeconds(5));
        await TestApp.EventuallyAsync(() => Task.FromResult(Server.To(number).Count == 3), "it is sent when it is mended");
        await App.QuietAsync();
        Assert.Equal("", await running.OutcomesAsync(id));
        Assert.Equal((true, null), await TwilioApp.HealthAsync(App));
    }

    [Theory]
    [InlineData(200, "<html>welcome to this network</html>", "twilio 200")]
    [InlineData(302, "", "twilio 302: Sms:Twilio:ApiUrl redirects")]
    [InlineData(400, "<html>", "twilio 400: unreadable answer")]
    [InlineData(400, "[]", "twilio 400: unreadable answer")]
    [InlineData(400, "{\"code\":\"21211\"}", "twilio 400: unreadable answer")]
    [InlineData(400, "{\"code\":1e99}", "twilio 400: unreadable answer")]
    [InlineData(400, null, "twilio 400: unreadable answer")]
    [InlineData(400, "{\"code\":21611}", "twilio 21611")]
    [InlineData(500, "", "twilio 500")]
    [InlineData(503, "{\"code\":21211}", "twilio 503")]
    public async Task Outages_and_nonsense_put_the_message_off(int status, string? body, string reason)
    {
        Server.Answer = TwilioServer.Status(status, body ?? $"{{\"code\":21211,\"message\":\"{new string('x', 100_000)}\"}}");
        using var held = App.Clock.Hold();
        var number = PhoneMessages.NewNumber();
        await App.RequestAsync(number);
        await TwilioApp.PutOffAsync(App, reason);

        Server.Answer = TwilioServer.Accepting;
        App.Clock.Advance(TimeSpan.FromSeconds(2));
        await TestApp.EventuallyAsync(() => Task.FromResult(Server.To(number).Count == 2), "it is tried again");
        await App.QuietAsync();

        Assert.Equal(Server.To(number)[0].Fields["Body"], Server.To(number)[1].Fields["Body"]);
        Assert.Equal(1, await App.ScalarAsync<int>("select messages from notifications.phone_days"));
        AssertNothingTold(number);
    }

    [Fact]
    public async Task A_busy_Twilio_is_left_alone_as_long_as_it_asks()
    {
        Server.Answer = TwilioServer.Status(429, "{\"code\":20429}", retryAfter: "120");
        using var held = App.Clock.Hold();
        await App.RequestAsync(PhoneMessages.NewNumber());
        await TwilioApp.PutOffAsync(App, "twilio 429");

        var wait =
            await App.ScalarAsync<DateTime>("select run_at from runtime.jobs where reason = 'twilio 429'")
            - App.Clock.GetUtcNow().UtcDateTime;
        Assert.InRange(wait.TotalSeconds, 119.9, 120.1);
    }

    [Fact]
    public async Task A_message_whose_answer_was_lost_is_not_sent_again_once_Twilio_has_reported_on_it()
    {
        Server.Answer = (_, http) =>
        {
            http.Abort();
            return Task.CompletedTask;
        };
        using var held = App.Clock.Hold();
        var number = PhoneMessages.NewNumber();
        var id = await App.RequestAsync(number);
        await TwilioApp.PutOffAsync(App, "twilio away");

        Assert.Equal(System.Net.HttpStatusCode.NoContent, (await running.ReportAsync(id, "queued")).Status);
        Server.Answer = TwilioServer.Accepting;
        App.Clock.Advance(TimeSpan.FromSeconds(2));
        await App.QuietAsync();

        Assert.Single(Server.To(number));
        await running.ReportAsync(id, "delivered");
        Assert.Equal("notification.delivered.v1 sms twilio", await running.OutcomesAsync(id));
    }

    [Fact]
    public async Task An_answer_that_does_not_come_is_not_waited_for()
    {
        await using var app = await running.StartAsync(("Sms:Twilio:TimeoutSeconds", "1"));
        Server.Answer = (_, http) => Task.Delay(Timeout.InfiniteTimeSpan, TimeProvider.System, http.RequestAborted);

        await app.RequestAsync(PhoneMessages.NewNumber());

        await TwilioApp.PutOffAsync(app, "twilio time-out");
    }

    [Fact]
    public async Task A_private_address_is_not_connected_to()
    {
        await using var app = await running.StartAsync(("Sms:Twilio:AllowPrivateAddresses", "false"));
        var number = PhoneMessages.NewNumber();

        await app.RequestAsync(number);

        await TwilioApp.PutOffAsync(app, "twilio private address");
        Assert.Empty(Server.To(number));
    }

    [Fact]
    public async Task Without_a_sender_for_it_a_channel_fails_and_says_so()
    {
        await using var app = await running.StartAsync(("Sms:Twilio:WhatsAppFrom", ""));
        var id = await app.RequestAsync(PhoneMessages.NewNumber(), "whatsapp");
        await TwilioApp.EndedAsync(app, id, "notification.failed.v1 whatsapp refused");

        await using var none = await running.StartAsync(("Sms:Sender", "none"));
        var other = await none.RequestAsync(PhoneMessages.NewNumber());
        await TwilioApp.EndedAsync(none, other, "notification.failed.v1 sms refused");
    }

    private static string Base64(string text) => Convert.ToBase64String(Encoding.UTF8.GetBytes(text));

    private void AssertNothingTold(string number)
    {
        foreach (var secret in new[] { number, number[1..], "123456 is", TwilioApp.Token })
            Assert.DoesNotContain(App.Logs.Lines, l => l.Contains(secret, StringComparison.Ordinal));
    }
}
