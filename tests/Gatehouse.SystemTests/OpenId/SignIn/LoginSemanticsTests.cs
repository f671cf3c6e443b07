using System.Net;
using Gatehouse.SystemTests.Harness;

namespace Gatehouse.SystemTests.OpenId.SignIn;

/// <summary>Prompt, max_age and hints: when a user signs in again, and when nobody is asked.</summary>
[Collection<MovedTime>]
public sealed class LoginSemanticsTests(RunningApp running) : IAsyncLifetime
{
    private readonly TestApp app = running.App;
    private SignedIn user = null!;
    private TestApplication shop = null!;
    private Browser browser = null!;

    public async ValueTask InitializeAsync()
    {
        user = await app.Users.SomebodyAsync();
        shop = await app.ApplicationAsync(await app.TenantAdministratorAsync());
        browser = await app.BrowserAsync(user);
    }

    public ValueTask DisposeAsync()
    {
        browser.Dispose();
        return default;
    }

    [Fact]
    public async Task Nobody_is_asked_where_the_application_says_so()
    {
        using var stranger = new Browser(app);
        Assert.Equal("login_required", (await stranger.GetAsync(shop.Request(("prompt", "none")))).Sent()["error"]);
        var first = await app.TokensAsync(browser, shop);
        var answer = await browser.GetAsync(shop.Request(("prompt", "none")));
        var again = (await app.RedeemAsync(shop, answer.Sent()["code"])).AppTokens();
        Assert.Equal(AuthTime(first), AuthTime(again));
    }

    [Fact]
    public async Task A_user_proves_again_who_they_are_where_the_application_asks()
    {
        var before = AuthTime(await app.TokensAsync(browser, shop));
        app.Clock.Advance(TimeSpan.FromSeconds(2));

        var page = await browser.FollowAsync(shop.Request(("prompt", "login")));
        Assert.Contains("Continue to Shop", page.Text, StringComparison.Ordinal);
        var wrong = await browser.SendFormAsync(page, Applications.ContinuePath, ("act", "continue"), ("password", "a wrong password"));
        Assert.Equal(HttpStatusCode.BadRequest, wrong.Status);
        var next = await browser.SendFormAsync(page, Applications.ContinuePath, ("act", "continue"), ("password", TestUsers.Password));
        var answer = await browser.FollowAsync(next.Location());
        var after = AuthTime((await app.RedeemAsync(shop, answer.Sent()["code"])).AppTokens());
        Assert.True(after > before, $"{before} {after}");
    }

    [Fact]
    public async Task An_old_sign_in_is_renewed_and_a_young_one_is_not()
    {
        app.Clock.Advance(TimeSpan.FromSeconds(3));
        var before = AuthTime(await app.TokensAsync(browser, shop, ("max_age", "10000")));
        var silent = await browser.GetAsync(shop.Request(("max_age", "1"), ("prompt", "none")));
        Assert.Equal("login_required", silent.Sent()["error"]);
        foreach (var age in new[] { "1", "0" })
        {
            var page = await browser.FollowAsync(shop.Request(("max_age", age)));
            var next = await browser.SendFormAsync(page, Applications.ContinuePath, ("act", "continue"), ("password", TestUsers.Password));
            // And nobody is sent around in circles.
            var code = (await browser.FollowAsync(next.Location())).Sent()["code"];
            var after = AuthTime((await app.RedeemAsync(shop, code)).AppTokens());
            Assert.True(after > before, $"{before} {after}");
            before = after;
            app.Clock.Advance(TimeSpan.FromSeconds(2));
        }
    }

    [Fact]
    public async Task A_fresh_sign_in_satisfies_the_request_that_led_to_it()
    {
        using var stranger = new Browser(app);
        var answer = await stranger.GetAsync(shop.Request(("prompt", "login"), ("max_age", "0")));
        var done = await stranger.SendFormAsync(
            await stranger.GetAsync(answer.Location()),
            "/sign-in",
            ("identifier", user.Email),
            ("password", TestUsers.Password)
        );
        Assert.Contains("code", (await stranger.FollowAsync(done.Location())).Sent().Keys);
    }

    [Fact]
    public async Task A_hint_is_about_its_own_user_and_its_own_application()
    {
        var hint = (await app.TokensAsync(browser, shop)).IdToken;
        Assert.Contains("code", (await browser.GetAsync(shop.Request(("id_token_hint", hint), ("prompt", "none")))).Sent().Keys);

        using var others = await app.BrowserAsync(await app.Users.SomebodyAsync());
        var silent = await others.GetAsync(shop.Request(("id_token_hint", hint), ("prompt", "none")));
        Assert.Equal("login_required", silent.Sent()["error"]);
        var asked = await others.FollowAsync(shop.Request(("id_token_hint", hint)));
        Assert.Contains("Use another account", asked.Text, StringComparison.Ordinal);
        var other = await app.ApplicationAsync(await app.TenantAdministratorAsync());
        var foreign = await browser.GetAsync(other.Request(("id_token_hint", hint)));
        Assert.Equal("invalid_request", foreign.Sent()["error"]);
    }

