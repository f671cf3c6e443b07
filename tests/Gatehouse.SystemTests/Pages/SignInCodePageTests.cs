using System.Net;
using System.Text.RegularExpressions;
using Gatehouse.SystemTests.Harness;
using Gatehouse.SystemTests.Harness.Browsing;
using Gatehouse.SystemTests.Organizations.Domains;

namespace Gatehouse.SystemTests.Pages;

/// <summary>Signing in by a code or a link, on the pages.</summary>
public sealed class SignInCodePageTests(DomainsApp domains) : IClassFixture<DomainsApp>
{
    private const string SendCode = "/sign-in/send-code";

    private static readonly string[] Password = ["password"];
    private static readonly string[] Code = ["code"];

    private readonly TestApp app = domains.App;

    [Fact]
    public async Task A_code_leads_on_to_where_the_user_was_going()
    {
        var user = domains.Platform;
        var before = (await app.Users.LettersAsync(user.Email)).Count;
        using var browser = new Browser(app);
        var form = await browser.GetAsync("/sign-in?returnUrl=%2Faccount%2Fsessions");

        var sent = await SendAsync(browser, form, user.Email);
        Assert.StartsWith("/sign-in/code?id=", sent.Location(), StringComparison.Ordinal);
        var page = await browser.GetAsync(sent.Location());
        Assert.Contains("href=\"/sign-in?returnUrl=%2Faccount%2Fsessions\"", page.Text, StringComparison.Ordinal);
        var letter = await app.Users.LetterAsync(user.Email, before + 1);
        var wrong = await browser.SendFormAsync(page, "/sign-in/code", ("code", TestUsers.WrongCode(letter.Code)));
        Assert.Equal(HttpStatusCode.UnprocessableEntity, wrong.Status);
        Assert.NotEqual("", wrong.Beside("code"));
        var done = await browser.SendFormAsync(wrong, "/sign-in/code", ("code", letter.Code));

        Assert.Equal((HttpStatusCode.SeeOther, "/account/sessions"), (done.Status, done.Location()));
        Assert.Equal(HttpStatusCode.OK, (await browser.GetAsync(done.Location())).Status);
        // A second click.
        Assert.Equal("/account/sessions", (await browser.SendFormAsync(wrong, "/sign-in/code", ("code", letter.Code))).Location());
    }

