using System.Net;
using Gatehouse.SystemTests.Harness;

namespace Gatehouse.SystemTests.OpenId.SignIn;

/// <summary>Access tokens for services that a client names (RFC 8707).</summary>
public sealed class ResourceTests(RunningApp running) : IAsyncLifetime
{
    private const string Own = "http://localhost:8080";
    private const string Orders = "https://orders.example.com/";
    private const string Stock = "urn:example:stock";

    private static readonly string[] Both = [Orders, Stock];
    private static readonly string[] OnlyStock = [Stock];

    private readonly TestApp app = running.App;
    private SignedIn administrator = null!;
    private SignedIn user = null!;
    private TestApplication shop = null!;
    private Browser browser = null!;

    public async ValueTask InitializeAsync()
    {
        administrator = await app.TenantAdministratorAsync();
        user = await app.Users.SomebodyAsync();
        shop = await app.ApplicationAsync(administrator, new { scopes = Applications.List("openid", "email", "offline_access") });
        await AllowAsync(Both);
        browser = await app.BrowserAsync(user);
    }

    public ValueTask DisposeAsync()
    {
        browser.Dispose();
        return default;
    }

    [Fact]
    public async Task The_resource_stays_in_aud_at_refresh_and_no_other_one_is_got()
    {
        var first = await app.TokensAsync(browser, shop, ("resource", Orders));
        Assert.Equal($"\"{Orders}\"", Audience(first));
        // The ID token is for the client, as ever.
        Assert.Equal(shop.ClientId, first.IdClaims.GetProperty("aud").GetString());

        var next = (await app.RefreshAsync(shop, first.Refresh)).AppTokens();
        Assert.Equal($"\"{Orders}\"", Audience(next));
        foreach (var other in new[] { Stock, "https://orders.example.com", "https://elsewhere.example.com/", "x" })
            Assert.Equal("invalid_target", (await app.RefreshAsync(shop, next.Refresh, ("resource", other))).Error());
        // Trying used nothing up, and tokens for Gatehouse itself may always be asked for.
        var own = (await app.RefreshAsync(shop, next.Refresh, ("resource", Own))).AppTokens();
        Assert.Equal($"\"{Own}\"", Audience(own));
        Assert.Equal(HttpStatusCode.OK, (await app.UserInfoAsync(own.Access)).Status);
    }

    [Fact]
    public async Task A_token_for_others_is_none_here_but_those_who_ask_about_it_are_told()
    {
        var tokens = await app.TokensAsync(browser, shop, ("resource", Orders));

        Assert.Equal(HttpStatusCode.Unauthorized, (await app.UserInfoAsync(tokens.Access)).Status);
        Assert.Equal(HttpStatusCode.Unauthorized, (await app.AsClientAsync(tokens.Access, HttpMethod.Get, "/v1/me")).Status);
        var asked = await app.OAuthAsync(ClientCalls.IntrospectionPath, shop, [("token", tokens.Access)]);
        Assert.True(asked.Body.GetProperty("active").GetBoolean(), asked.Text);
        Assert.Equal(Orders, asked.Body.GetProperty("aud").GetString());

        Assert.Equal(HttpStatusCode.OK, (await app.OAuthAsync(ClientCalls.RevocationPath, shop, [("token", tokens.Access)])).Status);
        Assert.Equal("invalid_grant", (await app.RefreshAsync(shop, tokens.Refresh)).Error());
    }

    [Fact]
    public async Task Several_are_named_at_once_and_each_token_may_be_for_one_of_them()
    {
        var request = shop.Request(("resource", Orders)) + "&resource=" + Uri.EscapeDataString(Stock);
        var code = (await browser.FollowAsync(request)).Sent()["code"];
        var first = (await app.RedeemAsync(shop, code)).AppTokens();
        Assert.Equal($"[\"{Orders}\",\"{Stock}\"]", Audience(first));
        Assert.Equal(HttpStatusCode.Unauthorized, (await app.UserInfoAsync(first.Access)).Status);

        var one = (await app.RefreshAsync(shop, first.Refresh, ("resource", Stock))).AppTokens();
        Assert.Equal($"\"{Stock}\"", Audience(one));
        Assert.Equal($"[\"{Orders}\",\"{Stock}\"]", Audience((await app.RefreshAsync(shop, one.Refresh)).AppTokens()));
    }

