using System.Text.RegularExpressions;
using Gatehouse.SystemTests.Harness;
using Gatehouse.SystemTests.Harness.Browsing;
using Microsoft.Playwright;

namespace Gatehouse.SystemTests.Pages;

/// <summary>The account, its activity and the way back from a forgotten password, in a browser.</summary>
[Trait("Speed", "Slow")]
public sealed class AccountLookTests(RunningApp running)
{
    private const string Main = "main form[action='/account'] button[type=submit]";

    private readonly TestApp app = running.App;

    [Theory]
    [InlineData("en", true)]
    [InlineData("hi", true)]
    [InlineData("es", true)]
    [InlineData("en", false)]
    public async Task A_person_changes_details_ends_sessions_and_reads_what_happened(string language, bool script)
    {
        var person = await app.Users.SomebodyAsync();
        foreach (var agent in new[] { "Mozilla/5.0 (Windows NT 10.0) Chrome/140.0", "Mozilla/5.0 (iPhone) Safari/605" })
            await app.Users.SignInAsync(person.Email, headers: ("User-Agent", agent));
        await using var visit = await Visit.StartAsync(app, language, script);
        await visit.SignInAsync(person.Email);
        var name = $"{language}{(script ? "" : "-no-script")}";

        await visit.GoAsync("/account");
        await Assertions.Expect(visit.Page.Locator(".side [aria-current]")).ToHaveCountAsync(1);
        await visit.LookAsync($"account-{name}");

        await visit.Page.FillAsync("#about", new string('x', 501));
        await visit.Page.FillAsync("#languages", "hi, english language");
        await visit.Page.ClickAsync(Main);
        await Assertions.Expect(visit.Page.GetByRole(AriaRole.Alert)).ToBeFocusedAsync();
        await Assertions.Expect(visit.Page.Locator("#about")).ToHaveAccessibleDescriptionAsync(new Regex("500"));
        await Assertions.Expect(visit.Page.Locator("#languages")).ToHaveValueAsync("hi, english language");
        await visit.LookAsync($"account-refused-{name}");

        await visit.Page.FillAsync("#name", "Ada Augusta King-Noel, Countess of Lovelace " + new string('W', 50));
        await visit.Page.FillAsync("#about", "I count.\nOn engines too.");
        await visit.Page.FillAsync("#languages", "hi, en-GB");
        await visit.Page.ClickAsync(Main);
        await Assertions.Expect(visit.Page.GetByRole(AriaRole.Status)).ToBeVisibleAsync();
        await Assertions.Expect(visit.Page.Locator("#about")).ToHaveValueAsync("I count.\nOn engines too.");
        await visit.LookAsync($"account-saved-{name}");

        await visit.GoAsync("/account/security");
        await visit.LookAsync($"account-security-{name}");
        await visit.GoAsync("/account/sessions");
        await Assertions.Expect(visit.Page.Locator(".row")).ToHaveCountAsync(4);
        await visit.LookAsync($"account-sessions-{name}");
        await visit.Page.Locator("form[action='/account/sessions/end'] button").First.ClickAsync();
        await Assertions.Expect(visit.Page.Locator(".row")).ToHaveCountAsync(3);
        await visit.Page.ClickAsync("form[action='/account/sessions/end-others'] button");
        await Assertions.Expect(visit.Page.Locator(".row")).ToHaveCountAsync(1);
        await visit.LookAsync($"account-alone-{name}");

        await visit.Page.Locator(".side a[href='/account/activity']").ClickAsync(new() { Force = !script });
        await Assertions.Expect(visit.Page.Locator(".badge").First).ToBeVisibleAsync();
        await visit.LookAsync($"activity-{name}");
    }

    [Theory]
    [InlineData("en", true)]
    [InlineData("hi", true)]
    [InlineData("es", true)]
    [InlineData("en", false)]
    public async Task A_forgotten_password_is_set_anew_with_the_code(string language, bool script)
    {
        var person = await app.Users.SomebodyAsync();
        await using var visit = await Visit.StartAsync(app, language, script);
        var name = $"{language}{(script ? "" : "-no-script")}";

        await visit.GoAsync("/forgot");
        await Assertions.Expect(visit.Page.Locator("#identifier")).ToBeFocusedAsync();
        await visit.LookAsync($"forgot-{name}");
        await visit.Page.FillAsync("#identifier", person.Email);
        await visit.Page.ClickAsync("main button[type=submit]");
        await Assertions.Expect(visit.Page.Locator("#code")).ToBeFocusedAsync();
        if (script)
            await Assertions.Expect(visit.Page.Locator("button[data-wait]")).ToBeDisabledAsync();
        await visit.LookAsync($"forgot-code-{name}");

        var code = (await app.Users.LetterAsync(person.Email, 2)).ResetCode;
        await visit.Page.FillAsync("#code", TestUsers.WrongCode(code));
        await visit.Page.FillAsync("#password", Resetting.NewPassword);
        await visit.Page.ClickAsync("form[action='/forgot/code'] button[type=submit]");
        await Assertions.Expect(visit.Page.Locator("#code")).ToHaveAttributeAsync("aria-invalid", "true");
        Assert.Equal("", await visit.Page.InputValueAsync("#password"));
        await visit.LookAsync($"forgot-refused-{name}");

        await visit.Page.FillAsync("#code", code);
        await visit.Page.FillAsync("#password", Resetting.NewPassword);
        await visit.Page.ClickAsync("form[action='/forgot/code'] button[type=submit]");
        await Assertions.Expect(visit.Page.GetByRole(AriaRole.Status)).ToBeVisibleAsync();
        Assert.EndsWith("/forgot/done", visit.Page.Url, StringComparison.Ordinal);
        await visit.LookAsync($"forgot-done-{name}");

        await visit.GoAsync("/forgot/code?id=x");
        await Assertions.Expect(visit.Page.GetByRole(AriaRole.Alert)).ToBeVisibleAsync();
        await visit.LookAsync($"forgot-over-{name}");
    }

    [Fact]
    public async Task Going_back_after_the_session_ended_shows_nothing_of_the_account()
    {
        var person = await app.Users.SomebodyAsync();
        await using var visit = await Visit.StartAsync(app);
        await visit.SignInAsync(person.Email);
        await visit.GoAsync("/account/security");
        await Assertions.Expect(visit.Page.GetByText(person.Email)).ToBeVisibleAsync();
        await visit.GoAsync("/forgot");
        await visit.Page.EvaluateAsync("() => fetch('/v1/sessions/current', { method: 'DELETE', headers: { 'Gatehouse-Request': '1' } })");

        await visit.Page.GoBackAsync();

        Assert.Contains("/sign-in?returnUrl=%2Faccount%2Fsecurity", visit.Page.Url, StringComparison.Ordinal);
        await Assertions.Expect(visit.Page.GetByText(person.Email)).ToHaveCountAsync(0);
    }
}
