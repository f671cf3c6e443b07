using Gatehouse.Organizations.Data;
using Gatehouse.SystemTests.Harness;
using Gatehouse.SystemTests.Harness.Browsing;
using Gatehouse.SystemTests.Organizations.Domains;
using Microsoft.Playwright;

namespace Gatehouse.SystemTests.Pages;

/// <summary>How role requests, tenants and domains look in a browser.</summary>
[Trait("Speed", "Slow")]
public sealed class ConsoleTenantLookTests(DomainsApp domains) : IClassFixture<DomainsApp>
{
    private readonly TestApp app = domains.App;

    [Theory]
    [InlineData("en", true)]
    [InlineData("hi", true)]
    [InlineData("es", true)]
    [InlineData("en", false)]
    public async Task A_platform_administrator_enters_a_tenant_and_looks_after_its_domains(string language, bool script)
    {
        var picture = $"{language}{(script ? "" : "-no-script")}";
        var (tenant, domain) = (await domains.TenantAsync(), DomainsApp.NewDomain());
        await using var visit = await Visit.StartAsync(app, language, script);
        await visit.SignInAsync(domains.Platform.Email);

        await visit.GoAsync("/admin/tenants");
        await visit.LookAsync($"console-tenants-{picture}");
        await visit.GoAsync("/admin/tenants/new");
        await visit.Page.FillAsync("#displayName", "A tenant");
        await visit.Page.FillAsync("#tenantName", "Not a name");
        await visit.Page.ClickAsync("main button[type=submit]");
        await Assertions.Expect(visit.Page.Locator("#tenantName")).ToHaveAttributeAsync("aria-invalid", "true");
        await visit.LookAsync($"console-new-tenant-refused-{picture}");
        await visit.GoAsync($"/admin/tenants/{tenant.Id}");
        await visit.LookAsync($"console-tenant-{picture}");
        await visit.Page.ClickAsync("form[action='/admin/tenant'] button");
        await Assertions.Expect(visit.Page.Locator(".acting")).ToBeVisibleAsync();
        await visit.LookAsync($"console-acting-{picture}");

        await visit.GoAsync("/admin/domains");
        await visit.LookAsync($"console-domains-{picture}");
        await visit.Page.FillAsync("#domain", domain);
        await visit.Page.ClickAsync("form.panel button");
        await visit.LookAsync($"console-domain-{picture}");
        await visit.Page.ClickAsync($"form[action$='/{domain}'] button");
        await Assertions.Expect(visit.Page.GetByRole(AriaRole.Alert)).ToBeVisibleAsync();
        await visit.LookAsync($"console-domain-checked-{picture}");
        await visit.Page.ClickAsync($"a[href$='/{domain}/remove']");
        await visit.LookAsync($"console-domain-remove-{picture}");
        await visit.Page.ClickAsync("button.danger");
        await visit.GoAsync($"/admin/tenants/{tenant.Id}/disable");
        await visit.LookAsync($"console-tenant-disable-{picture}");
        await visit.Page.ClickAsync(".acting button");
        await Assertions.Expect(visit.Page.Locator(".acting")).ToHaveCountAsync(0);
    }

    [Theory]
    [InlineData("en", true)]
    [InlineData("hi", true)]
    [InlineData("es", true)]
    [InlineData("en", false)]
    public async Task The_oldest_role_request_is_decided_from_the_first_page(string language, bool script)
    {
        var picture = $"{language}{(script ? "" : "-no-script")}";
        var admin = domains.Platform;
        var (organizationId, _) = await app.OrganizationAsync(admin);
        var local = await app.OrganizationAdministratorAsync(admin, organizationId);
        var user = await app.NamedAsync("Grace Applicant");
        var roleId = BuiltInRole.OrganizationAdministrator.Id;
        var form = new { experience = "Ten years in two schools", reason = "I take over <b>the office</b>." };
        await app.AssertDoneAsync(
            HttpMethod.Post,
            "/v1/role-requests",
            user,
            new
            {
                roleId,
                organizationId,
                form,
            }
        );
        await using var visit = await Visit.StartAsync(app, language, script);
        await visit.SignInAsync(local.Email);

        await visit.GoAsync("/admin");
        await visit.LookAsync($"console-for-you-{picture}");
        await visit.Page.ClickAsync("main a[href='/admin/role-requests']");
        await visit.LookAsync($"console-role-requests-{picture}");
        await visit.Page.ClickAsync("tbody a");
        await visit.LookAsync($"console-role-request-{picture}");
        await visit.Page.ClickAsync("button[value=rejected]");
        await Assertions.Expect(visit.Page.Locator("#comment")).ToHaveAttributeAsync("aria-invalid", "true");
        await visit.LookAsync($"console-role-request-refused-{picture}");
        await visit.Page.FillAsync("#comment", "Which office?");
        await visit.Page.ClickAsync("button[value=under-review]");
        await visit.LookAsync($"console-role-request-commented-{picture}");
        await visit.Page.ClickAsync("button[value=approved]");
        await Assertions.Expect(visit.Page.GetByRole(AriaRole.Status).First).ToBeVisibleAsync();
        await visit.GoAsync("/admin/role-requests?view=decided");
        await Assertions.Expect(visit.Page.Locator("tbody tr")).ToHaveCountAsync(1);
        await visit.LookAsync($"console-role-requests-decided-{picture}");
    }
}
