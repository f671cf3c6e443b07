using System.Net;
using Gatehouse.SystemTests.Harness;

namespace Gatehouse.SystemTests.OpenId.SignIn;

/// <summary>A user signs in to an application by OpenID Connect, from the application's request to its tokens.</summary>
public sealed class SignInFlowTests(RunningApp running) : IAsyncLifetime
{
    private readonly TestApp app = running.App;
    private SignedIn user = null!;
    private TestApplication shop = null!;

    public async ValueTask InitializeAsync()
    {
        user = await app.Users.SomebodyAsync();
        shop = await app.ApplicationAsync(await app.TenantAdministratorAsync());
    }

    public ValueTask DisposeAsync() => default;

    [Fact]
    public async Task Who_is_signed_in_goes_straight_back_with_a_code_that_gives_tokens()
    {
        using var browser = await app.BrowserAsync(user);

        var answer = await browser.GetAsync(shop.Request());
        Assert.True((int)answer.Status is 302 or 303, $"{answer.Status} {answer.Text}");
        var sent = answer.Sent();
        Assert.Equal(("state-1", "http://localhost:8080"), (sent["state"], sent["iss"]));
        Assert.Equal(["code", "from", "iss", "state"], sent.Keys.Order(StringComparer.Ordinal));
        Assert.Equal("no-store", answer.Header("Cache-Control"));

        var tokens = (await app.RedeemAsync(shop, sent["code"])).AppTokens();
        Assert.Equal("Bearer", tokens.Body.GetProperty("token_type").GetString());
        Assert.Equal(600, tokens.Body.GetProperty("expires_in").GetInt32());
        Assert.Equal("openid profile email", tokens.Body.GetProperty("scope").GetString());
        Assert.Equal("RS256", tokens.IdHeader.GetProperty("alg").GetString());
        var claims = tokens.IdClaims;
        Assert.Equal(user.UserId, claims.GetProperty("sub").GetGuid());
        Assert.Equal((shop.ClientId, "nonce-1"), (claims.GetProperty("aud").GetString(), claims.GetProperty("nonce").GetString()));
        Assert.Equal("http://localhost:8080", claims.GetProperty("iss").GetString());
        var info = (await app.UserInfoAsync(tokens.Access)).Body;
        Assert.Equal(user.UserId, info.GetProperty("sub").GetGuid());
        Assert.Equal(user.Email, info.GetProperty("email").GetString());
        Assert.True(info.GetProperty("email_verified").GetBoolean());

        var next = (await app.RefreshAsync(shop, tokens.Refresh)).AppTokens();
        Assert.NotEqual(tokens.Refresh, next.Refresh);
        Assert.Equal(claims.GetProperty("auth_time").GetInt64(), next.IdClaims.GetProperty("auth_time").GetInt64());
        Assert.False(next.IdClaims.TryGetProperty("nonce", out _));
    }

    [Fact]
    public async Task Who_is_not_signed_in_signs_in_on_our_page_and_goes_on_from_there()
    {
        using var browser = new Browser(app);

        var answer = await browser.GetAsync(shop.Request(("login_hint", user.Email)));
        Assert.StartsWith("/sign-in?returnUrl=", answer.Location(), StringComparison.Ordinal);
        var page = await browser.GetAsync(answer.Location());
        Assert.Contains("Shop", page.Text, StringComparison.Ordinal);
        Assert.Contains($"value=\"{user.Email}\"", page.Text, StringComparison.Ordinal);
        Assert.Contains("form-action 'self' https://shop.example.com;", page.Header("Content-Security-Policy"), StringComparison.Ordinal);
        var done = await browser.SendFormAsync(page, "/sign-in", ("identifier", user.Email), ("password", TestUsers.Password));
        Assert.Equal(HttpStatusCode.SeeOther, done.Status);

        var sent = (await browser.FollowAsync(done.Location())).Sent();
        Assert.Equal("state-1", sent["state"]);
        Assert.Equal(user.UserId, (await app.RedeemAsync(shop, sent["code"])).AppTokens().IdClaims.GetProperty("sub").GetGuid());
    }
}
