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

    [Fact]
    public async Task They_sign_a_user_in_by_every_way_to_prove_who_they_are()
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
            "applications.mjs",
            server,
            "http://localhost:8080",
            user.Email,
            TestUsers.Password,
            JsonSerializer.Serialize(clients)
        );

        Assert.True(exitCode == 0, output);
        using var steps = JsonDocument.Parse(output);
        foreach (var (name, algorithm) in new[] { ("basic", "RS256"), ("post", "ES256"), ("none", "RS256"), ("key", "RS256") })
        {
            var step = steps.RootElement.GetProperty(name);
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

        Assert.Equal(user.UserId, steps.RootElement.GetProperty("before").GetProperty("subject").GetGuid());
    }
}
