using System.Net;
using Gatehouse.SystemTests.Harness;
using Gatehouse.SystemTests.Identity.Tokens;

namespace Gatehouse.SystemTests.OpenId;

/// <summary>Clients ask about tokens (RFC 7662) and revoke them (RFC 7009).</summary>
public sealed class IntrospectionTests(RunningApp running)
{
    private const string Inactive = """{"active":false}""";
    private readonly TestApp app = running.App;

    [Fact]
    public async Task A_clients_token_is_described()
    {
        var admin = await app.TenantAdministratorAsync();
        var (asker, client) = (await app.ClientAsync(admin, "tokens:introspect"), await app.ClientAsync(admin, "users:read"));

        var answer = await app.PostAsync(ClientCalls.IntrospectionPath, asker, ("token", await app.TokenAsync(client)));

        Assert.Equal(HttpStatusCode.OK, answer.Status);
        Assert.Contains("no-store", answer.Header("Cache-Control"), StringComparison.Ordinal);
        Assert.Equal(
            ["active", "aud", "client_id", "exp", "iat", "iss", "jti", "scope", "sub", "tid", "token_type"],
            answer.Body.EnumerateObject().Select(m => m.Name).Order(StringComparer.Ordinal)
        );
        Assert.True(answer.Body.GetProperty("active").GetBoolean());
        Assert.Equal("users:read", answer.Body.GetProperty("scope").GetString());
        Assert.Equal(client.Id, answer.Body.GetProperty("sub").GetGuid());
        Assert.Equal("http://localhost:8080", answer.Body.GetProperty("iss").GetString());
        Assert.Equal(600, answer.Body.GetProperty("exp").GetInt64() - answer.Body.GetProperty("iat").GetInt64());
    }

    [Fact]
    public async Task A_users_token_is_described_until_the_session_ends()
    {
        var asker = await app.ClientAsync(await app.TenantAdministratorAsync(), "tokens:introspect");
        var user = await app.TenantAdministratorAsync();
        var session = await app.Users.SignInAsync(user.Email);

        var answer = await app.PostAsync(ClientCalls.IntrospectionPath, asker, ("token", session.Tokens().Access));

        Assert.Equal(
            [
                "acr",
                "active",
                "amr",
                "aud",
                "auth_time",
                "client_id",
                "exp",
                "iat",
                "iss",
                "jti",
                "roles",
                "sid",
                "sub",
                "tid",
                "token_type",
            ],
            answer.Body.EnumerateObject().Select(m => m.Name).Order(StringComparer.Ordinal)
        );
        Assert.Equal(user.UserId, answer.Body.GetProperty("sub").GetGuid());
        Assert.Equal("gatehouse", answer.Body.GetProperty("client_id").GetString());
        Assert.Equal("tenant-administrator", answer.Body.GetProperty("roles")[0].GetString());
        await app.Users.SendAsync(HttpMethod.Delete, "/v1/sessions/current", session.Tokens());
        var after = await app.PostAsync(ClientCalls.IntrospectionPath, asker, ("token", session.Tokens().Access));
        Assert.Equal((HttpStatusCode.OK, Inactive), (after.Status, after.Text));
    }

    [Fact]
    public async Task What_is_no_good_token_is_not_active()
    {
        var admin = await app.TenantAdministratorAsync();
        var asker = await app.ClientAsync(admin, "tokens:introspect");
        var (revoked, disabled) = (await app.ClientAsync(admin, "users:read"), await app.ClientAsync(admin, "users:read"));
        var (one, two) = (await app.TokenAsync(revoked), await app.TokenAsync(disabled));
        await app.PostAsync(ClientCalls.RevocationPath, revoked, ("token", one));
        await app.AssertDoneAsync(HttpMethod.Post, disabled.Path + "/disable", admin);
        using var forger = await Forger.StealAsync(app, admin.Tokens);

        string[] tokens =
        [
            one,
            two,
            "x",
            "a.b.c",
            one[..^4],
            admin.Tokens.Refresh,
            new string('a', 20_000),
            forger.With(claims: c => c["aud"] = ""),
            forger.With(claims: c => c["scope"] = "users:read"),
        ];
        foreach (var token in tokens)
        {
            var answer = await app.PostAsync(ClientCalls.IntrospectionPath, asker, ("token", token));
            Assert.Equal((HttpStatusCode.OK, Inactive), (answer.Status, answer.Text));
        }
    }

