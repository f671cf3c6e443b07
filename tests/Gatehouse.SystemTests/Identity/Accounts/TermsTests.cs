using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using System.Text.RegularExpressions;
using Gatehouse.SystemTests.Harness;
using Gatehouse.SystemTests.Harness.Browsing;
using Gatehouse.SystemTests.OpenId.SignIn;
using Gatehouse.Web;
using Microsoft.Playwright;

namespace Gatehouse.SystemTests.Identity.Accounts;

/// <summary>Terms of service: asked for at registration, and again when there is another version.</summary>
public sealed class TermsTests : IAsyncLifetime
{
    private const string Link = "https://www.example.com/terms";

    private TestApp app = null!;
    private SignedIn administrator = null!;

    public async ValueTask InitializeAsync()
    {
        app = await TestApp.StartAsync();
        administrator = await app.TenantAdministratorAsync();
    }

    public ValueTask DisposeAsync() => app.DisposeAsync();

    [Fact]
    public async Task Registration_accepts_the_present_version_and_a_new_one_is_asked_for_while_sessions_go_on()
    {
        Assert.Equal((HttpStatusCode.NotFound, "identity.no-terms"), Rejection(await app.Users.GetAsync("/v1/terms")));
        Assert.Equal((HttpStatusCode.NotFound, "identity.no-terms"), Rejection(await AcceptAsync(administrator, "one")));
        await SetAsync("one");
        Assert.Equal(("one", Link), ((await app.Users.GetAsync("/v1/terms")).Body.GetProperty("version").GetString(), await LinkAsync()));

        var email = TestUsers.NewEmail();
        Assert.Equal(["acceptedTerms: request.required"], (await RegisterAsync(email, accepted: null)).Errors);
        Assert.Equal(["acceptedTerms: identity.terms-outdated"], (await RegisterAsync(email, "zero")).Errors);
        Assert.Equal(["acceptedTerms: identity.terms-outdated"], (await RegisterAsync(email, new string('x', 33))).Errors.Distinct());
        var before = app.Clock.GetUtcNow();
        var started = await RegisterAsync(email, "one");
        Assert.Equal(HttpStatusCode.Accepted, started.Status);
        var startedAt = app.Clock.GetUtcNow();
        app.Clock.Advance(TimeSpan.FromMinutes(1));
        var code = (await app.Users.LetterAsync(email)).Code;
        var user = (await app.Users.VerifyAsync(started.Body.GetProperty("registrationId").GetGuid(), code)).SignedIn(email);

        var me = (await app.Users.MeAsync(user.Tokens)).Body;
        Assert.Equal("one", me.GetProperty("termsVersion").GetString());
        Assert.False(me.TryGetProperty("termsDue", out _));
        Assert.InRange(
            await app.ScalarAsync<DateTime>("select accepted_at from identity.accepted_terms where user_id = $1", user.UserId),
            before.UtcDateTime.AddMilliseconds(-1),
            startedAt.UtcDateTime
        );

        await SetAsync("two");
        me = (await app.Users.MeAsync(user.Tokens)).Body;
        Assert.Equal("two", me.GetProperty("termsDue").GetProperty("version").GetString());
        Assert.Equal(["version: identity.terms-outdated"], (await AcceptAsync(user, "one")).Errors);
        Assert.All(
            await Task.WhenAll(Enumerable.Range(0, 4).Select(_ => AcceptAsync(user, "two"))),
            answer => Assert.Equal(HttpStatusCode.NoContent, answer.Status)
        );
        Assert.False((await app.Users.MeAsync(user.Tokens)).Body.TryGetProperty("termsDue", out _));
        Assert.Equal(
            "one two",
            await app.ScalarAsync<string>(
                "select string_agg(version, ' ' order by accepted_at) from identity.accepted_terms where user_id = $1",
                user.UserId
            )
        );
        Assert.Equal(
            2L,
            await app.ScalarAsync<long>(
                "select count(*) from runtime.events where key = $1 and type = 'user.terms-accepted.v1'",
                user.UserId
            )
        );
        Assert.Equal(
            1L,
            await app.ScalarAsync<long>(
                "select count(*) from audit.records where action = 'user.terms-accepted' and subject = $1",
                user.UserId
            )
        );

        await SetAsync(null);
        Assert.Equal(HttpStatusCode.NotFound, (await app.Users.GetAsync("/v1/terms")).Status);
        Assert.Equal(HttpStatusCode.Accepted, (await RegisterAsync(TestUsers.NewEmail(), accepted: null)).Status);
    }

