using Gatehouse.Organizations.Data;
using Gatehouse.SystemTests.Harness;
using Gatehouse.SystemTests.Harness.Browsing;
using Microsoft.Playwright;

namespace Gatehouse.SystemTests.Pages;

/// <summary>Administrators look after organizations in the console, in a browser.</summary>
[Trait("Speed", "Slow")]
public sealed class ConsoleOrganizationTests(RunningApp running)
{
    private readonly TestApp app = running.App;

    [Theory]
    [InlineData("en", true)]
    [InlineData("hi", true)]
    [InlineData("es", true)]
    [InlineData("en", false)]
    public async Task An_organization_is_created_filled_and_deactivated(string language, bool script)
    {
        var administrator = await app.TenantAdministratorAsync();
        var picture = $"{language}{(script ? "" : "-no-script")}";
        var (code, last) = (OrganizationCalls.NewCode(), $"Joiner{language}{script}");
        var exact = await app.NamedAsync($"Exact {picture} Person");
        foreach (var first in new[] { "Anna", "Berta" })
            await app.NamedAsync($"{first} {last}");
        await app.OrganizationAsync(administrator, "friend-" + code);
        await using var visit = await Visit.StartAsync(app, language, script);
        await visit.SignInAsync(administrator.Email);

        await visit.GoAsync("/admin/organizations/new");
        await visit.LookAsync($"console-new-organization-{picture}");
        await visit.Page.FillAsync("#organizationName", "South <b>School</b> with a rather long name that wraps on phones");
        await visit.Page.FillAsync("#organizationCode", "Not A Code");
        await visit.Page.ClickAsync("main button[type=submit]");
        await Assertions.Expect(visit.Page.Locator("#organizationCode")).ToHaveAttributeAsync("aria-invalid", "true");
        await visit.LookAsync($"console-new-organization-refused-{picture}");
        await visit.Page.FillAsync("#organizationCode", code);
        await visit.Page.ClickAsync("main button[type=submit]");
        await Assertions.Expect(visit.Page.GetByRole(AriaRole.Status).First).ToContainTextAsync("South <b>School</b>");
        var id = Guid.Parse(new Uri(visit.Page.Url).Segments[^1]);
        await visit.LookAsync($"console-organization-empty-{picture}");

        await visit.Page.ClickAsync($".sections a[href$='/{id}/members']");
        await visit.Page.FillAsync("#user", last);
        await visit.Page.ClickAsync("form.panel .filter button");
        await Assertions.Expect(visit.Page.Locator("button[name=chosen]")).ToHaveCountAsync(2);
        await visit.LookAsync($"console-members-choose-{picture}");
        await visit.Page.Locator("button[name=chosen]").First.ClickAsync();
        await Assertions.Expect(visit.Page.Locator("tbody tr")).ToHaveCountAsync(1);
        await visit.Page.FillAsync("#user", exact.Email);
        await visit.Page.ClickAsync("form.panel .filter button");
        await Assertions.Expect(visit.Page.Locator("tbody tr")).ToHaveCountAsync(2);
        await app.AssertDoneAsync(HttpMethod.Put, exact.RolePath(BuiltInRole.OrganizationAdministrator, id), administrator);
        await visit.GoAsync($"/admin/organizations/{id}/members");
        await visit.LookAsync($"console-members-{picture}");

        await visit.Page.ClickAsync($".sections a[href$='/{id}/domains']");
        await visit.Page.FillAsync("#domain", $"{code}.example");
        await visit.Page.ClickAsync("form.panel button");
        await Assertions.Expect(visit.Page.Locator("tbody tr")).ToHaveCountAsync(1);
        await visit.LookAsync($"console-domains-of-organization-{picture}");
        await visit.Page.ClickAsync("button[name=value]");
        await Assertions.Expect(visit.Page.Locator("tbody tr")).ToHaveCountAsync(0);
        await visit.Page.ClickAsync($".sections a[href$='/{id}/codes']");
        await visit.Page.FillAsync("#registrationCode", "no code");
        await visit.Page.ClickAsync("form.panel button");
        await Assertions.Expect(visit.Page.Locator("#registrationCode")).ToHaveAttributeAsync("aria-invalid", "true");
        await visit.LookAsync($"console-codes-refused-{picture}");
        await visit.Page.FillAsync("#registrationCode", "C-" + code);
        await visit.Page.ClickAsync("form.panel button");
        await Assertions.Expect(visit.Page.Locator("tbody tr")).ToHaveCountAsync(1);

        await visit.Page.ClickAsync($".sections a[href$='/{id}/related']");
        await visit.Page.FillAsync("#organization", "friend-" + code);
        await visit.Page.ClickAsync("form.panel .filter button");
        await Assertions.Expect(visit.Page.Locator("tbody tr")).ToHaveCountAsync(1);
        await visit.LookAsync($"console-related-{picture}");

        await visit.Page.ClickAsync(".sections li:first-child a");
        await visit.LookAsync($"console-organization-{picture}");
        await visit.Page.ClickAsync($"a[href$='/{id}/deactivate']");
        await visit.LookAsync($"console-deactivate-{picture}");
        await visit.Page.FillAsync("#reason", "Closed for good");
        await visit.Page.ClickAsync("button.danger");
        await Assertions.Expect(visit.Page.Locator(".page-head .badge.bad")).ToHaveCountAsync(1);
        await visit.Page.ClickAsync($"a[href$='/{id}/reactivate']");
        await visit.Page.ClickAsync("button.danger");
        await Assertions.Expect(visit.Page.Locator(".page-head .badge.bad")).ToHaveCountAsync(0);

        await visit.GoAsync($"/admin/users/{exact.UserId}");
        await Assertions.Expect(visit.Page.Locator($"main a[href='/admin/organizations/{id}']").First).ToBeVisibleAsync();
        await visit.LookAsync($"console-user-organizations-{picture}");
    }

    [Fact]
    public async Task The_list_is_narrowed_by_its_address_and_found_again_by_going_back()
    {
        var administrator = await app.TenantAdministratorAsync();
        var (id, path) = await app.OrganizationAsync(administrator);
        await app.AssertDoneAsync(HttpMethod.Post, path + "/deactivate", administrator);
        await using var visit = await Visit.StartAsync(app);
        await visit.SignInAsync(administrator.Email);

        await visit.GoAsync("/admin/organizations");
        await visit.LookAsync("console-organizations");
        await visit.Page.SelectOptionAsync("#status", "inactive");
        await visit.Page.ClickAsync(".filters button");
        await visit.ArriveAsync("status=inactive");
        await visit.LookAsync("console-organizations-filtered");
        await visit.Page.ClickAsync($"a[href^='/admin/organizations/{id}']");
        await visit.Page.ClickAsync(".crumbs a");
        await visit.ArriveAsync("/admin/organizations\\?(.*&)?status=inactive");
        await visit.Page.ClickAsync(".active li a");
        await visit.ArriveAsync("^((?!status=inactive).)*$");

        await visit.GoAsync("/admin/organizations?status=asleep&after=broken");
        await Assertions.Expect(visit.Page.GetByRole(AriaRole.Alert)).ToBeVisibleAsync();
    }
}
