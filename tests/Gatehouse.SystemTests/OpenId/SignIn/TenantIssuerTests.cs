using System.Net;
using Gatehouse.SystemTests.Harness;
using Gatehouse.SystemTests.Organizations.Domains;

namespace Gatehouse.SystemTests.OpenId.SignIn;

/// <summary>Each verified domain of a tenant is an OpenID provider of its own.</summary>
public sealed class TenantIssuerTests(DomainsApp domains) : IClassFixture<DomainsApp>, IAsyncLifetime
{
    private const string Own = "http://localhost:8080";
    private readonly TestApp app = domains.App;
    private DomainTenant tenant = null!;
    private string domain = "";
    private string second = "";
    private SignedIn user = null!;
    private TestApplication shop = null!;
    private Browser browser = null!;

    public async ValueTask InitializeAsync()
    {
        tenant = await domains.TenantAsync();
        (domain, second) = (await tenant.VerifiedAsync(), await tenant.VerifiedAsync());
        user = await domains.SignUpAsync(("Host", domain));
        shop = await app.ApplicationAsync(tenant.Administrator, scopes: ["users:read", "tokens:introspect"]);
        browser = await BrowserAsync(domain);
    }

    public ValueTask DisposeAsync()
    {
        browser.Dispose();
        return default;
    }

    [Fact]
    public async Task The_metadata_are_of_the_issuer_at_the_host_and_no_header_says_otherwise()
    {
        foreach (var host in new[] { domain, domain.ToUpperInvariant(), domain + ".", domain + ":8443" })
            AssertIssuer(Url(domain), await MetadataAsync(("Host", host)));
        AssertIssuer(Url(second), await MetadataAsync(("Host", second)));
        foreach (
            var header in new[]
            {
                ("X-Forwarded-Host", domain),
                ("Forwarded", $"host={domain}"),
                ("X-Original-Host", domain),
                ("Gatehouse-Tenant", tenant.Name),
            }
        )
            AssertIssuer(Own, await MetadataAsync(("Host", "localhost:8080"), header));
        foreach (var host in new[] { "nobody.example", "www." + domain, domain + ".example" })
            Assert.Equal((HttpStatusCode.NotFound, "request.tenant-unknown"), Rejection(await MetadataAsync(("Host", host))));
        Assert.Equal(HttpStatusCode.OK, (await app.Users.SendAsync(HttpMethod.Get, "/.well-known/jwks.json", ("Host", domain))).Status);

        await app.AssertDoneAsync(HttpMethod.Post, $"/v1/tenants/{tenant.Id}/disable", domains.Platform);
        Assert.Equal(HttpStatusCode.NotFound, (await MetadataAsync(("Host", domain))).Status);
    }

    [Fact]
    public async Task A_user_who_signs_in_at_the_domain_goes_back_with_tokens_of_that_issuer()
    {
        using var fresh = new Browser(app);
        At(fresh, domain);
        var asked = await fresh.GetAsync(shop.Request(("scope", "openid profile email offline_access")));
        Assert.StartsWith("/sign-in?returnUrl=", asked.Location(), StringComparison.Ordinal);
        var page = await fresh.GetAsync(asked.Location());
        var done = await fresh.SendFormAsync(page, "/sign-in", ("identifier", user.Email), ("password", TestUsers.Password));
        Assert.StartsWith("/oauth2/", done.Location(), StringComparison.Ordinal);
        var sent = (await fresh.FollowAsync(done.Location())).Sent();
        Assert.Equal(Url(domain), sent["iss"]);

        var tokens = (await RedeemAsync(domain, sent["code"])).AppTokens();
        Assert.Equal(Url(domain), tokens.IdClaims.GetProperty("iss").GetString());
        Assert.Equal(Url(domain), tokens.AccessClaims.GetProperty("iss").GetString());
        // One audience for all of them.
        Assert.Equal(Own, tokens.AccessClaims.GetProperty("aud").GetString());
        var info = await UserInfoAsync(domain, tokens);
        Assert.Equal(user.UserId, info.Body.GetProperty("sub").GetGuid());
        Assert.Equal(HttpStatusCode.Unauthorized, (await UserInfoAsync(second, tokens)).Status);
        Assert.Equal(HttpStatusCode.Unauthorized, (await UserInfoAsync("localhost", tokens)).Status);

        var next = (await RefreshAsync(domain, tokens)).AppTokens();
        Assert.Equal(Url(domain), next.IdClaims.GetProperty("iss").GetString());
        var described = await PostAsync(domain, ClientCalls.IntrospectionPath, ("token", next.Access));
        Assert.True(described.Body.GetProperty("active").GetBoolean());
        Assert.Equal(Url(domain), described.Body.GetProperty("iss").GetString());
        Assert.Equal(HttpStatusCode.OK, (await PostAsync(domain, ClientCalls.RevocationPath, ("token", next.Refresh))).Status);
        Assert.Equal(HttpStatusCode.Unauthorized, (await UserInfoAsync(domain, next)).Status);
    }

