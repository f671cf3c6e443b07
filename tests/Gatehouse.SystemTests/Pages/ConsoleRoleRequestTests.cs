using System.Net;
using Gatehouse.Organizations.Data;
using Gatehouse.SystemTests.Harness;

namespace Gatehouse.SystemTests.Pages;

/// <summary>Deciding on role requests in the console.</summary>
public sealed class ConsoleRoleRequestTests(RunningApp running)
{
    private const string List = "/admin/role-requests";

    private readonly TestApp app = running.App;

    [Fact]
    public async Task The_first_page_says_that_a_request_waits_and_it_is_approved_there_with_what_it_adds_in_sight()
    {
        var scene = await SceneAsync();
        using var browser = scene.Browser;
        var request = await RequestAsync(scene.User, scene.Organization);

        var home = await browser.GetAsync("/admin");
        Assert.Contains("1 role request waits", home.Text, StringComparison.Ordinal);
        Assert.Contains($"{List}/{request}", (await browser.GetAsync(List)).Text, StringComparison.Ordinal);
        var page = await browser.GetAsync($"{List}/{request}");
        Assert.Contains("<code>members:write</code>", page.Text, StringComparison.Ordinal);
        Assert.Contains("&lt;b&gt;Ten&lt;/b&gt; years", page.Text, StringComparison.Ordinal);
        var decided = await browser.SendFormAsync(page, $"{List}/{request}", ("decision", "approved"), ("comment", ""));
        Assert.Equal((HttpStatusCode.SeeOther, List), (decided.Status, decided.Location()));
        Assert.Equal("approved", await StateAsync(request, scene.User));
        Assert.DoesNotContain("role request waits", (await browser.GetAsync("/admin")).Text, StringComparison.Ordinal);
        Assert.Contains($"{List}/{request}", (await browser.GetAsync(List + "?view=decided")).Text, StringComparison.Ordinal);

        // What was decided elsewhere meanwhile is said, and is not decided again.
        var late = await browser.SendFormAsync(page, $"{List}/{request}", ("decision", "rejected"), ("comment", "Too late"));
        Assert.Equal(HttpStatusCode.Conflict, late.Status);
        Assert.Contains("already been decided", late.Text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_rejection_needs_a_reason_and_a_review_may_have_a_comment()
    {
        var scene = await SceneAsync();
        using var browser = scene.Browser;
        var request = await RequestAsync(scene.User, scene.Organization);
        var path = $"{List}/{request}";

        var silent = await browser.FillAsync(path, path, ("decision", "rejected"), ("comment", " "));
        Assert.Equal((HttpStatusCode.BadRequest, "Say why. The user reads it."), (silent.Status, silent.Beside("comment")));
        var longer = await browser.FillAsync(path, path, ("decision", "rejected"), ("comment", new string('x', 1001)));
        Assert.NotEqual("", longer.Beside("comment"));
        foreach (var decision in new[] { "", "requested", "burned" })
            Assert.Equal(HttpStatusCode.BadRequest, (await browser.FillAsync(path, path, ("decision", decision))).Status);
        Assert.Equal("requested", await StateAsync(request, scene.User));

        Assert.Equal(path, (await browser.FillAsync(path, path, ("decision", "under-review"), ("comment", "Which class?"))).Location());
        Assert.Contains("Which class?", (await browser.GetAsync(path)).Text, StringComparison.Ordinal);
        Assert.Equal(List, (await browser.FillAsync(path, path, ("decision", "rejected"), ("comment", "Not this year"))).Location());
        Assert.Equal("rejected", await StateAsync(request, scene.User));
    }

    [Fact]
    public async Task Nobody_is_offered_to_decide_on_the_own_request_or_on_one_above_the_own_roles()
    {
        var scene = await SceneAsync();
        using var browser = scene.Browser;
        var (other, _) = await app.OrganizationAsync(scene.Admin);
        var own = await RequestAsync(scene.Local, other);
        var home = await browser.GetAsync("/admin");
        Assert.DoesNotContain("waits", home.Text, StringComparison.Ordinal);
        var page = await browser.GetAsync($"{List}/{own}");
        Assert.Contains("This is your own request.", page.Text, StringComparison.Ordinal);
        Assert.DoesNotContain("name=\"decision\"", page.Text, StringComparison.Ordinal);
        var tried = await browser.SubmitAsync($"{List}/{own}", [KeyValuePair.Create("decision", "approved")]);
        Assert.Equal(HttpStatusCode.Forbidden, tried.Status);

        var above = await app.CallAsync(
            HttpMethod.Post,
            "/v1/role-requests",
            scene.User,
            new { roleId = BuiltInRole.PlatformAdministrator.Id }
        );
        var request = above.Body.GetProperty("id").GetGuid();
        Assert.Equal(HttpStatusCode.NotFound, (await browser.GetAsync($"{List}/{request}")).Status);
        using var theirs = new Browser(app);
        await theirs.SignInAsync(scene.Admin.Email);
        Assert.Contains("allows more than you may do", (await theirs.GetAsync($"{List}/{request}")).Text, StringComparison.Ordinal);
    }

    private async Task<(SignedIn Admin, SignedIn Local, SignedIn User, Guid Organization, Browser Browser)> SceneAsync()
    {
        var admin = await app.TenantAdministratorAsync();
        var (organization, _) = await app.OrganizationAsync(admin);
        var local = await app.OrganizationAdministratorAsync(admin, organization);
        var browser = new Browser(app);
        await browser.SignInAsync(local.Email);
        return (admin, local, await app.Users.SomebodyAsync(), organization, browser);
    }

    private async Task<Guid> RequestAsync(SignedIn user, Guid organizationId)
    {
        var roleId = BuiltInRole.OrganizationAdministrator.Id;
        var form = new { experience = "<b>Ten</b> years" };
        var answer = await app.CallAsync(
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
        return answer.Body.GetProperty("id").GetGuid();
    }

    private async Task<string?> StateAsync(Guid request, SignedIn by) =>
        (await app.CallAsync(HttpMethod.Get, $"/v1/role-requests/{request}", by)).Body.GetProperty("state").GetString();
}
