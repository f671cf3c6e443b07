using System.Net;
using System.Security.Cryptography;
using System.Text.Json;
using Gatehouse.SystemTests.Harness;
using Gatehouse.SystemTests.Identity.Credentials;
using Gatehouse.SystemTests.Identity.Files;
using Gatehouse.Tests.Identity.Files;

namespace Gatehouse.SystemTests.OpenId.SignIn;

/// <summary>What the tokens of applications say, and where they are good.</summary>
public sealed class AppTokenTests(RunningApp running) : IAsyncLifetime
{
    private readonly TestApp app = running.App;
    private SignedIn user = null!;
    private SignedIn administrator = null!;
    private Browser browser = null!;

    public async ValueTask InitializeAsync()
    {
        user = await app.Users.SomebodyAsync();
        administrator = await app.TenantAdministratorAsync();
        browser = await app.BrowserAsync(user);
    }

    public ValueTask DisposeAsync()
    {
        browser.Dispose();
        return default;
    }

    [Fact]
    public async Task An_ID_token_says_what_it_must_and_no_more()
    {
        var shop = await app.ApplicationAsync(administrator);
        var tokens = await app.TokensAsync(browser, shop, ("nonce", null));

        Assert.Equal(
            ["acr", "amr", "at_hash", "aud", "auth_time", "exp", "iat", "iss", "sid", "sub"],
            tokens.IdClaims.EnumerateObject().Select(c => c.Name).Order(StringComparer.Ordinal)
        );
        Assert.Equal(JsonValueKind.Number, tokens.IdClaims.GetProperty("auth_time").ValueKind);
        Assert.Equal("JWT", tokens.IdHeader.GetProperty("typ").GetString());
        Assert.Equal(
            ["acr", "amr", "aud", "auth_time", "client_id", "exp", "iat", "iss", "jti", "scope", "sid", "sub", "tid"],
            tokens.AccessClaims.EnumerateObject().Select(c => c.Name).Order(StringComparer.Ordinal)
        );
        Assert.Equal("at+jwt", AppTokens.Part(tokens.Access, 0).GetProperty("typ").GetString());
        // The session of the browser for the application's user, another one for its tokens.
        Assert.NotEqual(tokens.IdClaims.GetProperty("sid").GetString(), tokens.AccessClaims.GetProperty("sid").GetString());
        var second = await app.TokensAsync(browser, shop);
        Assert.Equal(tokens.IdClaims.GetProperty("sid").GetString(), second.IdClaims.GetProperty("sid").GetString());
        Assert.Equal(tokens.IdClaims.GetProperty("sub").GetString(), second.IdClaims.GetProperty("sub").GetString());
    }

    [Fact]
    public async Task Which_roles_the_user_has_is_told_with_the_scope_groups_alone()
    {
        var shop = await app.ApplicationAsync(administrator);
        using var its = await app.BrowserAsync(administrator);
        var without = await app.TokensAsync(its, shop);
        Assert.False(without.AccessClaims.TryGetProperty("roles", out _));
        Assert.False((await app.UserInfoAsync(without.Access)).Body.TryGetProperty("groups", out _));

        var with = await app.TokensAsync(its, shop, ("scope", "openid groups"));
        Assert.Contains("administrator", with.AccessClaims.GetProperty("roles").GetRawText(), StringComparison.Ordinal);
        Assert.Contains(
            "administrator",
            (await app.UserInfoAsync(with.Access)).Body.GetProperty("groups").GetRawText(),
            StringComparison.Ordinal
        );
    }

    [Fact]
    public async Task An_application_chooses_its_algorithm_and_may_have_the_users_claims_in_the_token()
    {
        var shop = await app.ApplicationAsync(administrator, new { idTokenAlgorithm = "ES256", userClaimsInIdToken = true });
        var tokens = await app.TokensAsync(browser, shop, ("scope", "openid email groups"));

        Assert.Equal("ES256", tokens.IdHeader.GetProperty("alg").GetString());
        Assert.Equal(user.Email, tokens.IdClaims.GetProperty("email").GetString());
        Assert.Equal(JsonValueKind.True, tokens.IdClaims.GetProperty("email_verified").ValueKind);
        Assert.Equal(JsonValueKind.Array, tokens.IdClaims.GetProperty("groups").ValueKind);
        Assert.False(tokens.AccessClaims.TryGetProperty("email", out _));
    }

    [Fact]
    public async Task Each_scope_gives_its_own_claims()
    {
        var shop = await app.ApplicationAsync(administrator);
        var all = (await app.UserInfoAsync((await app.TokensAsync(browser, shop, ("scope", "openid profile email groups"))).Access)).Body;
        Assert.Equal(
            ["email", "email_verified", "groups", "locale", "name", "sub", "updated_at"],
            all.EnumerateObject().Select(c => c.Name).Order(StringComparer.Ordinal)
        );
        var bare = (await app.UserInfoAsync((await app.TokensAsync(browser, shop, ("scope", "openid"))).Access)).Body;
        Assert.Equal(["sub"], bare.EnumerateObject().Select(c => c.Name));
    }

