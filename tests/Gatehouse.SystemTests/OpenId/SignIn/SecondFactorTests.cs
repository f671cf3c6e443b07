using System.Net;
using Gatehouse.SystemTests.Harness;

namespace Gatehouse.SystemTests.OpenId.SignIn;

/// <summary>Applications learn how their users signed in, and may wish for a second factor.</summary>
public sealed class SecondFactorTests(RunningApp running)
{
    private const string Second = "/sign-in/second-factor";

    private readonly TestApp app = running.App;

    [Fact]
    public async Task Who_has_a_second_factor_shows_it_where_the_application_wishes_and_the_tokens_say_so()
    {
        var user = await app.Users.SomebodyAsync();
        var shop = await app.ApplicationAsync(await app.TenantAdministratorAsync());
        using var browser = await app.BrowserAsync(user);
        var plain = (await app.TokensAsync(browser, shop)).IdClaims;
        Assert.Equal("aal1", plain.GetProperty("acr").GetString());
        Assert.Equal(["pwd"], plain.GetProperty("amr").EnumerateArray().Select(one => one.GetString()));

        // There is nothing more to show yet: the wish stays one.
        Assert.Equal("aal1", (await app.TokensAsync(browser, shop, Wish)).IdClaims.GetProperty("acr").GetString());
        var (authenticator, _) = await app.Users.AddTotpAsync(user.Tokens);
        Assert.Equal("login_required", (await browser.GetAsync(shop.Request(Wish, ("prompt", "none")))).Sent()["error"]);

        var strong = await ProveAsync(browser, shop, authenticator.Code(), Wish);

        Assert.Equal("aal2", strong.IdClaims.GetProperty("acr").GetString());
        Assert.Equal(["mfa", "otp", "pwd"], strong.IdClaims.GetProperty("amr").EnumerateArray().Select(one => one.GetString()));
        Assert.True(
            strong.IdClaims.GetProperty("auth_time").GetInt64() >= plain.GetProperty("auth_time").GetInt64(),
            "the proof is the newer one"
        );
        // Asked again, nothing more is to be shown.
        Assert.Equal("aal2", (await app.TokensAsync(browser, shop, Wish)).IdClaims.GetProperty("acr").GetString());
    }

    [Fact]
    public async Task Who_has_a_second_factor_proves_by_it_what_an_application_asks_anew()
    {
        var user = await app.Users.SomebodyAsync();
        var shop = await app.ApplicationAsync(await app.TenantAdministratorAsync());
        var (authenticator, codes) = await app.Users.AddTotpAsync(user.Tokens);
        var challenge = await app.Users.ChallengedAsync(user.Email);
        using var browser = new Browser(app);
        var signedIn = await browser.PostAsync(
            $"/v1/challenges/{challenge}",
            new
            {
                factor = "totp",
                code = authenticator.Code(),
                transport = "cookie",
            }
        );
        Assert.Equal(HttpStatusCode.Created, signedIn.Status);

        var tokens = await ProveAsync(browser, shop, codes[0], ("prompt", "login"), factor: "recovery-code");

        Assert.Equal("aal2", tokens.IdClaims.GetProperty("acr").GetString());
    }

    private static (string, string?) Wish => ("acr_values", "aal2");

    private async Task<AppTokens> ProveAsync(
        Browser browser,
        TestApplication shop,
        string code,
        (string, string?) asked,
        string factor = "totp"
    )
    {
        var asking = await browser.GetAsync((await browser.FollowAsync(shop.Request(asked))).Location());
        Assert.Equal(HttpStatusCode.OK, asking.Status);
        Assert.Contains($"action=\"{Second}\"", asking.Text, StringComparison.Ordinal);
        var answered = await browser.SubmitAsync(Second, [KeyValuePair.Create("factor", factor), KeyValuePair.Create("code", code)]);
        Assert.Equal(HttpStatusCode.SeeOther, answered.Status);
        var sent = await browser.FollowAsync(answered.Location());
        return (await app.RedeemAsync(shop, sent.Sent(shop.RedirectUri)["code"])).AppTokens();
    }
}
