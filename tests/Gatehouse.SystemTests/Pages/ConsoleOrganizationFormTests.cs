using System.Net;
using Gatehouse.Organizations.Data;
using Gatehouse.SystemTests.Harness;

namespace Gatehouse.SystemTests.Pages;

/// <summary>The forms about organizations in the console: what they do, and what they reject.</summary>
public sealed class ConsoleOrganizationFormTests(RunningApp running)
{
    private const string List = "/admin/organizations";

    /// <summary>An id that nothing has.</summary>
    private const string Nobody = "00000000-0009-7000-8000-000000000009";

    private readonly TestApp app = running.App;

    [Fact]
    public async Task A_new_organization_needs_a_name_and_a_code_of_its_own_and_keeps_what_was_typed()
    {
        var (admin, browser) = await AdministratorAsync();
        using var _ = browser;
        var code = OrganizationCalls.NewCode();
        await app.OrganizationAsync(admin, code);

        var empty = await FillAsync(browser, "/new", ("organizationName", " "), ("organizationCode", ""));
        Assert.Equal(HttpStatusCode.BadRequest, empty.Status);
        Assert.Equal(("Enter a name.", "Enter a code."), (empty.Beside("organizationName"), empty.Beside("organizationCode")));
        var broken = await FillAsync(browser, "/new", ("organizationName", "a\tb"), ("organizationCode", "Ümlaut"));
        Assert.NotEqual(("", ""), (broken.Beside("organizationName"), broken.Beside("organizationCode")));
        var taken = await FillAsync(browser, "/new", ("organizationName", "Kept \"name\""), ("organizationCode", code));
        Assert.Equal((HttpStatusCode.Conflict, "Another organization has this code."), (taken.Status, taken.Beside("organizationCode")));
        Assert.Contains("value=\"Kept &quot;name&quot;\"", taken.Text, StringComparison.Ordinal);

        var page = await browser.GetAsync(List + "/new");
        (string, string)[] good = [("organizationName", "Twice"), ("organizationCode", code + "-2")];
        var first = await browser.SendFormAsync(page, List + "/new", good);
        var second = await browser.SendFormAsync(page, List + "/new", good);
        Assert.Equal((HttpStatusCode.SeeOther, first.Location()), (second.Status, second.Location()));
    }

    [Fact]
    public async Task Of_two_edits_of_what_was_opened_the_second_is_told_of_the_first()
    {
        var (admin, browser) = await AdministratorAsync();
        using var _ = browser;
        var (id, path) = await app.OrganizationAsync(admin);
        var page = await browser.GetAsync($"{List}/{id}/edit");
        await app.AssertDoneAsync(HttpMethod.Patch, path, admin, new { name = "First" });

        var stale = await browser.SendFormAsync(page, $"{List}/{id}/edit", ("organizationName", "Second"), ("description", ""));
        Assert.Equal(HttpStatusCode.PreconditionFailed, stale.Status);
        Assert.Contains("value=\"Second\"", stale.Text, StringComparison.Ordinal);
        var nameless = await browser.SendFormAsync(stale, $"{List}/{id}/edit", ("organizationName", ""), ("description", ""));
        Assert.Equal("Enter a name.", nameless.Beside("organizationName"));
        var saved = await browser.SendFormAsync(stale, $"{List}/{id}/edit", ("organizationName", "Second"), ("description", "Far south"));
        Assert.Equal($"{List}/{id}", saved.Location());
        Assert.Equal("Far south", (await app.CallAsync(HttpMethod.Get, path, admin)).Body.GetProperty("description").GetString());
    }

    [Fact]
    public async Task A_member_is_added_by_whatever_names_one_user_and_by_choosing_among_several()
    {
        var (admin, browser) = await AdministratorAsync();
        using var _ = browser;
        var (id, path) = await app.OrganizationAsync(admin);
        var username = $"by-name-{OrganizationCalls.NewCode()}";
        var (byName, byMail, byId) = (
            await app.Users.SomebodyAsync(username),
            await app.Users.SomebodyAsync(),
            await app.Users.SomebodyAsync()
        );
        var members = $"{List}/{id}/members";

        foreach (var text in new[] { username.ToUpperInvariant(), $" {byMail.Email} ", byId.UserId.ToString() })
            Assert.Equal(members, (await browser.FillAsync(members, members, ("user", text))).Location());
        Assert.Equal(
            new[] { byName.UserId, byMail.UserId, byId.UserId }.Order(),
            (await app.CallAsync(HttpMethod.Get, path + "/members", admin)).Ids("userId").Order()
        );
        Assert.Contains(
            "was a member already",
            (await AfterAsync(browser, members, ("user", byMail.Email))).Text,
            StringComparison.Ordinal
        );

        var chosen = await app.Users.SomebodyAsync();
        var several = await browser.FillAsync(members, members, ("user", "Ada"));
        Assert.Equal(HttpStatusCode.OK, several.Status);
        Assert.Contains("name=\"chosen\"", several.Text, StringComparison.Ordinal);
        await browser.SendFormAsync(several, members, ("user", "Ada"), ("chosen", chosen.UserId.ToString()));
        Assert.Contains(chosen.UserId, (await app.CallAsync(HttpMethod.Get, path + "/members", admin)).Ids("userId"));

        foreach (var text in new[] { "", "nobody@nowhere.example", "a\u0007b", Nobody })
        {
            var rejected = await browser.FillAsync(members, members, ("user", text));
            Assert.Equal(HttpStatusCode.BadRequest, rejected.Status);
            Assert.NotEqual("", rejected.Beside("user"));
        }
    }

