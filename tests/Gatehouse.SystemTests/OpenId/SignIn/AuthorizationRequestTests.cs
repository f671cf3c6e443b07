using System.Net;
using Gatehouse.SystemTests.Harness;

namespace Gatehouse.SystemTests.OpenId.SignIn;

/// <summary>Authorization requests, good and bad: what is not certain ends on our page, everything else goes back to the
/// application.</summary>
public sealed class AuthorizationRequestTests(RunningApp running) : IAsyncLifetime
{
    private readonly TestApp app = running.App;
    private SignedIn user = null!;
    private SignedIn administrator = null!;
    private TestApplication shop = null!;
    private Browser browser = null!;

    public async ValueTask InitializeAsync()
    {
        user = await app.Users.SomebodyAsync();
        administrator = await app.TenantAdministratorAsync();
        shop = await app.ApplicationAsync(administrator);
        browser = await app.BrowserAsync(user);
    }

    public ValueTask DisposeAsync()
    {
        browser.Dispose();
        return default;
    }

    [Theory]
    [InlineData(null)]
    [InlineData("https://shop.example.com/signed-in")]
    [InlineData("https://shop.example.com/signed-in?from=gatehouse&more=1")]
    [InlineData("https://shop.example.com/Signed-in?from=gatehouse")]
    [InlineData("https://shop.example.com:443/signed-in?from=gatehouse")]
    [InlineData("https://shop.example.com/signed-in?from=gatehouse#there")]
    [InlineData("https://somebody@shop.example.com/signed-in?from=gatehouse")]
    [InlineData("https://shop.example.com.evil.example.org/signed-in?from=gatehouse")]
    [InlineData("http://shop.example.com/signed-in?from=gatehouse")]
    [InlineData("javascript:alert(1)")]
    [InlineData("/signed-in")]
    public async Task An_address_that_is_not_registered_ends_on_our_page(string? address)
    {
        var answer = await browser.GetAsync(shop.Request(("redirect_uri", address)));

        Assert.Equal(HttpStatusCode.BadRequest, answer.Status);
        Assert.Equal("", answer.Location());
        Assert.Contains("This sign-in does not work", answer.Text, StringComparison.Ordinal);
        Assert.DoesNotContain("evil", answer.Text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_client_that_is_unknown_disabled_or_signs_nobody_in_ends_on_our_page()
    {
        var machine = await app.ClientAsync(administrator, "users:read");
        foreach (var id in new[] { "nobody", "", machine.ClientId, "a\u0000b" })
            Assert.Equal(HttpStatusCode.BadRequest, (await browser.GetAsync(shop.Request(("client_id", id)))).Status);
        Assert.Equal(HttpStatusCode.BadRequest, (await browser.GetAsync(shop.Request(("client_id", null)))).Status);
        var disabled = await app.CallAsync(HttpMethod.Post, $"/v1/clients/{shop.Id}/disable", administrator, new { });
        Assert.True((int)disabled.Status < 300, disabled.Text);
        Assert.Equal(HttpStatusCode.BadRequest, (await browser.GetAsync(shop.Request())).Status);
    }

    [Theory]
    [InlineData("response_type", null, "invalid_request")]
    [InlineData("response_type", "token", "unsupported_response_type")]
    [InlineData("response_type", "code id_token", "unsupported_response_type")]
    [InlineData("response_mode", "post", "invalid_request")]
    [InlineData("code_challenge", null, "invalid_request")]
    [InlineData("code_challenge_method", "plain", "invalid_request")]
    [InlineData("code_challenge_method", null, "invalid_request")]
    [InlineData("prompt", "none login", "invalid_request")]
    [InlineData("prompt", "maybe", "invalid_request")]
    [InlineData("max_age", "-1", "invalid_request")]
    [InlineData("max_age", "soon", "invalid_request")]
    [InlineData("request", "e30.e30.", "request_not_supported")]
    [InlineData("request_uri", "https://attacker.example.org/request", "request_uri_not_supported")]
    [InlineData("registration", "{}", "registration_not_supported")]
    [InlineData("id_token_hint", "e30.e30.e30", "invalid_request")]
    public async Task Every_other_mistake_goes_back_to_the_application_with_state_and_issuer(string name, string? value, string error)
    {
        var sent = (await browser.FollowAsync(shop.Request((name, value)))).Sent();

        Assert.Equal((error, "state-1", "http://localhost:8080"), (sent["error"], sent["state"], sent["iss"]));
        Assert.DoesNotContain("code", sent.Keys);
        Assert.Matches("^[ -!#-\\[\\]-~]*$", sent.GetValueOrDefault("error_description", ""));
    }

    [Theory]
    [InlineData("state")]
    [InlineData("scope")]
    [InlineData("nonce")]
    [InlineData("code_challenge")]
    [InlineData("code_challenge_method")]
    [InlineData("response_type")]
    [InlineData("response_mode")]
    [InlineData("prompt")]
    [InlineData("max_age")]
    [InlineData("display")]
    [InlineData("ui_locales")]
    [InlineData("id_token_hint")]
    [InlineData("login_hint")]
    [InlineData("acr_values")]
    [InlineData("claims")]
    [InlineData("request")]
    [InlineData("request_uri")]
    [InlineData("registration")]
    public async Task A_parameter_that_stands_twice_is_rejected(string name)
    {
        var sent = (await browser.GetAsync(shop.Request() + $"&{name}=again&{name}=and-again")).Sent();

        Assert.Equal(("invalid_request", "http://localhost:8080"), (sent["error"], sent["iss"]));
        Assert.DoesNotContain("code", sent.Keys);
    }

    [Fact]
    public async Task The_resource_alone_may_stand_twice()
    {
        var twice = shop.Request() + "&resource=http%3A%2F%2Flocalhost%3A8080&resource=http%3A%2F%2Flocalhost%3A8080";
        Assert.Contains("code", (await browser.GetAsync(twice)).Sent().Keys);
    }

    [Fact]
    public async Task Neither_the_order_of_scopes_nor_that_of_parameters_matters()
    {
        var parameters = shop.Request(("scope", "email openid profile")).Split('?', 2)[1].Split('&').Reverse();
        var sent = (await browser.GetAsync(Applications.AuthorizePath + "?" + string.Join('&', parameters))).Sent();

        var tokens = (await app.RedeemAsync(shop, sent["code"])).AppTokens();
        Assert.Equal("state-1", sent["state"]);
        Assert.Equal("nonce-1", tokens.IdClaims.GetProperty("nonce").GetString());
        Assert.Equal("openid profile email", tokens.Body.GetProperty("scope").GetString());
    }

    [Fact]
    public async Task A_request_that_lies_elsewhere_is_not_fetched()
    {
        await using var elsewhere = await LogoutReceiver.StartAsync();
        var sent = (await browser.GetAsync(shop.Request(("request_uri", elsewhere.Url)))).Sent();

        Assert.Equal("request_uri_not_supported", sent["error"]);
        await app.QuietAsync();
        Assert.Empty(elsewhere.Bodies);
    }

    [Fact]
    public async Task A_public_application_cannot_do_without_PKCE()
    {
        var phone = await app.ApplicationAsync(administrator, new { @public = true });
        var sent = (await browser.GetAsync(phone.Request(("code_challenge", null), ("code_challenge_method", null)))).Sent();
        Assert.Equal("invalid_request", sent["error"]);
        foreach (var challenge in new[] { "short", new string('a', 44), Applications.Verifier })
            Assert.Equal("invalid_request", (await browser.GetAsync(phone.Request(("code_challenge", challenge)))).Sent()["error"]);
    }

    [Fact]
    public async Task Two_clients_or_two_addresses_in_one_request_end_on_our_page()
    {
        foreach (var more in new[] { "&client_id=other", "&redirect_uri=https%3A%2F%2Fother.example.org%2F" })
            Assert.Equal(HttpStatusCode.BadRequest, (await browser.GetAsync(shop.Request() + more)).Status);
    }

    [Theory]
    [InlineData("made_up", "1")]
    [InlineData("display", "page")]
    [InlineData("display", "popup")]
    [InlineData("display", "touch")]
    [InlineData("display", "wap")]
    [InlineData("claims_locales", "se")]
    [InlineData("ui_locales", "!! se-SE")]
    [InlineData("acr_values", "1 2")]
    [InlineData("claims", "{\"userinfo\":{\"name\":{\"essential\":true}}}")]
    [InlineData("resource", "http://localhost:8080")]
    [InlineData("scope", "made-up openid email")]
    public async Task What_means_nothing_here_is_no_mistake(string name, string value)
    {
        Assert.Contains("code", (await browser.FollowAsync(shop.Request((name, value)))).Sent().Keys);
    }

    [Fact]
    public async Task The_state_comes_back_as_it_is_or_not_at_all()
    {
        var state = "a b+c%20d&e=f/ü<\"'>" + new string('x', 493);
        Assert.Equal(state, (await browser.GetAsync(shop.Request(("state", state)))).Sent()["state"]);
        Assert.Equal(state, (await browser.GetAsync(shop.Request(("state", state), ("prompt", "maybe")))).Sent()["state"]);
        Assert.DoesNotContain("state", (await browser.GetAsync(shop.Request(("state", null)))).Sent().Keys);
    }

    [Fact]
    public async Task A_form_from_elsewhere_is_as_good_as_an_address()
    {
        browser.Set("Sec-Fetch-Site", "cross-site");
        var answer = await browser.SendAsync(HttpMethod.Post, Applications.AuthorizePath, Form());
        Assert.Equal(HttpStatusCode.SeeOther, answer.Status);
        Assert.StartsWith(Applications.AuthorizePath, answer.Location(), StringComparison.Ordinal);

        Assert.Contains("code", (await browser.FollowAsync(answer.Location())).Sent().Keys);

        using var stranger = new Browser(app);
        stranger.Set("Sec-Fetch-Site", "cross-site");
        var signIn = await stranger.FollowAsync((await stranger.SendAsync(HttpMethod.Post, Applications.AuthorizePath, Form())).Location());
        var page = await stranger.GetAsync(signIn.Location());
        stranger.Set("Sec-Fetch-Site", "same-origin");
        var done = await stranger.SendFormAsync(page, "/sign-in", ("identifier", user.Email), ("password", TestUsers.Password));
        Assert.Equal("state-1", (await stranger.FollowAsync(done.Location())).Sent()["state"]);
    }

    [Fact]
    public async Task The_answer_can_be_a_form_or_a_fragment()
    {
        var state = "</input>\"<script>alert(1)</script>";
        var page = await browser.GetAsync(shop.Request(("response_mode", "form_post"), ("state", state)));
        Assert.Equal(HttpStatusCode.OK, page.Status);
        Assert.Contains($"action=\"{TestApplication.Redirect}\"", page.Text, StringComparison.Ordinal);
        Assert.Contains("form-action 'self' https://shop.example.com;", page.Header("Content-Security-Policy"), StringComparison.Ordinal);
        Assert.DoesNotContain("<script>alert", page.Text, StringComparison.Ordinal);
        Assert.Contains("name=\"code\"", page.Text, StringComparison.Ordinal);
        var rejected = await browser.GetAsync(shop.Request(("response_mode", "form_post"), ("prompt", "maybe")));
        Assert.Contains("name=\"error\" value=\"invalid_request\"", rejected.Text, StringComparison.Ordinal);

        var fragment = (await browser.GetAsync(shop.Request(("response_mode", "fragment")))).Location();
        Assert.Contains("#", fragment, StringComparison.Ordinal);
        Assert.Contains("code=", fragment.Split('#')[1], StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_native_application_may_use_any_port_of_its_own_device()
    {
        var native = await app.ApplicationAsync(
            administrator,
            new
            {
                @public = true,
                redirectUris = Applications.List("http://127.0.0.1/callback", "http://[::1]/callback", "com.example.app:/callback"),
            }
        );
        foreach (var address in new[] { "http://127.0.0.1:51234/callback", "http://[::1]:8085/callback", "com.example.app:/callback" })
            Assert.Contains(
                "code=",
                (await browser.FollowAsync(native.Request(("redirect_uri", address)))).Location(),
                StringComparison.Ordinal
            );
        foreach (
            var address in new[]
            {
                "http://127.0.0.1:51234/other",
                "http://localhost:51234/callback",
                "https://127.0.0.1:51234/callback",
                "http://127.0.0.1:99999/callback",
                "http://127.0.0.1@evil.example.org/callback",
                "http://127.0.0.1:80@evil.example.org/callback",
                "http://127.0.0.1.evil.example.org/callback",
                "com.example.app:/other",
            }
        )
            Assert.Equal(HttpStatusCode.BadRequest, (await browser.GetAsync(native.Request(("redirect_uri", address)))).Status);
    }

    [Fact]
    public async Task A_confidential_application_follows_its_own_rule_of_PKCE()
    {
        var old = await app.ApplicationAsync(administrator, new { requirePkce = false });
        var code = await browser.CodeAsync(old, ("code_challenge", null), ("code_challenge_method", null));

        // A verifier without a challenge is one that somebody else added.
        Assert.Equal("invalid_request", (await app.RedeemAsync(old, code)).Error());
        var plain = await app.TokenAsync(old, [("grant_type", "authorization_code"), ("code", code), ("redirect_uri", old.RedirectUri)]);
        Assert.Equal(HttpStatusCode.OK, plain.Status);
    }

    [Fact]
    public async Task The_page_cannot_be_framed_and_sends_no_referrer()
    {
        var page = await browser.GetAsync(shop.Request(("client_id", "nobody")));
        Assert.Contains("frame-ancestors 'none'", page.Header("Content-Security-Policy"), StringComparison.Ordinal);
        Assert.Equal("no-referrer", page.Header("Referrer-Policy"));
    }

    private FormUrlEncodedContent Form()
    {
        var query = System.Web.HttpUtility.ParseQueryString(shop.Request().Split('?', 2)[1]);
        return new FormUrlEncodedContent(query.AllKeys.Select(key => KeyValuePair.Create(key!, query[key]!)));
    }
}
