using System.Buffers.Text;
using System.Net;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using Gatehouse.SystemTests.Harness;

namespace Gatehouse.SystemTests.OpenId.SignIn;

/// <summary>Clients that prove who they are by a key (private_key_jwt).</summary>
public sealed class PrivateKeyTests(RunningApp running) : IAsyncLifetime
{
    private const string Issuer = "http://localhost:8080";
    private readonly TestApp app = running.App;
    private readonly ECDsa key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
    private SignedIn administrator = null!;
    private TestApplication shop = null!;

    public async ValueTask InitializeAsync()
    {
        administrator = await app.TenantAdministratorAsync();
        shop = await app.ApplicationAsync(administrator, scopes: ["users:read"], publicKeys: [Base64(key.ExportSubjectPublicKeyInfo())]);
    }

    public ValueTask DisposeAsync()
    {
        key.Dispose();
        return default;
    }

    [Fact]
    public async Task An_assertion_is_as_good_as_a_secret_for_one_time()
    {
        var assertion = Assertion();
        Assert.Equal(HttpStatusCode.OK, (await AskAsync(assertion)).Status);
        Assert.Equal("invalid_client", (await AskAsync(assertion)).Error());
        // In the clock's own uncertainty, and for the endpoint's address.
        Assert.Equal(HttpStatusCode.OK, (await AskAsync(Assertion(("iat", Now + 10), ("nbf", Now + 10)))).Status);
        Assert.Equal(HttpStatusCode.OK, (await AskAsync(Assertion(("aud", Issuer + "/oauth2/token")))).Status);
    }

    [Fact]
    public async Task An_assertion_that_is_not_good_is_none()
    {
        var other = await app.ApplicationAsync(administrator, scopes: ["users:read"]);
        using var stranger = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var good = Assertion();
        foreach (
            var bad in new[]
            {
                Assertion(("exp", Now - 60)),
                Assertion(("exp", Now + 3600)),
                Assertion(("exp", null)),
                Assertion(("jti", null)),
                Assertion(("aud", "https://other.example.org")),
                Assertion(("aud", null)),
                Assertion(("nbf", Now + 120)),
                Assertion(("iat", Now + 120)),
                Assertion(("sub", other.ClientId)),
                Assertion(("iss", other.ClientId), ("sub", other.ClientId)),
                Assertion(("iss", "nobody"), ("sub", "nobody")),
                Sign(stranger, "ES256", Claims()),
                Part("""{"alg":"none"}""") + "." + good.Split('.')[1] + ".",
                good[..^4] + "AAAA",
                "made-up",
                "",
            }
        )
        {
            var answer = await AskAsync(bad);
            Assert.True((int)answer.Status is 400 or 401, $"{bad}: {answer.Status} {answer.Text}");
        }

        var mixed = await app.FormAsync(ClientCalls.TokenPath, Fields(Assertion(), ("client_id", other.ClientId)));
        Assert.Equal("invalid_client", mixed.Error());
        var both = await app.FormAsync(
            ClientCalls.TokenPath,
            Fields(Assertion(), ("client_id", shop.ClientId), ("client_secret", shop.Secret!))
        );
        Assert.Equal(HttpStatusCode.BadRequest, both.Status);
    }

    [Fact]
    public async Task Only_public_keys_that_are_strong_enough_are_kept()
    {
        using var weak = RSA.Create(1024);
        using var curve = ECDsa.Create(ECCurve.NamedCurves.nistP384);
        foreach (
            var bad in new[]
            {
                Base64(key.ExportPkcs8PrivateKey()),
                Base64(weak.ExportSubjectPublicKeyInfo()),
                Base64(curve.ExportSubjectPublicKeyInfo()),
                "made-up",
                "",
            }
        )
        {
            var answer = await app.CallAsync(
                HttpMethod.Patch,
                $"/v1/clients/{shop.Id}",
                administrator,
                new { publicKeys = Applications.List(bad) }
            );
            Assert.True(answer.Status == HttpStatusCode.BadRequest, bad);
            Assert.Contains("openid.key-unusable", answer.Text, StringComparison.Ordinal);
        }
    }

    [Fact]
    public async Task Of_many_uses_of_one_assertion_at_once_one_counts()
    {
        var assertion = Assertion();

        var answers = await Task.WhenAll(Enumerable.Range(0, 15).Select(_ => AskAsync(assertion)));

        Assert.Single(answers, answer => answer.Status == HttpStatusCode.OK);
    }

    private long Now => app.Clock.GetUtcNow().ToUnixTimeSeconds();

    private Task<Answer> AskAsync(string assertion) =>
        app.FormAsync(ClientCalls.TokenPath, Fields(assertion, ("client_id", shop.ClientId)));

    private static List<(string, string)> Fields(string assertion, params (string, string)[] more) =>
        [
            ("grant_type", "client_credentials"),
            ("client_assertion_type", "urn:ietf:params:oauth:client-assertion-type:jwt-bearer"),
            ("client_assertion", assertion),
            .. more,
        ];

    private string Assertion(params (string Name, object? Value)[] changed)
    {
        var claims = Claims();
        foreach (var (name, value) in changed)
        {
            if (value is null)
                claims.Remove(name);
            else
                claims[name] = value;
        }

        return Sign(key, "ES256", claims);
    }

    private Dictionary<string, object> Claims() => Claims(shop.ClientId, Issuer, Now);

    private static Dictionary<string, object> Claims(string client, string audience, long now) =>
        new(StringComparer.Ordinal)
        {
            ["iss"] = client,
            ["sub"] = client,
            ["aud"] = audience,
            ["iat"] = now,
            ["exp"] = now + 60,
            ["jti"] = Guid.CreateVersion7(DateTimeOffset.FromUnixTimeSeconds(now)).ToString(),
        };

    /// <summary>A good one for that audience.</summary>
    internal static string Assertion(ECDsa key, string client, string audience, DateTimeOffset now) =>
        Sign(key, "ES256", Claims(client, audience, now.ToUnixTimeSeconds()));

    private static string Sign(ECDsa key, string algorithm, Dictionary<string, object> claims)
    {
        var text = Part($$"""{"alg":"{{algorithm}}","typ":"JWT","kid":"its own"}""") + "." + Part(JsonSerializer.Serialize(claims));
        return text + "." + Base64Url.EncodeToString(key.SignData(Encoding.ASCII.GetBytes(text), HashAlgorithmName.SHA256));
    }

    private static string Base64(byte[] bytes) => Convert.ToBase64String(bytes);

    private static string Part(string json) => Base64Url.EncodeToString(Encoding.UTF8.GetBytes(json));
}
