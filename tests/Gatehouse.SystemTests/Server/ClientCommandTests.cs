using System.Net;
using System.Text.RegularExpressions;
using Gatehouse.SystemTests.Development.Postgres;
using Gatehouse.SystemTests.Harness;
using Gatehouse.SystemTests.OpenId;
using Gatehouse.SystemTests.OpenId.SignIn;

namespace Gatehouse.SystemTests.Server;

/// <summary><c>gatehouse client</c> and the clients of <c>gatehouse seed</c> as processes, beside a running server.</summary>
[Trait("Speed", "Slow")]
public sealed partial class ClientCommandTests(RunningApp running) : IClassFixture<RunningApp>, IDisposable
{
    private readonly TestApp app = running.App;
    private readonly TemporaryFolder folder = new();

    public void Dispose() => folder.Dispose();

    [Fact]
    public async Task An_operator_creates_a_client_gives_it_another_secret_and_disables_it()
    {
        var client = Read(
            await DoneAsync("client", "create", "--name", "Till", "--scope", "users:read", "--scope", "tenants:read", "--platform")
        );
        Assert.Equal(HttpStatusCode.OK, (await app.TokenAnswerAsync(client)).Status);
        Assert.Contains(
            $"{client.ClientId}\tactive\tTill\ttenants:read users:read",
            await DoneAsync("client", "list"),
            StringComparison.Ordinal
        );

        var second = client with
        {
            Secret = Secret.Match(await DoneAsync("client", "new-secret", client.ClientId, "--days", "30")).Groups[1].Value,
        };
        Assert.Equal(HttpStatusCode.OK, (await app.TokenAnswerAsync(second)).Status);
        await using (var third = await RunAsync("client", "new-secret", client.ClientId))
            Assert.Equal((1, "client: The client has two secrets already. Delete one first."), (await third.ExitCodeAsync(), third.Errors));

        await DoneAsync("client", "disable", client.ClientId, "--reason", "Leaked");
        Assert.Equal("invalid_client", (await app.TokenAnswerAsync(second)).Error());
        await using var unknown = await RunAsync("client", "disable", "gc_unknown");
        Assert.Equal((1, "client: There is no such client."), (await unknown.ExitCodeAsync(), unknown.Errors));
        await using var wrong = await RunAsync("client", "create", "--name", "", "--scope", "users:fly");
        Assert.Equal(1, await wrong.ExitCodeAsync());
        Assert.Contains("client.name: ", wrong.Errors, StringComparison.Ordinal);
    }

    [Fact]
    public async Task An_operator_creates_an_application_for_devices()
    {
        var created = await DoneAsync("client", "create", "--name", "Television", "--public", "--device-code");

        Assert.DoesNotContain("client_secret", created, StringComparison.Ordinal);
        var television = new TestApplication(Guid.Empty, Regex.Match(created, "client_id=(\\S+)").Groups[1].Value);
        var codes = await app.OAuthAsync("/oauth2/device", television, [("scope", "openid")]);
        Assert.True(codes.Status == HttpStatusCode.OK, codes.Text);
    }

    [Fact]
    public async Task A_seed_makes_a_client_prints_its_secret_once_and_changes_its_scopes()
    {
        const string seed = """{"tenants":[{"name":"default","clients":[{"name":"Seeded","scopes":["users:read"]}]}]}""";

        var client = Read(await SeedAsync(seed));
        Assert.Equal("users:read", (await app.TokenAnswerAsync(client)).Body.GetProperty("scope").GetString());
        Assert.Equal("Everything is there. Nothing to do.", await SeedAsync(seed));
        var changed = await SeedAsync(seed.Replace("users:read", "roles:read", StringComparison.Ordinal));
        Assert.Contains("~ client Seeded: +roles:read -users:read", changed, StringComparison.Ordinal);
        Assert.DoesNotContain("gcs_", changed, StringComparison.Ordinal);
        Assert.Equal("roles:read", (await app.TokenAnswerAsync(client)).Body.GetProperty("scope").GetString());
    }

