using System.Net;
using Gatehouse.SystemTests.Harness;

namespace Gatehouse.SystemTests.OpenId.SignIn;

/// <summary>A user sees which applications have access, and takes it back.</summary>
public sealed class ApplicationsTests(RunningApp running)
{
    private readonly TestApp app = running.App;

    [Fact]
    public async Task An_application_that_loses_its_access_is_signed_out_and_asks_again()
    {
        var user = await app.Users.SomebodyAsync();
        var shop = await app.ApplicationAsync(await app.TenantAdministratorAsync(), new { requireConsent = true });
        using var browser = await app.BrowserAsync(user);
        var page = await browser.FollowAsync(shop.Request());
        var next = await browser.SendFormAsync(page, Applications.ContinuePath, ("act", "continue"));
        var tokens = (await app.RedeemAsync(shop, (await browser.FollowAsync(next.Location())).Sent()["code"])).AppTokens();

        var list = (await app.Users.SendAsync(HttpMethod.Get, "/v1/me/applications", user.Tokens)).Body.GetProperty("items");
        var one = Assert.Single(list.EnumerateArray());
        Assert.Equal((shop.Id, "Shop"), (one.GetProperty("id").GetGuid(), one.GetProperty("name").GetString()));
        Assert.Contains("Shop", (await browser.GetAsync("/account/applications")).Text, StringComparison.Ordinal);

        var removed = await browser.FillAsync("/account/applications", "/account/applications");
        Assert.Equal(HttpStatusCode.SeeOther, removed.Status);
        Assert.Contains("Shop has no access any more.", (await browser.GetAsync("/account/applications")).Text, StringComparison.Ordinal);
        Assert.False(await app.IsLiveAsync(tokens));
        Assert.Equal("invalid_grant", (await app.RefreshAsync(shop, tokens.Refresh)).Error());
        Assert.Contains("Allow Shop?", (await browser.FollowAsync(shop.Request())).Text, StringComparison.Ordinal);
        var again = await app.Users.SendAsync(HttpMethod.Delete, $"/v1/me/applications/{shop.Id}", user.Tokens);
        Assert.Equal(HttpStatusCode.NotFound, again.Status);
    }

    [Fact]
    public async Task Nobody_takes_back_what_somebody_else_granted()
    {
        var user = await app.Users.SomebodyAsync();
        var shop = await app.ApplicationAsync(await app.TenantAdministratorAsync());
        using var browser = await app.BrowserAsync(user);
        var tokens = await app.TokensAsync(browser, shop);

        var other = await app.Users.SomebodyAsync();
        var answer = await app.Users.SendAsync(HttpMethod.Delete, $"/v1/me/applications/{shop.Id}", other.Tokens);
        Assert.Equal(HttpStatusCode.NotFound, answer.Status);
        Assert.True(await app.IsLiveAsync(tokens));
    }

    [Fact]
    public async Task An_application_is_created_and_changed_with_what_it_must_have()
    {
        var administrator = await app.TenantAdministratorAsync();
        foreach (
            var (signIn, field, code) in new (object, string, string)[]
            {
                (new { }, "signIn.redirectUris", "request.required"),
                (new { redirectUris = Applications.List("http://shop.example.com/") }, "signIn.redirectUris", "openid.address-not-allowed"),
                (
                    new { redirectUris = Applications.List(TestApplication.Redirect), scopes = Applications.List("profile") },
                    "signIn.scopes",
                    "openid.sign-in-scope"
                ),
                (
                    new { redirectUris = Applications.List(TestApplication.Redirect), scopes = Applications.List("openid", "users:read") },
                    "signIn.scopes",
                    "openid.sign-in-scope"
                ),
                (
                    new
                    {
                        redirectUris = Applications.List(TestApplication.Redirect),
                        @public = true,
                        requirePkce = false,
                    },
                    "signIn.requirePkce",
                    "openid.pkce-required"
                ),
                (
                    new { redirectUris = Applications.List(TestApplication.Redirect), idTokenAlgorithm = "HS256" },
                    "signIn.idTokenAlgorithm",
                    "request.unknown-value"
                ),
            }
        )
        {
            var answer = await app.CallAsync(HttpMethod.Post, "/v1/clients", administrator, new { name = "Shop", signIn });
            Assert.Equal(HttpStatusCode.BadRequest, answer.Status);
            Assert.Contains(
                answer.Body.GetProperty("errors").EnumerateArray(),
                error => error.GetProperty("field").GetString() == field && error.GetProperty("code").GetString() == code
            );
        }

        var shop = await app.ApplicationAsync(administrator);
        var made = await app.CallAsync(
            HttpMethod.Patch,
            $"/v1/clients/{shop.Id}",
            administrator,
            new { signIn = new { redirectUris = Applications.List("https://other.example.com/"), @public = true } }
        );
        Assert.Contains("openid.public-client", made.Text, StringComparison.Ordinal);
        var changed = await app.CallAsync(
            HttpMethod.Patch,
            $"/v1/clients/{shop.Id}",
            administrator,
            new { signIn = new { redirectUris = Applications.List("https://other.example.com/") } }
        );
        Assert.Equal("https://other.example.com/", changed.Body.GetProperty("signIn").GetProperty("redirectUris")[0].GetString());
        using var browser = await app.BrowserAsync(await app.Users.SomebodyAsync());
        Assert.Equal(HttpStatusCode.BadRequest, (await browser.GetAsync(shop.Request())).Status);
    }
}