    [Fact]
    public async Task When_the_user_last_changed_is_told_in_seconds_and_signing_in_is_no_change()
    {
        const long Before = 1_577_836_800;
        var somebody = await app.Users.SomebodyAsync();
        using var its = await app.BrowserAsync(somebody);
        var shop = await app.ApplicationAsync(administrator);
        await app.ExecuteAsync("update identity.users set updated_at = '2020-01-01T00:00:00Z' where id = $1", somebody.UserId);
        await app.Users.SignInAsync(somebody.Email);
        Assert.Equal(Before, await ToldAsync());

        Assert.Equal(HttpStatusCode.OK, (await app.PatchAsync("/v1/me", new { givenName = "Ada" }, somebody)).Status);
        Assert.InRange(await ToldAsync(), Before + 1, app.Clock.GetUtcNow().ToUnixTimeSeconds());

        // Of before it was kept: since when there is the account.
        await app.ExecuteAsync("update identity.users set updated_at = null where id = $1", somebody.UserId);
        var created = await app.ScalarAsync<DateTime>("select created_at from identity.users where id = $1", somebody.UserId);
        Assert.Equal(new DateTimeOffset(created).ToUnixTimeSeconds(), await ToldAsync());

        async Task<long> ToldAsync() =>
            (await app.UserInfoAsync((await app.TokensAsync(its, shop, ("scope", "openid profile"))).Access))
                .Body.GetProperty("updated_at")
                .GetInt64();
    }

    [Fact]
    public async Task Who_filled_in_everything_is_told_with_the_names_and_types_of_the_standard()
    {
        var somebody = await app.Users.SomebodyAsync();
        var phone = await app.WithPhoneAsync(somebody);
        var username = "u" + RandomNumberGenerator.GetHexString(12, lowercase: true);
        var profile = new
        {
            username,
            givenName = "Ada",
            familyName = "Byron",
            website = "https://ada.example.com/",
            birthDate = "1990-12-10",
        };
        Assert.Equal(HttpStatusCode.OK, (await app.PatchAsync("/v1/me", profile, somebody)).Status);
        Assert.Equal(HttpStatusCode.OK, (await app.SetPhotoAsync(somebody, TestPictures.RedAndBlue(60, 60))).Status);
        using var its = await app.BrowserAsync(somebody);
        var shop = await app.ApplicationAsync(administrator, new { scopes = Applications.List("openid", "profile", "email", "phone") });

        var told = (await app.UserInfoAsync((await app.TokensAsync(its, shop, ("scope", "openid profile email phone"))).Access)).Body;
        Assert.Equal(60, TestPictures.Look((await app.ReadAsync(told.GetProperty("picture").GetString()!)).Content).Width);
        var expected = new Dictionary<string, string>(StringComparer.Ordinal)
        {
            ["birthdate"] = "1990-12-10",
            ["email"] = somebody.Email,
            ["family_name"] = "Byron",
            ["given_name"] = "Ada",
            ["locale"] = "en",
            ["name"] = "Ada",
            ["phone_number"] = phone,
            ["preferred_username"] = username,
            ["sub"] = somebody.UserId.ToString(),
            ["website"] = "https://ada.example.com/",
        };
        Assert.Equal(
            expected.OrderBy(claim => claim.Key, StringComparer.Ordinal),
            told.EnumerateObject()
                .Where(claim => claim.Value.ValueKind == JsonValueKind.String && claim.Name != "picture")
                .Select(claim => KeyValuePair.Create(claim.Name, claim.Value.GetString()!))
                .OrderBy(claim => claim.Key, StringComparer.Ordinal)
        );
        Assert.Equal(
            ["email_verified", "phone_number_verified"],
            told.EnumerateObject()
                .Where(claim => claim.Value.ValueKind == JsonValueKind.True)
                .Select(claim => claim.Name)
                .Order(StringComparer.Ordinal)
        );
    }

    [Fact]
    public async Task A_scope_that_the_application_may_not_ask_for_is_left_out_and_said_so()
    {
        var shop = await app.ApplicationAsync(administrator, new { scopes = Applications.List("openid", "email") });
        var tokens = await app.TokensAsync(browser, shop, ("scope", "openid profile email phone made-up"));
        Assert.Equal("openid email", tokens.Body.GetProperty("scope").GetString());
    }

