using System.Net;
using System.Text;
using Gatehouse.SystemTests.Harness;

namespace Gatehouse.SystemTests.OpenId;

/// <summary>Clients get tokens for themselves (RFC 6749, 4.4), and nothing else gets any.</summary>
public sealed class TokenEndpointTests(RunningApp running)
{
    private const string Grant = "client_credentials";
    private readonly TestApp app = running.App;

    [Fact]
    public async Task A_client_gets_a_token_for_all_it_holds_or_for_less()
    {
        var client = await app.ClientAsync(await app.TenantAdministratorAsync(), "users:read", "audit:read");

        var answer = await app.TokenAnswerAsync(client);

        Assert.Equal(HttpStatusCode.OK, answer.Status);
        Assert.Equal("application/json", answer.Response.Content.Headers.ContentType!.MediaType);
        Assert.Contains("no-store", answer.Header("Cache-Control"), StringComparison.Ordinal);
        Assert.Equal("no-cache", answer.Header("Pragma"));
        Assert.Equal(
            ["access_token", "expires_in", "scope", "token_type"],
            answer.Body.EnumerateObject().Select(m => m.Name).Order(StringComparer.Ordinal)
        );
        Assert.Equal(600, answer.Body.GetProperty("expires_in").GetInt32());
        Assert.Equal("audit:read users:read", answer.Body.GetProperty("scope").GetString());
        Assert.Equal("Bearer", answer.Body.GetProperty("token_type").GetString());
        var claims = new TokenPair(default, answer.Body.GetProperty("access_token").GetString()!, "").Claims;
        Assert.Equal(
            ["aud", "client_id", "exp", "iat", "iss", "jti", "scope", "sub", "tid"],
            claims.EnumerateObject().Select(m => m.Name).Order(StringComparer.Ordinal)
        );
        Assert.Equal((client.Id, client.ClientId), (claims.GetProperty("sub").GetGuid(), claims.GetProperty("client_id").GetString()));

        var less = await app.TokenAnswerAsync(client, "users:read");
        Assert.Equal("users:read", less.Body.GetProperty("scope").GetString());
        var none = await app.TokenAnswerAsync(client, "");
        Assert.Equal("audit:read users:read", none.Body.GetProperty("scope").GetString());
        Assert.NotEqual(
            claims.GetProperty("jti").GetString(),
            new TokenPair(default, less.Body.GetProperty("access_token").GetString()!, "").Claims.GetProperty("jti").GetString()
        );
    }

    [Fact]
    public async Task Credentials_come_in_the_form_or_by_Basic_authentication_but_not_both()
    {
        var client = await app.ClientAsync(await app.TenantAdministratorAsync(), "users:read");
        (string, string)[] form = [("grant_type", Grant), ("client_id", client.ClientId), ("client_secret", client.Secret)];

        Assert.Equal(HttpStatusCode.OK, (await app.FormAsync(ClientCalls.TokenPath, form)).Status);
        // Either may be form-encoded before (RFC 6749, 2.3.1).
        var encoded = Convert.ToBase64String(
            Encoding.UTF8.GetBytes(string.Join(':', client.ClientId, client.Secret).Replace("_", "%5F", StringComparison.Ordinal))
        );
        var percent = await app.FormAsync(ClientCalls.TokenPath, [("grant_type", Grant)], ("Authorization", "Basic " + encoded));
        Assert.Equal(HttpStatusCode.OK, percent.Status);

        var both = await app.FormAsync(ClientCalls.TokenPath, form, ("Authorization", "Basic " + client.Basic));
        Assert.Equal((HttpStatusCode.BadRequest, "invalid_request"), (both.Status, both.Error()));
        var twice = await app.FormAsync(
            ClientCalls.TokenPath,
            [("grant_type", Grant)],
            ("Authorization", "Basic " + client.Basic),
            ("Authorization", "Basic " + client.Basic)
        );
        Assert.Equal((HttpStatusCode.BadRequest, "invalid_request"), (twice.Status, twice.Error()));
    }

