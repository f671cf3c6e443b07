using Gatehouse.SystemTests.Harness;
using Gatehouse.SystemTests.Harness.Browsing;
using Gatehouse.SystemTests.Identity.Passkeys;
using Microsoft.Playwright;

namespace Gatehouse.SystemTests.Pages;

/// <summary>Passkeys in a browser, whose authenticator is Chromium's own for tests.</summary>
[Trait("Speed", "Slow")]
public sealed class PasskeyPageTests(RunningApp running)
{
    private const string SignIn = "form[data-passkey=get] button";
    private const string Create = "form[data-passkey=create] button";

    private const string Refresh = """
        () => fetch('/v1/tokens/refresh', {
          method: 'POST',
          headers: { 'Gatehouse-Request': '1', 'Content-Type': 'application/json' },
          body: '{"transport":"cookie"}',
        }).then(answer => answer.status)
        """;

    private readonly TestApp app = running.App;

    [Theory]
    [InlineData("en")]
    [InlineData("es")]
    [InlineData("hi")]
    public async Task A_user_adds_a_passkey_signs_in_with_it_renames_and_removes_it(string language)
    {
        var user = await app.Users.SomebodyAsync();
        await using var visit = await Visit.StartAsync(app, language);
        await VirtualAuthenticator.PlugInAsync(visit);
        await AddAsync(visit, user, "Laptop of Ada");
        await visit.LookAsync($"security-passkeys.{language}");

        await SignOutAsync(visit);
        await visit.GoAsync("/sign-in?returnUrl=%2Faccount%2Fsessions");
        await visit.LookAsync($"sign-in-passkey.{language}");
        await visit.Page.ClickAsync(SignIn);
        await visit.ArriveAsync("/account/sessions$");

        await visit.GoAsync("/account/security");
        await visit.Page.ClickAsync("a[href*='/passkeys/']:not([href$='/add'])");
        await visit.LookAsync($"passkey.{language}");
        await visit.Page.FillAsync("#name", "Old laptop");
        await visit.Page.ClickAsync("button[value=rename]");
        await visit.ArriveAsync("done=passkey-renamed$");
        Assert.Contains("Old laptop", await visit.Page.ContentAsync(), StringComparison.Ordinal);
        await visit.Page.ClickAsync("a[href*='/passkeys/']:not([href$='/add'])");
        await visit.Page.ClickAsync("button[value=remove]");
        await visit.ArriveAsync("done=passkey-removed$");

        await SignOutAsync(visit);
        await visit.GoAsync("/sign-in");
        await visit.Page.ClickAsync(SignIn);
        await Assertions.Expect(visit.Page.Locator(".notice.bad")).ToBeVisibleAsync();
        await visit.ArriveAsync("/sign-in/passkey$");
        await visit.LookAsync($"sign-in-passkey-rejected.{language}");
    }

    [Fact]
    public async Task Whoever_signed_in_a_while_ago_types_the_password_first()
    {
        var user = await app.Users.SomebodyAsync();
        await using var visit = await Visit.StartAsync(app);
        await VirtualAuthenticator.PlugInAsync(visit);
        await visit.SignInAsync(user.Email);
        await AgeAsync(visit, user);

        await visit.GoAsync("/account/security/passkeys/add");
        await visit.LookAsync("passkey-add-password");
        await visit.Page.FillAsync("#password", "not the password");
        await visit.Page.ClickAsync("button[value=confirm]");
        await Assertions.Expect(visit.Page.Locator("#password-error")).ToBeVisibleAsync();
        await visit.Page.FillAsync("#password", TestUsers.Password);
        await visit.Page.ClickAsync("button[value=confirm]");
        await visit.Page.FillAsync("#name", "Phone");
        await visit.Page.ClickAsync(Create);
        await visit.ArriveAsync("/recovery-codes$");
        Assert.Equal(10, await visit.Page.Locator(".recovery-codes li").CountAsync());

        await visit.GoAsync("/account/security/passkeys/add");
        await visit.Page.FillAsync("#name", "Laptop");
        await visit.Page.ClickAsync("form[data-passkey=create] a");
        await visit.ArriveAsync("/account/security$");
    }

