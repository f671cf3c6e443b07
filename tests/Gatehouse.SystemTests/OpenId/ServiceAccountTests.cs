using System.Net;
using Gatehouse.SystemTests.Harness;

namespace Gatehouse.SystemTests.OpenId;

/// <summary>What service accounts may do, and how soon they may not.</summary>
public sealed class ServiceAccountTests(RunningApp running)
{
    private readonly TestApp app = running.App;

    [Fact]
    public async Task A_client_does_what_its_token_is_for_and_the_audit_names_it()
    {
        var admin = await app.TenantAdministratorAsync();
        var user = await app.Users.SomebodyAsync();
        var client = await app.ClientAsync(admin, "users:read", "users:write");
        var token = await app.TokenAsync(client);

        var disabled = await app.AsClientAsync(token, HttpMethod.Post, $"/v1/users/{user.UserId}/disable");

        Assert.Equal(HttpStatusCode.NoContent, disabled.Status);
        Assert.Equal(
            $"client {client.Id}",
            await app.ScalarAsync<string>(
                "select actor_kind || ' ' || actor from audit.records where action = 'user.disabled' and subject = $1",
                user.UserId
            )
        );
        Assert.Equal(HttpStatusCode.OK, (await app.AsClientAsync(token, HttpMethod.Get, $"/v1/users/{user.UserId}/sessions")).Status);
        Assert.Equal(HttpStatusCode.Forbidden, (await app.AsClientAsync(token, HttpMethod.Get, "/v1/roles")).Status);
        var narrow = await app.TokenAsync(client, "users:read");
        Assert.Equal(HttpStatusCode.OK, (await app.AsClientAsync(narrow, HttpMethod.Get, "/v1/users")).Status);
        Assert.Equal(
            HttpStatusCode.Forbidden,
            (await app.AsClientAsync(narrow, HttpMethod.Post, $"/v1/users/{user.UserId}/enable")).Status
        );
    }

    [Theory]
    [InlineData("GET", "/v1/me")]
    [InlineData("GET", "/v1/sessions")]
    [InlineData("DELETE", "/v1/sessions")]
    [InlineData("GET", "/v1/permissions/mine")]
    [InlineData("GET", "/v1/role-requests")]
    [InlineData("GET", "/v1/me/activity")]
    public async Task What_is_a_users_own_is_no_clients(string method, string path)
    {
        var token = await app.TokenAsync(await app.ClientAsync(await app.TenantAdministratorAsync(), "users:read"));

        var answer = await app.AsClientAsync(token, HttpMethod.Parse(method), path);

        Assert.Equal((HttpStatusCode.Forbidden, "request.forbidden"), (answer.Status, answer.Code));
    }

    [Theory]
    [InlineData("/admin")]
    [InlineData("/admin/users")]
    [InlineData("/account")]
    public async Task Pages_are_for_users(string path)
    {
        var token = await app.TokenAsync(await app.ClientAsync(await app.TenantAdministratorAsync(), "users:read"));

        Assert.Equal(HttpStatusCode.Forbidden, (await app.AsClientAsync(token, HttpMethod.Get, path)).Status);
    }

    [Fact]
    public async Task A_client_of_one_organization_sees_that_one()
    {
        var admin = await app.TenantAdministratorAsync();
        var (home, other) = (await app.OrganizationAsync(), await app.OrganizationAsync());
        var client = await app.ClientAsync(
            admin,
            new
            {
                name = "Till",
                scopes = ClientCalls.Scopes("organizations:read", "users:read"),
                organizationId = home,
            }
        );
        var token = await app.TokenAsync(client);

        Assert.Equal(HttpStatusCode.OK, (await app.AsClientAsync(token, HttpMethod.Get, $"/v1/organizations/{home}")).Status);
        Assert.Equal(HttpStatusCode.NotFound, (await app.AsClientAsync(token, HttpMethod.Get, $"/v1/organizations/{other}")).Status);
        Assert.Equal([home], (await app.AsClientAsync(token, HttpMethod.Get, "/v1/organizations")).Ids("id"));
        Assert.Equal(
            HttpStatusCode.NotFound,
            (await app.AsClientAsync(token, HttpMethod.Get, $"/v1/users/{(await app.Users.SomebodyAsync()).UserId}")).Status
        );
    }

