using System.Net;
using System.Text;
using Gatehouse.SystemTests.Harness;

namespace Gatehouse.SystemTests.Notifications;

/// <summary>What Twilio reports of messages: believed when signed for their address, about messages that were sent, once.</summary>
[Collection<OneTwilio>]
public sealed class TwilioStatusTests(TwilioApp running) : IAsyncLifetime
{
    private const string Delivered = "notification.delivered.v1 sms twilio";

    private TestApp App => running.App;

    public async ValueTask InitializeAsync() => await running.EmptyAsync();

    public ValueTask DisposeAsync() => ValueTask.CompletedTask;

    [Theory]
    [InlineData("accepted", null, "")]
    [InlineData("queued", null, "")]
    [InlineData("sending", null, "")]
    [InlineData("sent", null, Delivered)]
    [InlineData("delivered", null, Delivered)]
    [InlineData("read", null, Delivered)]
    [InlineData("undelivered", 30003, "notification.failed.v1 sms undelivered")]
    [InlineData("undelivered", 30005, "notification.failed.v1 sms bounced")]
    [InlineData("undelivered", 30006, "notification.failed.v1 sms bounced")]
    [InlineData("undelivered", 30007, "notification.failed.v1 sms blocked")]
    [InlineData("undelivered", null, "notification.failed.v1 sms undelivered")]
    [InlineData("failed", 30001, "notification.failed.v1 sms dropped")]
    [InlineData("failed", 21610, "notification.failed.v1 sms unsubscribed")]
    [InlineData("canceled", null, "notification.failed.v1 sms dropped")]
    [InlineData("invented", null, "")]
    [InlineData("", null, "")]
    public async Task Each_report_leads_to_what_it_says(string status, int? error, string outcome)
    {
        var number = PhoneMessages.NewNumber();
        var (id, _) = await running.SentAsync(number);

        Assert.Equal(HttpStatusCode.NoContent, (await running.ReportAsync(id, status, error)).Status);

        Assert.Equal(outcome, await running.OutcomesAsync(id));
        Assert.Equal(
            error == 21610 ? 1 : 0,
            await App.ScalarAsync<long>("select count(*) from notifications.suppressions where reason = 'unsubscribed'")
        );
    }

    [Fact]
    public async Task A_report_counts_once_however_often_it_comes()
    {
        var (id, _) = await running.SentAsync(PhoneMessages.NewNumber());

        await running.ReportAsync(id, "sent");
        await Task.WhenAll(Enumerable.Range(0, 6).Select(_ => running.ReportAsync(id, "delivered")));
        for (var i = 0; i < 3; i++)
            await running.ReportAsync(id, "undelivered", 30003);

        Assert.Equal(Delivered + ",notification.failed.v1 sms undelivered", await running.OutcomesAsync(id));
    }

    [Fact]
    public async Task A_failure_is_not_taken_back_by_a_report_that_it_overtook()
    {
        var (id, _) = await running.SentAsync(PhoneMessages.NewNumber());

        await running.ReportAsync(id, "undelivered", 30005);
        await running.ReportAsync(id, "sent");

        Assert.Equal("notification.failed.v1 sms bounced", await running.OutcomesAsync(id));
    }

    [Fact]
    public async Task What_is_not_signed_for_this_message_by_the_token_is_refused_and_changes_nothing()
    {
        var (id, _) = await running.SentAsync(PhoneMessages.NewNumber());
        var (other, _) = await running.SentAsync(PhoneMessages.NewNumber());
        var (url, form) = (await running.CallbackAsync(id), TwilioApp.Report("delivered"));
        var good = TwilioApp.Sign(url, form);
        var failed = TwilioApp.Report("failed");
        var otherHost = url.Replace("accounts.example.com", "localhost", StringComparison.Ordinal);
        (string Url, Dictionary<string, string> Form, string? Signature)[] forged =
        [
            (url, form, null),
            (url, form, ""),
            (url, form, "not base64!"),
            (url, form, Convert.ToBase64String(new byte[20])),
            (url, form, Convert.ToBase64String(new byte[5000])),
            (url, form, good[..^4]),
            (url, failed, good),
            (url, new(form, StringComparer.Ordinal) { ["Added"] = "1" }, good),
            (url, [], good),
            (url, form, TwilioApp.Sign(url, form, "another-token")),
            (url, form, TwilioApp.Sign(url, form, "")),
            (url, form, TwilioApp.Sign(otherHost, form)),
            (url, form, TwilioApp.Sign(url.Replace("https", "http", StringComparison.Ordinal), form)),
            (url, form, TwilioApp.Sign(url.Replace(".com/", ".com:8443/", StringComparison.Ordinal), form)),
            (await running.CallbackAsync(other), form, good),
            (url.Split('?')[0], form, TwilioApp.Sign(url.Split('?')[0], form)),
            (url.Replace("message=", "message=x", StringComparison.Ordinal), form, good),
            (url + "&message=" + other, form, good),
        ];

        foreach (var (address, what, signature) in forged)
        {
            var answer = await running.PostAsync(address, what, signature);
            Assert.Equal((HttpStatusCode.Forbidden, "notifications.signature-wrong"), (answer.Status, answer.Code));
        }

        var twice = await running.PostAsync(url, form.Append(new("MessageStatus", "failed")), good);
        Assert.Equal(HttpStatusCode.Forbidden, twice.Status);
        Assert.Equal("", await running.OutcomesAsync(id) + await running.OutcomesAsync(other));
    }

