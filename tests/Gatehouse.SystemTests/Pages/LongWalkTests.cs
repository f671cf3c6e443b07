using System.Net;
using Gatehouse.Organizations.Data;
using Gatehouse.SystemTests.Harness;
using Gatehouse.SystemTests.OpenId;
using Gatehouse.SystemTests.Webhooks;
using Microsoft.Playwright;

namespace Gatehouse.SystemTests.Pages;

/// <summary>The longer tasks of the list that <see cref="WalkListTests"/> begins.</summary>
[Trait("Speed", "Slow")]
public sealed class LongWalkTests(RunningApp running)
{
    private static readonly string[] Permissions = ["users:read"];

    private readonly TestApp app = running.App;

    [Fact]
    public async Task Who_changed_what_a_role_allows_is_seen_in_four_actions()
    {
        await using var walk = await Walk.StartAsync(app);
        var created = await app.PostAsync("/v1/roles", new { name = "walked-" + Unique(), permissions = Permissions }, walk.Administrator);
        var role = created.Body.GetProperty("id").GetGuid();
        await app.QuietAsync();

        await walk.BeginAsync();
        await walk.ClickAsync(".side a[href='/admin/roles']");
        await walk.ClickAsync($"main a[href^='/admin/roles/{role}']");
        await walk.ClickAsync("main a[href^='/admin/audit?action=role&role=']");
        await walk.ClickAsync("main tbody th a >> nth=0");
        Assert.StartsWith("/admin/audit/", new Uri(walk.Page.Url).AbsolutePath, StringComparison.Ordinal);
        Assert.InRange(walk.Actions, 1, 4);
    }

    [Fact]
    public async Task Somebody_who_is_still_signing_up_gets_another_message_in_two_actions()
    {
        await using var walk = await Walk.StartAsync(app);
        var email = TestUsers.NewEmail();
        var registration = (await app.Users.RegisterAsync(email)).Body.GetProperty("registrationId").GetGuid();
        await app.ExecuteAsync("update identity.verifications set resend_at = now() - interval '1 second' where id = $1", registration);

        await walk.BeginAsync();
        await walk.FindAsync(email);
        await walk.ClickAsync("main form[action^='/admin/sign-ups/'] button");
        await Assertions.Expect(walk.Page.GetByRole(AriaRole.Status).First).ToContainTextAsync("A new code and link");
        Assert.InRange(walk.Actions, 1, 2);
    }

    [Fact]
    public async Task An_organization_is_deactivated_with_a_reason_and_its_numbers_in_sight_in_five_actions()
    {
        await using var walk = await Walk.StartAsync(app);
        var (organization, _) = await app.OrganizationAsync(walk.Administrator);
        await app.OrganizationAdministratorAsync(walk.Administrator, organization);
        var name = await app.ScalarAsync<string>("select name from organizations.organizations where id = $1", organization);

        await walk.BeginAsync();
        await walk.FindAsync(name!);
        await walk.ClickAsync($"main a[href='/admin/organizations/{organization}']");
        await walk.ClickAsync($"main a[href='/admin/organizations/{organization}/deactivate']");
        await Assertions.Expect(walk.Page.GetByText("1 member can no longer use")).ToBeVisibleAsync();
        await walk.TypeAsync("#reason", "Closed for good");
        await walk.ClickAsync("main button.danger");
        await Assertions.Expect(walk.Page.GetByText("Closed for good")).ToBeVisibleAsync();
        Assert.InRange(walk.Actions, 1, 5);
    }

    [Fact]
    public async Task What_happened_last_night_stands_on_the_first_page_and_leads_to_its_records()
    {
        await using var walk = await Walk.StartAsync(app);
        var midnight = new DateTimeOffset(app.Clock.GetUtcNow().UtcDateTime.Date, TimeSpan.Zero);
        await app.ExecuteAsync(
            """
            insert into audit.figures (tenant_id, hour, action, result, count)
            select id, $1, 'tenant.updated', 'done', 7000000 from organizations.tenants
            on conflict (tenant_id, hour, action, result) do update set count = excluded.count
            """,
            midnight.AddHours(-1)
        );

        // More often than whatever others did in the shared application: the page has room for a few.
        await walk.BeginAsync();
        await Assertions.Expect(walk.Page.Locator("#last-night li").Filter(new() { HasText = "Tenant updated" })).ToContainTextAsync("7");
        Assert.Equal(0, walk.Actions);
        await walk.ClickAsync("#last-night a >> text=Tenant updated");
        await Assertions.Expect(walk.Page.Locator("#period")).ToHaveValueAsync("night");
        await Assertions.Expect(walk.Page.Locator("#action")).ToHaveValueAsync("tenant.updated");
    }

