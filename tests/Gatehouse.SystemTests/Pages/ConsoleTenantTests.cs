using System.Net;
using Gatehouse.Core.Tenants;
using Gatehouse.SystemTests.Harness;
using Gatehouse.SystemTests.Organizations.Domains;

namespace Gatehouse.SystemTests.Pages;

/// <summary>Tenants and their domains in the console, in an installation of their own.</summary>
public sealed class ConsoleTenantTests(DomainsApp domains) : IClassFixture<DomainsApp>
{
    private const string List = "/admin/tenants";

    private readonly TestApp app = domains.App;

    [Fact]
    public async Task A_platform_administrator_acts_in_another_tenant_until_leaving_it()
    {
        var tenant = await domains.TenantAsync();
        using var browser = await SignedInAsync(domains.Platform);
        Assert.DoesNotContain("class=\"acting\"", (await browser.GetAsync("/admin")).Text, StringComparison.Ordinal);

        var entered = await browser.FillAsync($"{List}/{tenant.Id}", "/admin/tenant");
        Assert.Equal((HttpStatusCode.SeeOther, "/admin"), (entered.Status, entered.Location()));
        foreach (var path in new[] { "/admin", "/admin/users", "/admin/organizations", "/admin/role-requests", "/admin/domains", List })
            Assert.Contains("class=\"acting\"", (await browser.GetAsync(path)).Text, StringComparison.Ordinal);
        var users = (await browser.GetAsync("/admin/users")).Text;
        Assert.Contains(tenant.Administrator.UserId.ToString(), users, StringComparison.Ordinal);
        Assert.DoesNotContain(domains.Platform.UserId.ToString(), users, StringComparison.Ordinal);
        Assert.DoesNotContain("action=\"/admin/tenant\"", (await browser.GetAsync($"{List}/{tenant.Id}")).Text, StringComparison.Ordinal);

        var created = await browser.FillAsync(
            "/admin/organizations/new",
            "/admin/organizations/new",
            ("organizationName", "Made from outside"),
            ("organizationCode", "outside")
        );
        Assert.Equal(HttpStatusCode.SeeOther, created.Status);
        foreach (var (action, fact) in new[] { ("tenant.entered", "%console%"), ("organization.created", "%homeTenant%") })
            Assert.Equal(
                1L,
                await app.ScalarAsync<long>(
                    "select count(*) from audit.records where tenant_id = $1 and actor = $2 and action = $3 and facts::text like $4",
                    tenant.Id,
                    domains.Platform.UserId,
                    action,
                    fact
                )
            );

        var left = await browser.FillAsync("/admin/users", "/admin/tenant/leave");
        Assert.Equal("/admin", left.Location());
        Assert.Contains(domains.Platform.UserId.ToString(), (await browser.GetAsync("/admin/users")).Text, StringComparison.Ordinal);
        Assert.DoesNotContain("class=\"acting\"", (await browser.GetAsync("/admin")).Text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_tenant_administrator_enters_no_tenant_and_sees_the_own_one_alone()
    {
        var (one, other) = (await domains.TenantAsync(), await domains.TenantAsync());
        using var browser = await SignedInAsync(one.Administrator, one.Name);

        var list = await browser.GetAsync(List);
        Assert.Contains(one.Id.ToString(), list.Text, StringComparison.Ordinal);
        Assert.DoesNotContain(other.Id.ToString(), list.Text, StringComparison.Ordinal);
        Assert.DoesNotContain(List + "/new", list.Text, StringComparison.Ordinal);
        Assert.Equal(HttpStatusCode.NotFound, (await browser.GetAsync($"{List}/{other.Id}")).Status);
        foreach (var path in new[] { "/new", $"/{one.Id}/edit", $"/{one.Id}/disable" })
            Assert.Equal(HttpStatusCode.Forbidden, (await browser.GetAsync(List + path)).Status);
        foreach (var (name, status) in new[] { (other.Name, HttpStatusCode.Forbidden), ("no-such-tenant", HttpStatusCode.NotFound) })
            Assert.Equal(status, (await browser.SubmitAsync("/admin/tenant", [KeyValuePair.Create("tenant", name)])).Status);
        Assert.DoesNotContain(browser.Cookies.Keys, name => name.Contains("acting", StringComparison.Ordinal));

        // A cookie that was made by hand opens nothing.
        browser.SetCookie("__Host-gatehouse-acting", other.Name);
        Assert.DoesNotContain(
            other.Administrator.UserId.ToString(),
            (await browser.GetAsync("/admin/users")).Text,
            StringComparison.Ordinal
        );
    }

    [Fact]
    public async Task A_tenant_is_created_renamed_disabled_and_enabled()
    {
        using var browser = await SignedInAsync(domains.Platform);
        foreach (
            var (name, display) in new[]
            {
                ("", ""),
                ("Not a name", "Good"),
                ("good", " "),
                ("good", new string('x', 61)),
                ("good", "a\u0007b"),
                ("good", "two\nlines"),
                ("default", "Good"),
            }
        )
        {
            var rejected = await browser.FillAsync(List + "/new", List + "/new", ("tenantName", name), ("displayName", display));
            Assert.InRange((int)rejected.Status, 400, 409);
            Assert.NotEqual("", rejected.Beside("tenantName") + rejected.Beside("displayName"));
        }

        var created = await browser.FillAsync(
            List + "/new",
            List + "/new",
            ("tenantName", "from-console"),
            ("displayName", "From <i>it</i>")
        );
        var path = created.Location();
        var edit = await browser.GetAsync(path + "/edit");
        Assert.Contains("From &lt;i&gt;it&lt;/i&gt;", edit.Text, StringComparison.Ordinal);
        Assert.NotEqual("", (await browser.SendFormAsync(edit, path + "/edit", ("displayName", ""))).Beside("displayName"));
        Assert.Equal(path, (await browser.SendFormAsync(edit, path + "/edit", ("displayName", "Renamed"))).Location());
        var stale = await browser.SendFormAsync(edit, path + "/edit", ("displayName", "Again"));
        Assert.Equal(HttpStatusCode.PreconditionFailed, stale.Status);

        Assert.Equal(path, (await browser.FillAsync(path + "/disable", path + "/disable")).Location());
        var disabled = await browser.GetAsync(path);
        Assert.Contains("badge bad", disabled.Text, StringComparison.Ordinal);
        Assert.DoesNotContain("action=\"/admin/tenant\"", disabled.Text, StringComparison.Ordinal);
        Assert.Equal(path, (await browser.FillAsync(path + "/enable", path + "/enable")).Location());

        var first = $"{List}/{DefaultTenant.Id}";
        Assert.DoesNotContain(first + "/disable", (await browser.GetAsync(first)).Text, StringComparison.Ordinal);
        Assert.Equal(HttpStatusCode.Conflict, (await browser.FillAsync(first + "/disable", first + "/disable")).Status);
        var named = await browser.FillAsync(first + "/edit", first + "/edit", ("displayName", "Other"));
        Assert.Equal(HttpStatusCode.Conflict, named.Status);
    }

    [Fact]
    public async Task Who_disables_the_tenant_they_act_in_is_led_home()
    {
        var tenant = await domains.TenantAsync();
        using var browser = await SignedInAsync(domains.Platform);
        await browser.FillAsync($"{List}/{tenant.Id}", "/admin/tenant");

        var done = await browser.FillAsync($"{List}/{tenant.Id}/disable", $"{List}/{tenant.Id}/disable");

        Assert.Equal($"{List}/{tenant.Id}", done.Location());
        var page = await browser.GetAsync(done.Location());
        Assert.Equal(HttpStatusCode.OK, page.Status);
        Assert.DoesNotContain("class=\"acting\"", page.Text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_domain_is_added_checked_with_what_was_seen_verified_and_removed()
    {
        var tenant = await domains.TenantAsync();
        var domain = DomainsApp.NewDomain();
        using var browser = await SignedInAsync(tenant.Administrator, tenant.Name);
        foreach (var text in new[] { "", "no domain", "x.localhost", "a\u0007b.example", new string('a', 300) })
            Assert.NotEqual("", (await browser.FillAsync("/admin/domains", "/admin/domains", ("domain", text))).Beside("domain"));

        var added = await browser.FillAsync("/admin/domains", "/admin/domains", ("domain", domain.ToUpperInvariant()));
        var path = added.Location();
        Assert.Equal($"/admin/domains/{domain}", path);
        var view = await tenant.CallAsync(HttpMethod.Get, $"/{domain}");
        var (name, value) = (view.Body.GetProperty("txtName").GetString()!, view.Body.GetProperty("txtValue").GetString()!);
        var page = await browser.GetAsync(path);
        Assert.Contains($"data-copyable>{name}<", page.Text, StringComparison.Ordinal);
        Assert.Contains($"data-copyable>{value}<", page.Text, StringComparison.Ordinal);

        var early = await browser.FillAsync(path, path);
        Assert.Equal(HttpStatusCode.UnprocessableEntity, early.Status);
        Assert.Contains("Nothing is there.", early.Text, StringComparison.Ordinal);
        domains.NameServer.Put(name, "something else");
        Assert.Contains("not the expected text", (await browser.FillAsync(path, path)).Text, StringComparison.Ordinal);
        domains.NameServer.Put(name, value);
        Assert.Equal(path, (await browser.FillAsync(path, path)).Location());
        Assert.True((await tenant.CallAsync(HttpMethod.Get, $"/{domain}")).Body.GetProperty("verified").GetBoolean());

        Assert.Equal("/admin/domains", (await browser.FillAsync(path + "/remove", path + "/remove")).Location());
        foreach (var gone in new[] { path, path + "/remove", "/admin/domains/never.example" })
            Assert.Equal(HttpStatusCode.NotFound, (await browser.GetAsync(gone)).Status);
    }

    private async Task<Browser> SignedInAsync(SignedIn who, string? tenant = null)
    {
        var browser = new Browser(app);
        // Names the tenant while signing in; afterwards the session does.
        browser.Set("Gatehouse-Tenant", tenant);
        Assert.Equal(HttpStatusCode.Created, (await browser.SignInAsync(who.Email)).Status);
        browser.Set("Gatehouse-Tenant", null);
        return browser;
    }
}
