using System.Net;
using Gatehouse.SystemTests.Harness;

namespace Gatehouse.SystemTests.Webhooks;

/// <summary>Webhooks are managed by those who may, where they may.</summary>
public sealed class WebhookTests(RunningApp running) : IAsyncLifetime
{
    private const string Nowhere = "https://receiver.invalid/events";

    private readonly TestApp app = running.App;
    private readonly List<TestWebhook> made = [];
    private SignedIn administrator = null!;

    public async ValueTask InitializeAsync() => administrator = await app.TenantAdministratorAsync();

    public async ValueTask DisposeAsync()
    {
        foreach (var webhook in made)
            await app.CallAsync(HttpMethod.Delete, webhook.Path, administrator);
    }

    [Fact]
    public async Task A_webhook_is_created_with_a_secret_that_is_shown_once()
    {
        var answer = await app.CallAsync(
            HttpMethod.Post,
            "/v1/webhooks",
            administrator,
            new
            {
                address = Nowhere,
                description = " Shop ",
                events = WebhookCalls.Names("user.*", "organization.created.v1", "user.*"),
            }
        );

        Assert.Equal(HttpStatusCode.Created, answer.Status);
        var (webhook, secret) = (answer.Body.GetProperty("webhook"), answer.Body.GetProperty("secret").GetString()!);
        made.Add(new TestWebhook(webhook.GetProperty("id").GetGuid(), secret));
        Assert.StartsWith("whsec_", secret, StringComparison.Ordinal);
        Assert.Equal(32, Convert.FromBase64String(secret["whsec_".Length..]).Length);
        Assert.Equal("Shop", webhook.GetProperty("description").GetString());
        Assert.Equal("active", webhook.GetProperty("state").GetString());
        Assert.Equal(["organization.created.v1", "user.*"], webhook.GetProperty("events").EnumerateArray().Select(e => e.GetString()));
        Assert.Equal("no-store", answer.Header("Cache-Control"));

        var shown = await app.CallAsync(HttpMethod.Get, answer.Header("Location"), administrator);
        Assert.Equal(webhook.GetRawText(), shown.Body.GetRawText());
        Assert.Equal(answer.Header("ETag"), shown.Header("ETag"));
        Assert.Contains(made[0].Id, (await app.CallAsync(HttpMethod.Get, "/v1/webhooks?limit=100", administrator)).Ids("id"));
        // Neither the text nor the bytes.
        var key = Convert.ToHexStringLower(Convert.FromBase64String(secret["whsec_".Length..]));
        var stored = await app.ScalarAsync<string>("select jsonb_agg(w)::text from webhooks.webhooks w");
        Assert.DoesNotContain(key, stored, StringComparison.Ordinal);
        Assert.DoesNotContain(secret[8..], stored, StringComparison.Ordinal);
        Assert.DoesNotContain(app.Logs.Lines, line => line.Contains(secret[8..], StringComparison.Ordinal));
        Assert.Equal(1, await RecordsAsync("webhook.created", made[0]));
    }

    [Fact]
    public async Task All_that_is_wrong_with_a_webhook_is_named_at_once()
    {
        await RejectedAsync(
            new
            {
                address = "",
                description = "a\nb",
                events = Array.Empty<string>(),
                organizationId = "x",
            },
            "address: request.required",
            "description: request.control-character",
            "events: request.required",
            "organizationId: request.wrong-type"
        );
        string[] addresses =
        [
            "ftp://a.example",
            "https://",
            "/events",
            "https://user@a.example/",
            "https://a.example/#x",
            "https://a.example/ x",
            "HTTPS://a.example",
            "https://a.example\\@b.example",
        ];
        foreach (var address in addresses)
            await RejectedAsync(new { address, events = WebhookCalls.Names("user.*") }, "address: webhooks.address-not-allowed");
        foreach (var name in new[] { "*", "user", "user.flown.v1", "user.registered.*", "" })
            await RejectedAsync(new { address = Nowhere, events = WebhookCalls.Names(name) }, "events: webhooks.event-unknown");
        await RejectedAsync(new { address = Nowhere, events = Enumerable.Repeat("user.*", 51) }, "events: request.out-of-range");
        await RejectedAsync(
            new
            {
                address = Nowhere,
                events = WebhookCalls.Names("user.*"),
                other = 1,
            },
            "other: request.unknown-member"
        );

        async Task RejectedAsync(object body, params string[] errors)
        {
            var answer = await app.CallAsync(HttpMethod.Post, "/v1/webhooks", administrator, body);
            Assert.Equal(HttpStatusCode.BadRequest, answer.Status);
            Assert.Equal(errors, answer.Errors.Order(StringComparer.Ordinal));
        }
    }