    [Fact]
    public async Task A_member_is_removed_after_a_page_that_names_the_roles_that_go()
    {
        var (admin, browser) = await AdministratorAsync();
        using var _ = browser;
        var (id, path) = await app.OrganizationAsync(admin);
        var user = await app.OrganizationAdministratorAsync(admin, id);
        var remove = $"{List}/{id}/members/{user.UserId}/remove";

        Assert.Contains("Organization administrator", (await browser.GetAsync(remove)).Text, StringComparison.Ordinal);
        Assert.Equal($"{List}/{id}/members", (await browser.FillAsync(remove, remove)).Location());
        Assert.Empty((await app.CallAsync(HttpMethod.Get, path + "/members", admin)).Ids("userId"));
        Assert.Equal(HttpStatusCode.NotFound, (await browser.GetAsync(remove)).Status);
    }

    [Fact]
    public async Task The_last_administrator_who_would_leave_is_told_why_not()
    {
        var (admin, browser) = await AdministratorAsync();
        browser.Dispose();
        var (id, _) = await app.OrganizationAsync(admin);
        var local = await app.OrganizationAdministratorAsync(admin, id);
        using var theirs = new Browser(app);
        await theirs.SignInAsync(local.Email);
        var remove = $"{List}/{id}/members/{local.UserId}/remove";

        var rejected = await theirs.FillAsync(remove, remove);

        Assert.Equal(HttpStatusCode.Conflict, rejected.Status);
        Assert.Contains("The last administrator cannot be removed.", rejected.Text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Domains_and_codes_are_checked_beside_their_field()
    {
        var (admin, browser) = await AdministratorAsync();
        using var _ = browser;
        var (id, _) = await app.OrganizationAsync(admin);
        var (_, other) = await app.OrganizationAsync(admin);
        var taken = OrganizationCalls.NewCode();
        await app.AssertDoneAsync(HttpMethod.Post, other + "/domains", admin, new { domain = $"{taken}.example" });
        await app.AssertDoneAsync(HttpMethod.Post, other + "/registration-codes", admin, new { code = taken });
        foreach (
            var (suffix, field, bad) in new[]
            {
                ("domains", "domain", new[] { "", "no domain", $"{taken}.example" }),
                ("codes", "registrationCode", ["", "no code", taken]),
            }
        )
        {
            foreach (var text in bad)
            {
                var rejected = await browser.FillAsync($"{List}/{id}/{suffix}", $"{List}/{id}/{suffix}", (field, text));
                Assert.NotEqual("", rejected.Beside(field));
                Assert.Equal(HttpStatusCode.BadRequest, rejected.Status);
            }

            var gone = await browser.FillAsync($"{List}/{id}/{suffix}", $"{List}/{id}/{suffix}/remove", ("value", "was-never-there"));
            Assert.Equal($"{List}/{id}/{suffix}", gone.Location());
        }
    }

    [Fact]
    public async Task Organizations_are_related_by_code_and_not_to_themselves()
    {
        var (admin, browser) = await AdministratorAsync();
        using var _ = browser;
        var (id, path) = await app.OrganizationAsync(admin);
        var (code, page) = (OrganizationCalls.NewCode(), $"{List}/{id}/related");
        var (other, _) = await app.OrganizationAsync(admin, code);

        Assert.Equal(page, (await browser.FillAsync(page, page, ("organization", code))).Location());
        Assert.Equal([other], (await app.CallAsync(HttpMethod.Get, path + "/related", admin)).Ids("organizationId"));
        Assert.Equal(page, (await browser.FillAsync(page, page + "/remove", ("chosen", other.ToString()))).Location());
        Assert.Empty((await app.CallAsync(HttpMethod.Get, path + "/related", admin)).Ids("organizationId"));

        foreach (var text in new[] { "", "no such organization", id.ToString(), Nobody })
            Assert.NotEqual("", (await browser.FillAsync(page, page, ("organization", text))).Beside("organization"));
    }

    [Fact]
    public async Task Deactivating_says_how_many_lose_what()
    {
        var (admin, browser) = await AdministratorAsync();
        using var _ = browser;
        var (id, path) = await app.OrganizationAsync(admin);
        var (elsewhere, _) = await app.OrganizationAsync(admin);
        await app.OrganizationAdministratorAsync(admin, id);
        var both = await app.OrganizationAdministratorAsync(admin, id);
        await app.AssertDoneAsync(HttpMethod.Put, both.RolePath(BuiltInRole.OrganizationAdministrator, elsewhere), admin);
        var deactivate = $"{List}/{id}/deactivate";

        var asked = await browser.GetAsync(deactivate);
        Assert.Contains("2 members can no longer use this organization.", asked.Text, StringComparison.Ordinal);
        Assert.Contains("1 of them has no other active organization", asked.Text, StringComparison.Ordinal);
        Assert.Equal(HttpStatusCode.BadRequest, (await browser.FillAsync(deactivate, deactivate, ("reason", " "))).Status);
        Assert.Equal($"{List}/{id}", (await browser.FillAsync(deactivate, deactivate, ("reason", "Moved <i>away</i>"))).Location());
        Assert.Contains("Moved &lt;i&gt;away&lt;/i&gt;", (await browser.GetAsync($"{List}/{id}")).Text, StringComparison.Ordinal);
        Assert.Equal("inactive", (await app.CallAsync(HttpMethod.Get, path, admin)).Body.GetProperty("state").GetString());
        var reactivate = $"{List}/{id}/reactivate";
        Assert.Equal($"{List}/{id}", (await browser.FillAsync(reactivate, reactivate)).Location());
        Assert.DoesNotContain("Moved", (await browser.GetAsync($"{List}/{id}")).Text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task An_administrator_of_one_organization_sees_it_alone_and_what_may_be_done_there()
    {
        var (admin, browser) = await AdministratorAsync();
        browser.Dispose();
        var (id, _) = await app.OrganizationAsync(admin);
        var (foreign, _) = await app.OrganizationAsync(admin);
        using var theirs = new Browser(app);
        await theirs.SignInAsync((await app.OrganizationAdministratorAsync(admin, id)).Email);

        var list = await theirs.GetAsync(List);
        Assert.Contains(id.ToString(), list.Text, StringComparison.Ordinal);
        Assert.DoesNotContain(foreign.ToString(), list.Text, StringComparison.Ordinal);
        Assert.DoesNotContain(List + "/new", list.Text, StringComparison.Ordinal);
        var page = await theirs.GetAsync($"{List}/{id}");
        Assert.Contains($"{List}/{id}/edit", page.Text, StringComparison.Ordinal);
        Assert.DoesNotContain($"{List}/{id}/deactivate", page.Text, StringComparison.Ordinal);
        Assert.DoesNotContain("id=\"domain\"", (await theirs.GetAsync($"{List}/{id}/domains")).Text, StringComparison.Ordinal);
        Assert.Equal(HttpStatusCode.Forbidden, (await theirs.GetAsync($"{List}/{id}/deactivate")).Status);
        foreach (var path in new[] { "", "/members", "/domains", "/codes", "/related", "/edit" })
            Assert.Equal(HttpStatusCode.NotFound, (await theirs.GetAsync($"{List}/{foreign}{path}")).Status);
    }

    [Fact]
    public async Task The_box_finds_organizations_by_id_and_by_part_of_the_name()
    {
        var (admin, browser) = await AdministratorAsync();
        using var _ = browser;
        var code = OrganizationCalls.NewCode();
        var (id, _) = await app.OrganizationAsync(admin, code);

        var opened = await browser.SubmitAsync("/admin/find", [KeyValuePair.Create("find", id.ToString())]);
        Assert.Equal($"{List}/{id}", opened.Location());
        var found = await browser.SubmitAsync("/admin/find", [KeyValuePair.Create("find", code)]);
        Assert.Contains(id.ToString(), (await browser.GetAsync(found.Location())).Text, StringComparison.Ordinal);
    }

    private async Task<(SignedIn, Browser)> AdministratorAsync()
    {
        var admin = await app.TenantAdministratorAsync();
        var browser = new Browser(app);
        await browser.SignInAsync(admin.Email);
        return (admin, browser);
    }

    private static Task<Answer> FillAsync(Browser browser, string page, params (string Name, string Value)[] typed) =>
        browser.FillAsync(List + page, List + page, typed);

    private static async Task<Answer> AfterAsync(Browser browser, string page, params (string Name, string Value)[] typed) =>
        await browser.GetAsync((await browser.FillAsync(page, page, typed)).Location());
}
