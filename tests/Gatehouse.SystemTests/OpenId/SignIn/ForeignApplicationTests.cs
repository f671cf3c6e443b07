using System.Security.Cryptography;
using System.Text.Json;
using Gatehouse.SystemTests.Harness;

namespace Gatehouse.SystemTests.OpenId.SignIn;

/// <summary>The certified library openid-client, its major version before, and jose, which know nothing of Gatehouse but its
/// issuer.</summary>
[Trait("Speed", "Slow")]
public sealed class ForeignApplicationTests(RunningApp running)
{
    // The library takes the query away from the address that it sends again.
    private static readonly string[] Address = ["https://shop.example.com/signed-in"];

    private const string Issuer = "http://localhost:8080";

    private static readonly (string What, string Rejection)[] Rejections =
    [
        ("state", "OAUTH_INVALID_RESPONSE"),
        ("issuer", "OAUTH_INVALID_RESPONSE"),
        ("verifier", "400 invalid_grant"),
        ("address", "400 invalid_grant"),
        ("subject", "OAUTH_JSON_ATTRIBUTE_COMPARISON_FAILED"),
        ("scope", "400 invalid_scope"),
        ("client", "400 invalid_grant"),
        ("code", "400 invalid_grant"),
        ("refresh", "400 invalid_grant"),
        ("userInfo", "401 bearer gatehouse invalid_token"),
        ("nonce", "OAUTH_JWT_CLAIM_COMPARISON_FAILED"),
        ("silent", "login_required"),
        ("pushed", "400 invalid_request"),
    ];

    [Fact]
    public async Task They_sign_a_user_in_by_every_way_to_prove_who_they_are()
    {
        var (user, steps) = await RunAsync("applications.mjs");

        foreach (var (name, algorithm) in new[] { ("basic", "RS256"), ("post", "ES256"), ("none", "RS256"), ("key", "RS256") })
        {
            var step = steps.GetProperty(name);
            Assert.Equal(algorithm, step.GetProperty("alg").GetString());
            Assert.Equal(user.UserId, step.GetProperty("subject").GetGuid());
            Assert.Equal(user.Email, step.GetProperty("email").GetString());
            Assert.Equal("number", step.GetProperty("authTime").GetString());
            foreach (var truth in new[] { "halfHash", "verified", "sameSubject", "rotated" })
                Assert.True(step.GetProperty(truth).GetBoolean(), $"{name}: {truth}");
            Assert.Equal("invalid_grant", step.GetProperty("replay").GetString());
            // The one that must push its requests gets nothing by another one.
            Assert.Equal(name != "key", step.GetProperty("silent").GetBoolean());
            Assert.Equal(Applications.LogoutPath, step.GetProperty("end").GetString());
        }

        Assert.Equal(user.UserId, steps.GetProperty("before").GetProperty("subject").GetGuid());
    }

    [Fact]
    public async Task Oauth4webapi_goes_each_step_and_is_rejected_where_it_goes_wrong()
    {
        var (user, steps) = await RunAsync("oauth4webapi.mjs");

        Assert.True(steps.GetProperty("sameIssuer").GetBoolean());
        foreach (var name in new[] { "basic", "post", "none", "key" })
        {
            var step = steps.GetProperty(name);
            Assert.Equal(user.UserId, step.GetProperty("subject").GetGuid());
            Assert.Equal(user.Email, step.GetProperty("email").GetString());
            Assert.Equal(Issuer, step.GetProperty("audience").GetString());
            Assert.Equal(
                ("bearer", "openid profile email offline_access", "openid"),
                (Text(step, "type"), Text(step, "scope"), Text(step, "narrowed"))
            );
            if (name != "none")
                Assert.Equal((true, false), (step.GetProperty("before").GetBoolean(), step.GetProperty("after").GetBoolean()));
            var bad = step.GetProperty("bad");
            foreach (var (what, rejection) in Rejections)
                Assert.Equal((name, what, rejection), (name, what, Text(bad, what)));
            if (name is "basic" or "post")
                Assert.Equal("401 basic gatehouse invalid_client", Text(bad, "secret"));
        }
    }

    [Fact]
    public async Task Openid_client_signs_a_user_in_on_a_device()
    {
        var app = running.App;
        await NodePackages.InstallAsync("Foreign");
        var user = await app.Users.SomebodyAsync();
        using var browser = await app.BrowserAsync(user);
        var television = await app.ApplicationAsync(
            await app.TenantAdministratorAsync(),
            new
            {
                @public = true,
                deviceCode = true,
                requireConsent = true,
            }
        );
        var server = app.Http.BaseAddress!.AbsoluteUri.TrimEnd('/');
        using var node = NodePackages.Start("Foreign", "node", "device.mjs", server, Issuer, television.ClientId);
        node.StandardInput.Close();
        var code = (await node.StandardOutput.ReadLineAsync())!;

        var question = await browser.FillAsync("/device", "/device", ("user_code", code));
        var allowed = await browser.SendFormAsync(question, "/device", ("act", "allow"));

        Assert.Contains("Device connected", allowed.Text, StringComparison.Ordinal);
        var told = JsonDocument.Parse(await node.StandardOutput.ReadToEndAsync()).RootElement;
        await node.WaitForExitAsync();
        Assert.Equal((user.UserId, "invalid_grant"), (told.GetProperty("subject").GetGuid(), Text(told, "again")));
    }

    private static string? Text(JsonElement element, string name) => element.GetProperty(name).GetString();

    /// <summary>What the program printed of its run with a client of each kind.</summary>
    private async Task<(SignedIn User, JsonElement Steps)> RunAsync(string program)
    {
        var app = running.App;
        var user = await app.Users.SomebodyAsync();
        var administrator = await app.TenantAdministratorAsync();
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var basic = await app.ApplicationAsync(administrator, new { redirectUris = Address });
        var post = await app.ApplicationAsync(administrator, new { idTokenAlgorithm = "ES256", redirectUris = Address });
        var none = await app.ApplicationAsync(
            administrator,
            new { @public = true, redirectUris = Applications.List("http://127.0.0.1/callback") }
        );
        var byKey = await app.ApplicationAsync(
            administrator,
            new { requirePushedRequests = true, redirectUris = Address },
            publicKeys: [Convert.ToBase64String(key.ExportSubjectPublicKeyInfo())]
        );
        var clients = new Dictionary<string, object>(StringComparer.Ordinal)
        {
            ["basic"] = new
            {
                id = basic.ClientId,
                secret = basic.Secret,
                redirect = basic.RedirectUri,
                alg = "RS256",
            },
            ["post"] = new
            {
                id = post.ClientId,
                secret = post.Secret,
                redirect = post.RedirectUri,
                alg = "ES256",
            },
            ["none"] = new
            {
                id = none.ClientId,
                redirect = "http://127.0.0.1:51234/callback",
                alg = "RS256",
            },
            ["key"] = new
            {
                id = byKey.ClientId,
                key = key.ExportPkcs8PrivateKeyPem(),
                redirect = byKey.RedirectUri,
                alg = "RS256",
                pushed = true,
            },
        };
        var server = app.Http.BaseAddress!.AbsoluteUri.TrimEnd('/');
        var (exitCode, output) = await NodePackages.RunAsync(
            "Foreign",
            "node",
            program,
            server,
            Issuer,
            user.Email,
            TestUsers.Password,
            JsonSerializer.Serialize(clients)
        );
        Assert.True(exitCode == 0, output);
        return (user, JsonDocument.Parse(output).RootElement);
    }
}