    [Fact]
    public async Task Disabled_or_deleted_or_with_a_scope_less_it_is_over_at_once_and_old_tokens_stay_void()
    {
        var admin = await app.TenantAdministratorAsync();
        var client = await app.ClientAsync(admin, "users:read", "roles:read");
        var token = await app.TokenAsync(client);
        Assert.Equal(HttpStatusCode.OK, await StatusAsync(token));

        await app.AssertDoneAsync(HttpMethod.Patch, client.Path, admin, new { scopes = ClientCalls.Scopes("roles:read") });
        Assert.Equal(HttpStatusCode.Forbidden, await StatusAsync(token));
        await app.AssertDoneAsync(HttpMethod.Patch, client.Path, admin, new { scopes = ClientCalls.Scopes("users:read") });
        Assert.Equal(HttpStatusCode.OK, await StatusAsync(token));

        await app.AssertDoneAsync(HttpMethod.Post, client.Path + "/disable", admin, new { reason = "Leaked" });
        Assert.Equal(HttpStatusCode.Unauthorized, await StatusAsync(token));
        var shown = await app.CallAsync(HttpMethod.Get, client.Path, admin);
        Assert.Equal("disabled Leaked", $"{shown.Body.GetProperty("state")} {shown.Body.GetProperty("disabledReason")}");
        await app.AssertDoneAsync(HttpMethod.Post, client.Path + "/enable", admin);
        Assert.Equal(HttpStatusCode.Unauthorized, await StatusAsync(token));
        var fresh = await app.TokenAsync(client);
        Assert.Equal(HttpStatusCode.OK, await StatusAsync(fresh));

        await app.AssertDoneAsync(HttpMethod.Delete, client.Path, admin);
        Assert.Equal(HttpStatusCode.Unauthorized, await StatusAsync(fresh));

        async Task<HttpStatusCode> StatusAsync(string bearer) =>
            (await app.AsClientAsync(bearer, HttpMethod.Get, "/v1/users?limit=1")).Status;
    }

    [Fact]
    public async Task Another_node_learns_of_it_too()
    {
        await using var node = await app.StartNodeAsync();
        var admin = await app.TenantAdministratorAsync();
        var client = await app.ClientAsync(admin, "users:read");
        var (first, second) = (await app.TokenAsync(client), await app.TokenAsync(client));
        Assert.Equal(HttpStatusCode.OK, await StatusAsync(first));
        Assert.Equal(HttpStatusCode.OK, await StatusAsync(second));

        Assert.Equal(HttpStatusCode.OK, (await app.PostAsync(ClientCalls.RevocationPath, client, ("token", first))).Status);
        await TestApp.EventuallyAsync(async () => await StatusAsync(first) == HttpStatusCode.Unauthorized, "the revocation is known");
        Assert.Equal(HttpStatusCode.OK, await StatusAsync(second));
        await app.AssertDoneAsync(HttpMethod.Post, client.Path + "/disable", admin);
        await TestApp.EventuallyAsync(async () => await StatusAsync(second) == HttpStatusCode.Unauthorized, "the disablement is known");

        async Task<HttpStatusCode> StatusAsync(string bearer) =>
            (await node.AsClientAsync(bearer, HttpMethod.Get, "/v1/users?limit=1")).Status;
    }

    [Fact]
    public async Task Only_a_client_of_the_platform_acts_in_another_tenant()
    {
        await using var own = await TestApp.StartAsync();
        var platform = await own.PlatformAdministratorAsync();
        var robot = await own.ClientAsync(
            platform,
            new
            {
                name = "Robot",
                scopes = ClientCalls.Scopes("users:read", "tenants:read"),
                platform = true,
            }
        );
        var shop = await own.ClientAsync(platform, "users:read");
        await own.AssertDoneAsync(HttpMethod.Post, "/v1/tenants", platform, new { name = "acme", displayName = "Acme" });
        (string, string) home = ("Gatehouse-Tenant", "default");
        (string, string) acme = ("Gatehouse-Tenant", "acme");
        var (mighty, plain) = (await TokenAsync(robot), await TokenAsync(shop));

        Assert.Equal(HttpStatusCode.OK, (await own.AsClientAsync(mighty, HttpMethod.Get, "/v1/users", body: null, acme)).Status);
        Assert.Equal(HttpStatusCode.OK, (await own.AsClientAsync(plain, HttpMethod.Get, "/v1/users")).Status);
        var mixed = await own.AsClientAsync(plain, HttpMethod.Get, "/v1/users", body: null, acme);
        Assert.Equal((HttpStatusCode.BadRequest, "request.tenant-ambiguous"), (mixed.Status, mixed.Code));
        // The clients of one tenant are unknown in another.
        var foreign = await own.FormAsync(
            ClientCalls.TokenPath,
            [("grant_type", "client_credentials")],
            ("Authorization", "Basic " + shop.Basic),
            acme
        );
        Assert.Equal("invalid_client", foreign.Error());
        await own.AssertRejectedInAsync(shop, platform, acme);

        // Tokens of one tenant are none in another.
        var asker = await own.ClientAsync(platform, new { name = "Asker", scopes = ClientCalls.Scopes("tokens:introspect") }, acme);
        var asked = await own.FormAsync(ClientCalls.IntrospectionPath, [("token", plain)], ("Authorization", "Basic " + asker.Basic), acme);
        Assert.Equal("""{"active":false}""", asked.Text);

        async Task<string> TokenAsync(TestClient client) =>
            (
                await own.FormAsync(
                    ClientCalls.TokenPath,
                    [("grant_type", "client_credentials")],
                    ("Authorization", "Basic " + client.Basic),
                    home
                )
            )
                .Body.GetProperty("access_token")
                .GetString()!;
    }
}

file static class Elsewhere
{
    public static async Task AssertRejectedInAsync(this TestApp app, TestClient client, SignedIn by, (string, string) tenant)
    {
        var answer = await app.CallAsync(HttpMethod.Get, client.Path, by, body: null, tenant);
        Assert.Equal((HttpStatusCode.NotFound, "openid.client-not-found"), (answer.Status, answer.Code));
    }
}
