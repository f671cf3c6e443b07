using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using Gatehouse.SystemTests.Harness;
using Microsoft.AspNetCore.Http;

namespace Gatehouse.SystemTests.OpenId.SignIn;

/// <summary>Applications are told when a user's session ends.</summary>
public sealed class BackchannelLogoutTests(RunningApp running) : IAsyncLifetime
{
    private readonly TestApp app = running.App;
    private SignedIn user = null!;
    private SignedIn administrator = null!;
    private LogoutReceiver receiver = null!;
    private TestApplication shop = null!;
    private Browser browser = null!;

    public async ValueTask InitializeAsync()
    {
        user = await app.Users.SomebodyAsync();
        administrator = await app.TenantAdministratorAsync();
        receiver = await LogoutReceiver.StartAsync();
        shop = await app.ApplicationAsync(administrator, new { backchannelLogoutUri = receiver.Url });
        browser = await app.BrowserAsync(user);
    }

    public async ValueTask DisposeAsync()
    {
        browser.Dispose();
        await receiver.DisposeAsync();
    }

    [Fact]
    public async Task Each_application_of_the_session_gets_one_token_that_names_it()
    {
        var tokens = await app.TokensAsync(browser, shop);
        await app.TokensAsync(browser, shop);
        await using var other = await LogoutReceiver.StartAsync();
        var second = await app.ApplicationAsync(administrator, new { backchannelLogoutUri = other.Url, idTokenAlgorithm = "ES256" });
        await app.TokensAsync(browser, second);

        await browser.SendAsync(HttpMethod.Delete, "/v1/sessions/current");
        await ToldAsync(receiver, 1);
        await ToldAsync(other, 1);
        await app.QuietAsync();

        var token = Assert.Single(receiver.Tokens);
        Assert.StartsWith("logout_token=", receiver.Bodies.Single(), StringComparison.Ordinal);
        var (header, claims) = (AppTokens.Part(token, 0), AppTokens.Part(token, 1));
        Assert.Equal(("logout+jwt", "RS256"), (header.GetProperty("typ").GetString(), header.GetProperty("alg").GetString()));
        Assert.Equal(
            ["aud", "events", "exp", "iat", "iss", "jti", "sid", "sub"],
            claims.EnumerateObject().Select(c => c.Name).Order(StringComparer.Ordinal)
        );
        Assert.Equal(tokens.IdClaims.GetProperty("sid").GetString(), claims.GetProperty("sid").GetString());
        Assert.Equal(shop.ClientId, claims.GetProperty("aud").GetString());
        var happened = Assert.Single(claims.GetProperty("events").EnumerateObject());
        Assert.Equal("http://schemas.openid.net/event/backchannel-logout", happened.Name);
        Assert.Equal("{}", happened.Value.GetRawText());
        Assert.True(claims.GetProperty("exp").GetInt64() - claims.GetProperty("iat").GetInt64() <= 120);
        Assert.Equal("ES256", AppTokens.Part(Assert.Single(other.Tokens), 0).GetProperty("alg").GetString());
    }

    [Fact]
    public async Task One_that_is_away_is_told_again_with_a_new_token_and_one_that_refuses_is_not()
    {
        receiver.Answers.Enqueue(http =>
        {
            http.Response.StatusCode = StatusCodes.Status500InternalServerError;
            return Task.CompletedTask;
        });
        await app.TokensAsync(browser, shop);
        await browser.SendAsync(HttpMethod.Delete, "/v1/sessions/current");
        await ToldAsync(receiver, 2);
        var ids = receiver.Tokens.Select(t => AppTokens.Part(t, 1).GetProperty("jti").GetString()).ToList();
        Assert.Equal(2, ids.Distinct(StringComparer.Ordinal).Count());

        await using var refusing = await LogoutReceiver.StartAsync();
        foreach (var status in new[] { StatusCodes.Status400BadRequest, StatusCodes.Status307TemporaryRedirect })
        {
            refusing.Answers.Enqueue(http =>
            {
                http.Response.StatusCode = status;
                http.Response.Headers.Location = receiver.Url;
                return Task.CompletedTask;
            });
        }

        var application = await app.ApplicationAsync(administrator, new { backchannelLogoutUri = refusing.Url });
        for (var count = 1; count <= 2; count++)
        {
            using var its = await app.BrowserAsync(user);
            await app.TokensAsync(its, application);
            await its.SendAsync(HttpMethod.Delete, "/v1/sessions/current");
            await ToldAsync(refusing, count);
        }

        await app.QuietAsync();
        Assert.Equal(2, refusing.Bodies.Count);
        Assert.Equal(2, receiver.Bodies.Count);
    }

