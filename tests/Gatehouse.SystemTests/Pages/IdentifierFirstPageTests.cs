using System.Net;
using System.Text.RegularExpressions;
using Gatehouse.SystemTests.Harness;
using Gatehouse.SystemTests.Harness.Browsing;
using Gatehouse.SystemTests.Organizations.Domains;

namespace Gatehouse.SystemTests.Pages;

/// <summary>The identifier first, then what the tenant allows: the same for every identifier.</summary>
public sealed class IdentifierFirstPageTests(DomainsApp domains) : IClassFixture<DomainsApp>
{
    private const string First = "/sign-in/identifier";

    private static readonly string[] Password = ["password"];
    private static readonly string[] Code = ["code"];

    private readonly TestApp app = domains.App;

    [Fact]
    public async Task One_more_click_leads_where_the_user_was_going()
    {
        var tenant = await TenantAsync();
        using var browser = Open(tenant);
        var page = await browser.GetAsync("/sign-in?returnUrl=%2Faccount%2Fsessions");
        Assert.DoesNotContain("type=\"password\"", page.Text, StringComparison.Ordinal);
        Assert.Contains("autocomplete=\"username webauthn\"", page.Text, StringComparison.Ordinal);

        var asked = await browser.SendFormAsync(page, First, ("identifier", $" {tenant.Administrator.Email} "));
        Assert.Equal((HttpStatusCode.SeeOther, "/sign-in/next?returnUrl=%2Faccount%2Fsessions"), (asked.Status, asked.Location()));
        var next = await browser.GetAsync(asked.Location());
        Assert.Matches(
            $"<input id=\"identifier\"[^>]*value=\"{tenant.Administrator.Email}\"[^>]*autocomplete=\"username\"[^>]*readonly",
            next.Text
        );
        Assert.Contains("autocomplete=\"current-password\"", next.Text, StringComparison.Ordinal);
        Assert.Contains("formaction=\"/sign-in/send-code\"", next.Text, StringComparison.Ordinal);
        var wrong = await SendAsync(browser, next, tenant.Administrator.Email, "a wrong one, and long enough");
        Assert.Equal(HttpStatusCode.Unauthorized, wrong.Status);
        Assert.Matches("<input id=\"identifier\"[^>]*readonly", wrong.Text);
        // A reload, or another language, finds the page again.
        Assert.Equal(HttpStatusCode.OK, (await browser.GetAsync(asked.Location())).Status);
        var done = await SendAsync(browser, wrong, tenant.Administrator.Email, TestUsers.Password);

        Assert.Equal((HttpStatusCode.SeeOther, "/account/sessions"), (done.Status, done.Location()));
        Assert.Equal("/account/sessions", (await browser.GetAsync(asked.Location())).Location());
        Assert.Equal("", browser.Cookies.GetValueOrDefault("__Host-gatehouse-sign-in-as", ""));
    }

