using System.Net;
using System.Text.Json;
using Gatehouse.SystemTests.Harness;

namespace Gatehouse.SystemTests.OpenId;

/// <summary>Clients are managed by those who may do what the clients may.</summary>
public sealed class ClientTests(RunningApp running)
{
    private readonly TestApp app = running.App;

    [Fact]
    public async Task A_client_is_created_with_a_secret_that_is_shown_once()
    {
        var admin = await app.TenantAdministratorAsync();

        var answer = await app.CallAsync(
            HttpMethod.Post,
            "/v1/clients",
            admin,
            new { name = " Shop ", scopes = ClientCalls.Scopes("users:read", "audit:read", "users:read") }
        );

        Assert.Equal(HttpStatusCode.Created, answer.Status);
        var (client, secret) = (answer.Body.GetProperty("client"), answer.Body.GetProperty("secret").GetProperty("secret").GetString()!);
        Assert.Matches("^gcs_[A-Za-z0-9_-]{43}$", secret);
        Assert.Matches("^gc_[A-Za-z0-9_-]{22}$", client.GetProperty("clientId").GetString());
        Assert.Equal("Shop", client.GetProperty("name").GetString());
        Assert.Equal(["audit:read", "users:read"], client.GetProperty("scopes").EnumerateArray().Select(s => s.GetString()));
        Assert.Equal($"/v1/clients/{client.GetProperty("id").GetGuid()}", answer.Header("Location"));
        Assert.Equal("no-store", answer.Header("Cache-Control"));

        var shown = await app.CallAsync(HttpMethod.Get, answer.Header("Location"), admin);
        Assert.Equal(client.GetRawText(), shown.Body.GetRawText());
        Assert.Equal(answer.Header("ETag"), shown.Header("ETag"));
        Assert.DoesNotContain(secret, shown.Text, StringComparison.Ordinal);
        var stored = await app.ScalarAsync<string>(
            "select jsonb_agg(s)::text || jsonb_agg(c)::text from openid.client_secrets s, openid.clients c"
        );
        Assert.DoesNotContain(secret[8..], stored, StringComparison.Ordinal);
        Assert.DoesNotContain(app.Logs.Lines, line => line.Contains(secret[8..], StringComparison.Ordinal));
        Assert.Equal(
            1,
            await app.ScalarAsync<long>(
                "select count(*) from audit.records where action = 'client.created' and position($1 in facts) > 0",
                client.GetProperty("id").GetString()!
            )
        );
    }

    [Fact]
    public async Task All_that_is_wrong_with_a_client_is_named_at_once()
    {
        var admin = await app.TenantAdministratorAsync();

        var answer = await app.CallAsync(
            HttpMethod.Post,
            "/v1/clients",
            admin,
            new
            {
                name = "",
                scopes = Array.Empty<string>(),
                organizationId = "x",
                secretDays = 0,
            }
        );
        Assert.Equal(HttpStatusCode.BadRequest, answer.Status);
        Assert.Equal(
            [
                "name: request.required",
                "organizationId: request.wrong-type",
                "scopes: request.required",
                "secretDays: request.out-of-range",
            ],
            answer.Errors.Order(StringComparer.Ordinal)
        );

        await RejectedAsync(["scopes: openid.scope-unknown"], new { name = "a", scopes = ClientCalls.Scopes("users:fly") });
        await RejectedAsync(["scopes: openid.scope-level"], new { name = "a", scopes = ClientCalls.Scopes("tenants:write") });
        await RejectedAsync(
            ["organizationId: openid.organization-unknown"],
            new
            {
                name = "a",
                scopes = ClientCalls.Scopes("users:read"),
                organizationId = (await app.ForeignOrganizationAsync()).Id,
            }
        );
        await RejectedAsync(
            ["other: request.unknown-member"],
            new
            {
                name = "a",
                scopes = ClientCalls.Scopes("users:read"),
                other = 1,
            }
        );
        await RejectedAsync(["name: request.control-character"], new { name = "a\nb", scopes = ClientCalls.Scopes("users:read") });
        await RejectedAsync(["scopes: request.too-long"], new { name = "a", scopes = Enumerable.Range(0, 101).Select(i => $"a:b{i}") });
        // An access token could not name them all.
        var long60 = Enumerable.Range(0, 60).Select(i => $"{new string('a', 40)}:b{i}");
        await RejectedAsync(["scopes: request.too-long"], new { name = "a", scopes = long60 });

        async Task RejectedAsync(IReadOnlyList<string> errors, object body)
        {
            var rejected = await app.CallAsync(HttpMethod.Post, "/v1/clients", admin, body);
            Assert.Equal(errors[0], rejected.Errors[0]);
        }
    }