    [Fact]
    public async Task The_pages_ask_at_sign_up_and_before_the_account()
    {
        var user = await app.Users.SomebodyAsync();
        using var browser = new Browser(app);
        await browser.SignInAsync(user.Email);
        await SetAsync("one");

        using var stranger = new Browser(app);
        var signUp = await stranger.GetAsync("/sign-up");
        Assert.Contains("name=\"acceptedTerms\" value=\"one\"", signUp.Text, StringComparison.Ordinal);
        Assert.Contains($"href=\"{Link}\"", signUp.Text, StringComparison.Ordinal);

        var asked = await browser.GetAsync("/account/sessions");
        Assert.Equal((HttpStatusCode.SeeOther, "/terms?then=%2Faccount%2Fsessions"), (asked.Status, asked.Location()));
        Assert.Contains("name=\"version\" value=\"one\"", (await browser.GetAsync("/terms")).Text, StringComparison.Ordinal);
        Assert.Equal(HttpStatusCode.BadRequest, (await browser.FillAsync("/terms", "/terms", ("then", "/account"))).Status);
        foreach (var language in Languages.All)
        {
            await using var visit = await Visit.StartAsync(app, language);
            await visit.SignInAsync(user.Email);
            await visit.GoAsync("/account/security");
            await visit.LookAsync($"terms-{language}");
            await visit.Page.EvaluateAsync("() => document.querySelector('main form').noValidate = true");
            await visit.Page.ClickAsync("main button[type=submit]");
            await Assertions.Expect(visit.Page.Locator("#version-error")).ToBeVisibleAsync();
            await visit.LookAsync($"terms-refused-{language}");
        }

        var accepted = await browser.FillAsync("/terms", "/terms", ("version", "one"), ("then", "https://elsewhere.example.com/"));
        Assert.Equal((HttpStatusCode.SeeOther, "/"), (accepted.Status, accepted.Location()));
        Assert.Equal(HttpStatusCode.OK, (await browser.GetAsync("/account/sessions")).Status);
        // What was accepted, and what is kept for how long, can be read afterwards.
        var privacy = (await browser.GetAsync("/account/privacy")).Text;
        Assert.Matches("Version one: *<time", privacy);
        foreach (var kept in new[] { "is deleted, 14 days after", "for you for 30 days", "Activity: 400 days", "what changed: 30 days" })
            Assert.Contains(kept, privacy, StringComparison.Ordinal);
    }

    [Fact]
    public async Task An_application_gets_its_code_when_new_terms_are_accepted_and_not_before()
    {
        var user = await app.Users.SomebodyAsync();
        var shop = await app.ApplicationAsync(administrator, new { requireConsent = true });
        using var browser = await app.BrowserAsync(user);
        await SetAsync("one");
        // What else is asked comes first.
        var consent = await browser.FollowAsync(shop.Request());
        var agreed = await browser.SendFormAsync(consent, Applications.ContinuePath, ("act", "continue"));
        var silent = await browser.GetAsync(shop.Request(("prompt", "none")));
        Assert.Equal("interaction_required", silent.Sent()["error"]);

        var asked = await browser.GetAsync(agreed.Location());
        Assert.StartsWith("/terms?then=%2Foauth2%2Fauthorize", asked.Location(), StringComparison.Ordinal);
        var page = await browser.GetAsync(asked.Location());
        Assert.Contains("form-action 'self' https://shop.example.com", page.Header("Content-Security-Policy"), StringComparison.Ordinal);
        // Whoever goes back without accepting is asked again.
        Assert.StartsWith("/terms", (await browser.GetAsync(agreed.Location())).Location(), StringComparison.Ordinal);
        Assert.Equal(HttpStatusCode.BadRequest, (await browser.SendFormAsync(page, "/terms", ("version", "zero"))).Status);
        var accepted = await browser.SendFormAsync(page, "/terms", ("version", "one"));
        Assert.Equal((HttpStatusCode.SeeOther, agreed.Location()), (accepted.Status, accepted.Location()));
        Assert.Contains("code", (await browser.FollowAsync(accepted.Location())).Sent().Keys);
        Assert.Contains("code", (await browser.GetAsync(shop.Request(("prompt", "none")))).Sent().Keys);

        await SetAsync("two");
        page = await browser.FollowAsync(shop.Request());
        var cancel = Regex.Match(page.Text, "href=\"(/oauth2/cancel[^\"]+)\"").Groups[1].Value;
        Assert.Equal("access_denied", (await browser.FollowAsync(WebUtility.HtmlDecode(cancel))).Sent()["error"]);
    }