    [Fact]
    public async Task A_passkey_is_the_second_step_after_the_password_and_proves_it_again_later()
    {
        var user = await app.Users.SomebodyAsync();
        await using var visit = await Visit.StartAsync(app);
        await VirtualAuthenticator.PlugInAsync(visit);
        await AddAsync(visit, user, "Laptop");
        await SignOutAsync(visit);

        await visit.GoAsync("/sign-in?returnUrl=%2Faccount%2Fsessions");
        await visit.Page.FillAsync("#identifier", user.Email);
        await visit.Page.FillAsync("#password", TestUsers.Password);
        await visit.Page.ClickAsync("#form button.button:not(.quiet)");
        await visit.ArriveAsync("/sign-in/second-factor$");
        await visit.LookAsync("second-step-passkey");
        await visit.Page.ClickAsync(SignIn);
        await visit.ArriveAsync("/account/sessions$");

        await AgeAsync(visit, user);
        await visit.GoAsync("/account/security/passkeys/add");
        await visit.ArriveAsync("/sign-in/second-factor$");
        await visit.Page.ClickAsync(SignIn);
        await visit.ArriveAsync("/account/security/passkeys/add$");
    }

    [Fact]
    public async Task The_field_of_the_identifier_offers_a_passkey()
    {
        var user = await app.Users.SomebodyAsync();
        await using var visit = await Visit.StartAsync(app);
        await VirtualAuthenticator.PlugInAsync(visit, offers: true);
        await AddAsync(visit, user, "Laptop");
        await SignOutAsync(visit);

        // The authenticator agrees to what the page asks by itself, as a user does who chooses the passkey in the field.
        await visit.GoAsync("/sign-in?returnUrl=%2Faccount%2Fsessions");
        await visit.ArriveAsync("/account/sessions$");
    }

    [Fact]
    public async Task A_user_who_is_not_verified_stays_on_the_page_and_reads_why()
    {
        var user = await app.Users.SomebodyAsync();
        await using var visit = await Visit.StartAsync(app);
        var authenticator = await VirtualAuthenticator.PlugInAsync(visit);
        await AddAsync(visit, user, "Laptop");
        await SignOutAsync(visit);
        await visit.GoAsync("/sign-in");
        await authenticator.VerifyAsync(verifies: false);
        await visit.Page.ClickAsync(SignIn);

        await Assertions.Expect(visit.Page.Locator("form[data-passkey] [role=alert]")).Not.ToBeEmptyAsync();
    }

    [Fact]
    public async Task A_copy_whose_counter_stands_lower_is_rejected()
    {
        var user = await app.Users.SomebodyAsync();
        await using var visit = await Visit.StartAsync(app);
        var authenticator = await VirtualAuthenticator.PlugInAsync(visit);
        await AddAsync(visit, user, "Laptop");
        await SignOutAsync(visit);
        await app.ExecuteAsync("update identity.passkeys set sign_count = 100 where user_id = $1", user.UserId);
        await authenticator.CountFromAnewAsync();
        await visit.GoAsync("/sign-in");
        await visit.Page.ClickAsync(SignIn);

        await Assertions.Expect(visit.Page.Locator(".notice.bad")).ToBeVisibleAsync();
    }

    [Fact]
    public async Task Without_a_script_nothing_offers_what_cannot_work()
    {
        var user = await app.Users.SomebodyAsync();
        using var browser = new Browser(app);
        await browser.SignInAsync(user.Email);
        await using var visit = await Visit.StartAsync(app, script: false);
        await visit.GoAsync("/sign-in");
        await Assertions.Expect(visit.Page.Locator(SignIn)).ToBeHiddenAsync();

        // What a form without an answer says.
        var rejected = await browser.FillAsync("/account/security/passkeys/add", "/account/security/passkeys/add", ("name", "Phone"));
        Assert.Contains("The passkey was not added", rejected.Text, StringComparison.Ordinal);
    }

    private static async Task AddAsync(Visit visit, SignedIn user, string name)
    {
        await visit.SignInAsync(user.Email);
        await visit.GoAsync("/account/security");
        await visit.Page.ClickAsync("a[href$='/passkeys/add']");
        await visit.LookAsync("passkey-add");
        await visit.Page.FillAsync("#name", name);
        await visit.Page.ClickAsync(Create);
        await visit.ArriveAsync("/recovery-codes$");
        await visit.GoAsync("/account/security");
        Assert.Contains(name, await visit.Page.ContentAsync(), StringComparison.Ordinal);
    }

    private static async Task SignOutAsync(Visit visit)
    {
        await visit.Page.ClickAsync("form[action='/sign-out'] button");
        await visit.ArriveAsync("/signed-out");
    }

    /// <summary>The session was begun a while ago, and its browser has a token that says so.</summary>
    private async Task AgeAsync(Visit visit, SignedIn user)
    {
        await app.GrowOldAsync(user);
        Assert.Equal(200, await visit.Page.EvaluateAsync<int>(Refresh));
    }
}
