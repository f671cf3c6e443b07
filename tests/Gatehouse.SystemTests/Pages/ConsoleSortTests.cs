using Gatehouse.SystemTests.Harness;
using Gatehouse.SystemTests.Harness.Browsing;
using Microsoft.Playwright;

namespace Gatehouse.SystemTests.Pages;

/// <summary>Tables of the console are sorted by links in their heads, with a script and without.</summary>
[Trait("Speed", "Slow")]
public sealed class ConsoleSortTests(RunningApp running)
{
    private readonly TestApp app = running.App;

    [Theory]
    [InlineData("en", true)]
    [InlineData("hi", true)]
    [InlineData("es", false)]
    public async Task A_head_sorts_the_table_and_a_second_time_the_other_way_within_the_filters(string language, bool script)
    {
        var administrator = await app.TenantAdministratorAsync();
        var organization = await app.OrganizationAsync();
        foreach (var name in new[] { "Cora Sorted", "Ána Sorted", "Ben Sorted" })
            await app.JoinAsync(await app.NamedAsync(name), organization, administrator);
        await using var visit = await Visit.StartAsync(app, language, script);
        await visit.SignInAsync(administrator.Email);
        var picture = $"sorted-{language}{(script ? "" : "-no-script")}";

        await visit.GoAsync($"/admin/users?status=active&organization={organization}");
        await Assertions.Expect(visit.Page.Locator("th[aria-sort=descending] #sort-createdAt")).ToHaveCountAsync(1);
        await visit.Page.ClickAsync("#sort-name");
        await visit.ArriveAsync("status=active.*#sort-name$");
        Assert.Equal(["Ána Sorted", "Ben Sorted", "Cora Sorted"], await NamesAsync(visit));
        await Assertions.Expect(visit.Page.Locator("[aria-sort]")).ToHaveCountAsync(1);
        await Assertions.Expect(visit.Page.Locator("th[aria-sort=ascending] #sort-name")).ToHaveCountAsync(1);
        await Assertions.Expect(visit.Page.Locator("#sort-name")).ToBeFocusedAsync();
        await visit.LookAsync(picture);
        await visit.Page.ClickAsync("#sort-name");
        await Assertions.Expect(visit.Page.Locator("th[aria-sort=descending] #sort-name")).ToHaveCountAsync(1);
        Assert.Equal(["Cora Sorted", "Ben Sorted", "Ána Sorted"], await NamesAsync(visit));

        // The order stays when the filters change.
        await visit.Page.SelectOptionAsync("#status", "");
        await visit.Page.ClickAsync(".filters button");
        await visit.ArriveAsync("^((?!status=active).)*$");
        Assert.Contains("sort=-name", visit.Page.Url, StringComparison.Ordinal);
        Assert.Equal(["Cora Sorted", "Ben Sorted", "Ána Sorted"], await NamesAsync(visit));
        await visit.Page.ClickAsync(".active li a");
        Assert.Contains("sort=-name", visit.Page.Url, StringComparison.Ordinal);

        foreach (var path in new[] { "organizations", "audit", "tenants" })
        {
            await visit.GoAsync($"/admin/{path}");
            await Assertions.Expect(visit.Page.Locator("th[aria-sort=descending]")).ToHaveCountAsync(1);
            await visit.LookAsync($"{picture}-{path}");
            await visit.GoAsync($"/admin/{path}?sort=sideways");
            await Assertions.Expect(visit.Page.GetByRole(AriaRole.Alert)).ToBeVisibleAsync();
        }
    }

    [Fact]
    public async Task Keys_turn_pages_and_show_what_they_do_unless_they_are_switched_off()
    {
        var administrator = await app.TenantAdministratorAsync();
        foreach (var _ in Enumerable.Range(0, 51))
            await app.OrganizationAsync();
        await using var visit = await Visit.StartAsync(app);
        await visit.SignInAsync(administrator.Email);

        await visit.GoAsync("/admin/organizations?sort=name");
        var first = await NamesAsync(visit);
        await visit.Page.Keyboard.PressAsync("n");
        await visit.ArriveAsync("after=");
        Assert.Contains("sort=name", visit.Page.Url, StringComparison.Ordinal);
        await visit.Page.Keyboard.PressAsync("p");
        await visit.ArriveAsync("before=");
        Assert.Equal(first, await NamesAsync(visit));
        await visit.Page.ClickAsync("#sort-createdAt");
        await visit.ArriveAsync("^((?!before=).)*$");
        Assert.DoesNotContain("before=", visit.Page.Url, StringComparison.Ordinal);

        // What is typed into a field is text.
        await visit.Page.Keyboard.PressAsync("/");
        await visit.Page.Keyboard.PressAsync("?");
        await Assertions.Expect(visit.Page.Locator("#find")).ToHaveValueAsync("?");
        await Assertions.Expect(visit.Page.Locator("#keys")).ToBeHiddenAsync();
        await visit.Page.EvaluateAsync("document.activeElement.blur()");
        await visit.Page.Keyboard.PressAsync("?");
        await Assertions.Expect(visit.Page.Locator("#keys")).ToBeVisibleAsync();
        await visit.LookAsync("shortcuts");
        await visit.Page.Locator("[data-shortcuts]").UncheckAsync();
        await visit.Page.Keyboard.PressAsync("Escape");
        await Assertions.Expect(visit.Page.Locator("#keys")).ToBeHiddenAsync();
        await visit.Page.Keyboard.PressAsync("?");
        await Assertions.Expect(visit.Page.Locator("#keys")).ToBeHiddenAsync();
        await visit.Page.ClickAsync("[data-opens=keys]");
        await Assertions.Expect(visit.Page.Locator("#keys")).ToBeVisibleAsync();
    }

    private static async Task<IReadOnlyList<string>> NamesAsync(Visit visit) =>
        await visit.Page.Locator("tbody th .name bdi").AllInnerTextsAsync();
}
