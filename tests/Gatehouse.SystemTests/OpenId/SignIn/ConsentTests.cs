using System.Net;
using Gatehouse.SystemTests.Harness;

namespace Gatehouse.SystemTests.OpenId.SignIn;

/// <summary>What users are asked, and when they are not.</summary>
public sealed class ConsentTests(RunningApp running) : IAsyncLifetime
{
    private readonly TestApp app = running.App;
    private SignedIn user = null!;
    private TestApplication shop = null!;
    private Browser browser = null!;

    public async ValueTask InitializeAsync()
    {
        user = await app.Users.SomebodyAsync();
        shop = await app.ApplicationAsync(await app.TenantAdministratorAsync(), new { requireConsent = true });
        browser = await app.BrowserAsync(user);
    }

    public ValueTask DisposeAsync()
    {
        browser.Dispose();
        return default;
    }

    [Fact]
    public async Task A_user_agrees_once_and_is_asked_again_for_more_or_when_the_application_wants_it()
    {
        var page = await browser.FollowAsync(shop.Request(("scope", "openid email")));
        Assert.Equal(HttpStatusCode.OK, page.Status);
        Assert.Contains("Allow Shop?", page.Text, StringComparison.Ordinal);
        Assert.Contains("see your e-mail address", page.Text, StringComparison.Ordinal);
        Assert.DoesNotContain("see your name", page.Text, StringComparison.Ordinal);
        Assert.Contains("shop.example.com", page.Text, StringComparison.Ordinal);
        Assert.Contains("code", (await GoOnAsync(page, "continue")).Sent().Keys);

        Assert.Contains("code", (await browser.GetAsync(shop.Request(("scope", "openid")))).Sent().Keys);
        var none = await browser.GetAsync(shop.Request(("scope", "openid email profile"), ("prompt", "none")));
        Assert.Equal("consent_required", none.Sent()["error"]);
        var more = await browser.FollowAsync(shop.Request(("scope", "openid email profile")));
        Assert.Contains("code", (await GoOnAsync(more, "continue")).Sent().Keys);
        var again = await browser.FollowAsync(shop.Request(("scope", "openid"), ("prompt", "consent")));
        Assert.Contains("Allow Shop?", again.Text, StringComparison.Ordinal);
        Assert.Contains("code", (await GoOnAsync(again, "continue")).Sent().Keys);
    }

    [Fact]
    public async Task Cancel_goes_back_to_the_application_from_either_page()
    {
        var page = await browser.FollowAsync(shop.Request());
        var denied = (await GoOnAsync(page, "cancel")).Sent();
        Assert.Equal(("access_denied", "state-1", "http://localhost:8080"), (denied["error"], denied["state"], denied["iss"]));

        using var stranger = new Browser(app);
        var signIn = await stranger.GetAsync((await stranger.GetAsync(shop.Request())).Location());
        var cancel = System.Text.RegularExpressions.Regex.Match(signIn.Text, "href=\"(/oauth2/cancel[^\"]+)\"").Groups[1].Value;
        Assert.Equal("access_denied", (await stranger.FollowAsync(WebUtility.HtmlDecode(cancel))).Sent()["error"]);
    }

    [Fact]
    public async Task Another_account_can_be_used()
    {
        var other = await app.Users.SomebodyAsync();
        var page = await browser.FollowAsync(shop.Request());
        var signIn = await GoOnAsync(page, "switch");
        Assert.StartsWith("/sign-in?returnUrl=", signIn.Location(), StringComparison.Ordinal);
        var form = await browser.GetAsync(signIn.Location());
        var done = await browser.SendFormAsync(form, "/sign-in", ("identifier", other.Email), ("password", TestUsers.Password));
        var asked = await browser.FollowAsync(done.Location());
        var code = (await GoOnAsync(asked, "continue")).Sent()["code"];

        Assert.Equal(other.UserId, (await app.RedeemAsync(shop, code)).AppTokens().IdClaims.GetProperty("sub").GetGuid());
    }

    [Fact]
    public async Task What_one_browser_began_no_other_one_ends()
    {
        var path = (await browser.GetAsync(shop.Request())).Location();
        using var other = await app.BrowserAsync(user);

        foreach (var own in new[] { path, path.Replace("/continue", "/cancel", StringComparison.Ordinal) })
            Assert.Equal(HttpStatusCode.BadRequest, (await other.GetAsync(own)).Status);
        Assert.Equal(HttpStatusCode.OK, (await browser.GetAsync(path)).Status);
    }

    [Fact]
    public async Task An_answer_that_comes_from_elsewhere_counts_for_nothing()
    {
        var page = await browser.FollowAsync(shop.Request());
        browser.Set("Sec-Fetch-Site", "cross-site");
        browser.Set("Origin", "https://evil.example.org");

        var answer = await browser.SendFormAsync(page, Applications.ContinuePath, ("act", "continue"));
        Assert.Equal(HttpStatusCode.Forbidden, answer.Status);
    }

    [Fact]
    public async Task A_request_is_used_up_by_its_code()
    {
        var page = await browser.FollowAsync(shop.Request());
        var next = await browser.SendFormAsync(page, Applications.ContinuePath, ("act", "continue"));
        Assert.Contains("code", (await browser.GetAsync(next.Location())).Sent().Keys);

        Assert.Equal(HttpStatusCode.BadRequest, (await browser.GetAsync(next.Location())).Status);
        Assert.Equal(HttpStatusCode.BadRequest, (await browser.SendFormAsync(page, Applications.ContinuePath, ("act", "continue"))).Status);
    }

    [Fact]
    public async Task The_pages_speak_the_language_that_the_application_asks_for()
    {
        var page = await browser.FollowAsync(shop.Request(("ui_locales", "xx es-MX en")));
        Assert.Contains("lang=\"es\"", page.Text, StringComparison.Ordinal);
        Assert.Contains("¿Permitir a Shop?", WebUtility.HtmlDecode(page.Text), StringComparison.Ordinal);
    }

    private async Task<Answer> GoOnAsync(Answer page, string act)
    {
        var next = await browser.SendFormAsync(page, Applications.ContinuePath, ("act", act));
        Assert.Equal(HttpStatusCode.SeeOther, next.Status);
        return next.Location().StartsWith("/sign-in", StringComparison.Ordinal) ? next : await browser.FollowAsync(next.Location());
    }
}
