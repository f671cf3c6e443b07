using System.Net;
using Gatehouse.SystemTests.Harness;
using Gatehouse.SystemTests.Harness.Browsing;
using Microsoft.Playwright;

namespace Gatehouse.SystemTests.Pages;

/// <summary>The page to sign up for a role, and the form that opens it.</summary>
[Trait("Speed", "Slow")]
public sealed class RoleSignUpPageTests(RunningApp running)
{
    private static readonly string[] Names = ["givenName", "familyName"];

    private readonly TestApp app = running.App;

    [Fact]
    public async Task The_page_of_a_role_asks_for_what_it_requires_and_keeps_the_choice()
    {
        var admin = await app.TenantAdministratorAsync();
        var (_, role) = await app.OpenRoleAsync(
            admin,
            new
            {
                state = "open",
                requiredFields = Names,
                minimumAge = 18,
                verification = "link",
                signInBeforeVerification = true,
            }
        );
        using var browser = new Browser(app);
        var page = await browser.GetAsync("/sign-up?role=" + role);
        Assert.Contains("You are registering as: Plain", page.Text, StringComparison.Ordinal);
        Assert.Contains("You must be at least 18 years old.", page.Text, StringComparison.Ordinal);
        var email = TestUsers.NewEmail();
        (string, string)[] typed = [("role", role), ("name", "Ada"), ("email", email), ("password", TestUsers.Password)];
        var rejected = await browser.SendFormAsync(page, "/sign-up", [.. typed, ("birthDate", "2020-01-01")]);
        Assert.Equal(HttpStatusCode.BadRequest, rejected.Status);
        Assert.Equal("Enter your given name.", rejected.Beside("givenName"));
        Assert.Equal("The minimum age is 18 years.", rejected.Beside("birthDate"));
        Assert.Contains($"name=\"role\" value=\"{role}\"", rejected.Text, StringComparison.Ordinal);

        var started = await browser.SendFormAsync(
            rejected,
            "/sign-up",
            [.. typed, ("givenName", "Ada"), ("familyName", "Byron"), ("birthDate", "1990-12-10")]
        );
        Assert.Equal(HttpStatusCode.SeeOther, started.Status);
        var code = await browser.GetAsync(started.Header("Location"));
        Assert.Contains("The e-mail has a link", code.Text, StringComparison.Ordinal);
        var id = started.Header("Location").Split("id=")[1];
        var done = await browser.SendFormAsync(code, "/sign-up/code", ("id", id), ("code", (await app.Users.LetterAsync(email)).Code));
        Assert.Equal("/account", done.Header("Location"));
        var me = await browser.GetAsync("/v1/me");
        Assert.Equal("Byron", me.Body.GetProperty("familyName").GetString());
        Assert.Equal(
            1L,
            await app.ScalarAsync<long>(
                """
                select count(*) from organizations.role_assignments a
                  join organizations.roles r on r.tenant_id = a.tenant_id and r.id = a.role_id
                 where a.user_id = $1 and r.name = $2
                """,
                me.Body.GetProperty("id").GetGuid(),
                role
            )
        );
    }

    [Theory]
    [InlineData("moderator")]
    [InlineData("tenant-administrator")]
    [InlineData("\"><script>alert(1)</script>")]
    public async Task A_role_that_is_not_open_is_a_page_that_says_so(string role)
    {
        using var browser = new Browser(app);
        var page = await browser.GetAsync("/sign-up?role=" + Uri.EscapeDataString(role));
        Assert.Equal(HttpStatusCode.OK, page.Status);
        Assert.Contains("Nobody can register for this role.", page.Text, StringComparison.Ordinal);
        Assert.DoesNotContain("<script>alert", page.Text, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("en", true)]
    [InlineData("es", true)]
    [InlineData("hi", true)]
    [InlineData("en", false)]
    public async Task An_administrator_opens_a_role_and_somebody_looks_at_its_page(string language, bool script)
    {
        var picture = $"{language}{(script ? "" : "-no-script")}";
        var admin = await app.TenantAdministratorAsync();
        var (id, role) = await app.PlainRoleAsync(admin);
        await using var visit = await Visit.StartAsync(app, language, script);
        await visit.SignInAsync(admin.Email);
        await visit.GoAsync($"/admin/roles/{id}");
        await visit.LookAsync($"role-closed-{picture}");
        await visit.Page.ClickAsync($"a[href='/admin/roles/{id}/registration']");
        await visit.Page.SelectOptionAsync("#state", "open");
        await visit.Page.CheckAsync("input[value=givenName]");
        await visit.Page.FillAsync("#minimumAge", "121");
        await visit.Page.ClickAsync("form.panel button[type=submit]");
        await Assertions.Expect(visit.Page.Locator("#minimumAge")).ToHaveAttributeAsync("aria-invalid", "true");
        await visit.LookAsync($"role-registration-refused-{picture}");
        await visit.Page.FillAsync("#minimumAge", "18");
        await visit.Page.SelectOptionAsync("#verification", "link");
        await visit.Page.ClickAsync("form.panel button[type=submit]");
        await visit.LookAsync($"role-open-{picture}");

        await using var guest = await Visit.StartAsync(app, language, script);
        await guest.GoAsync("/sign-up?role=" + role);
        await Assertions.Expect(guest.Page.Locator("#birthDate")).ToBeVisibleAsync();
        await guest.LookAsync($"sign-up-role-{picture}");
        await guest.GoAsync("/sign-up?role=nobody");
        await guest.LookAsync($"sign-up-role-not-open-{picture}");
    }
}
