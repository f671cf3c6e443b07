using System.Net;
using Gatehouse.SystemTests.Harness;

namespace Gatehouse.SystemTests.OpenId.SignIn;

/// <summary>Codes are good for one time and for those they were given to; refresh tokens follow the rules of all our sessions.</summary>
public sealed class CodeAndRefreshTests(RunningApp running) : IAsyncLifetime
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

    [Fact]
    public async Task A_code_that_is_redeemed_twice_ends_what_the_first_one_got()
    {
        var code = await browser.CodeAsync(shop);
        var tokens = (await app.RedeemAsync(shop, code)).AppTokens();
        Assert.True(await app.IsLiveAsync(tokens));

        var again = await app.RedeemAsync(shop, code);
        Assert.Equal((HttpStatusCode.BadRequest, "invalid_grant"), (again.Status, again.Error()));
        Assert.False(await app.IsLiveAsync(tokens));
        Assert.Equal("invalid_grant", (await app.RefreshAsync(shop, tokens.Refresh)).Error());
        // The browser's own session has nothing to do with it.
        Assert.Contains("code", (await browser.GetAsync(shop.Request())).Sent().Keys);
    }

    [Fact]
    public async Task Of_many_who_redeem_one_code_at_once_one_gets_tokens()
    {
        var code = await browser.CodeAsync(shop);

        var answers = await Task.WhenAll(Enumerable.Range(0, 50).Select(_ => app.RedeemAsync(shop, code)));

        Assert.Single(answers, answer => answer.Status == HttpStatusCode.OK);
        Assert.All(answers.Where(a => a.Status != HttpStatusCode.OK), answer => Assert.Equal("invalid_grant", answer.Error()));
        Assert.False(await app.IsLiveAsync(answers.Single(a => a.Status == HttpStatusCode.OK).AppTokens()));
    }

    [Fact]
    public async Task Whoever_gets_it_wrong_does_no_harm_to_a_code()
    {
        var code = await browser.CodeAsync(shop);
        var other = await app.ApplicationAsync(administrator);

        Assert.Equal("invalid_grant", (await app.RedeemAsync(shop, code, ("code_verifier", new string('x', 50)))).Error());
        Assert.Equal("invalid_grant", (await app.RedeemAsync(shop, code, ("redirect_uri", TestApplication.PostLogout))).Error());
        Assert.Equal("invalid_grant", (await app.RedeemAsync(other, code)).Error());
        Assert.Equal("invalid_grant", (await app.RedeemAsync(shop, code[..^2] + "AA")).Error());
        Assert.Equal("invalid_grant", (await app.RedeemAsync(shop, "nonsense")).Error());
        foreach (var left in new[] { "code", "code_verifier", "redirect_uri" })
        {
            var fields = new List<(string, string)>
            {
                ("grant_type", "authorization_code"),
                ("code", code),
                ("code_verifier", Applications.Verifier),
                ("redirect_uri", shop.RedirectUri),
            };
            fields.RemoveAll(field => field.Item1 == left);
            var answer = await app.TokenAsync(shop, fields);
            Assert.Equal(HttpStatusCode.BadRequest, answer.Status);
            Assert.Contains(answer.Error(), Applications.List("invalid_request", "invalid_grant"));
        }

        (await app.RedeemAsync(shop, code)).AppTokens();
    }

    [Fact]
    public async Task A_scope_beside_the_code_means_nothing()
    {
        var code = await browser.CodeAsync(shop);
        var tokens = (await app.RedeemAsync(shop, code, ("scope", "openid something"))).AppTokens();
        Assert.Equal("openid profile email", tokens.Body.GetProperty("scope").GetString());
    }

    [Fact]
    public async Task A_public_application_has_no_secret_and_needs_none()
    {
        var phone = await app.ApplicationAsync(administrator, new { @public = true });
        Assert.Null(phone.Secret);
        var tokens = await app.TokensAsync(browser, phone);
        (await app.RefreshAsync(phone, tokens.Refresh)).AppTokens();

        var withSecret = await app.RefreshAsync(phone with { Secret = "made-up" }, tokens.Refresh);
        Assert.Equal((HttpStatusCode.Unauthorized, "invalid_client"), (withSecret.Status, withSecret.Error()));
        var confidential = await app.FormAsync(
            ClientCalls.TokenPath,
            [("grant_type", "refresh_token"), ("refresh_token", tokens.Refresh), ("client_id", shop.ClientId)]
        );
        Assert.Equal("invalid_client", confidential.Error());
        Assert.Equal("unauthorized_client", (await app.TokenAsync(phone, [("grant_type", "client_credentials")])).Error());
        var asks = await app.OAuthAsync(ClientCalls.IntrospectionPath, phone, [("token", tokens.Access)]);
        Assert.Equal("unauthorized_client", asks.Error());
    }

    [Fact]
    public async Task Two_ways_to_prove_who_it_is_are_one_too_many()
    {
        var code = await browser.CodeAsync(shop);
        foreach (
            var more in new (string, string)[][]
            {
                [("client_id", shop.ClientId), ("client_secret", shop.Secret!)],
                [("client_id", "somebody-else")],
            }
        )
        {
            var answer = await app.RedeemAsync(shop, code, more);
            Assert.Equal((HttpStatusCode.BadRequest, "invalid_request"), (answer.Status, answer.Error()));
        }

        var inAddress = await app.FormAsync(
            $"{ClientCalls.TokenPath}?client_id={shop.ClientId}&client_secret={shop.Secret}",
            [("grant_type", "authorization_code"), ("code", code)]
        );
        Assert.Equal("invalid_request", inAddress.Error());
    }

    [Fact]
    public async Task Refreshing_at_once_gives_all_the_same_successor_and_a_late_replay_ends_the_session()
    {
        var tokens = await app.TokensAsync(browser, shop);

        var answers = await Task.WhenAll(Enumerable.Range(0, 20).Select(_ => app.RefreshAsync(shop, tokens.Refresh)));
        var next = Assert.Single(answers.Select(answer => answer.AppTokens().Refresh).Distinct(StringComparer.Ordinal));
        var third = (await app.RefreshAsync(shop, next)).AppTokens();

        Assert.Equal("invalid_grant", (await app.RefreshAsync(shop, tokens.Refresh)).Error());
        Assert.Equal("invalid_grant", (await app.RefreshAsync(shop, third.Refresh)).Error());
        Assert.False(await app.IsLiveAsync(third));
    }

    [Fact]
    public async Task Fewer_scopes_can_be_asked_for_and_later_all_again_but_never_more()
    {
        var tokens = await app.TokensAsync(browser, shop, ("scope", "openid email"));

        var less = (await app.RefreshAsync(shop, tokens.Refresh, ("scope", "openid"))).AppTokens();
        Assert.Equal("openid", less.Body.GetProperty("scope").GetString());
        Assert.False((await app.UserInfoAsync(less.Access)).Body.TryGetProperty("email", out _));
        Assert.Equal("invalid_scope", (await app.RefreshAsync(shop, less.Refresh, ("scope", "openid profile"))).Error());
        var all = (await app.RefreshAsync(shop, less.Refresh)).AppTokens();
        Assert.Equal("openid email", all.Body.GetProperty("scope").GetString());
        Assert.True((await app.UserInfoAsync(all.Access)).Body.TryGetProperty("email", out _));
    }

    [Fact]
    public async Task A_refresh_token_is_for_its_own_application_alone()
    {
        var tokens = await app.TokensAsync(browser, shop);
        var other = await app.ApplicationAsync(administrator);

        Assert.Equal("invalid_grant", (await app.RefreshAsync(other, tokens.Refresh)).Error());
        Assert.Equal(HttpStatusCode.Unauthorized, (await app.Users.RefreshAsync(tokens.Refresh)).Status);
        Assert.Equal("invalid_grant", (await app.RefreshAsync(shop, user.Tokens.Refresh)).Error());
        (await app.RefreshAsync(shop, tokens.Refresh)).AppTokens();
        // And ours goes on, too.
        Assert.Equal(HttpStatusCode.OK, (await app.Users.RefreshAsync(user.Tokens.Refresh)).Status);
    }

    [Fact]
    public async Task What_ends_the_users_sessions_ends_those_of_applications()
    {
        var plain = await app.TokensAsync(browser, shop);
        var offline = await app.TokensAsync(browser, shop, ("scope", "openid offline_access"));

        Assert.Equal(HttpStatusCode.NoContent, (await browser.SendAsync(HttpMethod.Delete, "/v1/sessions/current")).Status);
        Assert.False(await app.IsLiveAsync(plain));
        Assert.Equal("invalid_grant", (await app.RefreshAsync(shop, plain.Refresh)).Error());
        // It was asked for to stay.
        var later = (await app.RefreshAsync(shop, offline.Refresh)).AppTokens();
        Assert.True(await app.IsLiveAsync(later));

        var disabled = await app.CallAsync(HttpMethod.Post, $"/v1/users/{user.UserId}/disable", administrator, new { reason = "left" });
        Assert.True((int)disabled.Status < 300, disabled.Text);
        Assert.False(await app.IsLiveAsync(later));
        Assert.Equal("invalid_grant", (await app.RefreshAsync(shop, later.Refresh)).Error());
    }

    [Fact]
    public async Task Of_a_disabled_application_all_sessions_end_however_many_there_are()
    {
        var tokens = await app.TokensAsync(browser, shop);
        // More than two batches of older ones, of users who are gone.
        await app.ExecuteAsync(
            """
            insert into openid.grants (tenant_id, id, client, user_id, browser_session, scopes, code, code_expires_at, redirect_uri,
                                       authenticated_at, created_at, redeemed_at, ends_at)
            select $1, ('00000000-0000-7000-8000-' || substr(md5(random()::text), 1, 12))::uuid, $2, gen_random_uuid(),
                   gen_random_uuid(), '{openid}', '', $3, 'x', $3, $3, $3, $3
              from generate_series(1, 250)
            """,
            Gatehouse.Core.Tenants.DefaultTenant.Id,
            shop.Id,
            app.Clock.GetUtcNow()
        );
        await app.AssertDoneAsync(HttpMethod.Post, $"/v1/clients/{shop.Id}/disable", administrator, new { });
        var session = tokens.AccessClaims.GetProperty("sid").GetGuid();
        await TestApp.EventuallyAsync(
            () => app.ScalarAsync<bool>("select ended_at is not null from identity.sessions where id = $1", session),
            "the session has ended"
        );
    }

    [Fact]
    public async Task A_session_that_began_while_the_application_was_being_disabled_ends_too()
    {
        var tokens = await app.TokensAsync(browser, shop);
        var session = tokens.AccessClaims.GetProperty("sid").GetGuid();
        // As if the disabling had begun before, and waited for it.
        await app.ExecuteAsync("update openid.grants set redeemed_at = $2 where id = $1", session, app.Clock.GetUtcNow().AddSeconds(9));

        await app.AssertDoneAsync(HttpMethod.Post, $"/v1/clients/{shop.Id}/disable", administrator, new { });

        await TestApp.EventuallyAsync(
            () => app.ScalarAsync<bool>("select ended_at is not null from identity.sessions where id = $1", session),
            "the session has ended"
        );
    }

    [Fact]
    public async Task A_disabled_application_gets_nothing_more()
    {
        var tokens = await app.TokensAsync(browser, shop);
        var code = await browser.CodeAsync(shop);
        await app.CallAsync(HttpMethod.Post, $"/v1/clients/{shop.Id}/disable", administrator, new { });

        Assert.Equal("invalid_client", (await app.RefreshAsync(shop, tokens.Refresh)).Error());
        Assert.Equal("invalid_client", (await app.RedeemAsync(shop, code)).Error());
        await TestApp.EventuallyAsync(async () => !await app.IsLiveAsync(tokens), "its sessions end");
    }

    [Fact]
    public async Task Revoking_either_token_ends_both_and_nobody_elses()
    {
        var tokens = await app.TokensAsync(browser, shop);
        var other = await app.ApplicationAsync(administrator);
        var second = await app.TokensAsync(browser, shop);

        var foreign = await app.OAuthAsync(ClientCalls.RevocationPath, other, [("token", tokens.Refresh)]);
        Assert.True(foreign.Status == HttpStatusCode.OK, foreign.Text);
        Assert.True(await app.IsLiveAsync(tokens));
        foreach (var none in new[] { "made-up", tokens.IdToken })
            Assert.Equal(HttpStatusCode.OK, (await app.OAuthAsync(ClientCalls.RevocationPath, shop, [("token", none)])).Status);
        Assert.Equal("invalid_request", (await app.OAuthAsync(ClientCalls.RevocationPath, shop, [])).Error());

        Assert.Equal(HttpStatusCode.OK, (await app.OAuthAsync(ClientCalls.RevocationPath, shop, [("token", tokens.Refresh)])).Status);
        Assert.False(await app.IsLiveAsync(tokens));
        Assert.True(await app.IsLiveAsync(second));
        Assert.Equal(HttpStatusCode.OK, (await app.OAuthAsync(ClientCalls.RevocationPath, shop, [("token", second.Access)])).Status);
        Assert.False(await app.IsLiveAsync(second));
        Assert.Equal("invalid_grant", (await app.RefreshAsync(shop, second.Refresh)).Error());
    }

    [Fact]
    public async Task An_application_learns_of_its_own_tokens_by_introspection()
    {
        var tokens = await app.TokensAsync(browser, shop);

        var answer = await app.OAuthAsync(ClientCalls.IntrospectionPath, shop, [("token", tokens.Access)]);
        Assert.True(answer.Body.GetProperty("active").GetBoolean(), answer.Text);
        Assert.True(answer.Body.TryGetProperty("scope", out var scope), answer.Text);
        Assert.Equal("openid profile email", scope.GetString());
        Assert.Equal(shop.ClientId, answer.Body.GetProperty("client_id").GetString());
        Assert.Equal(user.UserId, answer.Body.GetProperty("sub").GetGuid());
        var foreign = await app.OAuthAsync(ClientCalls.IntrospectionPath, shop, [("token", user.Tokens.Access)]);
        Assert.Equal("{\"active\":false}", foreign.Text);
    }

    [Fact]
    public async Task Another_node_takes_an_applications_token_until_it_hears_of_the_end_of_its_session()
    {
        await using var node = await app.StartNodeAsync();
        var tokens = await app.TokensAsync(browser, shop);
        Assert.True(await node.IsLiveAsync(tokens));

        await browser.SendAsync(HttpMethod.Delete, "/v1/sessions/current");

        await TestApp.EventuallyAsync(async () => !await node.IsLiveAsync(tokens), "the other node knows");
    }
}