    [Fact]
    public async Task Rejections_name_the_issuer_too()
    {
        using var nobody = new Browser(app);
        At(nobody, domain);
        var sent = (await nobody.GetAsync(shop.Request(("prompt", "none")))).Sent();
        Assert.Equal(("login_required", Url(domain)), (sent["error"], sent["iss"]));
    }

    [Fact]
    public async Task A_client_is_unknown_at_the_hosts_of_others()
    {
        var other = await domains.TenantAsync();
        var foreign = await other.VerifiedAsync();
        // No header leads past the host.
        var past = await PostAsync(
            foreign,
            ClientCalls.TokenPath,
            [("grant_type", "client_credentials")],
            ("Gatehouse-Tenant", tenant.Name)
        );
        Assert.Equal((HttpStatusCode.BadRequest, "request.tenant-ambiguous"), Rejection(past));
        foreach (var host in new[] { foreign, "localhost" })
        {
            using var its = new Browser(app);
            At(its, host);
            var page = await its.GetAsync(shop.Request());
            Assert.Equal((HttpStatusCode.BadRequest, ""), (page.Status, page.Location()));
            foreach (
                var path in new[]
                {
                    ClientCalls.TokenPath,
                    ClientCalls.IntrospectionPath,
                    ClientCalls.RevocationPath,
                    Applications.PushPath,
                }
            )
            {
                var answer = await PostAsync(host, path, ("grant_type", "client_credentials"), ("token", "x"), ("response_type", "code"));
                Assert.Equal((HttpStatusCode.Unauthorized, "invalid_client"), (answer.Status, answer.Error()));
            }
        }
    }

    [Fact]
    public async Task What_began_at_one_issuer_goes_on_nowhere_else()
    {
        var code = await browser.CodeAsync(shop);
        Assert.Equal("invalid_grant", (await RedeemAsync(second, code)).Error());
        Assert.Equal("invalid_grant", (await RedeemAsync("localhost", code, ("Gatehouse-Tenant", tenant.Name))).Error());
        // It stays good where it was issued.
        var tokens = (await RedeemAsync(domain, code)).AppTokens();

        Assert.Equal("invalid_grant", (await RefreshAsync(second, tokens)).Error());
        Assert.Equal("invalid_grant", (await RefreshAsync("localhost", tokens, ("Gatehouse-Tenant", tenant.Name))).Error());
        var next = (await RefreshAsync(domain, tokens)).AppTokens();

        // To end it is never wrong.
        Assert.Equal(HttpStatusCode.OK, (await PostAsync(second, ClientCalls.RevocationPath, ("token", next.Refresh))).Status);
        Assert.Equal(HttpStatusCode.Unauthorized, (await UserInfoAsync(domain, next)).Status);
    }

