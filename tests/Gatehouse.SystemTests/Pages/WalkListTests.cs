using Gatehouse.SystemTests.Audit;
using Gatehouse.SystemTests.Harness;
using Gatehouse.SystemTests.Harness.Browsing;
using Microsoft.Playwright;

namespace Gatehouse.SystemTests.Pages;

/// <summary>
/// Tasks that administrators come with, and how many actions each may take from the first page: a link, a button or a choice is one, and so
/// is typing a text and Enter.
/// </summary>
[Trait("Speed", "Slow")]
public sealed class WalkListTests(RunningApp running)
{
    private readonly TestApp app = running.App;

    [Fact]
    public async Task A_user_is_found_by_a_part_of_the_name_an_address_or_an_id_in_one_action()
    {
        await using var walk = await Walk.StartAsync(app);
        var user = await app.NamedAsync("Walked Byronova");
        foreach (var (text, ends) in new[] { (user.Email, true), (user.UserId.ToString(), true), ("Byronova", false) })
        {
            await walk.BeginAsync();
            await walk.FindAsync(text);
            if (ends)
                Assert.EndsWith($"/admin/users/{user.UserId}", walk.Page.Url, StringComparison.Ordinal);
            else
                await Assertions.Expect(walk.Page.Locator($"main a[href$='{user.UserId}']")).ToBeVisibleAsync();
            Assert.InRange(walk.Actions, 1, 1);
        }
    }

    [Fact]
    public async Task All_sessions_of_a_user_end_in_four_actions_and_why_a_sign_in_fails_is_seen_in_two()
    {
        await using var walk = await Walk.StartAsync(app);
        var user = await app.NamedAsync("Walked Ended");
        await walk.BeginAsync();
        await walk.FindAsync("Walked Ended");
        await walk.ClickAsync($"main a[href$='{user.UserId}']");
        await Assertions.Expect(walk.Page.GetByText("Nothing here prevents signing in.")).ToBeVisibleAsync();
        Assert.InRange(walk.Actions, 1, 2);
        await walk.ClickAsync("a[href$='/end-sessions']");
        await walk.ClickAsync("main button.danger");
        await Assertions.Expect(walk.Page.GetByRole(AriaRole.Status).First).ToContainTextAsync("Ended 1 session");
        Assert.InRange(walk.Actions, 1, 4);
    }

    [Fact]
    public async Task A_session_that_is_not_the_own_ends_and_the_password_is_changed_in_five_actions()
    {
        await using var walk = await Walk.StartAsync(app);
        await app.Users.SignInAsync(walk.Administrator.Email, headers: ("User-Agent", "Mozilla/5.0 (iPhone) Safari/605"));
        await walk.BeginAsync();
        await walk.ClickAsync("a[href='/account']");
        await walk.ClickAsync(".side a[href='/account/sessions']");
        await walk.ClickAsync("main button[name='then']");
        await Assertions.Expect(walk.Page.GetByRole(AriaRole.Status)).ToBeVisibleAsync();
        await walk.TypeAsync("#currentPassword", TestUsers.Password);
        await walk.TypeAndSendAsync("#newPassword", "nine herons wade along the shore");
        await Assertions.Expect(walk.Page.GetByText("Your password has been changed.")).ToBeVisibleAsync();
        Assert.InRange(walk.Actions, 1, 5);
        Assert.Equal(
            System.Net.HttpStatusCode.Created,
            (await app.Users.SignInAsync(walk.Administrator.Email, "nine herons wade along the shore")).Status
        );
    }

    [Fact]
    public async Task A_user_who_mistyped_too_often_may_try_again_in_four_actions_and_one_is_disabled_in_five()
    {
        await using var walk = await Walk.StartAsync(app);
        var user = await app.NamedAsync("Walked Throttled");
        for (var i = 0; i < 5; i++)
            await app.Users.SignInAsync(user.Email, "a wrong umbrella on the hill");
        await walk.BeginAsync();
        await walk.FindAsync("Walked Throttled");
        await walk.ClickAsync($"main a[href$='{user.UserId}']");
        await walk.ClickAsync("main a[href$='/clear-attempts']");
        await walk.ClickAsync("main button.danger");
        Assert.InRange(walk.Actions, 1, 4);
        Assert.Equal(System.Net.HttpStatusCode.Created, (await app.Users.SignInAsync(user.Email)).Status);

        await walk.BeginAsync();
        await walk.FindAsync("Walked Throttled");
        await walk.ClickAsync($"main a[href$='{user.UserId}']");
        await walk.ClickAsync("main a[href$='/disable']");
        await walk.TypeAsync("#reason", "Left the company");
        await walk.ClickAsync("main button.danger");
        await Assertions.Expect(walk.Page.GetByText("Left the company")).ToBeVisibleAsync();
        Assert.InRange(walk.Actions, 1, 5);
    }