    [Fact]
    public async Task A_device_is_connected_by_who_accepted_the_terms()
    {
        var user = await app.Users.SomebodyAsync();
        var television = await app.ApplicationAsync(administrator, new { @public = true, deviceCode = true });
        var codes = await app.OAuthAsync("/oauth2/device", television, [("scope", "openid")]);
        var code = codes.Body.GetProperty("user_code").GetString()!;
        using var browser = await app.BrowserAsync(user);
        await SetAsync("one");

        var asked = await browser.FillAsync("/device", "/device", ("user_code", code));
        Assert.Equal((HttpStatusCode.SeeOther, $"/terms?then=%2Fdevice%3Fuser_code%3D{code}"), (asked.Status, asked.Location()));
        var accepted = await browser.SendFormAsync(await browser.GetAsync(asked.Location()), "/terms", ("version", "one"));
        Assert.Equal($"/device?user_code={code}", accepted.Location());
        var question = await browser.FillAsync(accepted.Location(), "/device", ("user_code", code));
        Assert.Contains("value=\"allow\"", question.Text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Only_who_may_change_settings_sets_terms_and_only_of_the_own_tenant()
    {
        var user = await app.Users.SomebodyAsync();
        Assert.Equal(HttpStatusCode.Forbidden, (await PutAsync(user, Tenant, Terms("one"))).Status);
        Assert.Equal(HttpStatusCode.NotFound, (await PutAsync(administrator, "00000000-0001-7000-8000-0000000000ff", Terms("one"))).Status);
        Assert.Equal(HttpStatusCode.Unauthorized, (await app.Users.PostAsync("/v1/me/terms", new { version = "one" })).Status);
    }

    [Theory]
    [InlineData("""{"version":"1"}""", "links: request.required")]
    [InlineData("""{"version":"1","links":{}}""", "links: request.required")]
    [InlineData("""{"version":"1","links":{"fr":"https://example.com"}}""", "links: request.unknown-value")]
    [InlineData("""{"version":"1","links":{"en":"http://example.com"}}""", "links.en: organizations.terms-link-invalid")]
    [InlineData("""{"version":"1","links":{"en":"javascript:alert(1)"}}""", "links.en: organizations.terms-link-invalid")]
    [InlineData("""{"version":"123456789012345678901234567890123","links":{"en":"https://example.com"}}""", "version: request.too-long")]
    public async Task What_are_no_terms_is_rejected(string body, string error) =>
        Assert.Equal([error], (await PutAsync(administrator, Tenant, JsonDocument.Parse(body).RootElement)).Errors);

    private const string Tenant = "00000000-0001-7000-8000-000000000001";

    private static object Terms(string? version) =>
        new { version, links = new Dictionary<string, string>(StringComparer.Ordinal) { ["en"] = Link } };

    private static (HttpStatusCode Status, string? Code) Rejection(Answer answer) => (answer.Status, answer.Code);

    private async Task<string?> LinkAsync() => (await app.Users.GetAsync("/v1/terms")).Body.GetProperty("link").GetString();

    private async Task SetAsync(string? version) =>
        Assert.Equal(HttpStatusCode.OK, (await PutAsync(administrator, Tenant, Terms(version))).Status);

    private Task<Answer> PutAsync(SignedIn user, string tenant, object body) =>
        SendAsync(HttpMethod.Put, $"/v1/tenants/{tenant}/terms", user, body);

    private Task<Answer> AcceptAsync(SignedIn user, string version) => SendAsync(HttpMethod.Post, "/v1/me/terms", user, new { version });

    private async Task<Answer> SendAsync(HttpMethod method, string path, SignedIn user, object body)
    {
        using var request = new HttpRequestMessage(method, path) { Content = JsonContent.Create(body) };
        request.Headers.Add(user.Tokens.Header.Name, user.Tokens.Header.Value);
        return await app.Users.SendAsync(request);
    }

    private Task<Answer> RegisterAsync(string email, string? accepted) =>
        app.Users.PostAsync(
            "/v1/registrations",
            new
            {
                email,
                name = "Ada",
                password = TestUsers.Password,
                acceptedTerms = accepted,
            }
        );
}
