using System.Net;
using System.Security.Cryptography;
using Gatehouse.Organizations.Data;
using Gatehouse.SystemTests.Harness;

namespace Gatehouse.SystemTests.Pages;

/// <summary>The forms of roles as they are sent: what they reject, what they show before they save, and what they do.</summary>
public sealed class ConsoleRoleFormTests(RunningApp running)
{
    private readonly TestApp app = running.App;

    [Fact]
    public async Task A_new_role_is_shown_before_it_is_made_and_made_when_that_is_sent()
    {
        var (admin, browser) = await AdministratorAsync();
        using var open = browser;
        var name = NewName();
        var fields = Fields(name, ("permissions", "users:read"), ("permissions", "users:write"), ("labels.es", "Portería"));

        var review = await browser.SubmitAsync("/admin/roles/new", fields);
        Assert.Equal(HttpStatusCode.OK, review.Status);
        Assert.Contains("users:write", review.Text, StringComparison.Ordinal);
        Assert.DoesNotContain(name, (await app.CallAsync(HttpMethod.Get, "/v1/roles", admin)).Text, StringComparison.Ordinal);

        var again = await browser.SubmitAsync("/admin/roles/new", fields.Append(KeyValuePair.Create("step", "again")));
        Assert.Contains($"value=\"{name}\"", again.Text, StringComparison.Ordinal);
        Assert.Matches("value=\"users:write\" checked", again.Text);

        var saved = await browser.SubmitAsync("/admin/roles/new", fields.Append(KeyValuePair.Create("step", "save")));
        Assert.Equal(HttpStatusCode.SeeOther, saved.Status);
        var page = await browser.GetAsync(saved.Response.Headers.Location!.OriginalString);
        Assert.Contains("Portería", WebUtility.HtmlDecode(page.Text), StringComparison.Ordinal);

        var taken = await browser.SubmitAsync("/admin/roles/new", fields.Append(KeyValuePair.Create("step", "save")));
        Assert.Equal(HttpStatusCode.Conflict, taken.Status);
        Assert.Contains("id=\"name-error\"", taken.Text, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("name", "", "name-error")]
    [InlineData("name", "Not A Name", "name-error")]
    [InlineData("name", "administrator", "name-error")]
    [InlineData("organization", "no-such-organization", "organization-error")]
    [InlineData("permissions", "users:levitate", "permissions-error")]
    [InlineData("permissions", "tenants:write", "permissions-error")]
    [InlineData("labels.en", "a\u0007b", "labels.en-error")]
    public async Task A_new_role_is_rejected_beside_the_field_that_mends_it(string field, string value, string error)
    {
        var (_, browser) = await AdministratorAsync();
        using var open = browser;
        foreach (var step in new[] { "", "save" })
        {
            var fields = Fields(NewName(), ("step", step)).Where(one => one.Key != field).Append(KeyValuePair.Create(field, value));

            var answer = await browser.SubmitAsync("/admin/roles/new", fields);

            Assert.Equal(HttpStatusCode.BadRequest, answer.Status);
            Assert.Contains($"id=\"{error}\"", answer.Text, StringComparison.Ordinal);
        }
    }

    [Fact]
    public async Task A_change_is_shown_with_the_number_of_holders_and_a_change_of_somebody_else_is_not_overwritten()
    {
        var (admin, browser) = await AdministratorAsync();
        using var open = browser;
        var role = await RoleAsync(admin, "users:read");
        var user = await app.Users.SomebodyAsync();
        await app.AssertDoneAsync(HttpMethod.Put, user.RolePath(role), admin);
        var path = $"/admin/roles/{role}/edit";
        var fields = Fields("", ("permissions", "roles:read"), ("version", "1"));

        var review = await browser.SubmitAsync(path, fields);
        Assert.Contains("Adds for 1 user: See roles", review.Text, StringComparison.Ordinal);
        Assert.Contains("Takes away from 1 user: See users", review.Text, StringComparison.Ordinal);
        Assert.Equal(HttpStatusCode.SeeOther, (await browser.SubmitAsync(path, fields.Append(Save))).Status);

        var stale = await browser.SubmitAsync(path, Fields("", ("permissions", "users:read"), ("version", "1")).Append(Save));
        Assert.Equal(HttpStatusCode.PreconditionFailed, stale.Status);
        Assert.Contains("Somebody else changed this", stale.Text, StringComparison.Ordinal);
        var unchanged = await browser.SubmitAsync(path, fields);
        Assert.Contains("Nothing would be different.", unchanged.Text, StringComparison.Ordinal);
        var unknown = await browser.SubmitAsync(path, Fields("", ("permissions", "users:levitate")));
        Assert.Equal(HttpStatusCode.BadRequest, unknown.Status);
        Assert.Contains("id=\"permissions-error\"", unknown.Text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task What_the_actor_does_not_hold_is_not_offered_and_not_saved()
    {
        var (admin, _) = await AdministratorAsync();
        var (organization, _) = await app.OrganizationAsync(admin);
        var small = await RoleAsync(admin, "roles:read", "roles:write", "roles:assign");
        var helper = await app.Users.SomebodyAsync();
        await app.AssertDoneAsync(HttpMethod.Put, helper.RolePath(small, organization), admin);
        var larger = await RoleAsync(admin, "users:write");
        using var browser = new Browser(app);
        await browser.SignInAsync(helper.Email);

        var form = await browser.GetAsync("/admin/roles/new");
        Assert.Contains("name=\"permissions\" value=\"roles:read\"", form.Text, StringComparison.Ordinal);
        Assert.DoesNotContain("name=\"permissions\" value=\"users:write\"", form.Text, StringComparison.Ordinal);
        Assert.Contains("You do not hold these", form.Text, StringComparison.Ordinal);
        var code = await app.ScalarAsync<string>("select code from organizations.organizations where id = $1", organization);
        var rejected = await browser.SubmitAsync(
            "/admin/roles/new",
            Fields(NewName(), ("organization", code), ("permissions", "users:write"), ("step", "save")).Where(f => f.Value.Length > 0)
        );
        Assert.Equal(HttpStatusCode.Forbidden, rejected.Status);
        Assert.Equal(HttpStatusCode.BadRequest, (await browser.SubmitAsync("/admin/roles/new", Fields(NewName()))).Status);
        Assert.Equal(HttpStatusCode.Forbidden, (await browser.GetAsync($"/admin/roles/{larger}/edit")).Status);
        Assert.Equal(
            HttpStatusCode.Conflict,
            (await browser.GetAsync($"/admin/roles/{BuiltInRole.OrganizationAdministrator.Id}/edit")).Status
        );
        Assert.Equal(HttpStatusCode.NotFound, (await browser.GetAsync($"/admin/roles/{BuiltInRole.TenantAdministrator.Id}")).Status);
        Assert.Equal(HttpStatusCode.NotFound, (await browser.GetAsync($"/admin/roles/{Unknown}/delete")).Status);
    }

    [Fact]
    public async Task A_role_is_given_and_taken_and_the_page_says_what_that_means()
    {
        var (admin, browser) = await AdministratorAsync();
        using var open = browser;
        var (organization, _) = await app.OrganizationAsync(admin);
        var code = await app.ScalarAsync<string>("select code from organizations.organizations where id = $1", organization);
        var role = await RoleAsync(admin, "users:read");
        var user = await app.NamedAsync("Given Person");
        var give = $"/admin/users/{user.UserId}/access/give";
        foreach (
            var (chosen, where, status) in new[]
            {
                ("", "", HttpStatusCode.BadRequest),
                ("nonsense", "", HttpStatusCode.BadRequest),
                ($"{Unknown}", "", HttpStatusCode.NotFound),
                ($"{role}", "no-such-organization", HttpStatusCode.BadRequest),
                ($"{BuiltInRole.OrganizationAdministrator.Id}", "", HttpStatusCode.UnprocessableEntity),
                ($"{BuiltInRole.PlatformAdministrator.Id}", "", HttpStatusCode.Forbidden),
            }
        )
        {
            var answer = await browser.SubmitAsync(give, [KeyValuePair.Create("role", chosen), KeyValuePair.Create("organization", where)]);
            Assert.Equal(status, answer.Status);
            Assert.Contains("field-error", answer.Text, StringComparison.Ordinal);
        }

        var given = await browser.SubmitAsync(give, [KeyValuePair.Create("role", $"{role}"), KeyValuePair.Create("organization", code)]);
        Assert.Equal(HttpStatusCode.SeeOther, given.Status);
        var page = await browser.GetAsync($"/admin/users/{user.UserId}/access");
        Assert.Contains($"/admin/organizations/{organization}", page.Text, StringComparison.Ordinal);
        Assert.Contains($"/admin/users/{admin.UserId}\"", page.Text, StringComparison.Ordinal);
        Assert.Contains("users:read", page.Text, StringComparison.Ordinal);
        Assert.Contains($"/admin/roles/{role}", (await browser.GetAsync($"/admin/users/{user.UserId}")).Text, StringComparison.Ordinal);

        var take = $"/admin/users/{user.UserId}/access/{role}/{organization}/take";
        Assert.Contains("(users:read)", (await browser.GetAsync(take)).Text, StringComparison.Ordinal);
        Assert.Equal(HttpStatusCode.NotFound, (await browser.GetAsync($"/admin/users/{user.UserId}/access/{role}/take")).Status);
        Assert.Equal(HttpStatusCode.SeeOther, (await browser.SubmitAsync(take, [])).Status);
        Assert.Equal(HttpStatusCode.NotFound, (await browser.SubmitAsync(take, [])).Status);
        Assert.Contains("No roles.", (await browser.GetAsync($"/admin/users/{user.UserId}/access")).Text, StringComparison.Ordinal);
        Assert.Equal(HttpStatusCode.NotFound, (await browser.GetAsync($"/admin/users/{Unknown}/access")).Status);
    }

    [Fact]
    public async Task Roles_of_elsewhere_and_who_gave_them_are_not_shown_to_an_administrator_of_an_organization()
    {
        var (admin, _) = await AdministratorAsync();
        var (organization, _) = await app.OrganizationAsync(admin);
        var (other, _) = await app.OrganizationAsync(admin);
        var local = await app.OrganizationAdministratorAsync(admin, organization);
        var role = await RoleAsync(admin, "users:read");
        var user = await app.Users.SomebodyAsync();
        await app.AssertDoneAsync(HttpMethod.Put, user.RolePath(role, organization), admin);
        await app.AssertDoneAsync(HttpMethod.Put, user.RolePath(role, other), admin);
        using var browser = new Browser(app);
        await browser.SignInAsync(local.Email);

        var page = await browser.GetAsync($"/admin/users/{user.UserId}/access");

        Assert.Equal(HttpStatusCode.OK, page.Status);
        Assert.Contains("Another administrator", page.Text, StringComparison.Ordinal);
        Assert.DoesNotContain($"{other}", page.Text, StringComparison.Ordinal);
        Assert.DoesNotContain($"{admin.UserId}", page.Text, StringComparison.Ordinal);
        Assert.Equal(HttpStatusCode.NotFound, (await browser.GetAsync($"/admin/users/{admin.UserId}/access")).Status);
        Assert.DoesNotContain($"{other}", (await browser.GetAsync($"/admin/roles/{role}")).Text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_role_that_somebody_has_is_not_deleted()
    {
        var (admin, browser) = await AdministratorAsync();
        using var open = browser;
        var role = await RoleAsync(admin, "users:read");
        var user = await app.Users.SomebodyAsync();
        await app.AssertDoneAsync(HttpMethod.Put, user.RolePath(role), admin);
        var path = $"/admin/roles/{role}/delete";

        Assert.Equal(HttpStatusCode.Conflict, (await browser.SubmitAsync(path, [])).Status);
        await app.AssertDoneAsync(HttpMethod.Delete, user.RolePath(role), admin);
        var deleted = await browser.SubmitAsync(path, []);

        Assert.Equal("/admin/roles", deleted.Response.Headers.Location?.OriginalString);
        Assert.Equal(HttpStatusCode.NotFound, (await browser.GetAsync($"/admin/roles/{role}")).Status);
    }

    [Fact]
    public async Task All_members_of_an_organization_get_a_role_once()
    {
        var (admin, browser) = await AdministratorAsync();
        using var open = browser;
        var (organization, _) = await app.OrganizationAsync(admin);
        var code = await app.ScalarAsync<string>("select code from organizations.organizations where id = $1", organization);
        var role = await RoleAsync(admin, "users:read");
        for (var i = 0; i < 3; i++)
            await app.OrganizationAdministratorAsync(admin, organization);
        var path = $"/admin/roles/{role}/give";
        foreach (var wrong in new[] { "", "no-such-organization" })
            Assert.Equal(HttpStatusCode.BadRequest, (await browser.SubmitAsync(path, [KeyValuePair.Create("organization", wrong)])).Status);
        Assert.Equal(HttpStatusCode.NotFound, (await browser.GetAsync($"{path}/{Unknown}")).Status);

        var chosen = await browser.SubmitAsync(path, [KeyValuePair.Create("organization", code)]);
        var confirm = chosen.Response.Headers.Location!.OriginalString;
        Assert.Contains("3 members get", (await browser.GetAsync(confirm)).Text, StringComparison.Ordinal);
        Assert.Equal(HttpStatusCode.SeeOther, (await browser.SubmitAsync(confirm, [])).Status);
        Assert.Contains("Given to 3 members. 0 had it", (await browser.GetAsync($"/admin/roles/{role}")).Text, StringComparison.Ordinal);
        await browser.SubmitAsync(confirm, []);
        Assert.Contains("Given to 0 members. 3 had it", (await browser.GetAsync($"/admin/roles/{role}")).Text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_matrix_answers_which_roles_allow_something_and_says_what_it_cannot_read()
    {
        var (admin, browser) = await AdministratorAsync();
        using var open = browser;
        var role = await RoleAsync(admin, "users:read");

        var page = await browser.GetAsync($"/admin/roles/matrix?role={role}&permission=users:read");
        Assert.Contains("scope=\"rowgroup\"", page.Text, StringComparison.Ordinal);
        Assert.DoesNotContain("role=\"alert\"", page.Text, StringComparison.Ordinal);
        var bad = await browser.GetAsync("/admin/roles/matrix?role=nonsense&permission=users:levitate");
        Assert.Equal(HttpStatusCode.OK, bad.Status);
        Assert.Contains("role=\"alert\"", bad.Text, StringComparison.Ordinal);
        Assert.Contains(
            "role=\"alert\"",
            (await browser.GetAsync("/admin/roles?organization=nonsense&after=broken")).Text,
            StringComparison.Ordinal
        );
    }

    private static KeyValuePair<string, string> Save => KeyValuePair.Create("step", "save");

    private Guid Unknown => Guid.CreateVersion7(app.Clock.GetUtcNow());

    private static string NewName() => "role-" + RandomNumberGenerator.GetHexString(12, lowercase: true);

    private static IEnumerable<KeyValuePair<string, string>> Fields(string name, params (string Name, string Value)[] more) =>
        more.Select(one => KeyValuePair.Create(one.Name, one.Value)).Prepend(KeyValuePair.Create("name", name));

    private async Task<(SignedIn Admin, Browser Browser)> AdministratorAsync()
    {
        var admin = await app.TenantAdministratorAsync();
        var browser = new Browser(app);
        await browser.SignInAsync(admin.Email);
        return (admin, browser);
    }

    private async Task<Guid> RoleAsync(SignedIn admin, params string[] permissions)
    {
        var answer = await app.CallAsync(HttpMethod.Post, "/v1/roles", admin, new { name = NewName(), permissions });
        Assert.Equal(HttpStatusCode.Created, answer.Status);
        return answer.Body.GetProperty("id").GetGuid();
    }
}