    [Fact]
    public async Task Whoever_is_no_client_is_told_the_same()
    {
        var admin = await app.TenantAdministratorAsync();
        var (client, other) = (await app.ClientAsync(admin, "users:read"), await app.ClientAsync(admin, "users:read"));
        var disabled = await app.ClientAsync(admin, "users:read");
        await app.AssertDoneAsync(HttpMethod.Post, disabled.Path + "/disable", admin, new { reason = "Leaked" });

        var answers = new List<Answer>
        {
            await app.TokenAnswerAsync(client with { Secret = other.Secret }),
            await app.TokenAnswerAsync(client with { Secret = client.Secret + "a" }),
            await app.TokenAnswerAsync(client with { Secret = client.Secret.ToUpperInvariant() }),
            await app.TokenAnswerAsync(client with { Secret = new string('a', 5000) }),
            await app.TokenAnswerAsync(client with { ClientId = "gc_unknown" }),
            await app.TokenAnswerAsync(client with { ClientId = new string('a', 5000) }),
            await app.TokenAnswerAsync(client with { ClientId = "a\0" }),
            await app.TokenAnswerAsync(client with { ClientId = "a%00" }),
            await app.TokenAnswerAsync(disabled),
        };

        Assert.All(
            answers,
            answer =>
            {
                Assert.Equal((HttpStatusCode.Unauthorized, answers[0].Text), (answer.Status, answer.Text));
                Assert.StartsWith("Basic", answer.Header("WWW-Authenticate"), StringComparison.Ordinal);
                Assert.Contains("no-store", answer.Header("Cache-Control"), StringComparison.Ordinal);
            }
        );
        Assert.Equal("invalid_client", answers[0].Error());
        Assert.False(answers[0].Body.TryGetProperty("error_uri", out _));
    }

    [Theory]
    [InlineData("grant_type=client_credentials", "invalid_client", true)]
    [InlineData("grant_type=client_credentials&client_id={id}", "invalid_client", true)]
    [InlineData("grant_type=client_credentials&client_id={id}&client_secret=", "invalid_client", true)]
    [InlineData("client_id={id}&client_secret={secret}", "invalid_request", false)]
    [InlineData("grant_type=&client_id={id}&client_secret={secret}", "invalid_request", false)]
    [InlineData("grant_type=password&username=a&password=b&client_id={id}&client_secret={secret}", "unsupported_grant_type", false)]
    [InlineData("grant_type=refresh_token&refresh_token=a&client_id={id}&client_secret={secret}", "unauthorized_client", false)]
    [InlineData("grant_type=authorization_code&code=a&client_id={id}&client_secret={secret}", "unauthorized_client", false)]
    [InlineData(
        "grant_type=urn:ietf:params:oauth:grant-type:device_code&device_code=a&client_id={id}&client_secret={secret}",
        "unauthorized_client",
        false
    )]
    [InlineData("grant_type=CLIENT_CREDENTIALS&client_id={id}&client_secret={secret}", "unsupported_grant_type", false)]
    [InlineData(
        "grant_type=client_credentials&grant_type=client_credentials&client_id={id}&client_secret={secret}",
        "invalid_request",
        false
    )]
    [InlineData(
        "grant_type=client_credentials&scope=users:read&scope=users:read&client_id={id}&client_secret={secret}",
        "invalid_request",
        false
    )]
    [InlineData("grant_type=client_credentials&client_id={id}&client_secret={secret}&client_secret={secret}", "invalid_request", false)]
    [InlineData("grant_type=client_credentials&scope=users:write&client_id={id}&client_secret={secret}", "invalid_scope", false)]
    [InlineData("grant_type=client_credentials&scope=users:read%20made:up&client_id={id}&client_secret={secret}", "invalid_scope", false)]
    [InlineData("grant_type=client_credentials&scope=USERS:READ&client_id={id}&client_secret={secret}", "invalid_scope", false)]
    [InlineData("grant_type=client_credentials&scope=openid&client_id={id}&client_secret={secret}", "invalid_scope", false)]
    [InlineData("grant_type=client_credentials&client_id={id}&client_secret=%FF", "invalid_request", false)]
    [InlineData("grant_type=client_credentials&client_id={id}%00&client_secret={secret}", "invalid_request", false)]
    [InlineData("grant_type=%ZZ", "invalid_request", false)]
    [InlineData("", "invalid_request", false)]
    public async Task A_bad_request_is_named(string form, string error, bool isUnauthorized)
    {
        var client = await app.ClientAsync(await app.TenantAdministratorAsync(), "users:read");
        var body = form.Replace("{id}", client.ClientId, StringComparison.Ordinal)
            .Replace("{secret}", client.Secret, StringComparison.Ordinal);

        var answer = await SendAsync(HttpMethod.Post, body, "application/x-www-form-urlencoded");

        Assert.Equal((error, isUnauthorized ? HttpStatusCode.Unauthorized : HttpStatusCode.BadRequest), (answer.Error(), answer.Status));
        Assert.Contains("no-store", answer.Header("Cache-Control"), StringComparison.Ordinal);
    }

