using System.Net;
using System.Text.Json;
using Gatehouse.SystemTests.Harness;

namespace Gatehouse.SystemTests.OpenId.SignIn;

/// <summary>Programs that are strict in their own way, by the rules of each: what Kubernetes and go-oidc check, and command lines that wait
/// at an address of the user's own machine.</summary>
public sealed class InteropTests(RunningApp running) : IAsyncLifetime
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
    public async Task An_ID_token_is_enough_for_one_that_never_asks_at_userinfo()
    {
        var cluster = await app.ApplicationAsync(
            administrator,
            new
            {
                @public = true,
                userClaimsInIdToken = true,
                redirectUris = Applications.List("http://localhost:8000"),
            }
        );
        using var its = await app.BrowserAsync(administrator);
        foreach (var one in new[] { browser, its })
        {
            var tokens = await app.TokensAsync(one, cluster, ("scope", "openid email groups offline_access"));
            var claims = (await app.RefreshAsync(cluster, tokens.Refresh)).AppTokens().IdClaims;
            Assert.Equal("RS256", tokens.IdHeader.GetProperty("alg").GetString());
            Assert.Equal(("http://localhost:8080", cluster.ClientId), (Text(claims, "iss"), Text(claims, "aud")));
            Assert.Equal(JsonValueKind.True, claims.GetProperty("email_verified").ValueKind);
            Assert.Contains('@', Text(claims, "email")!);
            // A list of texts, also where it is empty.
            Assert.All(claims.GetProperty("groups").EnumerateArray(), group => Assert.Equal(JsonValueKind.String, group.ValueKind));
            foreach (var time in new[] { "exp", "iat", "auth_time" })
                Assert.Equal(JsonValueKind.Number, claims.GetProperty(time).ValueKind);
        }
    }

    [Theory]
    [InlineData("http://localhost:8250/oidc/callback", false)]
    [InlineData("http://localhost:8085/auth/callback", true)]
    public async Task A_command_line_that_waits_on_this_machine_signs_in(string address, bool isPublic)
    {
        var tool = await app.ApplicationAsync(
            administrator,
            new
            {
                @public = isPublic,
                requirePkce = isPublic,
                redirectUris = Applications.List(address),
            }
        );
        // What these send along, and what not.
        (string, string?)[] sent = isPublic
            ? [("scope", "openid profile email groups offline_access"), ("claims", """{"id_token":{"groups":{"essential":true}}}""")]
            : [("scope", "openid groups"), ("code_challenge", null), ("code_challenge_method", null), ("response_mode", "query")];
        var code = await browser.CodeAsync(tool, sent);
        var fields = new List<(string, string)> { ("grant_type", "authorization_code"), ("code", code), ("redirect_uri", address) };
        if (isPublic)
            fields.Add(("code_verifier", Applications.Verifier));
        else
            fields.Add(("scope", "openid groups"));
        var tokens = (await app.TokenAsync(tool, fields)).AppTokens();

        Assert.Equal(user.UserId, tokens.IdClaims.GetProperty("sub").GetGuid());
        var info = (await app.UserInfoAsync(tokens.Access)).Body;
        Assert.Equal(tokens.IdClaims.GetProperty("sub").GetString(), info.GetProperty("sub").GetString());
        Assert.Equal(JsonValueKind.Array, info.GetProperty("groups").ValueKind);
        var elsewhere = await browser.GetAsync(
            tool.Request(("redirect_uri", address.Replace("localhost", "127.0.0.1", StringComparison.Ordinal)))
        );
        Assert.Equal((HttpStatusCode.BadRequest, ""), (elsewhere.Status, elsewhere.Location()));
    }

    private static string? Text(JsonElement claims, string name) => claims.GetProperty(name).GetString();
}
