using System.Text.RegularExpressions;
using Gatehouse.SystemTests.Harness;
using Gatehouse.SystemTests.Harness.Browsing;
using Microsoft.Playwright;

namespace Gatehouse.SystemTests.Pages;

/// <summary>The first pages as people see them, in a browser.</summary>
[Trait("Speed", "Slow")]
public sealed class PageTests(RunningApp running) : IClassFixture<RunningApp>
{
    // The floor of what a page must fit into is 60 KB compressed; ours fit uncompressed.
    private const int MostBytes = 60_000;

    private readonly TestApp app = running.App;

    [Theory]
    [InlineData("en", true)]
    [InlineData("hi", true)]
    [InlineData("es", true)]
    [InlineData("en", false)]
    public async Task A_registration_is_confirmed_behind_the_link(string language, bool script)
    {
        var email = People.NewEmail();
        await app.People.RegisterAsync(email);
        var link = "/register/confirm?token=" + (await app.People.LetterAsync(email)).LinkToken;
        await using var visit = await Visit.StartAsync(app, language, script);

        await visit.GoAsync(link);
        await visit.LookAsync($"confirm-{language}{Suffix(script)}");
        await visit.Page.FillAsync("#password", "not the password that was chosen");
        await visit.Page.ClickAsync("main button[type=submit]");
        await Assertions.Expect(visit.Page.GetByRole(AriaRole.Alert)).ToBeFocusedAsync();
        Assert.Equal("", await visit.Page.InputValueAsync("#password"));
        await visit.LookAsync($"confirm-refused-{language}{Suffix(script)}");

        await visit.Page.FillAsync("#password", People.Password);
        await visit.Page.ClickAsync("main button[type=submit]");
        await Assertions.Expect(visit.Page.GetByRole(AriaRole.Status)).ToBeVisibleAsync();
        await visit.LookAsync($"confirm-done-{language}{Suffix(script)}");
    }

    [Theory]
    [InlineData("en", true)]
    [InlineData("hi", true)]
    [InlineData("es", true)]
    [InlineData("en", false)]
    public async Task A_new_password_is_set_behind_the_link(string language, bool script)
    {
        var person = await app.People.SomebodyAsync();
        var (id, letter) = await app.ResetMailAsync(person.Email, person.Email);
        await using var visit = await Visit.StartAsync(app, language, script);

        await visit.GoAsync($"/reset?id={id}&token={letter.LinkToken}");
        await Assertions.Expect(visit.Page.Locator("#password")).ToBeFocusedAsync();
        await visit.LookAsync($"reset-{language}{Suffix(script)}");
        await visit.Page.FillAsync("#password", "short");
        await visit.Page.ClickAsync("main button[type=submit]");
        await Assertions.Expect(visit.Page.Locator("#password")).ToHaveAttributeAsync("aria-invalid", "true");
        await Assertions.Expect(visit.Page.Locator("#password")).ToHaveAccessibleDescriptionAsync(new Regex("15"));
        await visit.LookAsync($"reset-refused-{language}{Suffix(script)}");

        await visit.Page.FillAsync("#password", Resetting.NewPassword);
        await visit.Page.ClickAsync("main button[type=submit]");
        await Assertions.Expect(visit.Page.GetByRole(AriaRole.Status)).ToBeVisibleAsync();
        await visit.LookAsync($"reset-done-{language}{Suffix(script)}");

        await visit.GoAsync($"/reset?id={id}&token={letter.LinkToken}");
        await visit.Page.FillAsync("#password", Resetting.NewPassword);
        await visit.Page.ClickAsync("main button[type=submit]");
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
        await visit.GoAsync("/reset?id=x&token=y%20z");
        foreach (var (name, language) in new[] { ("हिन्दी", "hi"), ("Español", "es"), ("English", "en"), ("हिन्दी", "hi") })
        {
            await visit.Page.GetByRole(AriaRole.Button, new PageGetByRoleOptions { Name = name, Exact = true }).ClickAsync();
            await Assertions.Expect(visit.Page.Locator("html")).ToHaveAttributeAsync("lang", language);
            Assert.Equal("/reset?id=x&token=y%20z", new Uri(visit.Page.Url).PathAndQuery);
            Assert.Equal("y z", await visit.Page.InputValueAsync("input[name=token]"));
        }

        await visit.GoAsync("/nowhere");
        await Assertions.Expect(visit.Page.Locator("html")).ToHaveAttributeAsync("lang", "hi");
    }

    [Fact]
    public async Task A_password_can_be_looked_at_and_is_sent_as_one()
    {
        await using var visit = await Visit.StartAsync(app);
        await visit.GoAsync("/reset?id=x&token=y");
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
        await visit.GoAsync("/reset?id=x&token=y");
        var posts = 0;
        await visit.Page.RouteAsync("**/reset", async route =>
        {
            posts++;
            await route.ContinueAsync();
        });
        await visit.Page.FillAsync("#password", "short");
        await visit.Page.EvaluateAsync("() => { const button = document.querySelector('main button[type=submit]'); button.click(); button.click(); }");
        await Assertions.Expect(visit.Page.GetByRole(AriaRole.Alert)).ToBeVisibleAsync();
        Assert.Equal(1, posts);
    }

    [Fact]
    public async Task A_long_name_of_the_service_fits()
    {
        await using var grand = await TestApp.StartAsync(settings: new Dictionary<string, string?>(StringComparer.Ordinal)
        {
            ["Tenant:DisplayName"] = "Donaudampfschifffahrtsgesellschaftskapitänsmützenausgabe AG",
        });
        await using var visit = await Visit.StartAsync(grand, "hi");
        await visit.GoAsync("/reset?id=x&token=y");
        await visit.LookAsync("reset-long-name");
    }

    [Theory]
    [InlineData("/reset?id=x&token=y")]
    [InlineData("/register/confirm?token=y")]
    [InlineData("/nowhere")]
    [InlineData("/inbox")]
    public async Task A_page_weighs_little_with_everything_it_fetches(string path)
    {
        await using var visit = await Visit.StartAsync(app);
        var answers = new List<IResponse>();
        visit.Page.Response += (_, response) => answers.Add(response);
        await visit.Page.GotoAsync(path, new PageGotoOptions { WaitUntil = WaitUntilState.NetworkIdle });

        var sum = 0;
        foreach (var answer in answers.Where(answer => new Uri(answer.Url).AbsolutePath != "/inbox" || answer.Request.IsNavigationRequest)) sum += (await answer.BodyAsync()).Length;
        Assert.True(answers.Count >= 3, $"only {answers.Count} answers");
        Assert.InRange(sum, 1, MostBytes);
    }

    private static string Suffix(bool script) => script ? "" : "-no-script";
}