    [Fact]
    public async Task Nobody_gives_a_client_what_they_do_not_hold_or_touches_one_that_may_do_more()
    {
        var platform = await app.PlatformAdministratorAsync();
        var admin = await app.TenantAdministratorAsync();
        var powerful = await app.ClientAsync(
            platform,
            new
            {
                name = "Robot",
                scopes = ClientCalls.Scopes("tenants:write", "clients:write"),
                platform = true,
            }
        );

        await RefusedAsync(
            HttpMethod.Post,
            "/v1/clients",
            new
            {
                name = "Robot",
                scopes = ClientCalls.Scopes("users:read"),
                platform = true,
            }
        );
        await RefusedAsync(HttpMethod.Patch, powerful.Path, new { scopes = ClientCalls.Scopes("users:read") });
        await RefusedAsync(HttpMethod.Post, powerful.Path + "/secrets", new { });
        await RefusedAsync(HttpMethod.Post, powerful.Path + "/disable", new { });
        await RefusedAsync(HttpMethod.Delete, $"{powerful.Path}/secrets/{powerful.SecretId}", body: null);
        await RefusedAsync(HttpMethod.Delete, powerful.Path, body: null);

        // A client is held to the same rule.
        var own = await app.ClientAsync(admin, "clients:write", "users:read", "clients:read");
        var token = await app.TokenAsync(own);
        var made = await app.AsClientAsync(
            token,
            HttpMethod.Post,
            "/v1/clients",
            new { name = "a", scopes = ClientCalls.Scopes("users:read") }
        );
        Assert.Equal(HttpStatusCode.Created, made.Status);
        var more = await app.AsClientAsync(
            token,
            HttpMethod.Post,
            "/v1/clients",
            new { name = "a", scopes = ClientCalls.Scopes("users:write") }
        );
        Assert.Equal((HttpStatusCode.Forbidden, "openid.exceeds-own-access"), (more.Status, more.Code));
        // So it is with a token for less than the client holds.
        var narrow = await app.TokenAsync(own, "clients:write");
        var less = await app.AsClientAsync(
            narrow,
            HttpMethod.Post,
            "/v1/clients",
            new { name = "a", scopes = ClientCalls.Scopes("users:read") }
        );
        Assert.Equal((HttpStatusCode.Forbidden, "openid.exceeds-own-access"), (less.Status, less.Code));

        Task RefusedAsync(HttpMethod method, string path, object? body) =>
            app.AssertRejectedAsync(HttpStatusCode.Forbidden, "openid.exceeds-own-access", method, path, admin, body);
    }

    [Fact]
    public async Task A_client_is_changed_unless_it_was_changed_since()
    {
        var admin = await app.TenantAdministratorAsync();
        var client = await app.ClientAsync(admin, "users:read");
        var organization = await app.OrganizationAsync();
        var first = (await app.CallAsync(HttpMethod.Get, client.Path, admin)).Header("ETag");

        var changed = await app.CallAsync(
            HttpMethod.Patch,
            client.Path,
            admin,
            new
            {
                name = "Till",
                scopes = ClientCalls.Scopes("roles:read"),
                organizationId = organization,
            },
            ("If-Match", first)
        );

        Assert.Equal(HttpStatusCode.OK, changed.Status);
        Assert.Equal("Till", changed.Body.GetProperty("name").GetString());
        Assert.Equal(organization, changed.Body.GetProperty("organizationId").GetGuid());
        Assert.NotEqual(first, changed.Header("ETag"));
        var stale = await app.CallAsync(HttpMethod.Patch, client.Path, admin, new { name = "Other" }, ("If-Match", first));
        Assert.Equal((HttpStatusCode.PreconditionFailed, "request.precondition-failed"), (stale.Status, stale.Code));
        var wide = await app.CallAsync(HttpMethod.Patch, client.Path, admin, new { scopes = ClientCalls.Scopes("clients:read") });
        Assert.Equal(["scopes: openid.scope-level"], wide.Errors);
        var back = await app.CallAsync(HttpMethod.Patch, client.Path, admin, new { organizationId = "" });
        Assert.Equal(JsonValueKind.Null, back.Body.GetProperty("organizationId").ValueKind);
        // What changes nothing leaves the version as it is.
        var same = await app.CallAsync(HttpMethod.Patch, client.Path, admin, new { name = "Till" });
        Assert.Equal(back.Header("ETag"), same.Header("ETag"));
    }

