using System.Net;
using Gatehouse.SystemTests.Harness;
using Gatehouse.SystemTests.Harness.Browsing;
using Gatehouse.SystemTests.Organizations.Domains;
using Microsoft.Playwright;

namespace Gatehouse.SystemTests.Pages;

/// <summary>The settings of a tenant in the console, and what its pages look like then.</summary>
public sealed class ConsoleSettingsTests(DomainsApp domains) : IClassFixture<DomainsApp>
{
    private const string Path = "/admin/settings";

    private static readonly string[] Reading = ["tenants:read"];

    private readonly TestApp app = domains.App;

    [Fact]
    public async Task Settings_are_saved_and_a_form_that_is_out_of_date_is_told()
    {
        var tenant = await domains.TenantAsync();
        using var browser = await SignedInAsync(tenant.Administrator, tenant.Name);
        var form = await browser.GetAsync(Path);
        Assert.Contains("<option value=\"open\" selected", form.Text, StringComparison.Ordinal);

        foreach (
            var (registration, language, field) in new[]
            {
                ("", "en", "registration"),
                ("ajar", "en", "registration"),
                ("open", "fr", "defaultLanguage"),
                ("open", "<b>", "defaultLanguage"),
            }
        )
        {
            var rejected = await browser.SendFormAsync(form, Path, ("registration", registration), ("defaultLanguage", language));
            Assert.Equal(HttpStatusCode.BadRequest, rejected.Status);
            Assert.NotEqual("", rejected.Beside(field));
        }

        var saved = await browser.SendFormAsync(form, Path, ("registration", "closed"), ("defaultLanguage", "es"));
        Assert.Equal((HttpStatusCode.SeeOther, Path), (saved.Status, saved.Location()));
        var stale = await browser.SendFormAsync(form, Path, ("registration", "open"), ("defaultLanguage", "hi"));
        Assert.Equal(HttpStatusCode.PreconditionFailed, stale.Status);
        Assert.Contains("<option value=\"hi\" selected", stale.Text, StringComparison.Ordinal);
        var stored = await app.CallAsync(HttpMethod.Get, $"/v1/tenants/{tenant.Id}/settings", tenant.Administrator);
        Assert.StartsWith("""{"registration":"closed","defaultLanguage":"es",""", stored.Text, StringComparison.Ordinal);

        // What was typed is kept, and saving it again counts.
        Assert.Equal(Path, (await browser.SendFormAsync(stale, Path, ("registration", "open"), ("defaultLanguage", "hi"))).Location());
    }

    [Fact]
    public async Task Who_may_only_read_sees_the_settings_and_no_form()
    {
        var tenant = await domains.TenantAsync();
        var header = ("Gatehouse-Tenant", tenant.Name);
        var role = await app.CallAsync(HttpMethod.Post, "/v1/roles", tenant.Administrator, new { name = "reader", permissions = Reading });
        var reader = await domains.SignUpAsync(header);
        var given = reader.RolePath(role.Body.GetProperty("id").GetGuid());
        Assert.Equal(HttpStatusCode.NoContent, (await app.CallAsync(HttpMethod.Put, given, tenant.Administrator)).Status);
        using var browser = await SignedInAsync(reader, tenant.Name);

        var page = await browser.GetAsync(Path);

        Assert.Contains("Open: anybody may create an account", page.Text, StringComparison.Ordinal);
        Assert.DoesNotContain("name=\"registration\"", page.Text, StringComparison.Ordinal);
        Assert.Equal(HttpStatusCode.Forbidden, (await browser.SubmitAsync(Path, [KeyValuePair.Create("registration", "closed")])).Status);
    }

    [Theory]
    [InlineData("en", true)]
    [InlineData("hi", true)]
    [InlineData("es", true)]
    [InlineData("en", false)]
    [Trait("Speed", "Slow")]
    public async Task An_administrator_closes_registration_and_users_read_so(string language, bool script)
    {
        var picture = $"{language}{(script ? "" : "-no-script")}";
        var tenant = await domains.TenantAsync();
        await using var visit = await Visit.StartAsync(app, language, script);
        await visit.SignInAsync(domains.Platform.Email);
        await visit.GoAsync($"/admin/tenants/{tenant.Id}");
        await visit.Page.ClickAsync("form[action='/admin/tenant'] button");

        await visit.GoAsync(Path);
        await visit.LookAsync($"console-settings-{picture}");
        await visit.Page.SelectOptionAsync("#registration", "closed");
        await visit.Page.ClickAsync("form.panel button");
        await Assertions.Expect(visit.Page.GetByRole(AriaRole.Status).First).ToBeVisibleAsync();
        await Assertions.Expect(visit.Page.Locator("#registration")).ToHaveValueAsync("closed");
        await visit.LookAsync($"console-settings-saved-{picture}");

        await using var user = await Visit.StartAsync(app, language, script);
        await user.SendAsync(("Gatehouse-Tenant", tenant.Name));
        foreach (var (path, name) in new[] { ("/sign-up", "sign-up"), ("/sign-in", "sign-in"), ("/", "home") })
        {
            await user.GoAsync(path);
            await Assertions.Expect(user.Page.Locator("a[href='/sign-up'], form[action='/sign-up']")).ToHaveCountAsync(0);
            await user.LookAsync($"closed-{name}-{picture}");
        }
    }

    private async Task<Browser> SignedInAsync(SignedIn who, string tenant)
    {
        var browser = new Browser(app);
        browser.Set("Gatehouse-Tenant", tenant);
        Assert.Equal(HttpStatusCode.Created, (await browser.SignInAsync(who.Email)).Status);
        browser.Set("Gatehouse-Tenant", null);
        return browser;
    }
}
