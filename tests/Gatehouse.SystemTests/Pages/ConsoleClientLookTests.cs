using Gatehouse.SystemTests.Harness;
using Gatehouse.SystemTests.Harness.Browsing;
using Gatehouse.SystemTests.OpenId;
using Microsoft.Playwright;

namespace Gatehouse.SystemTests.Pages;

/// <summary>How service accounts look in a browser.</summary>
[Trait("Speed", "Slow")]
public sealed class ConsoleClientLookTests(RunningApp running)
{
    private readonly TestApp app = running.App;

    [Theory]
    [InlineData("en", true)]
    [InlineData("hi", true)]
    [InlineData("es", true)]
    [InlineData("en", false)]
    public async Task An_administrator_creates_a_service_account_replaces_its_secret_and_disables_it(string language, bool script)
    {
        var picture = $"{language}{(script ? "" : "-no-script")}";
        var admin = await app.TenantAdministratorAsync();
        var (organization, _) = await app.OrganizationAsync(admin);
        await app.ClientAsync(admin, "users:read", "users:write", "roles:read", "audit:read", "clients:read");
        await using var visit = await Visit.StartAsync(app, language, script);
        await visit.SignInAsync(admin.Email);

        await visit.GoAsync("/admin/clients");
        await visit.LookAsync($"console-clients-{picture}");
        await visit.Page.ClickAsync("main a[href='/admin/clients/new']");
        await visit.Page.FillAsync("#clientName", "Shop <i>of</i> " + new string('W', 40));
        await visit.Page.FillAsync("#organization", organization.ToString());
        await visit.Page.ClickAsync("main button[type=submit]");
        await Assertions.Expect(visit.Page.Locator("#scopes-error")).ToBeVisibleAsync();
        await visit.LookAsync($"console-new-client-refused-{picture}");
        await visit.Page.CheckAsync("input[value='users:read']");
        await visit.Page.ClickAsync("main button[type=submit]");
        await Assertions.Expect(visit.Page.Locator("#new-secret")).ToBeVisibleAsync();
        await visit.LookAsync($"console-client-secret-{picture}");
        await visit.Page.ClickAsync("#new-secret a.button");
        await Assertions.Expect(visit.Page.Locator("#new-secret")).ToHaveCountAsync(0);
        await visit.LookAsync($"console-client-{picture}");

        await visit.Page.ClickAsync("main a[href$='/new-secret']");
        await visit.LookAsync($"console-client-new-secret-{picture}");
        await visit.Page.SelectOptionAsync("#choice", "90");
        await visit.Page.ClickAsync("main button.danger");
        await Assertions.Expect(visit.Page.Locator("#new-secret")).ToBeVisibleAsync();
        await visit.Page.ReloadAsync();
        await Assertions.Expect(visit.Page.Locator("#new-secret")).ToHaveCountAsync(0);
        await visit.Page.ClickAsync("main a[href*='/end-secret/'] >> nth=0");
        await visit.LookAsync($"console-client-end-secret-{picture}");
        await visit.Page.ClickAsync("main button.danger");
        await Assertions.Expect(visit.Page.Locator("main a[href*='/end-secret/']")).ToHaveCountAsync(1);

        await visit.Page.ClickAsync("main a[href$='/edit']");
        await visit.LookAsync($"console-client-edit-{picture}");
        await visit.Page.ClickAsync("main button[type=submit]");
        await visit.Page.ClickAsync("main a[href$='/disable']");
        await visit.Page.FillAsync("#reason", "Leaked <b>once</b>");
        await visit.Page.ClickAsync("main button.danger");
        await visit.LookAsync($"console-client-disabled-{picture}");
        await visit.Page.ClickAsync("main a[href$='/delete']");
        await visit.LookAsync($"console-client-delete-{picture}");
    }
}
