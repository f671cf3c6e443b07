using System.Net;
using Gatehouse.SystemTests.Harness;
using Gatehouse.SystemTests.Harness.Browsing;
using Gatehouse.SystemTests.Organizations.Domains;

namespace Gatehouse.SystemTests.Identity.SignInCodes;

/// <summary>A tenant that signs in by code only asks nobody for a password, and resets none.</summary>
public sealed class CodeOnlyTests(DomainsApp domains) : IClassFixture<DomainsApp>
{
    private static readonly string[] Code = ["code"];
    private static readonly string[] Both = ["password", "code"];

    private readonly TestApp app = domains.App;

    [Theory]
    [InlineData("email", "code")]
    [InlineData("email", "link")]
    [InlineData("phone", "code")]
    public async Task Users_register_without_a_password_and_sign_in_by_code(string kind, string way)
    {
        var (_, header) = await CodeOnlyAsync();
        var contact = kind == "phone" ? TestUsers.NewPhone() : TestUsers.NewEmail();
        var started = await RegisterAsync(contact, "", header);
        Assert.Equal(HttpStatusCode.Accepted, started.Status);
        var letter = await app.Users.LetterAsync(contact);

        var verified =
            way == "code"
                ? await app.Users.PostAsync($"/v1/registrations/{started.RegistrationId}/verify", new { code = letter.Code }, header)
                : await app.Users.PostAsync("/v1/registrations/confirm", new { token = letter.LinkToken }, header);

        Assert.Equal(HttpStatusCode.Created, verified.Status);
        Assert.False(verified.Body.GetProperty("user").GetProperty("hasPassword").GetBoolean());
        var asked = await app.Users.AskSignInCodeAsync(contact, header);
        var code = (await app.Users.LetterAsync(contact, 2)).Code;
        Assert.Equal(HttpStatusCode.Created, (await app.Users.SignInByCodeAsync(asked.SignInCodeId(), code, header)).Status);
    }

    [Theory]
    [InlineData("\"password\":\"a tall bridge over calm water\"", "password: identity.password-not-offered")]
    [InlineData("\"password\":\"x\"", "password: identity.password-not-offered")]
    [InlineData("\"password\":7", "password: request.wrong-type")]
    [InlineData("\"password\":null", "")]
    [InlineData("\"password\":\"\"", "")]
    public async Task A_password_that_signs_nobody_in_is_rejected(string member, string error)
    {
        var (_, header) = await CodeOnlyAsync();

        var answer = await RegisterAsync(TestUsers.NewEmail(), "," + member, header);

        Assert.Equal(error, string.Join(", ", answer.Errors));
        Assert.Equal(error.Length == 0 ? HttpStatusCode.Accepted : HttpStatusCode.BadRequest, answer.Status);
    }

    [Fact]
    public async Task A_password_is_required_as_soon_as_passwords_sign_in_again()
    {
        var (tenant, header) = await CodeOnlyAsync();
        await SetAsync(tenant, new { signInModes = Both });

        Assert.Equal(["password: request.required"], (await RegisterAsync(TestUsers.NewEmail(), "", header)).Errors);
    }

