using Gatehouse.Identity.Tokens;
using Gatehouse.SystemTests.Harness;

namespace Gatehouse.SystemTests.OpenId.SignIn;

/// <summary>What an application learns of failures and of keys that change, and what nobody learns from the log. Each has a program for
/// itself.</summary>
public sealed class OutageTests
{
    [Fact]
    public async Task A_failure_of_ours_is_told_to_the_application_and_says_nothing()
    {
        await using var app = await TestApp.StartAsync();
        using var browser = await app.BrowserAsync(await app.Users.SomebodyAsync());
        var shop = await app.ApplicationAsync(await app.TenantAdministratorAsync());
        await app.ExecuteAsync("alter table openid.grants rename to grants_away");

        foreach (var mode in new[] { "query", "form_post" })
        {
            var answer = await browser.GetAsync(shop.Request(("response_mode", mode)));
            Assert.DoesNotContain("grants", answer.Text + answer.Location(), StringComparison.Ordinal);
            Assert.DoesNotContain("Exception", answer.Text + answer.Location(), StringComparison.Ordinal);
            if (mode == "form_post")
            {
                Assert.Contains("name=\"error\" value=\"server_error\"", answer.Text, StringComparison.Ordinal);
                continue;
            }

            var sent = answer.Sent();
            Assert.Equal(("server_error", "state-1", "http://localhost:8080"), (sent["error"], sent["state"], sent["iss"]));
        }

        Assert.Contains(app.Logs.Lines, line => line.Contains("An authorization request failed unexpectedly.", StringComparison.Ordinal));
        await app.ExecuteAsync("alter table openid.grants_away rename to grants");
        Assert.Contains("code", (await browser.GetAsync(shop.Request())).Sent().Keys);
    }

    [Fact]
    public async Task A_key_is_known_before_it_signs_and_what_an_old_one_signed_stays_a_hint()
    {
        await using var app = await TestApp.StartAsync();
        var user = await app.Users.SomebodyAsync();
        var shop = await app.ApplicationAsync(await app.TenantAdministratorAsync());
        using var browser = await app.BrowserAsync(user);
        var old = await app.TokensAsync(browser, shop);
        var known = await RsaKeysAsync(app);
        Assert.Contains(Kid(old), known);

        app.Clock.Advance(TimeSpan.FromDays(90) + TimeSpan.FromHours(1));
        await app.RunRecurringAsync<MaintainSigningKeys>();
        using var later = await app.BrowserAsync(user);
        var next = await app.TokensAsync(later, shop);
        Assert.NotEqual(Kid(old), Kid(next));
        Assert.Contains(Kid(next), known);
        Assert.Contains(Kid(old), await RsaKeysAsync(app));
        Assert.Contains("code", (await later.GetAsync(shop.Request(("id_token_hint", old.IdToken), ("prompt", "none")))).Sent().Keys);
        var signedOut = await later.GetAsync(
            Applications.LogoutPath
                + "?"
                + Applications.Encode([("id_token_hint", old.IdToken), ("post_logout_redirect_uri", TestApplication.PostLogout)])
        );
        Assert.Equal(TestApplication.PostLogout, signedOut.Location());
    }

    [Fact]
    public async Task No_log_line_and_no_rejection_has_a_code_a_token_a_secret_or_a_verifier()
    {
        await using var app = await TestApp.StartAsync();
        var user = await app.Users.SomebodyAsync();
        await using var receiver = await LogoutReceiver.StartAsync();
        var shop = await app.ApplicationAsync(
            await app.TenantAdministratorAsync(),
            new { backchannelLogoutUri = receiver.Url },
            scopes: ["users:read"]
        );
        using var browser = await app.BrowserAsync(user);
        var code = await browser.CodeAsync(shop, ("nonce", "a-nonce-that-nobody-logs"));
        var push = await app.OAuthAsync(
            Applications.PushPath,
            shop,
            [
                ("response_type", "code"),
                ("redirect_uri", shop.RedirectUri),
                ("code_challenge", Applications.Challenge),
                ("code_challenge_method", "S256"),
            ]
        );
        var rejections = new List<Answer> { await app.RedeemAsync(shop, code, ("redirect_uri", TestApplication.PostLogout)) };
        var tokens = (await app.RedeemAsync(shop, code)).AppTokens();
        var next = (await app.RefreshAsync(shop, tokens.Refresh)).AppTokens();
        var machine = await app.TokenAsync(shop, [("grant_type", "client_credentials")]);
        await app.UserInfoAsync(next.Access);
        await app.OAuthAsync(ClientCalls.IntrospectionPath, shop, [("token", next.Access)]);
        rejections.Add(await app.RedeemAsync(shop, code));
        rejections.Add(await app.RefreshAsync(shop, tokens.Refresh, ("scope", "openid phone")));
        rejections.Add(await app.TokenAsync(shop with { Secret = shop.Secret + "x" }, [("grant_type", "client_credentials")]));
        rejections.Add(await app.FormAsync($"{ClientCalls.TokenPath}?client_secret={shop.Secret}", [("grant_type", "client_credentials")]));
        rejections.Add(await app.Users.GetAsync($"{Applications.UserInfoPath}?access_token={next.Access}"));
        rejections.Add(await app.UserInfoAsync(next.Access[..^4] + "AAAA"));
        rejections.Add(await browser.GetAsync(shop.Request(("id_token_hint", next.IdToken[..^4] + "AAAA"))));
        await app.OAuthAsync(ClientCalls.RevocationPath, shop, [("token", next.Refresh)]);
        using var other = await app.BrowserAsync(user);
        var last = await app.TokensAsync(other, shop);
        await other.GetAsync(Applications.LogoutPath + "?" + Applications.Encode([("id_token_hint", last.IdToken)]));
        await TestApp.EventuallyAsync(() => Task.FromResult(!receiver.Bodies.IsEmpty), "the application is told");
        await app.QuietAsync();

        var secrets = new List<string>
        {
            code,
            Applications.Verifier,
            shop.Secret!,
            "a-nonce-that-nobody-logs",
            push.Body.GetProperty("request_uri").GetString()![^43..],
            machine.Body.GetProperty("access_token").GetString()!,
            receiver.Tokens[0],
            Applications.Basic(shop.ClientId, shop.Secret!),
            TestUsers.Password,
        };
        foreach (var issued in new[] { tokens, next, last })
            secrets.AddRange([issued.Access, issued.Refresh, issued.IdToken, Signature(issued.Access), Signature(issued.IdToken)]);
        foreach (var secret in secrets)
        {
            var line = app.Logs.Lines.FirstOrDefault(one => one.Contains(secret, StringComparison.Ordinal));
            Assert.True(line is null, line);
            Assert.DoesNotContain(rejections, answer => (answer.Text + answer.Location()).Contains(secret, StringComparison.Ordinal));
        }

        Assert.All(rejections.Where(r => r.Location().Length == 0), answer => Assert.InRange((int)answer.Status, 400, 499));
    }

    private static string Signature(string token) => token.Split('.')[2];

    private static string? Kid(AppTokens tokens) => tokens.IdHeader.GetProperty("kid").GetString();

    private static async Task<List<string?>> RsaKeysAsync(TestApp app) =>
        [
            .. (await app.Users.GetAsync("/.well-known/jwks.json"))
                .Body.GetProperty("keys")
                .EnumerateArray()
                .Where(key => key.GetProperty("kty").GetString() == "RSA")
                .Select(key => key.GetProperty("kid").GetString()),
        ];
}