    [Fact]
    public async Task A_code_that_was_redeemed_is_no_better_at_the_other_issuer_and_ends_nothing_there()
    {
        var code = await browser.CodeAsync(shop);
        var tokens = (await RedeemAsync(domain, code)).AppTokens();
        Assert.Equal("invalid_grant", (await RedeemAsync(second, code)).Error());
        Assert.Equal(HttpStatusCode.OK, (await UserInfoAsync(domain, tokens)).Status);
    }

    [Fact]
    public async Task Of_many_who_redeem_a_code_at_both_issuers_one_gets_tokens_at_its_own()
    {
        var code = await browser.CodeAsync(shop);
        var answers = await Task.WhenAll(
            Enumerable.Range(0, 8).Select(async i => (Own: i % 2 == 1, Answer: await RedeemAsync(i % 2 == 1 ? domain : second, code)))
        );
        Assert.True(Assert.Single(answers, one => one.Answer.Status == HttpStatusCode.OK).Own);
        Assert.All(answers.Where(one => !one.Own), one => Assert.Equal("invalid_grant", one.Answer.Error()));
    }

    [Fact]
    public async Task A_domain_of_the_first_tenant_and_the_public_address_are_two_issuers()
    {
        var first = new DomainTenant(app, domains)
        {
            Id = Gatehouse.Core.Tenants.DefaultTenant.Id,
            Name = "first",
            Administrator = domains.Platform,
        };
        var its = await first.VerifiedAsync();
        user = await domains.SignUpAsync(("Host", its));
        shop = await app.ApplicationAsync(domains.Platform);
        using var there = await BrowserAsync(its);
        using var here = await BrowserAsync("localhost:8080");
        var (codeThere, codeHere) = (await there.CodeAsync(shop), await here.CodeAsync(shop));
        Assert.Equal("invalid_grant", (await RedeemAsync("localhost:8080", codeThere)).Error());
        Assert.Equal("invalid_grant", (await RedeemAsync(its, codeHere)).Error());
        var (tokensThere, tokensHere) = (
            (await RedeemAsync(its, codeThere)).AppTokens(),
            (await RedeemAsync("localhost:8080", codeHere)).AppTokens()
        );
        Assert.Equal((Url(its), Own), (IssuerOf(tokensThere.IdToken), IssuerOf(tokensHere.IdToken)));
        Assert.Equal((Url(its), Own), (IssuerOf(tokensThere.Access), IssuerOf(tokensHere.Access)));
        Assert.Equal("invalid_grant", (await RefreshAsync("localhost:8080", tokensThere)).Error());
        Assert.Equal("invalid_grant", (await RefreshAsync(its, tokensHere)).Error());
        Assert.Equal(HttpStatusCode.Unauthorized, (await UserInfoAsync("localhost:8080", tokensThere)).Status);
        Assert.Equal(HttpStatusCode.Unauthorized, (await UserInfoAsync(its, tokensHere)).Status);
        Assert.Equal("invalid_request", (await here.GetAsync(shop.Request(("id_token_hint", tokensThere.IdToken)))).Sent()["error"]);
        Assert.Equal("invalid_request", (await there.GetAsync(shop.Request(("id_token_hint", tokensHere.IdToken)))).Sent()["error"]);
        Assert.Equal(HttpStatusCode.OK, (await UserInfoAsync(its, tokensThere)).Status);
        Assert.Equal(HttpStatusCode.OK, (await UserInfoAsync("localhost:8080", tokensHere)).Status);
    }

    [Fact]
    public async Task A_request_that_was_pushed_or_waits_is_unknown_at_the_other_issuer()
    {
        var query = System.Web.HttpUtility.ParseQueryString(shop.Request().Split('?', 2)[1]);
        var fields = query.AllKeys.Where(key => key != "client_id").Select(key => (key!, query[key]!)).ToArray();
        var pushed = await PostAsync(domain, Applications.PushPath, fields);
        Assert.Equal(HttpStatusCode.Created, pushed.Status);
        var path = PathOf(pushed.Body.GetProperty("request_uri").GetString()!);
        using var elsewhere = await BrowserAsync(second);
        Assert.Equal(HttpStatusCode.BadRequest, (await elsewhere.GetAsync(path)).Status);
        Assert.Equal(Url(domain), (await browser.FollowAsync(path)).Sent()["iss"]);

        using var waiting = new Browser(app);
        At(waiting, domain);
        var returns = System.Web.HttpUtility.ParseQueryString((await waiting.GetAsync(shop.Request())).Location().Split('?', 2)[1]);
        At(waiting, second);
        Assert.Equal(HttpStatusCode.BadRequest, (await waiting.GetAsync(returns["returnUrl"]!)).Status);
    }