    [Fact]
    public async Task Known_and_unknown_addresses_are_answered_and_worked_for_alike_and_the_owner_is_offered_no_reset()
    {
        var (tenant, header) = await CodeOnlyAsync();
        using var ofKnown = new TraceOf();
        using var ofUnknown = new TraceOf();

        var known = await RegisterAsync(tenant.Administrator.Email, "", header, ofKnown.Header);
        var unknown = await RegisterAsync("a" + tenant.Administrator.Email, "", header, ofUnknown.Header);

        Assert.Equal((HttpStatusCode.Accepted, HttpStatusCode.Accepted), (known.Status, unknown.Status));
        Assert.Equal(ofUnknown.Work(), ofKnown.Work());
        Assert.Equal((0, 0), (ofKnown.HashWork(), ofUnknown.HashWork()));
        var letter = await app.Users.LetterAsync(tenant.Administrator.Email, 2);
        Assert.Contains("/sign-in", letter.Text, StringComparison.Ordinal);
        Assert.DoesNotContain("/forgot", letter.Text + letter.Html, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Nobody_is_offered_a_reset()
    {
        var tenant = await domains.TenantAsync();
        var header = ("Gatehouse-Tenant", tenant.Name);
        var user = await domains.SignUpAsync(header);
        await SetAsync(tenant, new { signInModes = Code });

        foreach (var identifier in new[] { user.Email, TestUsers.NewEmail(), "" })
        {
            var answer = await app.Users.PostAsync("/v1/password-resets", new { identifier }, header);
            Assert.Equal((HttpStatusCode.Forbidden, "identity.sign-in-mode-off"), (answer.Status, answer.Code));
        }

        var forced = await app.CallAsync(HttpMethod.Post, $"/v1/users/{user.UserId}/password-reset", tenant.Administrator, new { });
        Assert.Equal((HttpStatusCode.Forbidden, "identity.sign-in-mode-off"), (forced.Status, forced.Code));
        using var browser = new Browser(app);
        browser.Set("Gatehouse-Tenant", tenant.Name);
        var page = await browser.GetAsync("/forgot");
        Assert.Equal(HttpStatusCode.OK, page.Status);
        Assert.DoesNotContain("<form id=\"form\"", page.Text, StringComparison.Ordinal);
        browser.SetCookie("__Host-gatehouse-access", user.Tokens.Access);
        var security = await browser.GetAsync("/account/security");
        Assert.Equal(HttpStatusCode.OK, security.Status);
        Assert.DoesNotContain("/forgot", security.Text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_pages_ask_for_no_password_and_one_typed_before_is_dropped()
    {
        var tenant = await domains.TenantAsync();
        using var browser = new Browser(app);
        browser.Set("Gatehouse-Tenant", tenant.Name);
        var before = await browser.GetAsync("/sign-up");
        await SetAsync(tenant, new { signInModes = Code });
        Assert.DoesNotContain("type=\"password\"", (await browser.GetAsync("/sign-up")).Text, StringComparison.Ordinal);
        var email = TestUsers.NewEmail();

        var sent = await browser.SendFormAsync(
            before,
            "/sign-up",
            ("name", "Ada"),
            ("email", email),
            ("username", ""),
            ("password", TestUsers.Password)
        );

        Assert.StartsWith("/sign-up/code?id=", sent.Location(), StringComparison.Ordinal);
        var link = "/register/confirm?token=" + (await app.Users.LetterAsync(email)).LinkToken;
        var page = await browser.GetAsync(link);
        Assert.DoesNotContain("type=\"password\"", page.Text, StringComparison.Ordinal);
        Assert.DoesNotContain("page.registration", page.Text, StringComparison.Ordinal);
        Assert.Equal("/register/done", (await browser.SendFormAsync(page, "/register/confirm")).Location());
        Assert.Contains("already", (await browser.GetAsync(link)).Text, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("en", true)]
    [InlineData("hi", false)]
    [InlineData("es", true)]
    [Trait("Speed", "Slow")]
    public async Task A_user_signs_up_by_link_without_a_password(string language, bool script)
    {
        var (tenant, _) = await CodeOnlyAsync();
        var email = TestUsers.NewEmail();
        await using var visit = await Visit.StartAsync(app, language, script);
        await visit.SendAsync(("Gatehouse-Tenant", tenant.Name));
        await visit.GoAsync("/forgot");
        await visit.LookAsync($"code-only-forgot-{language}");
        await visit.GoAsync("/sign-up");
        await visit.LookAsync($"code-only-sign-up-{language}");
        await visit.Page.FillAsync("#name", "Ada");
        await visit.Page.FillAsync("#email", email);
        await visit.Page.ClickAsync("#form button[type=submit]");
        await visit.ArriveAsync("/sign-up/code");
        await visit.GoAsync("/register/confirm?token=" + (await app.Users.LetterAsync(email)).LinkToken);
        await visit.LookAsync($"code-only-link-{language}");
        await visit.Page.ClickAsync("main form[action='/register/confirm'] button[type=submit]");
        await visit.ArriveAsync("/register/done$");
    }

    private async Task<(DomainTenant Tenant, (string, string) Header)> CodeOnlyAsync()
    {
        var tenant = await domains.TenantAsync();
        await SetAsync(tenant, new { signInModes = Code });
        return (tenant, ("Gatehouse-Tenant", tenant.Name));
    }

    private Task<Answer> RegisterAsync(string contact, string more, params (string Name, string Value)[] headers)
    {
        var request = new HttpRequestMessage(HttpMethod.Post, "/v1/registrations")
        {
            Content = new StringContent(
                $"{{\"{TestUsers.MemberOf(contact)}\":\"{contact}\",\"name\":\"Ada\"{more}}}",
                System.Text.Encoding.UTF8,
                "application/json"
            ),
        };
        foreach (var (name, value) in headers)
            request.Headers.Add(name, value);
        return app.Users.SendAsync(request);
    }

    private async Task SetAsync(DomainTenant tenant, object settings) =>
        Assert.Equal(
            HttpStatusCode.OK,
            (await app.CallAsync(HttpMethod.Patch, $"/v1/tenants/{tenant.Id}/settings", tenant.Administrator, settings)).Status
        );
}