    [Fact]
    public async Task What_an_administrator_did_yesterday_is_seen_in_six_actions()
    {
        await using var walk = await Walk.StartAsync(app);
        var other = await app.TenantAdministratorAsync();
        await app.QuietAsync();

        await walk.BeginAsync();
        await walk.FindAsync(other.Email);
        await walk.ClickAsync(".sections a[href$='/activity']");
        await walk.ChooseAsync("#side", "did");
        await walk.ChooseAsync("#period", "day");
        await walk.ClickAsync(".filters button");
        await Assertions.Expect(walk.Page.Locator("main tbody tr").First).ToBeVisibleAsync();
        Assert.InRange(walk.Actions, 1, 6);
        await walk.Page.SelectOptionAsync("#period", "yesterday");
        await walk.FollowAsync(".filters button");
        await Assertions.Expect(walk.Page.Locator("main tbody tr")).ToHaveCountAsync(0);
    }

    [Fact]
    public async Task A_filtered_list_is_come_back_to_and_its_disabled_members_of_one_organization_become_a_file_in_five_actions()
    {
        await using var walk = await Walk.StartAsync(app);
        var (organization, _) = await app.OrganizationAsync(walk.Administrator);
        var user = await app.OrganizationAdministratorAsync(walk.Administrator, organization);
        await app.QuietAsync();
        await app.PostAsync($"/v1/users/{user.UserId}/disable", body: null, walk.Administrator).DoneAsync();

        await walk.BeginAsync();
        await walk.ClickAsync(".side a[href='/admin/users']");
        await walk.ChooseAsync("#status", "disabled");
        await walk.TypeAsync("#organization", organization.ToString());
        await walk.ClickAsync(".filters button");
        var file = await walk.DownloadAsync("main a[download]");
        Assert.InRange(walk.Actions, 1, 5);
        Assert.Contains(user.UserId.ToString(), file, StringComparison.Ordinal);
        // The names of the columns, and the one user.
        Assert.Equal(2, file.Split("\r\n", StringSplitOptions.RemoveEmptyEntries).Length);

        var list = walk.Page.Url;
        for (var i = 0; i < 3; i++)
        {
            await walk.FollowAsync($"main a[href^='/admin/users/{user.UserId}']");
            // One action each.
            await walk.FollowAsync(".crumbs a");
            Assert.Equal(list, walk.Page.Url);
        }
    }

    [Fact]
    public async Task A_role_is_given_to_all_members_of_an_organization_in_seven_actions()
    {
        await using var walk = await Walk.StartAsync(app);
        var (organization, _) = await app.OrganizationAsync(walk.Administrator);
        await app.OrganizationAdministratorAsync(walk.Administrator, organization);
        var code = await app.ScalarAsync<string>("select code from organizations.organizations where id = $1", organization);
        var roles = await app.PostAsync(
            "/v1/roles",
            new
            {
                name = "walked-" + Unique(),
                permissions = Permissions,
                organizationId = organization,
            },
            walk.Administrator
        );
        var role = roles.Body.GetProperty("id").GetGuid();

        await walk.BeginAsync();
        await walk.ClickAsync(".side a[href='/admin/roles']");
        await walk.ClickAsync($"main a[href^='/admin/roles/{role}']");
        await walk.ClickAsync("main a[href$='/give']");
        await walk.TypeAsync("#organization", code!);
        await walk.ClickAsync("main form.panel button[type=submit]");
        await walk.ClickAsync("main form button.button:not(.quiet)");
        await Assertions.Expect(walk.Page.GetByRole(AriaRole.Status).First).ToBeVisibleAsync();
        Assert.InRange(walk.Actions, 1, 7);
    }

    [Fact]
    public async Task The_oldest_role_request_is_approved_in_three_actions()
    {
        var (organization, _) = await app.OrganizationAsync(await app.TenantAdministratorAsync());
        var admin = await app.TenantAdministratorAsync();
        var local = await app.OrganizationAdministratorAsync(admin, organization);
        var user = await app.Users.SomebodyAsync();
        var body = new { roleId = BuiltInRole.OrganizationAdministrator.Id, organizationId = organization };
        var asked = await app.PostAsync("/v1/role-requests", body, user);
        Assert.Equal(HttpStatusCode.Created, asked.Status);
        await using var walk = await Walk.StartAsync(app, local);

        await walk.BeginAsync();
        await walk.ClickAsync("main a[href='/admin/role-requests']");
        await walk.ClickAsync("main tbody th a >> nth=0");
        await walk.ClickAsync("main button[value=approved]");
        await Assertions.Expect(walk.Page.GetByRole(AriaRole.Status).First).ToBeVisibleAsync();
        Assert.InRange(walk.Actions, 1, 3);
    }

