using System.Net;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json.Nodes;
using Gatehouse.SystemTests.Harness;
using Microsoft.AspNetCore.Http;
using StandardWebhooks;
using StandardWebhooks.Diagnostics;

namespace Gatehouse.SystemTests.Webhooks;

/// <summary>Events are posted to those who asked for them.</summary>
public sealed class WebhookDeliveryTests(WebhookDeliveryTests.Program program) : IClassFixture<WebhookDeliveryTests.Program>, IAsyncLifetime
{
    private readonly TestApp app = program.App;
    private readonly List<TestWebhook> made = [];
    private SignedIn administrator = null!;
    private WebhookReceiver receiver = null!;

    public async ValueTask InitializeAsync()
    {
        administrator = await app.TenantAdministratorAsync();
        receiver = await WebhookReceiver.StartAsync();
    }

    public async ValueTask DisposeAsync()
    {
        foreach (var webhook in made)
            await app.AssertDoneAsync(HttpMethod.Delete, webhook.Path, administrator);
        await receiver.DisposeAsync();
    }

    [Fact]
    public async Task An_event_is_posted_once_as_services_read_it_and_signed()
    {
        var webhook = await MakeAsync(receiver.Url, events: ["user.registered.v1", "user.updated.v1"]);
        var user = await app.Users.SomebodyAsync();
        await app.RenameAsync(user, "Grace");
        var got = await receiver.WaitAsync(user.UserId, 2);

        Assert.Equal(["user.registered.v1", "user.updated.v1"], got.Select(r => r.Type));
        var first = got[0];
        Assert.Equal("application/json", first.ContentType);
        Assert.Equal(first.Event.GetProperty("id").GetString(), first.Headers["webhook-id"].ToString());
        Assert.DoesNotContain(user.Email, first.Body, StringComparison.Ordinal);
        var replay = await app.CallAsync(HttpMethod.Get, "/v1/events?types=user.registered.v1&limit=100", administrator);
        var same = replay.Body.GetProperty("items").EnumerateArray().Single(e => e.GetProperty("subject").GetGuid() == user.UserId);
        Assert.True(
            JsonNode.DeepEquals(JsonNode.Parse(same.GetRawText()), JsonNode.Parse(first.Body)),
            first.Body + "\n" + same.GetRawText()
        );

        var reader = new StandardWebhook(webhook.Secret);
        reader.Verify(first.Body, first.Headers);
        AssertForged(reader, first with { Body = first.Body.Replace("user.registered.v1", "user.closed.v1", StringComparison.Ordinal) });
        first.Headers["webhook-id"] = got[1].Headers["webhook-id"];
        AssertForged(reader, first);

        var delivery = await app.DeliveryAsync(administrator, webhook, d => d.GetProperty("eventId").GetGuid() == IdOf(got[1]));
        delivery = await app.DeliveryAsync(administrator, webhook, d => d.GetProperty("id").GetGuid() == Id(delivery) && d.Is("delivered"));
        Assert.Equal((1, 200), (delivery.GetProperty("attempts").GetInt32(), delivery.GetProperty("status").GetInt32()));
        Assert.Equal(2, receiver.Of(user.UserId).Count);
    }

    [Fact]
    public async Task While_two_secrets_are_live_each_delivery_is_signed_with_both()
    {
        var webhook = await MakeAsync(receiver.Url);
        var replaced = await app.CallAsync(HttpMethod.Post, webhook.Path + "/secret", administrator);
        Assert.Equal(HttpStatusCode.OK, replaced.Status);
        var next = replaced.Body.GetProperty("secret").GetString()!;
        var both = await PingAsync(webhook, 1);
        // The library looks at the first signature only (findings/standardwebhooks-first-signature.sh).
        new StandardWebhook(next).Verify(both.Body, both.Headers);
        Assert.Equal([Signature(both, next), Signature(both, webhook.Secret)], both.Headers["webhook-signature"].ToString().Split(' '));

        var last = await app.CallAsync(HttpMethod.Post, webhook.Path + "/secret", administrator, new { overlapHours = 0 });
        var one = await PingAsync(webhook, 2);
        new StandardWebhook(last.Body.GetProperty("secret").GetString()!).Verify(one.Body, one.Headers);
        foreach (var secret in new[] { webhook.Secret, next })
            AssertForged(new StandardWebhook(secret), one);
    }

