using System.Security.Cryptography;
using Gatehouse.SystemTests.Harness;
using Gatehouse.SystemTests.Harness.Browsing;
using Microsoft.Playwright;

namespace Gatehouse.SystemTests.Pages;

/// <summary>Administrators look after roles in the console, in a browser.</summary>
[Trait("Speed", "Slow")]
public sealed class ConsoleRoleTests(RunningApp running)
{
    private readonly TestApp app = running.App;

    [Theory]
    [InlineData("en", true)]
    [InlineData("hi", true)]
    [InlineData("es", true)]
    [InlineData("en", false)]
    public async Task A_role_is_made_given_changed_taken_and_deleted(string language, bool script)
    {
        var administrator = await app.TenantAdministratorAsync();
        var (organization, _) = await app.OrganizationAsync(administrator);
        var code = await app.ScalarAsync<string>("select code from organizations.organizations where id = $1", organization);
        var user = await app.NamedAsync($"Rosa {language}{script} Role");
        await using var visit = await Visit.StartAsync(app, language, script);
        await visit.SignInAsync(administrator.Email);
        var picture = $"{language}{(script ? "" : "-no-script")}";
        var name = "keeper-" + RandomNumberGenerator.GetHexString(8, lowercase: true);

        await visit.GoAsync("/admin/roles/new");
        await visit.Page.FillAsync("#name", name);
        await visit.Page.FillAsync("#organization", "no-such-organization");
        await visit.Page.FillAsync("[name='labels.es']", "Guardián de <b>puertas</b>");
        await visit.Page.CheckAsync("input[value='users:read']");
        await visit.Page.CheckAsync("input[value='organizations:read']");
        await SubmitAsync(visit);
        await Assertions.Expect(visit.Page.Locator("#organization")).ToHaveAttributeAsync("aria-invalid", "true");
        await visit.LookAsync($"console-new-role-{picture}");
        await visit.Page.FillAsync("#organization", "");
        await SubmitAsync(visit);
        await visit.LookAsync($"console-review-new-role-{picture}");
        await visit.Page.ClickAsync("button[value='save']");
        await Assertions.Expect(visit.Page.GetByRole(AriaRole.Status).First).ToContainTextAsync(name);
        var role = visit.Page.Url.Split('/')[^1];
        await visit.LookAsync($"console-role-{picture}");

        await visit.GoAsync("/admin/roles");
        await visit.LookAsync($"console-roles-{picture}");
        await visit.GoAsync($"/admin/users/{user.UserId}/access");
        await visit.Page.ClickAsync("main a[href$='/access/give']");
        await visit.Page.SelectOptionAsync("#role", role);
        await visit.Page.FillAsync("#organization", code);
        await visit.LookAsync($"console-give-role-{picture}");
        await SubmitAsync(visit);
        await Assertions.Expect(visit.Page.GetByRole(AriaRole.Status).First).ToBeVisibleAsync();
        await visit.LookAsync($"console-access-{picture}");
        await visit.GoAsync($"/admin/users/{user.UserId}");
        await visit.LookAsync($"console-user-with-role-{picture}");

        await visit.GoAsync($"/admin/roles/{role}/edit");
        await visit.Page.CheckAsync("input[value='users:write']");
        await visit.Page.UncheckAsync("input[value='users:read']");
        await visit.LookAsync($"console-edit-role-{picture}");
        await SubmitAsync(visit);
        await visit.LookAsync($"console-review-role-{picture}");
        await visit.Page.ClickAsync("button[value='save']");
        await Assertions.Expect(visit.Page.GetByText("users:write")).ToBeVisibleAsync();

        await visit.Page.ClickAsync($"main a[href$='/{role}/give']");
        await visit.LookAsync($"console-give-all-{picture}");
        await visit.Page.FillAsync("#organization", code);
        await SubmitAsync(visit);
        await visit.LookAsync($"console-give-all-confirm-{picture}");
        await visit.Page.ClickAsync("button.danger");
        await Assertions.Expect(visit.Page.GetByRole(AriaRole.Status).First).ToBeVisibleAsync();
        await visit.LookAsync($"console-role-held-{picture}");

        await visit.GoAsync($"/admin/roles/matrix?role={role}&role=00000000-0002-7000-8000-000000000002&permission=users:write");
        await Assertions.Expect(visit.Page.Locator("thead th")).ToHaveCountAsync(3);
        await visit.LookAsync($"console-matrix-{picture}");

        await visit.GoAsync($"/admin/users/{user.UserId}/access");
        await visit.Page.ClickAsync("main a[href$='/take']");
        await visit.LookAsync($"console-take-role-{picture}");
        await visit.Page.ClickAsync("button.danger");
        await Assertions.Expect(visit.Page.Locator("main a[href$='/take']")).ToHaveCountAsync(0);

        await visit.GoAsync($"/admin/roles/{role}");
        await visit.Page.ClickAsync("main a[href$='/delete']");
        await visit.LookAsync($"console-delete-role-{picture}");
        await visit.Page.ClickAsync("button.danger");
        await Assertions.Expect(visit.Page.GetByRole(AriaRole.Status).First).ToBeVisibleAsync();
        Assert.Equal("/admin/roles", new Uri(visit.Page.Url).AbsolutePath);
    }

    private static Task SubmitAsync(Visit visit) => visit.Page.ClickAsync("main form.panel button[type=submit]");
}