    [Fact]
    public async Task An_ID_token_of_one_issuer_is_no_hint_at_the_other()
    {
        var tokens = (await RedeemAsync(domain, await browser.CodeAsync(shop))).AppTokens();
        using var elsewhere = await BrowserAsync(second);
        var hint = ("id_token_hint", tokens.IdToken);
        Assert.Equal("invalid_request", (await elsewhere.GetAsync(shop.Request(hint!))).Sent()["error"]);
        var logout = Applications.LogoutPath + "?" + Applications.Encode([hint, ("post_logout_redirect_uri", TestApplication.PostLogout)]);
        var refused = await elsewhere.GetAsync(logout);
        Assert.Equal((HttpStatusCode.BadRequest, ""), (refused.Status, refused.Location()));
        Assert.Equal(HttpStatusCode.OK, (await UserInfoAsync(domain, tokens)).Status);

        Assert.Contains("code", (await browser.FollowAsync(shop.Request(hint!))).Sent().Keys);
        Assert.Equal(TestApplication.PostLogout, (await browser.GetAsync(logout)).Location());
        Assert.Equal(HttpStatusCode.Unauthorized, (await UserInfoAsync(domain, tokens)).Status);
        Assert.Contains("code", (await elsewhere.FollowAsync(shop.Request())).Sent().Keys);
    }

    [Fact]
    public async Task An_assertion_is_for_one_issuer()
    {
        using var key = System.Security.Cryptography.ECDsa.Create(System.Security.Cryptography.ECCurve.NamedCurves.nistP256);
        var proven = await app.ApplicationAsync(
            tenant.Administrator,
            scopes: ["users:read"],
            publicKeys: [Convert.ToBase64String(key.ExportSubjectPublicKeyInfo())]
        );
        foreach (var good in new[] { Url(domain), Url(domain) + "/", Url(domain) + ClientCalls.TokenPath })
            Assert.Equal(HttpStatusCode.OK, (await AskAsync(domain, good)).Status);
        foreach (
            var (host, audience) in new[]
            {
                (second, Url(domain)),
                (second, Url(domain) + ClientCalls.TokenPath),
                (domain, Own),
                (domain, Own + ClientCalls.TokenPath),
                (domain, $"https://{domain}"),
                (domain, $"http://{domain}"),
            }
        )
            Assert.Equal("invalid_client", (await AskAsync(host, audience)).Error());

        Task<Answer> AskAsync(string host, string audience) =>
            app.FormAsync(
                ClientCalls.TokenPath,
                [
                    ("grant_type", "client_credentials"),
                    ("client_id", proven.ClientId),
                    ("client_assertion_type", "urn:ietf:params:oauth:client-assertion-type:jwt-bearer"),
                    ("client_assertion", PrivateKeyTests.Assertion(key, proven.ClientId, audience, app.Clock.GetUtcNow())),
                ],
                ("Host", host)
            );
    }

