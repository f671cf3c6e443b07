using System.Net;
using System.Text.Json;
using Gatehouse.SystemTests.Harness;
using Gatehouse.SystemTests.Identity.Credentials;

namespace Gatehouse.SystemTests.OpenId.SignIn;

/// <summary>What tokens say after a refresh, a change of the user and the end of what they hang on.</summary>
[Collection<MovedTime>]
public sealed class LaterTokensTests(RunningApp running) : IAsyncLifetime
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
    public async Task A_refreshed_ID_token_is_of_the_same_sign_in()
    {
        var first = await app.TokensAsync(browser, shop, ("resource", "http://localhost:8080"));
        app.Clock.Advance(TimeSpan.FromSeconds(5));
        var next = (await app.RefreshAsync(shop, first.Refresh)).AppTokens();

        foreach (var same in new[] { "iss", "sub", "aud", "auth_time", "sid" })
            Assert.Equal(first.IdClaims.GetProperty(same).GetRawText(), next.IdClaims.GetProperty(same).GetRawText());
        Assert.Equal(JsonValueKind.String, next.IdClaims.GetProperty("aud").ValueKind);
        Assert.True(next.IdClaims.GetProperty("iat").GetInt64() > first.IdClaims.GetProperty("iat").GetInt64());
        Assert.Equal("nonce-1", first.IdClaims.GetProperty("nonce").GetString());
        foreach (var absent in new[] { "nonce", "azp" })
            Assert.False(next.IdClaims.TryGetProperty(absent, out _), absent);
        foreach (var tokens in new[] { first, next })
            Assert.Equal("http://localhost:8080", tokens.AccessClaims.GetProperty("aud").GetString());
    }

    [Fact]
    public async Task Nothing_in_a_token_is_empty()
    {
        var tokens = await app.TokensAsync(browser, shop, ("scope", "openid profile email groups"));
        var info = (await app.UserInfoAsync(tokens.Access)).Body;
        foreach (var claim in new[] { tokens.IdClaims, tokens.AccessClaims, info }.SelectMany(claims => claims.EnumerateObject()))
            Assert.False(claim.Value.ValueKind == JsonValueKind.Null || claim.Value.GetRawText() is "\"\"" or "{}", claim.Name);
        Assert.Equal(JsonValueKind.True, info.GetProperty("email_verified").ValueKind);
        Assert.Equal(JsonValueKind.Array, info.GetProperty("groups").ValueKind);
    }

    [Fact]
    public async Task Another_name_is_no_other_user()
    {
        var before = await app.TokensAsync(browser, shop);
        var renamed = await app.PatchAsync("/v1/me", new { name = "Augusta" }, user);
        Assert.True(renamed.Status == HttpStatusCode.OK, renamed.Text);

        var after = (await app.RefreshAsync(shop, before.Refresh)).AppTokens();
        var info = (await app.UserInfoAsync(after.Access)).Body;
        Assert.Equal("Augusta", info.GetProperty("name").GetString());
        foreach (var subject in new[] { before.IdClaims, before.AccessClaims, after.IdClaims, after.AccessClaims, info })
            Assert.Equal(user.UserId, subject.GetProperty("sub").GetGuid());
    }

    [Fact]
    public async Task Another_address_is_no_other_user()
    {
        var before = await app.TokensAsync(browser, shop);
        var email = TestUsers.NewEmail();
        await app.ChangedEmailAsync(user, user.Email, email);

        var after = (await app.RefreshAsync(shop, before.Refresh)).AppTokens();
        var info = (await app.UserInfoAsync(after.Access)).Body;
        Assert.Equal(email, info.GetProperty("email").GetString());
        foreach (var subject in new[] { before.IdClaims, after.IdClaims, after.AccessClaims, info })
            Assert.Equal(user.UserId, subject.GetProperty("sub").GetGuid());
    }

    [Fact]
    public async Task Another_password_ends_what_applications_hold()
    {
        var tokens = await app.TokensAsync(browser, shop);
        var offline = await app.TokensAsync(browser, shop, ("scope", "openid offline_access"));
        var (id, letter) = await app.ResetMailAsync(user.Email, user.Email);
        Assert.Equal(HttpStatusCode.NoContent, (await app.Users.ResetByLinkAsync(id, letter.LinkToken)).Status);

        foreach (var ended in new[] { tokens, offline })
        {
            Assert.Equal("invalid_grant", (await app.RefreshAsync(shop, ended.Refresh)).Error());
            Assert.False(await app.IsLiveAsync(ended));
        }
    }

    [Fact]
    public async Task A_pushed_request_waits_for_minutes_and_for_its_user_longer()
    {
        var (late, patient) = (await PushAsync(), await PushAsync());
        using var stranger = new Browser(app);
        var signIn = await stranger.GetAsync(patient);
        app.Clock.Advance(TimeSpan.FromMinutes(5) + TimeSpan.FromSeconds(1));
        Assert.Equal((HttpStatusCode.BadRequest, ""), Place(await browser.GetAsync(late)));

        // The user takes ten minutes, and loads the page again.
        app.Clock.Advance(TimeSpan.FromMinutes(5));
        Assert.StartsWith("/sign-in", (await stranger.GetAsync(patient)).Location(), StringComparison.Ordinal);
        var done = await stranger.SendFormAsync(
            await stranger.GetAsync(signIn.Location()),
            "/sign-in",
            ("identifier", user.Email),
            ("password", TestUsers.Password)
        );
        Assert.Contains("code", (await stranger.FollowAsync(done.Location())).Sent().Keys);
        Assert.Equal((HttpStatusCode.BadRequest, ""), Place(await stranger.GetAsync(patient)));
    }

    [Fact]
    public async Task What_is_pushed_means_what_it_means_in_an_address()
    {
        app.Clock.Advance(TimeSpan.FromSeconds(3));
        var sent = (await browser.FollowAsync(await PushAsync(("state", "other"), ("nonce", "n-2"), ("scope", "openid email")))).Sent();
        var tokens = (await app.RedeemAsync(shop, sent["code"])).AppTokens();
        Assert.Equal(("other", "n-2", "openid email"), (sent["state"], Nonce(tokens), tokens.Body.GetProperty("scope").GetString()));
        Assert.Contains(
            "#",
            (await browser.FollowAsync(await PushAsync(("response_mode", "fragment")))).Location(),
            StringComparison.Ordinal
        );
        foreach (
            var ask in new (string, string)[] { ("max_age", "1"), ("max_age", "0"), ("prompt", "login"), ("prompt", "select_account") }
        )
            Assert.Contains("Continue to Shop", (await browser.FollowAsync(await PushAsync(ask))).Text, StringComparison.Ordinal);
        foreach (
            var silent in new[]
            {
                new[] { ("max_age", "10000") },
                [("id_token_hint", tokens.IdToken), ("prompt", "none")],
                [("resource", "http://localhost:8080"), ("display", "popup")],
                [("acr_values", "1 2"), ("claims", "{}"), ("claims_locales", "se")],
            }
        )
            Assert.Contains("code", (await browser.FollowAsync(await PushAsync(silent))).Sent().Keys);

        using var stranger = new Browser(app);
        var none = await stranger.FollowAsync(await PushAsync(("prompt", "none")));
        Assert.Equal("login_required", none.Sent()["error"]);
        var hinted = await stranger.FollowAsync(await PushAsync(("login_hint", user.Email), ("ui_locales", "es")));
        var page = await stranger.GetAsync(hinted.Location());
        Assert.Contains($"value=\"{user.Email}\"", page.Text, StringComparison.Ordinal);
        Assert.Contains("lang=\"es\"", page.Text, StringComparison.Ordinal);
        // Its challenge is the one that counts.
        var bound = (await browser.FollowAsync(await PushAsync())).Sent()["code"];
        Assert.Equal("invalid_grant", (await app.RedeemAsync(shop, bound, ("code_verifier", new string('x', 50)))).Error());
    }

    private async Task<string> PushAsync(params (string Name, string Value)[] more)
    {
        var query = System.Web.HttpUtility.ParseQueryString(
            shop.Request([.. more.Select(m => (m.Name, (string?)m.Value))]).Split('?', 2)[1]
        );
        var answer = await app.OAuthAsync(
            Applications.PushPath,
            shop,
            [.. query.AllKeys.Where(key => key != "client_id").Select(key => (key!, query[key]!))]
        );
        Assert.True(answer.Status == HttpStatusCode.Created, answer.Text);
        var uri = answer.Body.GetProperty("request_uri").GetString()!;
        return Applications.AuthorizePath + "?" + Applications.Encode([("client_id", shop.ClientId), ("request_uri", uri)]);
    }

    private static (HttpStatusCode, string) Place(Answer answer) => (answer.Status, answer.Location());

    private static string? Nonce(AppTokens tokens) => tokens.IdClaims.GetProperty("nonce").GetString();
}
