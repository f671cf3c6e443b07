using System.Net;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using Gatehouse.SystemTests.Harness;

namespace Gatehouse.SystemTests.Notifications;

/// <summary>What SendGrid reports of mails: believed when signed, about mails that were sent, once.</summary>
[Collection<OneSendGrid>]
public sealed class SendGridEventsTests(SendGridApp running) : IAsyncLifetime
{
    private const string Accepted = "notification.delivered.v1 sendgrid";

    private readonly TestApp app = running.App;

    public async ValueTask InitializeAsync() => await running.EmptyAsync();

    public ValueTask DisposeAsync() => ValueTask.CompletedTask;

    [Theory]
    [InlineData("bounce", "bounce", ",notification.failed.v1 bounced", true)]
    [InlineData("bounce", "blocked", ",notification.failed.v1 blocked", false)]
    [InlineData("bounce", null, ",notification.failed.v1 blocked", false)]
    [InlineData("dropped", null, ",notification.failed.v1 dropped", false)]
    [InlineData("spamreport", null, "", true)]
    [InlineData("delivered", null, "", false)]
    [InlineData("deferred", null, "", false)]
    [InlineData("unsubscribe", null, "", false)]
    [InlineData("group_unsubscribe", null, "", false)]
    [InlineData("processed", null, "", false)]
    [InlineData("open", null, "", false)]
    [InlineData("invented", null, "", false)]
    public async Task Each_report_leads_to_what_it_says(string name, string? type, string outcome, bool suppresses)
    {
        var email = TestUsers.NewEmail();
        var mail = await running.SentAsync(email);

        Assert.Equal(HttpStatusCode.NoContent, (await running.ReportAsync(running.Report(mail, name, type))).Status);

        Assert.Equal(Accepted + outcome, await running.OutcomesAsync(mail));
        Assert.Equal(suppresses ? 1 : 0, await RecordsAsync(mail));
        await AssertSuppressedAsync(email, suppresses);
    }

    [Fact]
    public async Task A_report_counts_once_however_often_it_comes()
    {
        var mail = await running.SentAsync(TestUsers.NewEmail());
        var report = running.Report(mail, "bounce", "bounce");
        var body = JsonSerializer.SerializeToUtf8Bytes(new[] { report, report });
        var timestamp = running.Timestamp(TimeSpan.Zero);
        var signature = running.Sign(timestamp, body);

        for (var i = 0; i < 3; i++)
            Assert.Equal(HttpStatusCode.NoContent, (await running.PostAsync(body, signature, timestamp)).Status);
        await Task.WhenAll(Enumerable.Range(0, 4).Select(_ => running.PostAsync(body, signature, timestamp)));

        Assert.Equal(Accepted + ",notification.failed.v1 bounced", await running.OutcomesAsync(mail));
        Assert.Equal(1, await RecordsAsync(mail));
    }

    [Theory]
    [InlineData("bounce", "bounced")]
    [InlineData("blocked", "blocked")]
    public async Task One_bounce_that_comes_again_under_a_new_event_id_counts_once(string type, string outcome)
    {
        var mail = await running.SentAsync(TestUsers.NewEmail());

        for (var i = 0; i < 3; i++)
            Assert.Equal(HttpStatusCode.NoContent, (await running.ReportAsync(running.Report(mail, "bounce", type))).Status);
        await running.ReportAsync(running.Report(mail, "bounce", type), running.Report(mail, "bounce", type));

        Assert.Equal($"{Accepted},notification.failed.v1 {outcome}", await running.OutcomesAsync(mail));
        Assert.Equal(type == "bounce" ? 1 : 0, await RecordsAsync(mail));
    }

    [Fact]
    public async Task A_bounce_counts_however_often_the_mail_was_put_off_before()
    {
        var mail = await running.SentAsync(TestUsers.NewEmail());

        await running.ReportAsync([
            .. Enumerable.Range(0, 60).Select(_ => running.Report(mail, "deferred")),
            running.Report(mail, "bounce", "bounce"),
        ]);

        Assert.Equal(Accepted + ",notification.failed.v1 bounced", await running.OutcomesAsync(mail));
    }

    [Theory]
    [InlineData("status", "5.2.2")]
    [InlineData("reason", "552 5.2.2 The email account that you tried to reach is over quota")]
    [InlineData("reason", "550 5.2.2 <x@example.org>: Mailbox is full / Blocks limit exceeded / Inode limit exceeded")]
    [InlineData("reason", "452 4.2.2 The recipient's inbox is out of storage space")]
    [InlineData("reason", "554 delivery error: dd Sorry, your message cannot be delivered. This mailbox is full")]
    [InlineData("reason", "550 Requested mail action aborted: exceeded storage allocation")]
    [InlineData("reason", "550 user quota exceeded")]
    public async Task A_full_mailbox_does_not_suppress_its_address(string member, string value)
    {
        var email = TestUsers.NewEmail();
        var mail = await running.SentAsync(email);
        var report = running.Report(mail, "bounce", "bounce");
        report[member] = value;

        await running.ReportAsync(report);

        Assert.Equal(Accepted + ",notification.failed.v1 blocked", await running.OutcomesAsync(mail));
        await AssertSuppressedAsync(email, suppressed: false);
    }