    [Fact]
    public async Task A_webhook_is_changed_disabled_enabled_and_deleted()
    {
        var webhook = await MakeAsync(administrator);
        var first = await app.CallAsync(HttpMethod.Get, webhook.Path, administrator);
        var ifMatch = ("If-Match", first.Header("ETag")!);

        var changed = await app.CallAsync(HttpMethod.Patch, webhook.Path, administrator, new { description = "Till" }, ifMatch);
        Assert.Equal("Till", changed.Body.GetProperty("description").GetString());
        Assert.Equal(Nowhere, changed.Body.GetProperty("address").GetString());
        var late = await app.CallAsync(HttpMethod.Patch, webhook.Path, administrator, new { description = "Other" }, ifMatch);
        Assert.Equal(HttpStatusCode.PreconditionFailed, late.Status);
        var nothing = await app.CallAsync(HttpMethod.Patch, webhook.Path, administrator, new { description = "Till" });
        Assert.Equal(changed.Header("ETag"), nothing.Header("ETag"));
        Assert.Equal(1, await RecordsAsync("webhook.updated", webhook));

        var disabled = await app.CallAsync(HttpMethod.Post, webhook.Path + "/disable", administrator);
        Assert.Equal("disabled", disabled.Body.GetProperty("state").GetString());
        Assert.Equal("manual", disabled.Body.GetProperty("disabledReason").GetString());
        await app.AssertRejectedAsync(HttpStatusCode.Conflict, "webhooks.disabled", HttpMethod.Post, webhook.Path + "/ping", administrator);
        var enabled = await app.CallAsync(HttpMethod.Post, webhook.Path + "/enable", administrator);
        Assert.Equal("active", enabled.Body.GetProperty("state").GetString());

        await app.AssertDoneAsync(HttpMethod.Delete, webhook.Path, administrator);
        await app.AssertRejectedAsync(HttpStatusCode.NotFound, "webhooks.webhook-not-found", HttpMethod.Get, webhook.Path, administrator);
        Assert.Equal(1, await RecordsAsync("webhook.deleted", webhook));
    }

    [Fact]
    public async Task An_administrator_of_an_organization_sees_its_webhooks_and_no_others()
    {
        var (home, _) = await app.OrganizationAsync(administrator);
        var (other, _) = await app.OrganizationAsync(administrator);
        var local = await app.OrganizationAdministratorAsync(administrator, home);
        var whole = await MakeAsync(administrator);
        var elsewhere = await MakeAsync(administrator, other);
        var own = await MakeAsync(local, home);

        Assert.Equal([own.Id], (await app.CallAsync(HttpMethod.Get, "/v1/webhooks", local)).Ids("id"));
        foreach (var hidden in new[] { whole, elsewhere })
        foreach (
            var (method, path) in new[]
            {
                (HttpMethod.Get, ""),
                (HttpMethod.Get, "/deliveries"),
                (HttpMethod.Post, "/ping"),
                (HttpMethod.Post, "/secret"),
                (HttpMethod.Post, "/disable"),
                (HttpMethod.Delete, ""),
            }
        )
            await app.AssertRejectedAsync(HttpStatusCode.NotFound, "webhooks.webhook-not-found", method, hidden.Path + path, local);
        await CreateRejectedAsync(local, other, HttpStatusCode.NotFound, "webhooks.organization-not-found");
        await CreateRejectedAsync(local, null, HttpStatusCode.Forbidden, "request.forbidden");
        var foreign = (await app.ForeignOrganizationAsync()).Id;
        await CreateRejectedAsync(administrator, foreign, HttpStatusCode.NotFound, "webhooks.organization-not-found");
    }

    private Task CreateRejectedAsync(SignedIn by, Guid? organization, HttpStatusCode status, string code) =>
        app.AssertRejectedAsync(
            status,
            code,
            HttpMethod.Post,
            "/v1/webhooks",
            by,
            new
            {
                address = Nowhere,
                events = WebhookCalls.Names("user.*"),
                organizationId = organization?.ToString() ?? "",
            }
        );

    private async Task<TestWebhook> MakeAsync(SignedIn by, Guid? organization = null)
    {
        // Of events that do not happen meanwhile: the receiver is not there.
        var webhook = await app.WebhookAsync(by, Nowhere, organization, "tenant.domain-verified.v1");
        made.Add(webhook);
        return webhook;
    }

    private Task<long> RecordsAsync(string action, TestWebhook webhook) =>
        app.ScalarAsync<long>(
            "select count(*) from audit.records where action = $1 and position($2 in facts) > 0",
            action,
            webhook.Id.ToString()
        );
}
