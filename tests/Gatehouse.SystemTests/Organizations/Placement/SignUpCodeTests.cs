using System.Net;
using Gatehouse.SystemTests.Harness;

namespace Gatehouse.SystemTests.Organizations.Placement;

/// <summary>The field for the registration code on the page to sign up, without a script.</summary>
public sealed class SignUpCodeTests(RunningApp running)
{
    private const string Unknown = "There is no such registration code.";

    private readonly TestApp app = running.App;

    [Fact]
    public async Task A_link_brings_the_code_and_the_new_user_becomes_a_member()
    {
        var admin = await app.TenantAdministratorAsync();
        var (id, path) = await app.OrganizationAsync(admin);
        var code = OrganizationCalls.NewCode();
        await app.AssertDoneAsync(HttpMethod.Post, path + "/registration-codes", admin, new { code });
        using var browser = new Browser(app);
        var page = await browser.GetAsync("/sign-up?code=" + code);
        Assert.Contains($"value=\"{code}\"", page.Text, StringComparison.Ordinal);

        // A wrong one is said beside its field, and kept there.
        var rejected = await SubmitAsync(browser, page, TestUsers.NewEmail(), "nobodys-code");
        Assert.Equal(Unknown, rejected.Beside("registrationCode"));
        Assert.Contains("value=\"nobodys-code\"", rejected.Text, StringComparison.Ordinal);

        var email = TestUsers.NewEmail();
        Assert.Equal(HttpStatusCode.SeeOther, (await SubmitAsync(browser, rejected, email, code.ToUpperInvariant())).Status);
        var letter = await app.Users.LetterAsync(email);
        var confirmed = await app.Users.PostAsync("/v1/registrations/confirm", new { token = letter.LinkToken });
        var user = confirmed.Body.GetProperty("user").GetProperty("id").GetGuid();
        await app.QuietAsync();
        Assert.Equal(
            1L,
            await app.ScalarAsync<long>("select count(*) from organizations.members where organization_id = $1 and user_id = $2", id, user)
        );
    }

    [Theory]
    [InlineData("\"><script>alert(1)</script>")]
    [InlineData("0123456789012345678901234567890123456789012345678901234567890123456789")]
    public async Task What_a_link_brings_is_text_of_no_more_than_a_code(string code)
    {
        using var browser = new Browser(app);
        var page = await browser.GetAsync("/sign-up?code=" + Uri.EscapeDataString(code));
        Assert.Equal(HttpStatusCode.OK, page.Status);
        Assert.DoesNotContain("<script>alert", page.Text, StringComparison.Ordinal);
        Assert.DoesNotContain(code, page.Text, StringComparison.Ordinal);
    }

    private static Task<Answer> SubmitAsync(Browser browser, Answer page, string email, string code) =>
        browser.SendFormAsync(
            page,
            "/sign-up",
            ("name", "Ada"),
            ("email", email),
            ("password", TestUsers.Password),
            ("registrationCode", code)
        );
}