    [Fact]
    public async Task Without_openid_it_is_plain_OAuth()
    {
        var shop = await app.ApplicationAsync(administrator);
        var tokens = await app.TokensAsync(browser, shop, ("scope", "email"));

        Assert.False(tokens.Body.TryGetProperty("id_token", out _));
        var answer = await app.UserInfoAsync(tokens.Access);
        Assert.Equal(HttpStatusCode.Forbidden, answer.Status);
        Assert.Contains("error=\"insufficient_scope\"", answer.Header("WWW-Authenticate"), StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_token_of_an_application_opens_nothing_of_our_own()
    {
        var shop = await app.ApplicationAsync(administrator);
        using var its = await app.BrowserAsync(administrator);
        var tokens = await app.TokensAsync(its, shop);

        foreach (var path in new[] { "/v1/me", "/v1/users", "/v1/sessions", "/v1/permissions/mine" })
            Assert.Equal(
                HttpStatusCode.Unauthorized,
                (await app.Users.SendAsync(HttpMethod.Get, path, ("Authorization", "Bearer " + tokens.Access))).Status
            );
    }

    [Fact]
    public async Task Nothing_but_an_applications_token_is_good_at_userinfo()
    {
        var shop = await app.ApplicationAsync(administrator, scopes: ["users:read"]);
        var tokens = await app.TokensAsync(browser, shop);
        var machine = await app.TokenAsync(shop, [("grant_type", "client_credentials")]);
        Assert.Equal(HttpStatusCode.OK, machine.Status);

        Assert.Equal(HttpStatusCode.Unauthorized, (await app.UserInfoAsync(tokens.IdToken)).Status);
        Assert.Equal(HttpStatusCode.Unauthorized, (await app.UserInfoAsync(tokens.Refresh)).Status);
        Assert.Equal(HttpStatusCode.Forbidden, (await app.UserInfoAsync(user.Tokens.Access)).Status);
        Assert.Equal(HttpStatusCode.Forbidden, (await app.UserInfoAsync(machine.Body.GetProperty("access_token").GetString()!)).Status);
        var none = await app.Users.GetAsync(Applications.UserInfoPath);
        Assert.Equal((HttpStatusCode.Unauthorized, "Bearer realm=\"gatehouse\""), (none.Status, none.Header("WWW-Authenticate")));
    }

    [Fact]
    public async Task Userinfo_takes_a_token_in_one_place_and_never_in_the_address()
    {
        var shop = await app.ApplicationAsync(administrator);
        var tokens = await app.TokensAsync(browser, shop);

        Assert.Equal(HttpStatusCode.OK, (await app.FormAsync(Applications.UserInfoPath, [("access_token", tokens.Access)])).Status);
        Assert.Equal(
            HttpStatusCode.OK,
            (await app.FormAsync(Applications.UserInfoPath, [], ("Authorization", "bearer " + tokens.Access))).Status
        );
        var inAddress = await app.Users.GetAsync($"{Applications.UserInfoPath}?access_token={tokens.Access}");
        Assert.Equal(HttpStatusCode.BadRequest, inAddress.Status);
        var twice = await app.FormAsync(
            Applications.UserInfoPath,
            [("access_token", tokens.Access)],
            ("Authorization", "Bearer " + tokens.Access)
        );
        Assert.Equal(HttpStatusCode.BadRequest, twice.Status);
    }

    [Fact]
    public async Task The_endpoints_of_programs_can_be_called_from_any_page()
    {
        var origin = ("Origin", "https://spa.example.com");
        foreach (
            var path in new[]
            {
                ClientCalls.TokenPath,
                ClientCalls.RevocationPath,
                Applications.UserInfoPath,
                Applications.PushPath,
                "/.well-known/openid-configuration",
                "/.well-known/jwks.json",
            }
        )
        {
            var preflight = await app.Users.SendAsync(
                HttpMethod.Options,
                path,
                origin,
                ("Access-Control-Request-Method", path.StartsWith("/.well", StringComparison.Ordinal) ? "GET" : "POST"),
                ("Access-Control-Request-Headers", "authorization,content-type")
            );
            var isKeys = path.EndsWith("jwks.json", StringComparison.Ordinal);
            if (!isKeys)
                Assert.True(preflight.Header("Access-Control-Allow-Origin") == "*", $"{path}: {preflight.Status}");
        }

        foreach (var path in new[] { Applications.UserInfoPath, "/.well-known/openid-configuration", "/.well-known/jwks.json" })
            Assert.Equal("*", (await app.Users.SendAsync(HttpMethod.Get, path, origin)).Header("Access-Control-Allow-Origin"));
        Assert.Equal("*", (await app.FormAsync(ClientCalls.TokenPath, [], origin)).Header("Access-Control-Allow-Origin"));
        foreach (
            var (path, status) in new[]
            {
                (Applications.UserInfoPath, HttpStatusCode.Unauthorized),
                (Applications.UserInfoPath + "?access_token=x", HttpStatusCode.BadRequest),
            }
        )
        {
            var rejected = await app.Users.SendAsync(HttpMethod.Get, path, origin, ("Authorization", "Bearer bad"));
            Assert.Equal((status, "*"), (rejected.Status, rejected.Header("Access-Control-Allow-Origin")));
            Assert.Contains("WWW-Authenticate", rejected.Header("Access-Control-Expose-Headers"), StringComparison.Ordinal);
            Assert.StartsWith(
                "Bearer realm=\"gatehouse\", error=\"invalid_",
                rejected.Header("WWW-Authenticate"),
                StringComparison.Ordinal
            );
        }

        var page = await app.Users.SendAsync(HttpMethod.Get, Applications.AuthorizePath, origin);
        Assert.Equal("", page.Header("Access-Control-Allow-Origin"));
    }
}
