using System.Buffers.Text;
using System.Net;
using System.Security.Cryptography;
using Gatehouse.Encryption;
using Gatehouse.SystemTests.Harness;

namespace Gatehouse.SystemTests.Identity.Tokens;

/// <summary>Services find the keys where the standard says, may keep them a while, and never see a private part.</summary>
public sealed class PublishKeysTests(SignedInApp running) : IClassFixture<SignedInApp>
{
    private readonly TestApp app = running.App;

    [Fact]
    public async Task The_key_that_signs_and_the_next_one_are_published_without_private_parts()
    {
        var answer = await app.Users.GetAsync("/.well-known/jwks.json");

        Assert.Equal(HttpStatusCode.OK, answer.Status);
        var all = answer.Body.GetProperty("keys").EnumerateArray().ToList();
        Assert.Equal(4, all.Select(key => key.GetProperty("kid").GetString()).Distinct(StringComparer.Ordinal).Count());
        var keys = all.Where(key => key.GetProperty("kty").GetString() == "EC").ToList();
        var rsa = all.Except(keys).ToList();
        Assert.All(keys, key => Assert.Equal("alg,crv,kid,kty,use,x,y", Members(key)));
        Assert.All(rsa, key => Assert.Equal("alg,e,kid,kty,n,use", Members(key)));
        Assert.All(
            keys,
            key => Assert.Equal("P-256 ES256 sig", $"{key.GetProperty("crv")} {key.GetProperty("alg")} {key.GetProperty("use")}")
        );
        Assert.All(
            rsa,
            key => Assert.Equal("RSA RS256 sig", $"{key.GetProperty("kty")} {key.GetProperty("alg")} {key.GetProperty("use")}")
        );
        var stored = await app.Services.GetRequiredService<SigningKeyStore>().ListAsync(SigningAlgorithm.Es256, CancellationToken.None);
        Assert.Equal(stored.Select(k => k.Id), keys.Select(k => k.GetProperty("kid").GetString()));
        foreach (var (pair, key) in stored.Zip(keys))
        {
            using var own = ECDsa.Create();
            own.ImportPkcs8PrivateKey(pair.Pkcs8, out _);
            var parameters = own.ExportParameters(includePrivateParameters: true);
            Assert.Equal(Base64Url.EncodeToString(parameters.Q.X), key.GetProperty("x").GetString());
            Assert.Equal(Base64Url.EncodeToString(parameters.Q.Y), key.GetProperty("y").GetString());
            // Encrypted where it is kept, and never said.
            Assert.Empty(await app.PlacesOfAsync(Base64Url.EncodeToString(parameters.D), parameters.D));
            Assert.DoesNotContain(app.Logs.Lines, line => line.Contains(Base64Url.EncodeToString(parameters.D), StringComparison.Ordinal));
        }
    }

    [Fact]
    public async Task The_issuer_says_what_is_true_of_it()
    {
        var document = (await app.Users.GetAsync("/.well-known/openid-configuration")).Body;

        Assert.Equal("http://localhost:8080", document.GetProperty("issuer").GetString());
        Assert.Equal("http://localhost:8080/.well-known/jwks.json", document.GetProperty("jwks_uri").GetString());
        var supported = document.GetProperty("claims_supported").EnumerateArray().Select(c => c.GetString()!).ToList();
        Assert.All(running.Ada.Tokens.Claims.EnumerateObject(), claim => Assert.Contains(claim.Name, supported));
        Assert.All(
            document.EnumerateObject().Where(member => member.Name.EndsWith("_endpoint", StringComparison.Ordinal)),
            member => Assert.StartsWith("http://localhost:8080/oauth2/", member.Value.GetString(), StringComparison.Ordinal)
        );
        Assert.Equal("[\"code\"]", document.GetProperty("response_types_supported").GetRawText());
        Assert.Equal("[\"S256\"]", document.GetProperty("code_challenge_methods_supported").GetRawText());
        Assert.Equal("[\"RS256\",\"ES256\"]", document.GetProperty("id_token_signing_alg_values_supported").GetRawText());
        Assert.False(document.GetProperty("request_uri_parameter_supported").GetBoolean());
        Assert.Contains("\"none\"", document.GetProperty("token_endpoint_auth_methods_supported").GetRawText(), StringComparison.Ordinal);
        Assert.Equal(document.GetRawText(), (await app.Users.GetAsync("/.well-known/oauth-authorization-server")).Body.GetRawText());
        // Whatever the request says it is for.
        var forged = await app.Users.SendAsync(
            HttpMethod.Get,
            "/.well-known/openid-configuration",
            ("Host", "evil.example.org"),
            ("X-Forwarded-Host", "evil.example.org")
        );
        Assert.DoesNotContain("evil", forged.Text, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("/.well-known/jwks.json")]
    [InlineData("/.well-known/openid-configuration")]
    public async Task Both_may_be_kept_for_a_quarter_of_an_hour_and_are_not_sent_again_unchanged(string path)
    {
        var answer = await app.Users.GetAsync(path);

        Assert.Equal("public, max-age=900", answer.Header("Cache-Control"));
        Assert.Equal("application/json", answer.Response.Content.Headers.ContentType?.MediaType);
        Assert.Equal("*", answer.Header("Access-Control-Allow-Origin"));
        Assert.Equal("", answer.Header("Set-Cookie"));
        var tag = answer.Header("ETag");
        Assert.Matches("^\"[0-9a-f]{32}\"$", tag);
        var again = await app.Users.SendAsync(HttpMethod.Get, path, ("If-None-Match", tag));
        Assert.Equal((HttpStatusCode.NotModified, ""), (again.Status, again.Text));
        Assert.Equal("public, max-age=900", again.Header("Cache-Control"));
        Assert.Equal(HttpStatusCode.OK, (await app.Users.SendAsync(HttpMethod.Get, path, ("If-None-Match", "\"0\""))).Status);
        // Neither tenant nor token matters to them.
        Assert.Equal(
            tag,
            (await app.Users.SendAsync(HttpMethod.Get, path, ("Gatehouse-Tenant", "nobody"), ("Authorization", "Bearer x"))).Header("ETag")
        );
    }

    private static string Members(System.Text.Json.JsonElement key) =>
        string.Join(',', key.EnumerateObject().Select(m => m.Name).Order(StringComparer.Ordinal));
}