    [Fact]
    public async Task Only_a_client_that_may_is_told()
    {
        var admin = await app.TenantAdministratorAsync();
        var client = await app.ClientAsync(admin, "users:read");
        var token = await app.TokenAsync(client);

        // Its own it may ask about.
        Assert.True((await app.PostAsync(ClientCalls.IntrospectionPath, client, ("token", token))).Body.GetProperty("active").GetBoolean());
        var other = await app.ClientAsync(admin, "users:read");
        var refused = await app.PostAsync(ClientCalls.IntrospectionPath, other, ("token", token));
        Assert.Equal((HttpStatusCode.BadRequest, "unauthorized_client"), (refused.Status, refused.Error()));
        var wrong = await app.PostAsync(ClientCalls.IntrospectionPath, client with { Secret = "wrong" }, ("token", token));
        Assert.Equal((HttpStatusCode.Unauthorized, "invalid_client"), (wrong.Status, wrong.Error()));
        // A token is no credential here, a user's neither.
        var bearer = await app.FormAsync(ClientCalls.IntrospectionPath, [("token", token)], admin.Tokens.Header);
        Assert.Equal((HttpStatusCode.Unauthorized, "invalid_client"), (bearer.Status, bearer.Error()));
        var asker = await app.ClientAsync(admin, "tokens:introspect");
        var nothing = await app.PostAsync(ClientCalls.IntrospectionPath, asker, ("token", ""));
        Assert.Equal((HttpStatusCode.BadRequest, "invalid_request"), (nothing.Status, nothing.Error()));
        var twice = await app.PostAsync(ClientCalls.IntrospectionPath, asker, ("token", token), ("token", token));
        Assert.Equal((HttpStatusCode.BadRequest, "invalid_request"), (twice.Status, twice.Error()));
    }

    [Fact]
    public async Task A_client_revokes_its_own_token_and_no_others()
    {
        var admin = await app.TenantAdministratorAsync();
        var (client, other) = (await app.ClientAsync(admin, "users:read"), await app.ClientAsync(admin, "users:read"));
        var (token, kept) = (await app.TokenAsync(client), await app.TokenAsync(client));

        var foreign = await app.PostAsync(ClientCalls.RevocationPath, other, ("token", token));
        Assert.Equal((HttpStatusCode.OK, "{}"), (foreign.Status, foreign.Text));
        Assert.Equal(HttpStatusCode.OK, (await app.AsClientAsync(token, HttpMethod.Get, "/v1/users?limit=1")).Status);

        foreach (var hint in new[] { "access_token", "refresh_token", "made-up" })
        {
            var revoked = await app.PostAsync(ClientCalls.RevocationPath, client, ("token", token), ("token_type_hint", hint));
            Assert.Equal((HttpStatusCode.OK, "{}"), (revoked.Status, revoked.Text));
        }

        Assert.Equal(HttpStatusCode.Unauthorized, (await app.AsClientAsync(token, HttpMethod.Get, "/v1/users?limit=1")).Status);
        Assert.Equal(HttpStatusCode.OK, (await app.AsClientAsync(kept, HttpMethod.Get, "/v1/users?limit=1")).Status);
        // Not known is not wrong (RFC 7009, 2.2).
        Assert.Equal(HttpStatusCode.OK, (await app.PostAsync(ClientCalls.RevocationPath, client, ("token", "made up"))).Status);
        Assert.Equal(
            1,
            await app.ScalarAsync<long>(
                "select count(*) from audit.records where action = 'client.token-revoked' and actor = $1 and actor_kind = 'client'",
                client.Id
            )
        );
    }

    [Fact]
    public async Task A_users_session_ends_with_the_token_if_the_client_may()
    {
        var admin = await app.TenantAdministratorAsync();
        var (plain, mighty) = (await app.ClientAsync(admin, "users:read"), await app.ClientAsync(admin, "sessions:revoke"));
        var user = await app.Users.SomebodyAsync();

        var refused = await app.PostAsync(ClientCalls.RevocationPath, plain, ("token", user.Tokens.Access));
        Assert.Equal((HttpStatusCode.OK, "{}"), (refused.Status, refused.Text));
        Assert.Equal(HttpStatusCode.OK, (await app.Users.MeAsync(user.Tokens)).Status);

        Assert.Equal(HttpStatusCode.OK, (await app.PostAsync(ClientCalls.RevocationPath, mighty, ("token", user.Tokens.Access))).Status);
        Assert.Equal(HttpStatusCode.Unauthorized, (await app.Users.MeAsync(user.Tokens)).Status);
        Assert.Equal(HttpStatusCode.Unauthorized, (await app.Users.RefreshAsync(user.Tokens.Refresh)).Status);
        Assert.Equal(
            $"client {mighty.Id} ended-by-client",
            await app.ScalarAsync<string>(
                "select actor_kind || ' ' || actor || ' ' || reason from audit.records where action = 'session.ended' and session = $1",
                user.Tokens.SessionId
            )
        );
    }

    [Theory]
    [InlineData(ClientCalls.IntrospectionPath)]
    [InlineData(ClientCalls.RevocationPath)]
    public async Task Neither_is_asked_by_address(string path) =>
        Assert.Equal(HttpStatusCode.MethodNotAllowed, (await app.Users.GetAsync(path + "?token=x")).Status);
}