    [Fact]
    public async Task A_webhook_of_an_organization_gets_what_concerns_its_members_and_nothing_else()
    {
        var (home, path) = await app.OrganizationAsync(administrator);
        var (member, stranger) = (await app.Users.SomebodyAsync(), await app.Users.SomebodyAsync());
        await app.AssertDoneAsync(HttpMethod.Put, $"{path}/members/{member.UserId}", administrator);
        await app.QuietAsync();
        await MakeAsync(receiver.Url, home, "user.*", "organization.*");

        await app.RenameAsync(stranger, "Eve");
        await app.RenameAsync(member, "Grace");
        await app.AssertDoneAsync(HttpMethod.Patch, path, administrator, new { name = "South School" });
        await app.OrganizationAsync(administrator);

        Assert.Equal("user.updated.v1", Assert.Single(await receiver.WaitAsync(member.UserId, 1)).Type);
        Assert.Equal("organization.updated.v1", Assert.Single(await receiver.WaitAsync(home, 1)).Type);
        await app.QuietAsync();
        Assert.Equal(2, receiver.All.Count);
    }

    [Fact]
    public async Task A_receiver_that_hangs_or_never_ends_its_answer_keeps_no_other_waiting()
    {
        await using var slow = await WebhookReceiver.StartAsync();
        await using var endless = await WebhookReceiver.StartAsync();
        slow.Answer = (http, _) => Task.Delay(Timeout.InfiniteTimeSpan, TimeProvider.System, http.RequestAborted);
        endless.Answer = async (http, _) =>
        {
            while (!http.RequestAborted.IsCancellationRequested)
                await http.Response.Body.WriteAsync(new byte[1024], http.RequestAborted);
        };
        var hanging = await MakeAsync(slow.Url);
        var writing = await MakeAsync(endless.Url);
        await MakeAsync(receiver.Url);
        var user = await app.Users.SomebodyAsync();
        await app.RenameAsync(user, "Grace");

        // The second event waits at the slow one for the first, and nowhere else.
        Assert.Equal("user.updated.v1", (await receiver.WaitAsync(user.UserId, 3))[^1].Type);
        Assert.Single(slow.Of(user.UserId).Select(IdOf).Distinct());
        Assert.Equal("user.updated.v1", (await endless.WaitAsync(user.UserId, 3))[^1].Type);
        await app.DeliveryAsync(administrator, writing, d => d.Is("delivered"));
        await app.DeliveryAsync(administrator, hanging, d => d.Is("pending", "timeout"));
    }

    [Fact]
    public async Task One_that_is_gone_is_disabled_and_gets_no_more()
    {
        receiver.AnswerWith(StatusCodes.Status410Gone);
        var webhook = await MakeAsync(receiver.Url);
        await PingAsync(webhook, 1);

        await app.DeliveryAsync(administrator, webhook, d => d.Is("failed", "gone"));
        var shown = await app.CallAsync(HttpMethod.Get, webhook.Path, administrator);
        Assert.Equal("disabled gone", $"{shown.Body.GetProperty("state")} {shown.Body.GetProperty("disabledReason")}");
        await app.Users.SomebodyAsync();
        await app.QuietAsync();
        Assert.Single(receiver.All);
        Assert.Equal(
            1,
            await app.ScalarAsync<long>(
                "select count(*) from audit.records where action = 'webhook.disabled' and reason = 'gone' and position($1 in facts) > 0",
                webhook.Id.ToString()
            )
        );
    }

    [Fact]
    public async Task No_redirect_is_followed()
    {
        await using var inside = await WebhookReceiver.StartAsync();
        receiver.Answer = (http, _) =>
        {
            http.Response.Redirect(inside.Url, permanent: false, preserveMethod: true);
            return Task.CompletedTask;
        };
        var webhook = await MakeAsync(receiver.Url);
        await PingAsync(webhook, 1);

        var delivery = await app.DeliveryAsync(administrator, webhook, d => d.Is("pending", "redirect"));
        Assert.Equal(StatusCodes.Status307TemporaryRedirect, delivery.GetProperty("status").GetInt32());
        Assert.Empty(inside.All);
    }