    [Fact]
    public async Task All_that_was_given_up_for_one_reason_is_tried_again_in_four_actions_and_the_log_is_beside_it()
    {
        var reason = "Walked " + Unique();
        var key = Guid.CreateVersion7(app.Clock.GetUtcNow());
        await app.ExecuteAsync(
            """
            insert into runtime.parked (subscriber, event_id, key, state, attempts, next_attempt_at, parked_at, reason, envelope)
            select 'test.walked', gen_random_uuid(), $1, 'dead', 20, now(), now() - interval '1 year', $2, '{}' from generate_series(1, 3)
            """,
            key,
            reason
        );
        await using var walk = await Walk.StartAsync(app, await app.PlatformAdministratorAsync());

        await walk.BeginAsync();
        await walk.ClickAsync(".side a[href='/admin/events']");
        await walk.ClickAsync("main a[href='/admin/deliveries'] >> nth=0");
        await walk.ClickAsync($"main tr:has-text('{reason}') form button");
        await Assertions.Expect(walk.Page.GetByRole(AriaRole.Status).First).ToContainTextAsync("3");
        Assert.InRange(walk.Actions, 1, 4);
        await app.ExecuteAsync("delete from runtime.parked where key = $1", key);
    }

    [Fact]
    public async Task The_secret_of_a_service_account_is_replaced_without_downtime_in_five_actions()
    {
        await using var walk = await Walk.StartAsync(app);
        var client = await app.ClientAsync(walk.Administrator, "users:read");

        await walk.BeginAsync();
        await walk.ClickAsync(".side a[href='/admin/clients']");
        await walk.ClickAsync($"main a[href='/admin/clients/{client.Id}']");
        await walk.ClickAsync("main a[href$='/new-secret']");
        await walk.ClickAsync("main button.danger");
        var secret = await walk.Page.Locator("#new-secret code >> nth=1").TextContentAsync();
        await walk.ClickAsync("#new-secret a.button");
        Assert.InRange(walk.Actions, 1, 5);
        // Programs change over one by one.
        foreach (var good in new[] { client.Secret, secret! })
            await app.TokenAsync(client with { Secret = good });

        await walk.BeginAsync();
        await walk.ClickAsync(".side a[href='/admin/clients']");
        await walk.ClickAsync($"main a[href='/admin/clients/{client.Id}']");
        await walk.ClickAsync($"main a[href$='/end-secret/{client.SecretId}']");
        await walk.ClickAsync("main button.danger");
        Assert.InRange(walk.Actions, 1, 5);
        Assert.Equal(HttpStatusCode.Unauthorized, (await app.TokenAnswerAsync(client)).Status);
        await app.TokenAsync(client with { Secret = secret! });
    }

    [Fact]
    public async Task Why_a_webhook_failed_is_seen_and_the_event_sent_again_in_four_actions()
    {
        await using var receiver = await WebhookReceiver.StartAsync();
        receiver.AnswerWith(503);
        await using var walk = await Walk.StartAsync(app);
        var webhook = await app.WebhookAsync(walk.Administrator, receiver.Url, organization: null, "tenant.domain-verified.v1");
        await app.AssertDoneAsync(HttpMethod.Post, webhook.Path + "/ping", walk.Administrator);
        await app.DeliveryAsync(walk.Administrator, webhook, d => d.Is("pending", "status"));
        receiver.Answer = null;

        await walk.BeginAsync();
        await walk.ClickAsync(".side a[href='/admin/webhooks']");
        await walk.ClickAsync($"main a[href='/admin/webhooks/{webhook.Id}']");
        await Assertions.Expect(walk.Page.GetByText("Answered 503")).ToBeVisibleAsync();
        await walk.ClickAsync("main button[formaction*='/redeliver/']");
        Assert.InRange(walk.Actions, 1, 4);
        await app.DeliveryAsync(walk.Administrator, webhook, d => d.Is("delivered"));
        await app.AssertDoneAsync(HttpMethod.Delete, webhook.Path, walk.Administrator);
    }

    private string Unique() => Guid.CreateVersion7(app.Clock.GetUtcNow()).ToString("N")[^8..];
}