    [Fact]
    public async Task A_link_asks_for_one_click_and_opened_elsewhere_leads_to_the_account()
    {
        var user = domains.Platform;
        var before = (await app.Users.LettersAsync(user.Email)).Count;
        using var asking = new Browser(app);
        await SendAsync(asking, await asking.GetAsync("/sign-in?returnUrl=%2Faccount%2Fsessions"), user.Email);
        var token = (await app.Users.LetterAsync(user.Email, before + 1)).LinkToken;
        using var browser = new Browser(app);

        // Looking changes nothing.
        await browser.GetAsync("/sign-in/link?token=" + token);
        var page = await browser.GetAsync("/sign-in/link?token=" + token);
        Assert.Equal(HttpStatusCode.OK, page.Status);
        Assert.DoesNotContain("__Host-gatehouse-access", browser.Cookies.Keys);
        var done = await browser.SendFormAsync(page, "/sign-in/link");

        Assert.Equal((HttpStatusCode.SeeOther, "/account"), (done.Status, done.Location()));
        Assert.Equal(HttpStatusCode.OK, (await browser.GetAsync("/account")).Status);
        var over = await asking.GetAsync("/sign-in/link?token=" + token);
        Assert.Contains("already been used", over.Text, StringComparison.Ordinal);
        Assert.DoesNotContain("action=\"/sign-in/link\"", over.Text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_page_offers_what_signs_in_here()
    {
        var tenant = await domains.TenantAsync();
        using var browser = new Browser(app);
        browser.Set("Gatehouse-Tenant", tenant.Name);
        var both = await browser.GetAsync("/sign-in");
        Assert.Contains("name=\"password\"", both.Text, StringComparison.Ordinal);
        Assert.Contains($"formaction=\"{SendCode}\"", both.Text, StringComparison.Ordinal);

        await SetAsync(tenant, new { signInModes = Password });
        Assert.DoesNotContain(SendCode, (await browser.GetAsync("/sign-in")).Text, StringComparison.Ordinal);
        var late = await SendAsync(browser, both, tenant.Administrator.Email);
        Assert.Equal(HttpStatusCode.Forbidden, late.Status);

        await SetAsync(tenant, new { signInModes = Code });
        var page = await browser.GetAsync("/sign-in");
        Assert.DoesNotContain("name=\"password\"", page.Text, StringComparison.Ordinal);
        Assert.DoesNotContain("/forgot", page.Text, StringComparison.Ordinal);
        var empty = await browser.SendFormAsync(page, SendCode, ("identifier", ""));
        Assert.Equal(HttpStatusCode.BadRequest, empty.Status);
        Assert.NotEqual("", empty.Beside("identifier"));
    }

    [Fact]
    public async Task Who_is_new_is_asked_for_a_name_after_the_code()
    {
        var tenant = await domains.TenantAsync();
        await SetAsync(tenant, new { automaticRegistration = true });
        using var browser = new Browser(app);
        browser.Set("Gatehouse-Tenant", tenant.Name);
        var email = TestUsers.NewEmail();
        var sent = await SendAsync(browser, await browser.GetAsync("/sign-in"), email);
        var page = await browser.GetAsync(sent.Location());
        Assert.DoesNotContain("name=\"name\"", page.Text, StringComparison.Ordinal);

        var code = (await app.Users.LetterAsync(email)).Code;
        var asked = await browser.SendFormAsync(page, "/sign-in/code", ("code", code));
        Assert.Equal(HttpStatusCode.BadRequest, asked.Status);
        Assert.Contains("name=\"name\"", asked.Text, StringComparison.Ordinal);
        var done = await browser.SendFormAsync(asked, "/sign-in/code", ("code", code), ("name", "Ada"));

        Assert.Equal("/account", done.Location());
        Assert.Contains("Ada", (await browser.GetAsync("/account")).Text, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("en", true)]
    [InlineData("hi", true)]
    [InlineData("es", true)]
    [InlineData("en", false)]
    [Trait("Speed", "Slow")]
    public async Task A_user_signs_in_by_code_and_a_new_one_by_link(string language, bool script)
    {
        var picture = $"{language}{(script ? "" : "-no-script")}";
        var tenant = await domains.TenantAsync();
        await SetAsync(tenant, new { automaticRegistration = true });
        var (known, fresh) = (tenant.Administrator.Email, TestUsers.NewEmail());
        await using (var visit = await Visit.StartAsync(app, language, script))
        {
            await visit.SendAsync(("Gatehouse-Tenant", tenant.Name));
            await visit.GoAsync("/sign-in");
            await visit.LookAsync($"code-sign-in-{picture}");
            await visit.Page.FillAsync("#identifier", known);
            await visit.Page.ClickAsync($"button[formaction='{SendCode}']");
            await visit.LookAsync($"code-enter-{picture}");
            await visit.Page.FillAsync("#code", (await app.Users.LetterAsync(known, 2)).Code);
            await visit.Page.ClickAsync("#form button[type=submit]");
            await visit.ArriveAsync("/account$");
        }

        await SetAsync(tenant, new { signInModes = Code });
        await using (var visit = await Visit.StartAsync(app, language, script))
        {
            await visit.SendAsync(("Gatehouse-Tenant", tenant.Name));
            await visit.GoAsync("/sign-in");
            await visit.LookAsync($"code-only-{picture}");
            await visit.Page.FillAsync("#identifier", fresh);
            await visit.Page.ClickAsync($"button[formaction='{SendCode}']");
            await visit.GoAsync("/sign-in/link?token=" + (await app.Users.LetterAsync(fresh)).LinkToken);
            await visit.LookAsync($"code-link-{picture}");
            await visit.Page.ClickAsync("main form[action='/sign-in/link'] button[type=submit]");
            await visit.LookAsync($"code-name-{picture}");
            await visit.Page.FillAsync("#name", "Ada");
            await visit.Page.ClickAsync("main form[action='/sign-in/link'] button[type=submit]");
            await visit.ArriveAsync("/account$");
        }
    }

    [Theory]
    [InlineData("email", false)]
    [InlineData("phone", false)]
    [InlineData("email", true)]
    [InlineData("phone", true)]
    public async Task Known_and_unknown_identifiers_see_the_same_pages_by_the_same_work(string kind, bool automatic)
    {
        var tenant = await domains.TenantAsync();
        var header = ("Gatehouse-Tenant", tenant.Name);
        await SetAsync(tenant, new { automaticRegistration = automatic });
        var (known, unknown) = (New(), New());
        var started = await app.Users.PostAsync("/v1/registrations", TestUsers.Registration(known), header);
        var code = (await app.Users.LetterAsync(known)).Code;
        await app.Users.PostAsync($"/v1/registrations/{started.RegistrationId}/verify", new { code }, header);
        var seen = new List<(string Text, IReadOnlyList<string> Work)>();
        foreach (var identifier in new[] { known, unknown })
        {
            using var browser = new Browser(app);
            browser.Set("Gatehouse-Tenant", tenant.Name);
            var form = await browser.GetAsync("/sign-in");
            using var trace = new TraceOf();
            browser.Set(trace.Header.Name, trace.Header.Value);
            var sent = await SendAsync(browser, form, identifier);
            var page = await browser.GetAsync(sent.Location());
            await app.QuietAsync();
            var wrong = await browser.SendFormAsync(page, "/sign-in/code", ("code", "000000"));
            seen.Add((string.Join('\n', new[] { sent, page, wrong }.Select(a => $"{a.Status} {Plain(a.Text)}")), trace.Work()));
        }

        Assert.Equal(seen[1].Text, seen[0].Text);
        Assert.Equal(seen[1].Work, seen[0].Work);

        string New() => kind == "email" ? TestUsers.NewEmail() : TestUsers.NewPhone();

        // What differs between any two requests, and what was typed.
        static string Plain(string text) =>
            Regex.Replace(text, "value=\"[^\"]*\"|nonce=\"[^\"]*\"|id=[0-9a-f-]{36}|[0-9a-f]{32}|[^\\s<>]*\\*\\*\\*[^\\s<>]*", "…");
    }

    private static Task<Answer> SendAsync(Browser browser, Answer page, string identifier)
    {
        // The same form, sent by its other button.
        var action = page.Text.Contains("action=\"/sign-in\"", StringComparison.Ordinal) ? "/sign-in" : SendCode;
        var form = System.Text.RegularExpressions.Regex.Replace(
            page.Text,
            $"<form([^>]*)action=\"{action}\"",
            $"<form$1action=\"{SendCode}\""
        );
        return browser.SendFormAsync(page with { Text = form }, SendCode, ("identifier", identifier));
    }

    private async Task SetAsync(DomainTenant tenant, object settings) =>
        Assert.Equal(
            HttpStatusCode.OK,
            (await app.CallAsync(HttpMethod.Patch, $"/v1/tenants/{tenant.Id}/settings", tenant.Administrator, settings)).Status
        );
}