    [Fact]
    public async Task Where_the_request_named_none_the_code_may_be_redeemed_for_one()
    {
        var code = await browser.CodeAsync(shop);
        Assert.Equal("invalid_target", (await app.RedeemAsync(shop, code, ("resource", "https://elsewhere.example.com/"))).Error());
        Assert.Equal($"\"{Stock}\"", Audience((await app.RedeemAsync(shop, code, ("resource", Stock))).AppTokens()));
        Assert.Equal($"\"{Own}\"", Audience(await app.TokensAsync(browser, shop)));
    }

    [Theory]
    [InlineData("https://elsewhere.example.com/")]
    [InlineData("https://orders.example.com")]
    [InlineData("HTTPS://ORDERS.EXAMPLE.COM/")]
    [InlineData("https://orders.example.com/#x")]
    [InlineData("orders")]
    public async Task One_that_the_client_may_not_have_is_rejected_to_the_client(string resource)
    {
        var sent = (await browser.GetAsync(shop.Request(("resource", resource)))).Sent();
        Assert.Equal(("invalid_target", "state-1"), (sent["error"], sent["state"]));
        var pushed = await app.OAuthAsync(
            "/oauth2/par",
            shop,
            [
                ("response_type", "code"),
                ("redirect_uri", TestApplication.Redirect),
                ("scope", "openid"),
                ("code_challenge", Applications.Challenge),
                ("code_challenge_method", "S256"),
                ("resource", resource),
            ]
        );
        Assert.Equal("invalid_target", pushed.Error());
    }

    [Fact]
    public async Task What_the_client_may_have_no_more_it_gets_no_more()
    {
        var tokens = await app.TokensAsync(browser, shop, ("resource", Orders));
        await AllowAsync(OnlyStock);

        Assert.Equal("invalid_target", (await app.RefreshAsync(shop, tokens.Refresh)).Error());
        Assert.Equal("invalid_target", (await browser.GetAsync(shop.Request(("resource", Orders)))).Sent()["error"]);
        await AllowAsync(Both);
        Assert.Equal($"\"{Orders}\"", Audience((await app.RefreshAsync(shop, tokens.Refresh)).AppTokens()));
    }

    [Fact]
    public async Task A_service_account_gets_tokens_for_its_services()
    {
        var account = await app.ClientAsync(administrator, "users:read");
        Assert.Equal("invalid_target", (await AskAsync(Orders)).Error());
        await app.AssertDoneAsync(HttpMethod.Patch, account.Path, administrator, new { resources = Both });

        var token = (await AskAsync(Orders)).Body.GetProperty("access_token").GetString()!;
        Assert.Equal(Orders, AppTokens.Part(token, 1).GetProperty("aud").GetString());
        Assert.Equal(HttpStatusCode.Unauthorized, (await app.AsClientAsync(token, HttpMethod.Get, "/v1/users")).Status);
        var own = (await AskAsync(Own)).Body.GetProperty("access_token").GetString()!;
        Assert.Equal(HttpStatusCode.OK, (await app.AsClientAsync(own, HttpMethod.Get, "/v1/users")).Status);

        Task<Answer> AskAsync(string resource) =>
            app.PostAsync(ClientCalls.TokenPath, account, ("grant_type", "client_credentials"), ("resource", resource));
    }

    [Fact]
    public async Task Resources_are_absolute_addresses_without_fragments_and_few()
    {
        foreach (
            var bad in new[]
            {
                "orders",
                "/orders",
                "https://orders.example.com/#x",
                "https://a@orders.example.com/",
                "https://ö.example/",
                "",
            }
        )
            Assert.Equal(["resources: openid.resource-unusable"], (await ChangeAsync(bad)).Errors);
        var many = Enumerable.Range(0, 11).Select(n => $"https://{n}.example.com/").ToArray();
        Assert.Equal(["resources: request.too-long"], (await ChangeAsync(many)).Errors);
        Assert.Equal(["resources: request.too-long"], (await ChangeAsync("https://orders.example.com/" + new string('x', 1000))).Errors);
        var changed = await ChangeAsync(Orders, Orders, Stock);
        Assert.Equal(Both, changed.Body.GetProperty("resources").EnumerateArray().Select(one => one.GetString()));

        Task<Answer> ChangeAsync(params string[] resources) =>
            app.CallAsync(HttpMethod.Patch, $"/v1/clients/{shop.Id}", administrator, new { resources });
    }

    private static string Audience(AppTokens tokens) => tokens.AccessClaims.GetProperty("aud").GetRawText();

    private Task AllowAsync(IReadOnlyList<string> resources) =>
        app.AssertDoneAsync(HttpMethod.Patch, $"/v1/clients/{shop.Id}", administrator, new { resources });
}
