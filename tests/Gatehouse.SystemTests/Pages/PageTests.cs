using System.Text.RegularExpressions;
using Gatehouse.SystemTests.Harness;
using Gatehouse.SystemTests.Harness.Browsing;
using Microsoft.Playwright;

namespace Gatehouse.SystemTests.Pages;

/// <summary>The first pages as people see them, in a browser.</summary>
[Trait("Speed", "Slow")]
public sealed class PageTests(RunningApp running)
{
    private readonly TestApp app = running.App;

    [Theory]
    [InlineData("en", true)]
    [InlineData("hi", true)]
    [InlineData("es", true)]
    [InlineData("en", false)]
    public async Task A_registration_is_confirmed_behind_the_link(string language, bool script)
    {
        var email = TestUsers.NewEmail();
        await app.Users.RegisterAsync(email);
        var link = "/register/confirm?token=" + (await app.Users.LetterAsync(email)).LinkToken;
        await using var visit = await Visit.StartAsync(app, language, script);

        await visit.GoAsync(link);
        await visit.LookAsync($"confirm-{language}{Suffix(script)}");
        await visit.Page.ClickAsync("main a[href*='step=no-password']");
        await Assertions.Expect(visit.Page.Locator("#password")).ToHaveCountAsync(0);
        await visit.LookAsync($"confirm-no-password-{language}{Suffix(script)}");
        await visit.Page.ClickAsync("main .small a");
        await visit.Page.FillAsync("#password", "not the password that was chosen");
        await visit.Page.ClickAsync("main button[type=submit]");
        await Assertions.Expect(visit.Page.GetByRole(AriaRole.Alert)).ToBeFocusedAsync();
        Assert.Equal("", await visit.Page.InputValueAsync("#password"));
        await visit.LookAsync($"confirm-refused-{language}{Suffix(script)}");

        await visit.Page.FillAsync("#password", TestUsers.Password);
        await visit.Page.ClickAsync("main button[type=submit]");
        await Assertions.Expect(visit.Page.GetByRole(AriaRole.Status)).ToBeVisibleAsync();
        await visit.LookAsync($"confirm-done-{language}{Suffix(script)}");

        await visit.GoAsync(link);
        await Assertions.Expect(visit.Page.GetByRole(AriaRole.Alert)).ToBeVisibleAsync();
        await Assertions.Expect(visit.Page.Locator("#password")).ToHaveCountAsync(0);
        await visit.LookAsync($"confirm-over-{language}{Suffix(script)}");
    }

    [Theory]
    [InlineData("en", true)]
    [InlineData("hi", true)]
    [InlineData("es", true)]
    [InlineData("en", false)]
    public async Task A_new_password_is_set_behind_the_link(string language, bool script)
    {
        var person = await app.Users.SomebodyAsync();
        var (id, letter) = await app.ResetMailAsync(person.Email, person.Email);
        await using var visit = await Visit.StartAsync(app, language, script);

        await visit.GoAsync($"/reset?id={id}&token={letter.LinkToken}");
        await Assertions.Expect(visit.Page.Locator("#password")).ToBeFocusedAsync();
        await visit.LookAsync($"reset-{language}{Suffix(script)}");
        await visit.Page.FillAsync("#password", "short");
        await visit.Page.ClickAsync("main button[type=submit]");
        await Assertions.Expect(visit.Page.Locator("#password")).ToHaveAttributeAsync("aria-invalid", "true");
        // Whose account it is, and so what is asked for beside the password, is not said.
        await Assertions.Expect(visit.Page.Locator("#password")).ToHaveAccessibleDescriptionAsync(new Regex("15"));
        await visit.Page.FillAsync("#password", "mangrove7x");
        await visit.Page.ClickAsync("main button[type=submit]");
        await Assertions.Expect(visit.Page.Locator("#password")).ToHaveAccessibleDescriptionAsync(new Regex("15"));
        await visit.LookAsync($"reset-refused-{language}{Suffix(script)}");

        await visit.Page.FillAsync("#password", Resetting.NewPassword);
        await visit.Page.ClickAsync("main button[type=submit]");
        await Assertions.Expect(visit.Page.GetByRole(AriaRole.Status)).ToBeVisibleAsync();
        await visit.LookAsync($"reset-done-{language}{Suffix(script)}");

        await visit.GoAsync($"/reset?id={id}&token={letter.LinkToken}");
        await Assertions.Expect(visit.Page.GetByRole(AriaRole.Alert)).ToBeVisibleAsync();
        await Assertions.Expect(visit.Page.Locator("#password")).ToHaveCountAsync(0);
        await visit.LookAsync($"reset-over-{language}{Suffix(script)}");
    }