    [Fact]
    public async Task The_host_of_the_request_does_not_matter_and_the_default_port_may_be_signed()
    {
        var (id, _) = await running.SentAsync(PhoneMessages.NewNumber());
        var (url, form) = (await running.CallbackAsync(id), TwilioApp.Report("delivered"));
        using var content = new FormUrlEncodedContent(form);
        using var request = new HttpRequestMessage(HttpMethod.Post, new Uri(url).PathAndQuery) { Content = content };
        request.Headers.Host = "evil.example.org";
        var evil = url.Replace("accounts.example.com", "evil.example.org", StringComparison.Ordinal);
        request.Headers.Add("X-Twilio-Signature", TwilioApp.Sign(evil, form));

        Assert.Equal(HttpStatusCode.Forbidden, (await App.Users.SendAsync(request)).Status);
        var withPort = url.Replace(".com/", ".com:443/", StringComparison.Ordinal);
        Assert.Equal(HttpStatusCode.NoContent, (await running.PostAsync(url, form, TwilioApp.Sign(withPort, form))).Status);
        Assert.Equal(Delivered, await running.OutcomesAsync(id));
    }

    [Fact]
    public async Task A_report_names_a_message_that_was_sent_or_changes_nothing()
    {
        var (id, _) = await running.SentAsync(PhoneMessages.NewNumber());
        var stranger = Guid.CreateVersion7(App.Clock.GetUtcNow());

        Assert.Equal(HttpStatusCode.NoContent, (await running.ReportAsync(stranger, "failed", 21610)).Status);
        var url = $"{TwilioApp.PublicUrl}/v1/notifications/twilio-status?tenant={stranger}&message={id}";
        var form = TwilioApp.Report("failed", 21610);
        Assert.Equal(HttpStatusCode.NoContent, (await running.PostAsync(url, form, TwilioApp.Sign(url, form))).Status);

        Assert.Equal("", await running.OutcomesAsync(id) + await running.OutcomesAsync(stranger));
        Assert.Equal(0, await App.ScalarAsync<long>("select count(*) from notifications.suppressions"));
    }

    [Fact]
    public async Task A_huge_report_is_rejected_and_nonsense_is_not_believed()
    {
        var (id, _) = await running.SentAsync(PhoneMessages.NewNumber());
        var url = await running.CallbackAsync(id);
        var huge = new Dictionary<string, string>(TwilioApp.Report("delivered"), StringComparer.Ordinal)
        {
            ["Body"] = new string('x', 16 * 1024),
        };

        Assert.Equal(HttpStatusCode.RequestEntityTooLarge, (await running.PostAsync(url, huge, TwilioApp.Sign(url, huge))).Status);
        foreach (var body in new[] { "{\"MessageStatus\":\"delivered\"}", "&&&===", "%zz%00", "\u0000", "MessageStatus" })
        {
            using var content = new ByteArrayContent(Encoding.UTF8.GetBytes(body));
            var answer = await running.PostAsync(url, content, TwilioApp.Sign(url, TwilioApp.Report("delivered")));
            Assert.Equal(HttpStatusCode.Forbidden, answer.Status);
        }

        Assert.Equal("", await running.OutcomesAsync(id));
    }

    [Theory]
    [InlineData("Sms:Sender", "inbox")]
    [InlineData("Http:PublicUrl", "http://localhost:8080")]
    public async Task Where_no_reports_are_asked_for_nothing_listens(string name, string value)
    {
        await using var app = await running.StartAsync((name, value));
        var id = await app.RequestAsync(PhoneMessages.NewNumber());
        var sender = name == "Sms:Sender" ? "inbox" : "twilio";
        await TwilioApp.EndedAsync(app, id, $"notification.delivered.v1 sms {sender}");

        Assert.Equal(HttpStatusCode.NotFound, (await app.Users.PostAsync("/v1/notifications/twilio-status", new { })).Status);
        Assert.DoesNotContain(running.Server.Requests, r => r.Fields.ContainsKey("StatusCallback"));
    }
}