    [Fact]
    public async Task Tokens_of_clients_count_as_long_as_the_domain_is_the_tenants()
    {
        var own = (
            await PostAsync("localhost", ClientCalls.TokenPath, [("grant_type", "client_credentials")], ("Gatehouse-Tenant", tenant.Name))
        )
            .Body.GetProperty("access_token")
            .GetString()!;
        Assert.Equal(Own, AppTokens.Part(own, 1).GetProperty("iss").GetString());
        var token = (await PostAsync(domain, ClientCalls.TokenPath, ("grant_type", "client_credentials")))
            .Body.GetProperty("access_token")
            .GetString()!;
        Assert.Equal(Url(domain), AppTokens.Part(token, 1).GetProperty("iss").GetString());
        Assert.Equal(HttpStatusCode.OK, (await UsersAsync(token)).Status);

        await tenant.CallAsync(HttpMethod.Delete, $"/{domain}");
        Assert.Equal(HttpStatusCode.Unauthorized, (await UsersAsync(token)).Status);
        Assert.Equal(HttpStatusCode.OK, (await UsersAsync(own)).Status);
        await (await domains.TenantAsync()).VerifiedAsync(domain);
        Assert.Equal(HttpStatusCode.Unauthorized, (await UsersAsync(token)).Status);
        var about = await PostAsync(second, ClientCalls.IntrospectionPath, ("token", token));
        Assert.False(about.Body.GetProperty("active").GetBoolean());

        Task<Answer> UsersAsync(string bearer) => app.AsClientAsync(bearer, HttpMethod.Get, "/v1/users?limit=1");
    }

    [Fact]
    public async Task Own_sign_ins_name_the_installation_wherever_they_are()
    {
        Assert.Equal(Own, user.Tokens.Claims.GetProperty("iss").GetString());
        Assert.Equal(HttpStatusCode.OK, (await app.CallAsync(HttpMethod.Get, "/v1/me", user, body: null, ("Host", domain))).Status);
        var about = await PostAsync(domain, ClientCalls.IntrospectionPath, ("token", user.Tokens.Access));
        Assert.Equal(Own, about.Body.GetProperty("iss").GetString());
    }

    [Fact]
    public async Task Logout_tokens_name_the_issuer_at_which_the_user_signed_in()
    {
        await using var receiver = await LogoutReceiver.StartAsync();
        shop = await app.ApplicationAsync(tenant.Administrator, new { backchannelLogoutUri = receiver.Url });
        using var elsewhere = await BrowserAsync(second);
        Assert.Equal(HttpStatusCode.OK, (await RedeemAsync(domain, await browser.CodeAsync(shop))).Status);
        Assert.Equal(HttpStatusCode.OK, (await RedeemAsync(second, await elsewhere.CodeAsync(shop))).Status);

        await EndAsync();
        await TestApp.EventuallyAsync(() => Task.FromResult(receiver.Bodies.Count >= 2), "the application is told");
        Assert.Equal(
            new[] { Url(domain), Url(second) }.Order(StringComparer.Ordinal),
            receiver.Tokens.Select(IssuerOf).Order(StringComparer.Ordinal)
        );
    }

    [Fact]
    public async Task Of_a_domain_that_was_removed_the_application_is_told_unless_it_is_another_tenants()
    {
        await using var receiver = await LogoutReceiver.StartAsync();
        shop = await app.ApplicationAsync(tenant.Administrator, new { backchannelLogoutUri = receiver.Url });
        using var elsewhere = await BrowserAsync(second);
        var tokens = (await RedeemAsync(domain, await browser.CodeAsync(shop))).AppTokens();
        Assert.Equal(HttpStatusCode.OK, (await RedeemAsync(second, await elsewhere.CodeAsync(shop))).Status);
        await tenant.CallAsync(HttpMethod.Delete, $"/{domain}");
        await tenant.CallAsync(HttpMethod.Delete, $"/{second}");
        var other = await domains.TenantAsync();
        await other.VerifiedAsync(domain);
        // What was issued there goes on nowhere.
        Assert.Equal("invalid_client", (await RefreshAsync(domain, tokens)).Error());

        await EndAsync();
        await TestApp.EventuallyAsync(() => Task.FromResult(!receiver.Bodies.IsEmpty), "the application is told");
        await app.QuietAsync();
        Assert.Equal(Url(second), IssuerOf(Assert.Single(receiver.Tokens)));
    }