    [Fact]
    public async Task What_is_not_signed_just_now_by_the_key_is_refused_and_changes_nothing()
    {
        var email = TestUsers.NewEmail();
        var mail = await running.SentAsync(email);
        var body = JsonSerializer.SerializeToUtf8Bytes(new[] { running.Report(mail, "bounce", "bounce") });
        var now = running.Timestamp(TimeSpan.Zero);
        var good = running.Sign(now, body);
        using var stranger = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        byte[] signed = [.. Encoding.ASCII.GetBytes(now), .. body];
        var (old, future) = (running.Timestamp(TimeSpan.FromMinutes(11)), running.Timestamp(TimeSpan.FromMinutes(-11)));
        (byte[] Body, string? Signature, string? Timestamp)[] forged =
        [
            (body, null, now),
            (body, good, null),
            (body, null, null),
            (body, "", ""),
            (body, good, running.Timestamp(TimeSpan.FromSeconds(1))),
            ([.. body, (byte)'\n'], good, now),
            (body[..^1], good, now),
            (body, Convert.ToBase64String(stranger.SignData(signed, HashAlgorithmName.SHA256, DSASignatureFormat.Rfc3279DerSequence)), now),
            (body, "not base64!", now),
            (body, Convert.ToBase64String(new byte[72]), now),
            (body, Convert.ToBase64String(new byte[5000]), now),
            (body, Convert.ToBase64String([0x30, 0x06, 0x02, 0x01, 0x00, 0x02, 0x01, 0x00]), now),
            (body, running.Sign(old, body), old),
            (body, running.Sign(future, body), future),
            (body, running.Sign("99999999999999999999", body), "99999999999999999999"),
            (body, running.Sign("9223372036854775807", body), "9223372036854775807"),
            (body, running.Sign("-1", body), "-1"),
            (body, running.Sign("now", body), "now"),
        ];

        foreach (var (what, signature, timestamp) in forged)
        {
            var answer = await running.PostAsync(what, signature, timestamp);
            Assert.Equal((HttpStatusCode.Forbidden, "notifications.signature-wrong"), (answer.Status, answer.Code));
        }

        Assert.Equal(Accepted, await running.OutcomesAsync(mail));
        await AssertSuppressedAsync(email, suppressed: false);
    }

    [Fact]
    public async Task A_report_names_a_mail_that_was_sent_or_changes_nothing()
    {
        var (email, other) = (TestUsers.NewEmail(), TestUsers.NewEmail());
        var (mail, sent) = (await running.SentAsync(email), await running.SentAsync(other));
        var before = await app.ScalarAsync<long>("select count(*) from notifications.suppressions");
        var (tenant, id) = (mail.Argument("gatehouse_tenant"), mail.Argument("gatehouse_notification"));

        var answer = await running.ReportAsync(
            running.Report(tenant, Guid.CreateVersion7(app.Clock.GetUtcNow()).ToString(), "bounce", "bounce"),
            running.Report(Guid.CreateVersion7(app.Clock.GetUtcNow()).ToString(), id, "bounce", "bounce"),
            running.Report(tenant, "", "bounce", "bounce"),
            running.Report("' or true --", id, "bounce", "bounce")
        );
        Assert.Equal(HttpStatusCode.NoContent, answer.Status);
        Assert.Equal(before, await app.ScalarAsync<long>("select count(*) from notifications.suppressions"));

        // The address in the report is not gone by: suppressed is the one that the mail went to.
        var report = running.Report(sent, "bounce", "bounce");
        report["email"] = email;
        await running.ReportAsync(report);
        await AssertSuppressedAsync(other, suppressed: true);
        await AssertSuppressedAsync(email, suppressed: false);
    }