    [Fact]
    public async Task What_is_no_small_form_is_rejected()
    {
        var json = await SendAsync(HttpMethod.Post, """{"grant_type":"client_credentials"}""", "application/json");
        Assert.Equal((HttpStatusCode.BadRequest, "invalid_request"), (json.Status, json.Error()));
        var huge = await SendAsync(HttpMethod.Post, "grant_type=" + new string('a', 100_000), "application/x-www-form-urlencoded");
        Assert.Equal((HttpStatusCode.RequestEntityTooLarge, "invalid_request"), (huge.Status, huge.Error()));
        foreach (var method in new[] { HttpMethod.Get, HttpMethod.Put, HttpMethod.Delete })
            Assert.Equal(HttpStatusCode.MethodNotAllowed, (await app.Users.SendAsync(method, ClientCalls.TokenPath)).Status);
    }

    [Fact]
    public async Task Two_secrets_are_good_at_a_time_so_programs_change_over_one_by_one()
    {
        var admin = await app.TenantAdministratorAsync();
        var client = await app.ClientAsync(admin, "users:read");
        var created = await app.CallAsync(HttpMethod.Post, client.Path + "/secrets", admin);
        var next = client with { Secret = created.Body.GetProperty("secret").GetString()! };

        Assert.Equal(HttpStatusCode.OK, (await app.TokenAnswerAsync(client)).Status);
        Assert.Equal(HttpStatusCode.OK, (await app.TokenAnswerAsync(next)).Status);
        await app.AssertDoneAsync(HttpMethod.Delete, $"{client.Path}/secrets/{client.SecretId}", admin);
        Assert.Equal("invalid_client", (await app.TokenAnswerAsync(client)).Error());
        Assert.Equal(HttpStatusCode.OK, (await app.TokenAnswerAsync(next)).Status);
        var shown = await app.CallAsync(HttpMethod.Get, client.Path, admin);
        Assert.Equal(next.Secret[..8], shown.Body.GetProperty("secrets")[0].GetProperty("hint").GetString());
        Assert.NotEqual("", shown.Body.GetProperty("secrets")[0].GetProperty("lastUsedAt").GetString());
    }

    [Fact]
    public async Task An_expired_secret_is_none()
    {
        var client = await app.ClientAsync(
            await app.TenantAdministratorAsync(),
            new
            {
                name = "Shop",
                scopes = ClientCalls.Scopes("users:read"),
                secretDays = 1,
            }
        );
        Assert.Equal(HttpStatusCode.OK, (await app.TokenAnswerAsync(client)).Status);

        await app.ExecuteAsync("update openid.client_secrets set expires_at = $1 where client = $2", app.Clock.GetUtcNow(), client.Id);

        Assert.Equal("invalid_client", (await app.TokenAnswerAsync(client)).Error());
    }

    [Fact]
    public async Task Wrong_secrets_are_counted_and_a_right_one_is_accepted_all_the_same()
    {
        var client = await app.ClientAsync(await app.TenantAdministratorAsync(), "users:read");
        var wrong = client with { Secret = "wrong" };

        for (var i = 0; i < 20; i++)
            Assert.Equal(HttpStatusCode.Unauthorized, (await app.TokenAnswerAsync(wrong)).Status);
        var throttled = await app.TokenAnswerAsync(wrong);

        Assert.Equal((HttpStatusCode.TooManyRequests, "temporarily_unavailable"), (throttled.Status, throttled.Error()));
        Assert.InRange(throttled.RetryAfter(), 1, 60);
        Assert.Equal(HttpStatusCode.OK, (await app.TokenAnswerAsync(client)).Status);
    }

    [Fact]
    public async Task The_metadata_say_what_is_true()
    {
        var document = (await app.Users.SendAsync(HttpMethod.Get, "/.well-known/oauth-authorization-server")).Body;

        Assert.Equal(
            "[\"client_credentials\",\"authorization_code\",\"refresh_token\",\"urn:ietf:params:oauth:grant-type:device_code\"]",
            document.GetProperty("grant_types_supported").GetRawText()
        );
        Assert.Equal(
            "[\"client_secret_basic\",\"client_secret_post\",\"private_key_jwt\"]",
            document.GetProperty("introspection_endpoint_auth_methods_supported").GetRawText()
        );
        Assert.Equal("http://localhost:8080/oauth2/token", document.GetProperty("token_endpoint").GetString());
        var head = await app.Users.SendAsync(HttpMethod.Head, "/.well-known/oauth-authorization-server");
        Assert.Equal(HttpStatusCode.OK, head.Status);
    }

    private async Task<Answer> SendAsync(HttpMethod method, string body, string type)
    {
        using var content = new StringContent(body, Encoding.UTF8, type);
        using var request = new HttpRequestMessage(method, ClientCalls.TokenPath) { Content = content };
        return await app.Users.SendAsync(request);
    }
}