    [Fact]
    public async Task Known_unknown_and_disabled_identifiers_lead_to_the_same_page_by_the_same_work()
    {
        var tenant = await TenantAsync();
        var header = ("Gatehouse-Tenant", tenant.Name);
        var (known, disabled) = (tenant.Administrator.Email, (await domains.SignUpAsync(header)).Email);
        await app.ExecuteAsync(
            "update identity.users set disabled_at = now() where tenant_id = $1 and id <> $2",
            tenant.Id,
            tenant.Administrator.UserId
        );
        var seen = new List<(string Text, IReadOnlyList<string> Work)>();

        foreach (var identifier in new[] { known, TestUsers.NewEmail(), disabled, "nobody-at-all", "+447400000000", "what is this?" })
        {
            using var browser = Open(tenant);
            var page = await browser.GetAsync("/sign-in");
            using var trace = new TraceOf();
            browser.Set(trace.Header.Name, trace.Header.Value);
            var asked = await browser.SendFormAsync(page, First, ("identifier", identifier));
            var next = await browser.GetAsync(asked.Location());
            Assert.Equal(HttpStatusCode.OK, next.Status);
            seen.Add((Transcript(asked, identifier) + Transcript(next, identifier), trace.Work()));
        }

        Assert.All(seen, one => Assert.Equal(seen[0].Text, one.Text));
        Assert.All(seen, one => Assert.Equal(seen[0].Work, one.Work));
        Assert.DoesNotContain(seen[0].Work, work => work.Contains("identity.", StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("")]
    [InlineData("   ")]
    [InlineData(null)]
    public async Task What_is_no_identifier_is_asked_for_again(string? typed)
    {
        var identifier = typed ?? new string('a', 300);
        var tenant = await TenantAsync();
        using var browser = Open(tenant);

        var answer = await browser.SendFormAsync(await browser.GetAsync("/sign-in"), First, ("identifier", identifier));

        Assert.Equal(HttpStatusCode.BadRequest, answer.Status);
        Assert.NotEqual("", answer.Beside("identifier"));
        Assert.DoesNotContain("type=\"password\"", answer.Text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_number_without_a_plus_goes_on_with_its_country()
    {
        var tenant = await TenantAsync();
        using var browser = Open(tenant);

        var asked = await browser.SendFormAsync(
            await browser.GetAsync("/sign-in"),
            First,
            ("identifier", "07400 123456"),
            ("region", "GB")
        );

        var next = await browser.GetAsync(asked.Location());
        Assert.Contains(
            "value=\"&#x2B;447400123456\"",
            next.Text.Replace("\"+44", "\"&#x2B;44", StringComparison.Ordinal),
            StringComparison.Ordinal
        );
    }

    [Fact]
    public async Task The_second_page_leads_back_without_an_identifier_in_another_tenant_and_where_it_is_not_offered()
    {
        var (tenant, other) = (await TenantAsync(), await TenantAsync());
        using var browser = Open(tenant);
        Assert.Equal("/sign-in?returnUrl=%2Faccount", (await browser.GetAsync("/sign-in/next?returnUrl=%2Faccount")).Location());
        var first = await browser.GetAsync("/sign-in");
        await browser.SendFormAsync(first, First, ("identifier", "ada"));
        browser.Set("Gatehouse-Tenant", other.Name);
        Assert.Equal("/sign-in", (await browser.GetAsync("/sign-in/next")).Location());
        browser.Set("Gatehouse-Tenant", tenant.Name);
        Assert.Equal(HttpStatusCode.OK, (await browser.GetAsync("/sign-in/next")).Status);
        browser.SetCookie("__Host-gatehouse-sign-in-as", "forged");
        Assert.Equal("/sign-in", (await browser.GetAsync("/sign-in/next")).Location());

        foreach (
            var settings in new object[] { new { signInModes = Password }, new { signInModes = Code }, new { signInPage = "combined" } }
        )
        {
            await SetAsync(tenant, settings);
            Assert.Equal("/sign-in", (await browser.GetAsync("/sign-in/next")).Location());
            Assert.Equal("/sign-in", (await browser.SendFormAsync(first, First, ("identifier", "ada"))).Location());
            Assert.DoesNotContain(First, (await browser.GetAsync("/sign-in")).Text, StringComparison.Ordinal);
        }
    }

    [Theory]
    [InlineData("en", true)]
    [InlineData("hi", true)]
    [InlineData("es", true)]
    [InlineData("en", false)]
    [Trait("Speed", "Slow")]
    public async Task A_user_gives_the_identifier_and_signs_in_by_password_or_by_code(string language, bool script)
    {
        var picture = $"{language}{(script ? "" : "-no-script")}";
        var tenant = await TenantAsync();
        var email = tenant.Administrator.Email;
        await using (var visit = await FirstAsync())
        {
            await visit.LookAsync($"identifier-next-{picture}");
            await visit.Page.FillAsync("#password", TestUsers.Password);
            await visit.Page.Keyboard.PressAsync("Enter");
            await visit.ArriveAsync("/account$");
        }

        await using (var visit = await FirstAsync())
        {
            await visit.Page.ClickAsync("button[formaction='/sign-in/send-code']");
            await visit.Page.FillAsync("#code", (await app.Users.LetterAsync(email, 2)).Code);
            await visit.Page.ClickAsync("#form button[type=submit]");
            await visit.ArriveAsync("/account$");
        }

        async Task<Visit> FirstAsync()
        {
            var visit = await Visit.StartAsync(app, language, script);
            await visit.SendAsync(("Gatehouse-Tenant", tenant.Name));
            await visit.GoAsync("/sign-in");
            await visit.LookAsync($"identifier-first-{picture}");
            await visit.Page.FillAsync("#identifier", email);
            await visit.Page.Keyboard.PressAsync("Enter");
            await visit.ArriveAsync("/sign-in/next$");
            return visit;
        }
    }

    private static Task<Answer> SendAsync(Browser browser, Answer page, string identifier, string password) =>
        browser.SendFormAsync(page, "/sign-in", ("identifier", identifier), ("password", password));

    private static string Transcript(Answer answer, string identifier)
    {
        var headers = answer
            .Response.Headers.Where(header => header.Key is not ("Date" or "Set-Cookie" or "Content-Security-Policy"))
            .Select(header => $"{header.Key}: {string.Join(',', header.Value)}");
        var text = Regex.Replace(answer.Text, "value=\"[^\"]*\"|nonce=\"[^\"]*\"|[0-9a-f]{32}", "…");
        Assert.DoesNotContain(identifier, text, StringComparison.Ordinal);
        return $"{answer.Status}\n{string.Join('\n', headers)}\n{text}\n";
    }

    private Browser Open(DomainTenant tenant)
    {
        var browser = new Browser(app);
        browser.Set("Gatehouse-Tenant", tenant.Name);
        return browser;
    }

    private async Task<DomainTenant> TenantAsync()
    {
        var tenant = await domains.TenantAsync();
        await SetAsync(tenant, new { signInPage = "identifier-first" });
        return tenant;
    }

    private async Task SetAsync(DomainTenant tenant, object settings) =>
        Assert.Equal(
            HttpStatusCode.OK,
            (await app.CallAsync(HttpMethod.Patch, $"/v1/tenants/{tenant.Id}/settings", tenant.Administrator, settings)).Status
        );
}