    [Fact]
    public async Task A_token_of_another_client_is_revoked_by_nobody_and_nobody_learns_of_it()
    {
        var tokens = (await RedeemAsync(domain, await browser.CodeAsync(shop))).AppTokens();
        var other = await app.ApplicationAsync(tenant.Administrator, scopes: ["users:read"]);
        var unknown = await app.FormAsync(ClientCalls.RevocationPath, [("token", "made-up")], Headers(domain, other));
        foreach (var token in new[] { tokens.Access, tokens.Refresh, user.Tokens.Access })
        {
            var answer = await app.FormAsync(ClientCalls.RevocationPath, [("token", token)], Headers(domain, other));
            Assert.Equal((HttpStatusCode.OK, unknown.Text), (answer.Status, answer.Text));
        }

        Assert.Equal(HttpStatusCode.OK, (await UserInfoAsync(domain, tokens)).Status);
        Assert.Equal(HttpStatusCode.OK, (await app.Users.MeAsync(user.Tokens)).Status);
    }

    private static string Url(string host) => $"http://{host}:8080";

    private static string IssuerOf(string token) => AppTokens.Part(token, 1).GetProperty("iss").GetString()!;

    private static (HttpStatusCode, string?) Rejection(Answer answer) => (answer.Status, answer.Code);

    private static void AssertIssuer(string issuer, Answer metadata)
    {
        Assert.Equal(issuer, metadata.Body.GetProperty("issuer").GetString());
        foreach (
            var member in metadata
                .Body.EnumerateObject()
                .Where(m => m.Name.EndsWith("_endpoint", StringComparison.Ordinal) || m.Name == "jwks_uri")
        )
            Assert.StartsWith(issuer + "/", member.Value.GetString(), StringComparison.Ordinal);
    }

    private Task<Answer> MetadataAsync(params (string, string)[] headers) =>
        app.Users.SendAsync(HttpMethod.Get, "/.well-known/openid-configuration", headers);

    private static void At(Browser browser, string host)
    {
        browser.Set("Host", host);
        browser.Set("Origin", "http://" + host);
    }

    private async Task<Browser> BrowserAsync(string host)
    {
        var its = new Browser(app);
        At(its, host);
        Assert.Equal(HttpStatusCode.Created, (await its.SignInAsync(user.Email)).Status);
        return its;
    }

    private string PathOf(string uri) =>
        Applications.AuthorizePath + "?" + Applications.Encode([("client_id", shop.ClientId), ("request_uri", uri)]);

    private async Task EndAsync()
    {
        var ended = await app.CallAsync(HttpMethod.Delete, $"/v1/users/{user.UserId}/sessions", tenant.Administrator);
        Assert.True((int)ended.Status < 300, ended.Text);
    }

    private static (string, string)[] Headers(string host, TestApplication application, params (string, string)[] more) =>
        [("Host", host), ("Authorization", "Basic " + Applications.Basic(application.ClientId, application.Secret!)), .. more];

    private Task<Answer> PostAsync(string host, string path, params (string, string)[] fields) =>
        app.FormAsync(path, fields, Headers(host, shop));

    private Task<Answer> PostAsync(string host, string path, (string, string)[] fields, params (string, string)[] headers) =>
        app.FormAsync(path, fields, Headers(host, shop, headers));

    private Task<Answer> RedeemAsync(string host, string code, params (string, string)[] headers) =>
        PostAsync(
            host,
            ClientCalls.TokenPath,
            [
                ("grant_type", "authorization_code"),
                ("code", code),
                ("redirect_uri", shop.RedirectUri),
                ("code_verifier", Applications.Verifier),
            ],
            headers
        );

    private Task<Answer> RefreshAsync(string host, AppTokens tokens, params (string, string)[] headers) =>
        PostAsync(host, ClientCalls.TokenPath, [("grant_type", "refresh_token"), ("refresh_token", tokens.Refresh)], headers);

    private Task<Answer> UserInfoAsync(string host, AppTokens tokens) =>
        app.Users.SendAsync(HttpMethod.Get, Applications.UserInfoPath, ("Host", host), ("Authorization", "Bearer " + tokens.Access));
}