    [Fact]
    public async Task Reports_that_are_none_are_passed_over_and_the_others_count()
    {
        var mail = await running.SentAsync(TestUsers.NewEmail());
        var good = JsonSerializer.Serialize(running.Report(mail, "dropped"));
        var ids =
            $"\"gatehouse_tenant\":\"{mail.Argument("gatehouse_tenant")}\","
            + $"\"gatehouse_notification\":\"{mail.Argument("gatehouse_notification")}\"";
        string[] garbage =
        [
            "null",
            "1",
            "\"bounce\"",
            "[]",
            "{}",
            "{\"event\":null}",
            $"{{{ids}}}",
            $"{{{ids},\"event\":\"bounce\",\"type\":\"bounce\"}}",
            $"{{{ids},\"event\":\"bounce\",\"sg_event_id\":\"\"}}",
            $"{{{ids},\"event\":\"bounce\",\"sg_event_id\":\"a\\u0000b\"}}",
            $"{{{ids},\"event\":\"bounce\",\"sg_event_id\":\"\\ud800\"}}",
            $"{{{ids},\"event\":\"bounce\",\"sg_event_id\":\"{new string('x', 5000)}\"}}",
            $"{{{ids},\"event\":[\"bounce\"],\"sg_event_id\":\"x\"}}",
            $"{{{ids},\"event\":\"\\ud800\",\"sg_event_id\":\"y\"}}",
            "{\"gatehouse_tenant\":7,\"gatehouse_notification\":{},\"event\":\"bounce\",\"sg_event_id\":\"z\"}",
        ];

        var answer = await running.PostAsync(Encoding.UTF8.GetBytes($"[{string.Join(',', garbage)},{good}]"));

        Assert.Equal(HttpStatusCode.NoContent, answer.Status);
        Assert.Equal(Accepted + ",notification.failed.v1 dropped", await running.OutcomesAsync(mail));
    }

    [Theory]
    [InlineData("")]
    [InlineData("{}")]
    [InlineData("[")]
    [InlineData("event=bounce")]
    [InlineData("null")]
    public async Task A_signed_body_that_is_no_batch_is_malformed(string body)
    {
        var answer = await running.PostAsync(Encoding.UTF8.GetBytes(body));

        Assert.Equal((HttpStatusCode.BadRequest, "request.malformed-json"), (answer.Status, answer.Code));
    }

    [Fact]
    public async Task A_batch_may_have_a_megabyte_and_no_more()
    {
        var mail = await running.SentAsync(TestUsers.NewEmail());
        var one = JsonSerializer.SerializeToUtf8Bytes(new[] { running.Report(mail, "dropped") });
        byte[] full = [.. one, .. Enumerable.Repeat((byte)' ', (1024 * 1024) - one.Length)];

        var tooLarge = await running.PostAsync([.. full, (byte)' ']);
        Assert.Equal((HttpStatusCode.RequestEntityTooLarge, "request.too-large"), (tooLarge.Status, tooLarge.Code));
        Assert.Equal(Accepted, await running.OutcomesAsync(mail));

        Assert.Equal(HttpStatusCode.NoContent, (await running.PostAsync(full)).Status);
        Assert.Equal(Accepted + ",notification.failed.v1 dropped", await running.OutcomesAsync(mail));
    }

    [Fact]
    public async Task A_batch_of_thousands_is_taken_at_once()
    {
        var mail = await running.SentAsync(TestUsers.NewEmail());
        var many = Enumerable
            .Range(0, 2_000)
            .Select(i =>
                running.Report(mail.Argument("gatehouse_tenant"), Guid.CreateVersion7(app.Clock.GetUtcNow()).ToString(), "delivered")
            )
            .Append(running.Report(mail, "dropped"))
            .ToArray();

        Assert.Equal(HttpStatusCode.NoContent, (await running.ReportAsync(many)).Status);

        Assert.Equal(Accepted + ",notification.failed.v1 dropped", await running.OutcomesAsync(mail));
    }

    [Fact]
    public async Task Without_the_key_nothing_listens()
    {
        await using var deaf = await running.StartAsync(("Mail:SendGrid:WebhookPublicKey", ""));
        var email = TestUsers.NewEmail();
        await deaf.Users.RegisterAsync(email);
        await TestApp.EventuallyAsync(() => Task.FromResult(running.Server.To(email).Count == 1), "the mail is handed over");

        Assert.Equal(HttpStatusCode.NotFound, (await deaf.Users.PostRawAsync(SendGridApp.Path, "[]")).Status);
        Assert.Equal(0L, await deaf.ScalarAsync<long>("select count(*) from notifications.sent_messages"));
    }

    private Task<long> RecordsAsync(SendGridServer.Received mail) =>
        app.ScalarAsync<long>(
            "select count(*) from audit.records where action = 'address.suppressed' and facts::jsonb ->> 'notification' = $1",
            mail.Argument("gatehouse_notification")
        );

    private async Task AssertSuppressedAsync(string email, bool suppressed)
    {
        var (handedOver, kept) = (running.Server.To(email).Count, await running.SuppressedAsync());
        await app.Users.RegisterAsync(email);
        await TestApp.EventuallyAsync(
            async () => running.Server.To(email).Count > handedOver || await running.SuppressedAsync() > kept,
            "the next mail is sent or suppressed"
        );
        Assert.Equal(suppressed, running.Server.To(email).Count == handedOver);
    }
}