    [Fact]
    public async Task Applications_that_sign_users_in_come_from_a_seed_and_from_a_command()
    {
        const string Orders = "https://orders.example.com/";
        const string seed = """
            {"tenants":[{"name":"default","clients":[{"name":"Seeded shop","resources":["https://orders.example.com/"],
              "signIn":{"requireConsent":false,
              "redirectUris":["https://shop.example.com/signed-in?from=gatehouse"],
              "postLogoutRedirectUris":["https://shop.example.com/bye"]}}]}]}
            """;
        var seeded = Read(await SeedAsync(seed));
        Assert.Equal("Everything is there. Nothing to do.", await SeedAsync(seed));
        Assert.Contains(
            "~ client Seeded shop: sign-in",
            await SeedAsync(seed.Replace("/bye", "/ciao", StringComparison.Ordinal)),
            StringComparison.Ordinal
        );
        Assert.Contains(
            "~ client Seeded shop: resources",
            await SeedAsync(
                seed.Replace("/bye", "/ciao", StringComparison.Ordinal)
                    .Replace("\"resources\":[", "\"resources\":[\"urn:example:stock\",", StringComparison.Ordinal)
            ),
            StringComparison.Ordinal
        );
        var commanded = Read(
            await DoneAsync(
                "client",
                "create",
                "--name",
                "Commanded shop",
                "--redirect-uri",
                TestApplication.Redirect,
                "--post-logout-redirect-uri",
                TestApplication.PostLogout,
                "--sign-in-scope",
                "openid",
                "--sign-in-scope",
                "email",
                "--no-consent",
                "--resource",
                Orders
            )
        );

        using var browser = await app.BrowserAsync(await app.Users.SomebodyAsync());
        foreach (
            var (client, scope, bye) in new[]
            {
                (seeded, "openid profile email", "https://shop.example.com/ciao"),
                (commanded, "openid email", TestApplication.PostLogout),
            }
        )
        {
            var shop = new TestApplication(Guid.Empty, client.ClientId) { Secret = client.Secret };
            var tokens = await app.TokensAsync(browser, shop, ("resource", Orders));
            Assert.Equal(Orders, tokens.AccessClaims.GetProperty("aud").GetString());
            Assert.Equal(scope, tokens.Body.GetProperty("scope").GetString());
            using var other = await app.BrowserAsync(await app.Users.SomebodyAsync());
            var hint = (await app.TokensAsync(other, shop)).IdToken;
            var query = Applications.Encode([("id_token_hint", hint), ("post_logout_redirect_uri", bye)]);
            Assert.Equal(bye, (await other.GetAsync(Applications.LogoutPath + "?" + query)).Location());
        }
    }

    [GeneratedRegex("client_id=(gc_[A-Za-z0-9_-]{22})", RegexOptions.CultureInvariant, matchTimeoutMilliseconds: 1000)]
    private static partial Regex Id { get; }

    [GeneratedRegex("client_secret=(gcs_[A-Za-z0-9_-]{43})", RegexOptions.CultureInvariant, matchTimeoutMilliseconds: 1000)]
    private static partial Regex Secret { get; }

    private static TestClient Read(string output) =>
        new(default, Id.Match(output).Groups[1].Value, Secret.Match(output).Groups[1].Value) { SecretId = default };

    private async Task<string> SeedAsync(string seed)
    {
        Directory.CreateDirectory(folder.FullPath);
        var file = Path.Combine(folder.FullPath, "seed.json");
        await File.WriteAllTextAsync(file, seed);
        return await DoneAsync("seed", file, "--yes");
    }

    private async Task<string> DoneAsync(params string[] arguments)
    {
        await using var run = await RunAsync(arguments);
        Assert.Equal((0, ""), (await run.ExitCodeAsync(), run.Errors));
        return run.Output;
    }

    private async Task<GatehouseProcess> RunAsync(params string[] arguments) =>
        await GatehouseProcess.RunAsync(arguments, await ServeTests.SettingsAsync(app.Databases));
}