    [Fact]
    public async Task A_third_secret_has_to_wait_until_one_of_two_is_gone()
    {
        var admin = await app.TenantAdministratorAsync();
        var client = await app.ClientAsync(admin, "users:read");

        var second = await app.CallAsync(HttpMethod.Post, client.Path + "/secrets", admin);
        Assert.Equal(HttpStatusCode.Created, second.Status);
        var third = await app.CallAsync(HttpMethod.Post, client.Path + "/secrets", admin);
        Assert.Equal((HttpStatusCode.Conflict, "openid.too-many-secrets"), (third.Status, third.Code));
        var path = $"{client.Path}/secrets/{client.SecretId}";
        Assert.Equal(HttpStatusCode.NoContent, (await app.CallAsync(HttpMethod.Delete, path, admin)).Status);
        await app.AssertRejectedAsync(HttpStatusCode.NotFound, "openid.secret-not-found", HttpMethod.Delete, path, admin);
        Assert.Equal(
            HttpStatusCode.Created,
            (await app.CallAsync(HttpMethod.Post, client.Path + "/secrets", admin, new { days = 30 })).Status
        );
    }

    [Fact]
    public async Task Of_many_who_ask_for_a_secret_at_once_one_gets_it()
    {
        var admin = await app.TenantAdministratorAsync();
        var client = await app.ClientAsync(admin, "users:read");

        var answers = await Task.WhenAll(
            Enumerable.Range(0, 5).Select(_ => app.CallAsync(HttpMethod.Post, client.Path + "/secrets", admin))
        );

        Assert.Single(answers, a => a.Status == HttpStatusCode.Created);
        Assert.Equal(4, answers.Count(a => a.Code == "openid.too-many-secrets"));
    }

    [Fact]
    public async Task Clients_are_found_by_a_part_of_the_name_and_by_client_id()
    {
        var admin = await app.TenantAdministratorAsync();
        var name = "Found" + Guid.CreateVersion7(app.Clock.GetUtcNow()).ToString("N")[^8..];
        var client = await app.ClientAsync(admin, new { name, scopes = ClientCalls.Scopes("users:read") });

        foreach (var text in new[] { name[3..].ToUpperInvariant(), client.ClientId })
        {
            var found = await app.CallAsync(HttpMethod.Get, "/v1/clients?q=" + Uri.EscapeDataString(text), admin);
            Assert.Equal(client.Id, Assert.Single(found.Body.GetProperty("items").EnumerateArray()).GetProperty("id").GetGuid());
        }

        foreach (var text in new[] { client.ClientId[..^1], "%" + name[3..], name + "%" })
            Assert.Empty(
                (await app.CallAsync(HttpMethod.Get, "/v1/clients?q=" + Uri.EscapeDataString(text), admin))
                    .Body.GetProperty("items")
                    .EnumerateArray()
            );
        var tooLong = await app.CallAsync(HttpMethod.Get, "/v1/clients?q=" + new string('x', 65), admin);
        Assert.Equal(HttpStatusCode.BadRequest, tooLong.Status);
    }

    [Fact]
    public async Task Clients_are_listed_page_by_page_and_a_deleted_one_is_gone()
    {
        var admin = await app.TenantAdministratorAsync();
        var (older, newer) = (await app.ClientAsync(admin, "users:read"), await app.ClientAsync(admin, "users:read"));

        var page = await app.CallAsync(HttpMethod.Get, "/v1/clients?limit=1", admin);
        // Others may have been created at the same moment.
        foreach (var client in new[] { newer, older })
            while (!page.Ids("id").Contains(client.Id))
                page = await NextAsync(page);

        await app.AssertDoneAsync(HttpMethod.Delete, older.Path, admin);
        foreach (var method in new[] { HttpMethod.Get, HttpMethod.Delete })
            await app.AssertRejectedAsync(HttpStatusCode.NotFound, "openid.client-not-found", method, older.Path, admin);

        Task<Answer> NextAsync(Answer last) =>
            app.CallAsync(HttpMethod.Get, $"/v1/clients?limit=1&after={last.Body.GetProperty("next").GetString()}", admin);
    }
}
