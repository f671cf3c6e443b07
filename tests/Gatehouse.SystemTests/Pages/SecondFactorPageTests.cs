using System.Text.RegularExpressions;
using Gatehouse.SystemTests.Harness;
using Gatehouse.SystemTests.Harness.Browsing;
using Microsoft.Playwright;

namespace Gatehouse.SystemTests.Pages;

/// <summary>Two-step sign-in in a browser: adding an authenticator app, being asked, recovery codes, removing it.</summary>
[Trait("Speed", "Slow")]
public sealed class SecondFactorPageTests(RunningApp running)
{
    private readonly TestApp app = running.App;

    [Theory]
    [InlineData("en", true)]
    [InlineData("es", false)]
    [InlineData("hi", true)]
    public async Task A_user_adds_an_app_signs_in_with_it_and_removes_it(string language, bool script)
    {
        var user = await app.Users.SomebodyAsync();
        await using var visit = await Visit.StartAsync(app, language, script);
        await SignInAsync(visit, user, "/account/security");
        await visit.Page.ClickAsync("a[href='/account/security/second-factor']");
        await visit.LookAsync($"second-factors-none.{language}");
        await visit.Page.ClickAsync("form[action$='/second-factor/totp'] button");
        await visit.ArriveAsync("/second-factor/totp$");
        if (!script)
            await visit.Page.ClickAsync("main li details > summary");
        await visit.LookAsync($"totp-add.{language}");
        var secret = (await visit.Page.Locator("details code").TextContentAsync())!.Replace(" ", "", StringComparison.Ordinal);
        var authenticator = new Authenticator(secret);

        await visit.Page.FillAsync("#code", "000000");
        await visit.Page.ClickAsync("#form button.button:not(.quiet)");
        await Assertions.Expect(visit.Page.Locator("#code-error")).ToHaveCountAsync(1);
        await visit.LookAsync($"totp-wrong.{language}");
        await visit.Page.FillAsync("#code", authenticator.Code());
        await visit.Page.ClickAsync("#form button.button:not(.quiet)");
        await visit.ArriveAsync("/recovery-codes$");
        await visit.LookAsync($"recovery-codes.{language}");
        var codes = await visit.Page.Locator(".recovery-codes code").AllTextContentsAsync();
        Assert.Equal(10, codes.Count);
        await visit.GoAsync("/account/security/second-factor/recovery-codes");
        Assert.Equal(0, await visit.Page.Locator(".recovery-codes code").CountAsync());

        await SignOutAsync(visit);
        await SignInAsync(visit, user, "/account/sessions");
        await visit.ArriveAsync("/sign-in/second-factor$");
        await visit.LookAsync($"second-step.{language}");
        // The one of now may be the one that was used.
        await visit.Page.FillAsync("#code", authenticator.Code(1));
        await visit.Page.ClickAsync("#form button.button");
        await visit.ArriveAsync("/account/sessions$");

        await SignOutAsync(visit);
        await SignInAsync(visit, user, "/account/security/second-factor");
        await visit.Page.ClickAsync("a[href$='factor=recovery-code']");
        await visit.LookAsync($"second-step-recovery.{language}");
        await visit.Page.FillAsync("#code", codes[0]);
        await visit.Page.ClickAsync("#form button.button");
        await visit.ArriveAsync("/account/security/second-factor$");
        await visit.LookAsync($"second-factors.{language}");
        await visit.Page.ClickAsync("a[href$='/recovery-codes']");
        await visit.Page.ClickAsync("form[action$='/recovery-codes'] button");
        await visit.ArriveAsync("/recovery-codes$");
        var fresh = await visit.Page.Locator(".recovery-codes code").AllTextContentsAsync();
        Assert.Equal(10, fresh.Except(codes).Count());
        await visit.GoAsync("/account/security/second-factor");
        await visit.Page.ClickAsync("a[href$='/totp/remove']");
        await visit.LookAsync($"totp-remove.{language}");
        await visit.Page.ClickAsync("form[action$='/totp/remove'] button");
        await visit.ArriveAsync("done=totp-removed$");
    }

    [Fact]
    public async Task A_second_step_that_is_over_leads_back_to_the_start_and_nothing_waits_without_one()
    {
        var user = await app.Users.SomebodyAsync();
        var (authenticator, _) = await app.Users.AddTotpAsync(user.Tokens);
        await using var visit = await Visit.StartAsync(app);
        await visit.GoAsync("/sign-in/second-factor");
        Assert.EndsWith("/sign-in", visit.Page.Url, StringComparison.Ordinal);

        await SignInAsync(visit, user, "/account/sessions");
        await visit.ArriveAsync("/sign-in/second-factor$");
        await app.ExecuteAsync("update identity.challenges set expires_at = now() - interval '1 second' where user_id = $1", user.UserId);
        await visit.Page.FillAsync("#code", authenticator.Code());
        await visit.Page.ClickAsync("#form button.button");
        await visit.Page.ClickAsync("a.button[href^='/sign-in?']");
        Assert.Contains("returnUrl=%2Faccount%2Fsessions", visit.Page.Url, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Where_it_is_due_every_page_leads_to_adding_it()
    {
        var user = await app.Users.SomebodyAsync();
        await using var visit = await Visit.StartAsync(app);
        await SignInAsync(visit, user, "/account");
        await app.ExecuteAsync("update identity.sessions set must_enroll = true where user_id = $1", user.UserId);
        Assert.Equal(200, await visit.Page.EvaluateAsync<int>(Refresh));

        await visit.GoAsync("/account/activity");
        Assert.Matches(new Regex("/account/security/second-factor$", RegexOptions.None, TimeSpan.FromSeconds(1)), visit.Page.Url);
        await visit.LookAsync("second-factor-due");
    }

    private const string Refresh = """
        () => fetch('/v1/tokens/refresh', {
          method: 'POST',
          headers: { 'Gatehouse-Request': '1', 'Content-Type': 'application/json' },
          body: '{"transport":"cookie"}',
        }).then(answer => answer.status)
        """;

    private static async Task SignInAsync(Visit visit, SignedIn user, string next)
    {
        await visit.GoAsync("/sign-in?returnUrl=" + Uri.EscapeDataString(next));
        await visit.Page.FillAsync("#identifier", user.Email);
        await visit.Page.FillAsync("#password", TestUsers.Password);
        await visit.Page.ClickAsync("#form button.button:not(.quiet)");
    }

    private static async Task SignOutAsync(Visit visit)
    {
        await visit.Page.ClickAsync("form[action='/sign-out'] button");
        await visit.ArriveAsync("/signed-out");
    }
}