    [Fact]
    public async Task Whatever_ends_the_session_is_told()
    {
        await app.TokensAsync(browser, shop);
        using var second = await app.BrowserAsync(user);
        await app.TokensAsync(second, shop);
        using var third = await app.BrowserAsync(user);
        await app.TokensAsync(third, shop);

        var ended = await app.CallAsync(HttpMethod.Delete, $"/v1/users/{user.UserId}/sessions", administrator);
        Assert.True((int)ended.Status < 300, ended.Text);
        await ToldAsync(receiver, 3);
        Assert.Equal(
            3,
            receiver.Tokens.Select(t => AppTokens.Part(t, 1).GetProperty("sid").GetString()).Distinct(StringComparer.Ordinal).Count()
        );
    }

    [Fact]
    public async Task An_application_that_hangs_keeps_nobody_waiting()
    {
        var answered = new TaskCompletionSource();
        receiver.Answers.Enqueue(_ => answered.Task);
        await app.TokensAsync(browser, shop);

        Assert.Equal(System.Net.HttpStatusCode.NoContent, (await browser.SendAsync(HttpMethod.Delete, "/v1/sessions/current")).Status);
        await ToldAsync(receiver, 1);
        answered.SetResult();
    }

    [Theory]
    [InlineData("RS256")]
    [InlineData("ES256")]
    public async Task A_logout_token_is_signed_by_a_published_key(string algorithm)
    {
        await using var told = await LogoutReceiver.StartAsync();
        var application = await app.ApplicationAsync(administrator, new { backchannelLogoutUri = told.Url, idTokenAlgorithm = algorithm });
        await app.TokensAsync(browser, application);
        await browser.SendAsync(HttpMethod.Delete, "/v1/sessions/current");
        await ToldAsync(told, 1);

        var token = told.Tokens[0];
        Assert.Equal("http://localhost:8080", AppTokens.Part(token, 1).GetProperty("iss").GetString());
        var kid = AppTokens.Part(token, 0).GetProperty("kid").GetString();
        var key = (await app.Users.GetAsync("/.well-known/jwks.json"))
            .Body.GetProperty("keys")
            .EnumerateArray()
            .Single(one => one.GetProperty("kid").GetString() == kid);
        Assert.Equal(algorithm, key.GetProperty("alg").GetString());
        var parts = token.Split('.');
        var (signed, signature) = (Encoding.ASCII.GetBytes(parts[0] + "." + parts[1]), Base64Url.DecodeFromChars(parts[2]));
        Assert.True(Verifies(key, signed, signature));
        signed[^1] ^= 1;
        Assert.False(Verifies(key, signed, signature));
    }

    private static bool Verifies(JsonElement key, byte[] signed, byte[] signature)
    {
        if (key.GetProperty("kty").GetString() == "RSA")
        {
            using var rsa = RSA.Create(new RSAParameters { Modulus = Bytes("n"), Exponent = Bytes("e") });
            return rsa.VerifyData(signed, signature, HashAlgorithmName.SHA256, RSASignaturePadding.Pkcs1);
        }

        using var ec = ECDsa.Create(
            new ECParameters
            {
                Curve = ECCurve.NamedCurves.nistP256,
                Q = new ECPoint { X = Bytes("x"), Y = Bytes("y") },
            }
        );
        return ec.VerifyData(signed, signature, HashAlgorithmName.SHA256);

        byte[] Bytes(string name) => Base64Url.DecodeFromChars(key.GetProperty(name).GetString());
    }

    private static Task ToldAsync(LogoutReceiver receiver, int count) =>
        TestApp.EventuallyAsync(() => Task.FromResult(receiver.Bodies.Count >= count), "the application is told");
}