    [Fact]
    public async Task Lost_second_factors_are_reset_in_six_actions()
    {
        await using var walk = await Walk.StartAsync(app);
        var user = await app.NamedAsync("Walked Factorless");
        await app.Users.AddTotpAsync(user.Tokens);
        await walk.BeginAsync();
        await walk.FindAsync("Walked Factorless");
        await walk.ClickAsync($"main a[href$='{user.UserId}']");
        await Assertions.Expect(walk.Page.GetByText("10 recovery codes left.")).ToBeVisibleAsync();
        await walk.ClickAsync("main a[href$='/reset-factors']");
        await walk.TypeAsync("#reason", "Came to the desk with a passport");
        await walk.ClickAsync("main button.danger");
        await Assertions.Expect(walk.Page.GetByText("Came to the desk with a passport")).ToBeVisibleAsync();
        await Assertions.Expect(walk.Page.GetByText("No second factor.")).ToBeVisibleAsync();
        Assert.InRange(walk.Actions, 1, 6);
        Assert.Equal(System.Net.HttpStatusCode.Created, (await app.Users.SignInAsync(user.Email)).Status);
    }

    [Fact]
    public async Task A_user_is_erased_on_request_in_seven_actions()
    {
        await using var walk = await Walk.StartAsync(app);
        var user = await app.NamedAsync("Walked Erasmus");
        await walk.BeginAsync();
        await walk.FindAsync("Walked Erasmus");
        await walk.ClickAsync($"main a[href$='{user.UserId}']");
        await walk.ClickAsync("main a[href$='/erase']");
        await walk.ChooseAsync("#choice", "requested");
        await walk.TypeAsync("#phrase", "Walked Erasmus");
        await walk.ClickAsync("main button.danger");
        await Assertions.Expect(walk.Page.GetByRole(AriaRole.Status).First).ToContainTextAsync("Walked Erasmus");
        Assert.EndsWith("/admin/users", walk.Page.Url, StringComparison.Ordinal);
        Assert.InRange(walk.Actions, 1, 7);
        Assert.Equal("identity.invalid-credentials", (await app.Users.SignInAsync(user.Email)).Code);
    }

    [Fact]
    public async Task Who_gave_a_role_and_what_changed_in_a_week_are_seen_in_few_actions()
    {
        await using var walk = await Walk.StartAsync(app);
        var user = await app.WithRoleAsync(Gatehouse.Organizations.Data.BuiltInRole.TenantAdministrator);
        await walk.BeginAsync();
        await walk.FindAsync(user.Email);
        await walk.ClickAsync(".sections a[href$='/access']");
        await Assertions.Expect(walk.Page.Locator("main tbody tr")).ToHaveCountAsync(1);
        Assert.InRange(walk.Actions, 1, 3);

        await walk.BeginAsync();
        await walk.ClickAsync(".side a[href='/admin/audit']");
        await walk.ClickAsync("main .sections a[href*='action=role']");
        await Assertions.Expect(walk.Page.Locator("main tbody").GetByText("Role assigned").First).ToBeVisibleAsync();
        Assert.InRange(walk.Actions, 1, 2);

        await app.VerifiedAuditAsync(walk.Administrator);
        await walk.BeginAsync();
        await walk.ClickAsync(".side a[href='/admin/audit']");
        await walk.ClickAsync("main form[action='/admin/audit/verify'] button");
        // Other tests of this application insert records behind the back of the chain.
        await Assertions.Expect(walk.Page.Locator("main .notice time")).ToBeVisibleAsync();
        Assert.InRange(walk.Actions, 1, 2);

        await walk.BeginAsync();
        await walk.ClickAsync(".side a[href='/admin/roles']");
        await walk.ClickAsync("main a[href^='/admin/roles/matrix']");
        await Assertions.Expect(walk.Page.Locator("main table")).ToBeVisibleAsync();
        Assert.InRange(walk.Actions, 1, 2);
    }

    [Fact]
    public async Task The_administrators_of_an_organization_are_seen_in_two_actions_and_its_users_in_the_list_by_its_name()
    {
        await using var walk = await Walk.StartAsync(app);
        var (organization, _) = await app.OrganizationAsync(walk.Administrator);
        var name = await app.ScalarAsync<string>("select name from organizations.organizations where id = $1", organization);
        var local = await app.OrganizationAdministratorAsync(walk.Administrator, organization);
        await app.QuietAsync();
        await walk.BeginAsync();
        await walk.FindAsync(organization.ToString());
        await Assertions.Expect(walk.Page.Locator($"main a[href$='{local.UserId}']").First).ToBeVisibleAsync();
        Assert.InRange(walk.Actions, 1, 2);

        await walk.Page.GotoAsync("/admin/users");
        await walk.Page.FillAsync("#organization", organization.ToString());
        await walk.FollowAsync(".filters button");
        await Assertions.Expect(walk.Page.Locator("tbody tr")).ToHaveCountAsync(1);
        await Assertions.Expect(walk.Page.Locator("#organization")).ToHaveValueAsync(name!);
        await walk.Page.FillAsync("#organization", "no such organization anywhere");
        await walk.FollowAsync(".filters button");
        await Assertions.Expect(walk.Page.GetByRole(AriaRole.Alert)).ToBeVisibleAsync();
    }
}
