using System.Text.Json.Nodes;
using Gatehouse.Identity.Tokens;
using Gatehouse.SystemTests.Harness;

namespace Gatehouse.SystemTests.Identity.Tokens;

/// <summary>A stock JOSE library of another language checks tokens by what is published, through a rotation too.</summary>
[Trait("Speed", "Slow")]
public sealed class ForeignTests : IAsyncLifetime
{
    private TestApp app = null!;
    private Foreign service = null!;

    public async ValueTask InitializeAsync()
    {
        app = await TestApp.StartAsync();
        service = await Foreign.StartAsync(app);
    }

    public async ValueTask DisposeAsync()
    {
        service.Dispose();
        await app.DisposeAsync();
    }

    [Fact]
    public async Task It_accepts_our_tokens_and_refuses_what_is_none()
    {
        var person = await app.Users.SomebodyAsync();
        using var forger = await Forger.StealAsync(app, person.Tokens);

        Assert.Equal(person.UserId.ToString(), await ValidateAsync(person.Tokens.Access));
        Assert.Equal("ERR_JWT_CLAIM_VALIDATION_FAILED", await ValidateAsync(forger.With(claims: c => c["iss"] = "https://other.example")));
        Assert.Equal("ERR_JWT_CLAIM_VALIDATION_FAILED", await ValidateAsync(forger.With(claims: c => c["aud"] = "https://other.example")));
        Assert.Equal("ERR_JWT_CLAIM_VALIDATION_FAILED", await ValidateAsync(forger.With(header: h => h["typ"] = "JWT")));
        Assert.Equal("ERR_JWT_CLAIM_VALIDATION_FAILED", await ValidateAsync(forger.With(claims: c => c.Remove("sid"))));
        Assert.Equal("ERR_JOSE_ALG_NOT_ALLOWED", await ValidateAsync(forger.SignByPublicKey(forger.Key.ExportSubjectPublicKeyInfo())));
        Assert.Equal("ERR_JWS_SIGNATURE_VERIFICATION_FAILED", await ValidateAsync(person.Tokens.Access[..^10] + "AAAAAAAAAA"));
        Assert.Equal("ERR_JWKS_NO_MATCHING_KEY", await ValidateAsync(forger.With(header: h => h["kid"] = "AAAAAAAAAAAAAAAAAAAAAA")));
        Assert.Equal("ERR_JWT_EXPIRED", await service.ValidateAsync(person.Tokens.Access, app.Clock.GetUtcNow().AddMinutes(10)));
    }

    [Fact]
    public async Task A_resource_server_that_knows_RFC_9068_accepts_our_tokens()
    {
        var person = await app.Users.SomebodyAsync();
        using var forger = await Forger.StealAsync(app, person.Tokens);
        using var server = await Foreign.RunAsync(
            "rfc9068.mjs",
            "http://localhost:8080",
            new Uri(app.Http.BaseAddress!, "/.well-known/jwks.json").AbsoluteUri,
            "http://localhost:8080"
        );

        var answer = await server.AskAsync(person.Tokens.Access);

        Assert.True(answer.TryGetProperty("claims", out var claims), answer.GetRawText());
        Assert.Equal(
            (person.UserId.ToString(), "gatehouse"),
            (claims.GetProperty("sub").GetString(), claims.GetProperty("client_id").GetString())
        );
        Assert.True((await server.AskAsync(forger.With(claims: c => c.Remove("client_id")))).TryGetProperty("error", out _));
    }

    [Fact]
    public async Task It_follows_a_rotation_with_the_keys_it_read_before_and_forgets_the_retired_one()
    {
        var person = await app.Users.SomebodyAsync();
        using var forger = await Forger.StealAsync(app, person.Tokens);
        Assert.Equal(person.UserId.ToString(), await ValidateAsync(person.Tokens.Access));

        var tokens = person.Tokens;
        var activates = await app.Services.GetRequiredService<SigningKeys>().BringForwardAsync(CancellationToken.None);
        var keys = new HashSet<string>(StringComparer.Ordinal);
        // Under load: the person goes on while the time of the new key comes and goes.
        while (app.Clock.GetUtcNow() < activates.AddMinutes(1))
        {
            app.Clock.Advance(TimeSpan.FromSeconds(20));
            tokens = (await app.Users.RefreshAsync(tokens.Refresh)).Tokens();
            keys.Add(KeyOf(tokens));
            Assert.Equal(person.UserId.ToString(), await ValidateAsync(tokens.Access));
        }

        // Until the node has read that its key moved forward it signs with the old one.
        await TestApp.EventuallyAsync(
            async () =>
            {
                tokens = (await app.Users.RefreshAsync(tokens.Refresh)).Tokens();
                Assert.Equal(person.UserId.ToString(), await ValidateAsync(tokens.Access));
                return keys.Add(KeyOf(tokens)) || keys.Count == 2;
            },
            "the new key signs"
        );
        Assert.Equal(2, keys.Count);

        app.Clock.Advance(TimeSpan.FromHours(24));
        await app.RunRecurringAsync<MaintainSigningKeys>();
        var stale = forger.With(claims: c =>
        {
            c["iat"] = app.Clock.GetUtcNow().ToUnixTimeSeconds();
            c["exp"] = app.Clock.GetUtcNow().AddMinutes(10).ToUnixTimeSeconds();
        });
        await TestApp.EventuallyAsync(
            async () => await service.ValidateAsync(stale, app.Clock.GetUtcNow(), forget: true) == "ERR_JWKS_NO_MATCHING_KEY",
            "the retired key is not published any more"
        );
        tokens = (await app.Users.RefreshAsync(tokens.Refresh)).Tokens();
        Assert.Equal(person.UserId.ToString(), await ValidateAsync(tokens.Access));
    }

    private static string KeyOf(TokenPair tokens) =>
        JsonNode.Parse(System.Buffers.Text.Base64Url.DecodeFromChars(tokens.Access.Split('.')[0]))!["kid"]!.GetValue<string>();

    private Task<string> ValidateAsync(string token) => service.ValidateAsync(token, app.Clock.GetUtcNow());
}