    [Theory]
    [InlineData("en", true)]
    [InlineData("hi", true)]
    [InlineData("en", false)]
    public async Task Nothing_is_at_an_unknown_address_and_the_page_says_so(string language, bool script)
    {
        await using var visit = await Visit.StartAsync(app, language, script);
        var answer = await visit.GoAsync("/nowhere");
        Assert.Equal((404, language), (answer.Status, await visit.Page.Locator("html").GetAttributeAsync("lang")));
        await Assertions.Expect(visit.Page.GetByRole(AriaRole.Heading)).ToHaveCountAsync(1);
        await visit.LookAsync($"not-found-{language}{Suffix(script)}");
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task A_language_is_chosen_at_the_foot_of_the_page_and_stays(bool script)
    {
        await using var visit = await Visit.StartAsync(app, script: script);
        var path = await ResetPathAsync();
        await visit.GoAsync(path);
        foreach (var (name, language) in new[] { ("हिन्दी", "hi"), ("Español", "es"), ("English", "en"), ("हिन्दी", "hi") })
        {
            await visit.Page.GetByRole(AriaRole.Button, new PageGetByRoleOptions { Name = name, Exact = true }).ClickAsync();
            await Assertions.Expect(visit.Page.Locator("html")).ToHaveAttributeAsync("lang", language);
            Assert.Equal(path, new Uri(visit.Page.Url).PathAndQuery);
            Assert.EndsWith(await visit.Page.InputValueAsync("input[name=token]"), path, StringComparison.Ordinal);
        }

        await visit.GoAsync("/nowhere");
        await Assertions.Expect(visit.Page.Locator("html")).ToHaveAttributeAsync("lang", "hi");
    }

    [Fact]
    public async Task A_password_can_be_looked_at_and_is_sent_as_one()
    {
        await using var visit = await Visit.StartAsync(app);
        await visit.GoAsync(await ResetPathAsync());
        await visit.Page.FillAsync("#password", "short");
        await visit.Page.ClickAsync(".reveal");
        await Assertions.Expect(visit.Page.Locator("#password")).ToHaveAttributeAsync("type", "text");
        await visit.LookAsync("reset-shown-en");
        await visit.Page.ClickAsync(".reveal");
        await Assertions.Expect(visit.Page.Locator("#password")).ToHaveAttributeAsync("type", "password");
    }

    [Fact]
    public async Task A_form_sent_twice_is_sent_once()
    {
        await using var visit = await Visit.StartAsync(app);
        await visit.GoAsync(await ResetPathAsync());
        var posts = 0;
        await visit.Page.RouteAsync(
            "**/reset",
            async route =>
            {
                posts++;
                await route.ContinueAsync();
            }
        );
        await visit.Page.FillAsync("#password", "short");
        await visit.Page.EvaluateAsync(
            "() => { const button = document.querySelector('main button[type=submit]'); button.click(); button.click(); }"
        );
        await Assertions.Expect(visit.Page.GetByRole(AriaRole.Alert)).ToBeVisibleAsync();
        Assert.Equal(1, posts);
    }

    [Theory]
    [InlineData("en")]
    [InlineData("hi")]
    [InlineData("es")]
    public async Task Who_is_signed_in_finds_the_account_and_the_way_out(string language)
    {
        var person = await app.Users.SomebodyAsync();
        await using var visit = await Visit.StartAsync(app, language);
        await visit.SendAsync(person.Tokens.Header);
        await visit.GoAsync("/inbox?to=nobody@example.com");
        await Assertions.Expect(visit.Page.Locator("header a[href='/account']")).ToBeVisibleAsync();
        await Assertions.Expect(visit.Page.Locator("header form[action='/sign-out'] button")).ToBeVisibleAsync();
        await Assertions.Expect(visit.Page.Locator("header a[href='/sign-in']")).ToHaveCountAsync(0);
        await visit.LookAsync($"signed-in-{language}");
    }

    [Theory]
    [InlineData("en", true)]
    [InlineData("es", false)]
    public async Task Too_many_requests_are_answered_with_the_wait(string language, bool script)
    {
        await using var limited = await TestApp.StartAsync(
            settings: new Dictionary<string, string?>(StringComparer.Ordinal)
            {
                ["RateLimits:ApplyInDevelopment"] = "true",
                ["RateLimits:Other:Permits"] = "1",
                ["RateLimits:Other:Window"] = "00:10:00",
            }
        );
        await using var visit = await Visit.StartAsync(limited, language, script);
        await visit.GoAsync("/reset?id=x&token=y");
        var answer = await visit.GoAsync("/reset?id=x&token=y");
        Assert.Equal(429, answer.Status);
        await Assertions.Expect(visit.Page.Locator("main")).ToContainTextAsync("10 minut");
        await visit.LookAsync($"limited-{language}{Suffix(script)}");
    }

    [Fact]
    public async Task A_look_finds_what_nobody_could_read_and_what_does_not_fit()
    {
        await using var visit = await Visit.StartAsync(app);
        await visit.GoAsync("/sign-up");
        await visit.Page.EvaluateAsync("() => document.querySelector('label').remove()");
        Assert.Contains(
            "label",
            (await Assert.ThrowsAnyAsync<Xunit.Sdk.XunitException>(() => visit.LookAsync("unlabelled"))).Message,
            StringComparison.Ordinal
        );

        await visit.GoAsync("/sign-up");
        await visit.Page.EvaluateAsync(
            "() => { const wide = document.createElement('table'); wide.innerHTML = `<td><img alt='' width='500' height='1'></td>`; "
                + "document.body.append(wide); }"
        );
        Assert.Contains(
            "pixels wide",
            (await Assert.ThrowsAnyAsync<Xunit.Sdk.XunitException>(() => visit.LookAsync("too-wide"))).Message,
            StringComparison.Ordinal
        );

        await visit.GoAsync("/sign-up");
        await visit.Page.EvaluateAsync("() => document.body.setAttribute('style', 'color: red')");
        Assert.Contains(
            "Content Security Policy",
            (await Assert.ThrowsAnyAsync<Xunit.Sdk.XunitException>(() => visit.LookAsync("inline"))).Message,
            StringComparison.Ordinal
        );
    }

    [Fact]
    public async Task A_long_name_of_the_service_fits()
    {
        await using var grand = await TestApp.StartAsync(
            settings: new Dictionary<string, string?>(StringComparer.Ordinal)
            {
                ["Tenant:DisplayName"] = "Donaudampfschifffahrtsgesellschaftskapitänsmützenausgabe AG",
            }
        );
        await using var visit = await Visit.StartAsync(grand, "hi");
        await visit.GoAsync("/sign-up");
        await visit.LookAsync("sign-up-long-name");
    }

    private async Task<string> ResetPathAsync()
    {
        var person = await app.Users.SomebodyAsync();
        var (id, letter) = await app.ResetMailAsync(person.Email, person.Email);
        return $"/reset?id={id}&token={letter.LinkToken}";
    }

    private static string Suffix(bool script) => script ? "" : "-no-script";
}