    [Fact]
    public async Task What_failed_is_found_in_the_log_and_sent_again()
    {
        // It is not tried again by itself meanwhile.
        using var held = app.Clock.Hold();
        receiver.AnswerWith(StatusCodes.Status500InternalServerError);
        var webhook = await MakeAsync(receiver.Url);
        await PingAsync(webhook, 1);
        var failed = await app.DeliveryAsync(administrator, webhook, d => d.Is("pending", "status"));
        Assert.Equal(500, failed.GetProperty("status").GetInt32());
        Assert.Equal("webhook.ping", failed.GetProperty("eventType").GetString());

        receiver.Answer = null;
        var path = $"{webhook.Path}/deliveries/{Id(failed)}/redeliver";
        var tried = await app.CallAsync(HttpMethod.Post, path, administrator);
        Assert.Equal((HttpStatusCode.Accepted, Id(failed)), (tried.Status, Id(tried.Body)));
        await app.DeliveryAsync(administrator, webhook, d => Id(d) == Id(failed) && d.Is("delivered"));

        // The log is in the order of time.
        app.Clock.Advance(TimeSpan.FromSeconds(1));
        var again = await app.CallAsync(HttpMethod.Post, path, administrator);
        Assert.NotEqual(Id(failed), Id(again.Body));
        await receiver.WaitAsync(webhook.Id, 3);
        Assert.Single(receiver.All.Select(r => r.Headers["webhook-id"].ToString()).Distinct(StringComparer.Ordinal));
        await app.DeliveryAsync(administrator, webhook, d => Id(d) == Id(again.Body) && d.Is("delivered"));

        var page = await app.CallAsync(HttpMethod.Get, webhook.Path + "/deliveries?state=delivered&limit=1", administrator);
        Assert.Equal([Id(again.Body)], page.Ids("id"));
        var rest = $"?state=delivered&limit=1&after={page.Body.GetProperty("next").GetString()}";
        Assert.Equal([Id(failed)], (await app.DeliveriesAsync(administrator, webhook, rest)).Select(Id));
        Assert.Empty(await app.DeliveriesAsync(administrator, webhook, "?state=failed"));
        var wrong = await app.CallAsync(HttpMethod.Get, webhook.Path + "/deliveries?state=lost", administrator);
        Assert.Equal(["state: request.unknown-value"], wrong.Errors);
        var unknown = $"{webhook.Path}/deliveries/{webhook.Id}/redeliver";
        await app.AssertRejectedAsync(HttpStatusCode.NotFound, "webhooks.delivery-not-found", HttpMethod.Post, unknown, administrator);
    }

    private static string Signature(Received received, string secret)
    {
        var signed = $"{received.Headers["webhook-id"]}.{received.Headers["webhook-timestamp"]}.{received.Body}";
        var key = Convert.FromBase64String(secret["whsec_".Length..]);
        return "v1," + Convert.ToBase64String(HMACSHA256.HashData(key, Encoding.UTF8.GetBytes(signed)));
    }

    private static Guid Id(System.Text.Json.JsonElement delivery) => delivery.GetProperty("id").GetGuid();

    private static Guid IdOf(Received received) => received.Event.GetProperty("id").GetGuid();

    private static void AssertForged(StandardWebhook reader, Received received) =>
        Assert.Throws<WebhookVerificationException>(() => reader.Verify(received.Body, received.Headers));

    private async Task<TestWebhook> MakeAsync(string address, Guid? organization = null, params string[] events)
    {
        var webhook = await app.WebhookAsync(administrator, address, organization, events);
        made.Add(webhook);
        return webhook;
    }

    /// <summary>Sends a test event, which is to be the one of that number.</summary>
    private async Task<Received> PingAsync(TestWebhook webhook, int number)
    {
        var answer = await app.CallAsync(HttpMethod.Post, webhook.Path + "/ping", administrator);
        Assert.True(answer.Status == HttpStatusCode.Accepted, answer.Text);
        return (await receiver.WaitAsync(webhook.Id, number))[number - 1];
    }

    /// <summary>One of their own: each event of the tenant goes to the webhooks.</summary>
    public sealed class Program : IAsyncLifetime
    {
        public TestApp App { get; private set; } = null!;

        public async ValueTask InitializeAsync() => App = await TestApp.StartAsync();

        public async ValueTask DisposeAsync() => await App.DisposeAsync();
    }
}