    [Fact]
    public async Task A_hint_stays_good_when_its_time_is_over()
    {
        var tokens = await app.TokensAsync(browser, shop);
        app.Clock.Advance(TimeSpan.FromMinutes(11));

        Assert.False(await app.IsLiveAsync(tokens));
        using var fresh = await app.BrowserAsync(user);
        var hint = ("id_token_hint", (string?)tokens.IdToken);
        Assert.Contains("code", (await fresh.GetAsync(shop.Request(hint, ("prompt", "none")))).Sent().Keys);
        var signedOut = await fresh.GetAsync(
            Applications.LogoutPath
                + "?"
                + Applications.Encode([
                    ("id_token_hint", tokens.IdToken),
                    ("post_logout_redirect_uri", TestApplication.PostLogout),
                    ("state", "s"),
                ])
        );
        Assert.Equal("s", signedOut.Sent(TestApplication.PostLogout)["state"]);
        Assert.Equal("login_required", (await fresh.GetAsync(shop.Request(("prompt", "none")))).Sent()["error"]);
    }

    [Fact]
    public async Task A_class_of_sign_in_that_is_none_of_ours_is_never_claimed()
    {
        foreach (
            var asked in new (string, string?)[]
            {
                ("acr_values", "urn:example:gold 3"),
                ("claims", """{"id_token":{"acr":{"essential":true,"values":["urn:example:gold"]}}}"""),
            }
        )
            Assert.Equal("aal1", (await app.TokensAsync(browser, shop, asked)).IdClaims.GetProperty("acr").GetString());
    }

    [Fact]
    public async Task A_code_is_no_better_half_a_minute_later()
    {
        var code = await browser.CodeAsync(shop);
        var tokens = (await app.RedeemAsync(shop, code)).AppTokens();
        app.Clock.Advance(TimeSpan.FromSeconds(31));

        var again = await app.RedeemAsync(shop, code);
        Assert.Equal((HttpStatusCode.BadRequest, "invalid_grant"), (again.Status, again.Error()));
        Assert.False(await app.IsLiveAsync(tokens));
        Assert.Equal("invalid_grant", (await app.RefreshAsync(shop, tokens.Refresh)).Error());
        var asked = await app.OAuthAsync(ClientCalls.IntrospectionPath, shop, [("token", tokens.Access)]);
        Assert.Equal("{\"active\":false}", asked.Text);
    }

    [Fact]
    public async Task The_user_may_choose_the_account()
    {
        var page = await browser.FollowAsync(shop.Request(("prompt", "select_account")));
        Assert.Contains("Continue to Shop", page.Text, StringComparison.Ordinal);
        var next = await browser.SendFormAsync(page, Applications.ContinuePath, ("act", "continue"));
        Assert.Contains("code", (await browser.FollowAsync(next.Location())).Sent().Keys);
        var silent = await browser.GetAsync(shop.Request(("prompt", "none select_account")));
        Assert.Equal("invalid_request", silent.Sent()["error"]);
    }

    [Fact]
    public async Task The_hint_of_a_name_reveals_nothing()
    {
        using var stranger = new Browser(app);
        var known = await SignInPageAsync(stranger, user.Email);
        var unknown = await SignInPageAsync(stranger, "nobody@example.com");
        Assert.Equal(
            known.Replace(user.Email, "", StringComparison.Ordinal),
            unknown.Replace("nobody@example.com", "", StringComparison.Ordinal)
        );
    }

    [Fact]
    public async Task A_code_and_a_request_expire()
    {
        var code = await browser.CodeAsync(shop);
        using var stranger = new Browser(app);
        var waiting = (await stranger.GetAsync(shop.Request())).Location();
        app.Clock.Advance(TimeSpan.FromSeconds(61));
        Assert.Equal("invalid_grant", (await app.RedeemAsync(shop, code)).Error());
        app.Clock.Advance(TimeSpan.FromHours(1));
        var path = System.Web.HttpUtility.ParseQueryString(waiting.Split('?', 2)[1])["returnUrl"]!;
        Assert.Equal(HttpStatusCode.BadRequest, (await stranger.GetAsync(path)).Status);
    }

    private async Task<string> SignInPageAsync(Browser stranger, string hint)
    {
        var answer = await stranger.GetAsync(shop.Request(("login_hint", hint)));
        var page = await stranger.GetAsync(answer.Location());
        var text = System.Text.RegularExpressions.Regex.Replace(page.Text, "name=\"form-token\" value=\"[^\"]+\"", "");
        text = System.Text.RegularExpressions.Regex.Replace(text, "name=\"form-id\" value=\"[^\"]+\"", "");
        return System.Text.RegularExpressions.Regex.Replace(text, "3A[A-Za-z0-9_-]{43}", "");
    }

    private static long AuthTime(AppTokens tokens) => tokens.IdClaims.GetProperty("auth_time").GetInt64();
}
