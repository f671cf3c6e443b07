using System.Net;
using System.Text.Json.Nodes;
using Gatehouse.SystemTests.Harness;
using Gatehouse.SystemTests.OpenId;

namespace Gatehouse.SystemTests.Organizations.Access;

/// <summary>
/// Permissions of other services: registered, held and asked for. While one is registered, who assigns a built-in role may not yet hold
/// what the role already has, and is rejected: no other test runs beside these.
/// </summary>
[Collection<Undisturbed>]
public sealed class PermissionTests(RunningApp running)
{
    private static int count;

    private readonly TestApp app = running.App;

    [Fact]
    public async Task A_registered_permission_is_held_by_the_administrators_of_its_level_and_by_roles_that_have_it()
    {
        var (platform, admin) = (await app.PlatformAdministratorAsync(), await app.TenantAdministratorAsync());
        var (home, _) = await app.OrganizationAsync(admin);
        var theirs = await app.OrganizationAdministratorAsync(admin, home);
        var somebody = await app.Users.SomebodyAsync();
        var shop = NewPrefix();
        var (low, high) = ($"{shop}.orders:read", $"{shop}.refunds:pay");
        await RegisterAsync(platform, low, "organization");
        await RegisterAsync(platform, high, "tenant");

        Assert.True(await MayAsync(admin, low) && await MayAsync(admin, high) && await MayAsync(admin, high, home));
        Assert.True(await MayAsync(theirs, low, home));
        Assert.False(await MayAsync(theirs, low));
        Assert.False(await MayAsync(theirs, high, home));
        Assert.False(await MayAsync(somebody, low));
        Assert.False(await MayAsync(admin, $"{shop}.made:up"));
        Assert.False(await MayAsync(admin, low, (await app.ForeignOrganizationAsync()).Id));

        var role = await app.CallAsync(HttpMethod.Post, "/v1/roles", admin, new { name = shop, permissions = new[] { low } });
        Assert.Equal(HttpStatusCode.Created, role.Status);
        await app.AssertDoneAsync(HttpMethod.Put, somebody.RolePath(role.Body.GetProperty("id").GetGuid()), admin);
        Assert.True(await MayAsync(somebody, low) && await MayAsync(somebody, low, home));
        await app.AssertRejectedAsync(
            HttpStatusCode.Conflict,
            "organizations.permission-in-use",
            HttpMethod.Delete,
            $"/v1/permissions/{low}",
            platform
        );
        await app.AssertDoneAsync(HttpMethod.Delete, $"/v1/permissions/{high}", platform);
        Assert.False(await MayAsync(admin, high));
        var listed = await app.CallAsync(HttpMethod.Get, "/v1/permissions", theirs);
        var names = listed.Body.GetProperty("items").EnumerateArray().Select(p => p.GetProperty("name").GetString()).ToList();
        Assert.Contains(low, names);
        Assert.Contains("roles:read", names);
        Assert.DoesNotContain(high, names);
    }

    [Fact]
    public async Task Only_a_platform_administrator_registers_and_deletes_and_never_what_the_program_asks_for()
    {
        var (platform, admin) = (await app.PlatformAdministratorAsync(), await app.TenantAdministratorAsync());
        var name = $"{NewPrefix()}.orders:read";
        await app.AssertRejectedAsync(
            HttpStatusCode.Forbidden,
            "request.forbidden",
            HttpMethod.Post,
            "/v1/permissions",
            admin,
            Body(name, "tenant")
        );
        await RegisterAsync(platform, name, "tenant");
        // A client that holds what is no more could be changed by nobody.
        var client = await app.ClientAsync(platform, name);
        await app.AssertRejectedAsync(
            HttpStatusCode.Conflict,
            "organizations.permission-in-use",
            HttpMethod.Delete,
            $"/v1/permissions/{name}",
            platform
        );
        await app.AssertDoneAsync(HttpMethod.Delete, client.Path, platform);
        await app.AssertRejectedAsync(
            HttpStatusCode.Conflict,
            "organizations.permission-taken",
            HttpMethod.Post,
            "/v1/permissions",
            platform,
            Body(name, "tenant")
        );
        await app.AssertRejectedAsync(HttpStatusCode.Forbidden, "request.forbidden", HttpMethod.Delete, $"/v1/permissions/{name}", admin);
        foreach (
            var (status, code, path) in new[]
            {
                (HttpStatusCode.Conflict, "organizations.permission-declared", "/v1/permissions/users:read"),
                (HttpStatusCode.NotFound, "organizations.permission-not-found", "/v1/permissions/made.up:name"),
                (HttpStatusCode.NotFound, "organizations.permission-not-found", "/v1/permissions/%20"),
            }
        )
            await app.AssertRejectedAsync(status, code, HttpMethod.Delete, path, platform);
    }

    [Fact]
    public async Task A_gateway_asks_by_path_and_the_most_specific_one_decides()
    {
        var (platform, admin) = (await app.PlatformAdministratorAsync(), await app.TenantAdministratorAsync());
        var (home, _) = await app.OrganizationAsync(admin);
        var theirs = await app.OrganizationAdministratorAsync(admin, home);
        var shop = NewPrefix();
        await RegisterAsync(platform, $"{shop}.all:use", "organization", $"/{shop}/**");
        await RegisterAsync(platform, $"{shop}.orders:read", "organization", $"/{shop}/orders/*", "GET");
        await RegisterAsync(platform, $"{shop}.prices:write", "platform", $"/{shop}/prices/", "PUT", "POST");
        foreach (
            var (method, path, permission, allowed) in new[]
            {
                ("GET", $"/{shop}", "all:use", true),
                ("GET", $"/{shop}/orders/7", "orders:read", true),
                ("GET", $"/{shop}/orders/7/", "orders:read", true),
                ("DELETE", $"/{shop}/orders/7", "all:use", true),
                ("GET", $"/{shop}/orders/7/items", "all:use", true),
                ("PUT", $"/{shop}/prices", "prices:write", false),
                ("PUT", $"/{shop}/pri%63es/", "prices:write", false),
                ("GET", $"/{shop}/prices", "all:use", true),
                ("PUT", $"/{shop}/./prices", "", false),
                ("PUT", $"/{shop}//prices", "", false),
                ("PUT", $"/{shop}/x/../prices", "", false),
                ("PUT", $"/{shop}/%2e%2e/prices", "", false),
                ("PUT", $"/{shop}%2Fprices", "", false),
                ("PUT", $"/{shop}/prices;x=1", "", false),
                ("PUT", $"/{shop}/prices?x=1", "", false),
                ("PUT", $"/{shop}/%2570rices", "", false),
                ("GET", $"/{shop.ToUpperInvariant()}/orders/7", "", false),
                ("GET", $"/{shop}x/orders/7", "", false),
                ("GET", $"{shop}/orders/7", "", false),
            }
        )
        {
            var answer = await app.CallAsync(
                HttpMethod.Post,
                "/v1/permissions/check",
                theirs,
                new
                {
                    method,
                    path,
                    organizationId = home,
                }
            );
            var decided = answer.Body.GetProperty("permission").GetString();
            Assert.Equal(
                (path, permission.Length == 0 ? null : $"{shop}.{permission}", allowed),
                (path, decided, answer.Body.GetProperty("allowed").GetBoolean())
            );
        }

        foreach (var methods in new[] { "[]", """["GET"]""", """["GET","PUT"]""" })
        {
            var body = Body($"{shop}.second:use", "organization");
            body["path"] = $"/{shop}/orders/*";
            body["methods"] = JsonNode.Parse(methods);
            await app.AssertRejectedAsync(
                HttpStatusCode.Conflict,
                "organizations.permission-path-taken",
                HttpMethod.Post,
                "/v1/permissions",
                platform,
                body
            );
        }
    }

    [Theory]
    [InlineData("""{"name":"orders:read"}""", "name: organizations.permission-name-invalid")]
    [InlineData("""{"name":"shop.orders"}""", "name: organizations.permission-name-invalid")]
    [InlineData("""{"name":"Shop.orders:read"}""", "name: organizations.permission-name-invalid")]
    [InlineData("""{"name":"shop.orders:read\n"}""", "name: request.control-character")]
    [InlineData("""{"level":"galaxy"}""", "level: request.unknown-value")]
    [InlineData("""{"level":null}""", "level: request.required")]
    [InlineData("""{"path":"orders"}""", "path: organizations.permission-path-invalid")]
    [InlineData("""{"path":"/orders/**/items"}""", "path: organizations.permission-path-invalid")]
    [InlineData("""{"path":"/orders/../items"}""", "path: organizations.permission-path-invalid")]
    [InlineData("""{"path":"/orders//items"}""", "path: organizations.permission-path-invalid")]
    [InlineData("""{"path":"/orders/%2e"}""", "path: organizations.permission-path-invalid")]
    [InlineData("""{"path":"/or*ers"}""", "path: organizations.permission-path-invalid")]
    [InlineData("""{"path":"/orders","methods":["get"]}""", "methods: request.unknown-value")]
    [InlineData("""{"methods":["GET"]}""", "path: request.required")]
    [InlineData("""{"description":" "}""", "description: request.required")]
    public async Task What_makes_no_permission_is_rejected(string difference, string error)
    {
        var body = Body("shop.orders:read", "organization");
        foreach (var (name, value) in JsonNode.Parse(difference)!.AsObject())
            body[name] = value?.DeepClone();
        var answer = await app.CallAsync(HttpMethod.Post, "/v1/permissions", await app.PlatformAdministratorAsync(), body);
        Assert.Equal((HttpStatusCode.BadRequest, error), (answer.Status, string.Join(", ", answer.Errors)));
    }

    [Theory]
    [InlineData("""{}""", "path: request.required, method: request.required")]
    [InlineData("""{"path":"/orders"}""", "method: request.required")]
    [InlineData("""{"permission":"users:read","path":"/orders"}""", "path: request.unknown-member")]
    [InlineData("""{"permission":"users:read","organizationId":"x"}""", "organizationId: request.wrong-type")]
    public async Task A_question_that_is_none_is_rejected(string body, string error)
    {
        var somebody = await app.Users.SomebodyAsync();
        var answer = await app.CallAsync(HttpMethod.Post, "/v1/permissions/check", somebody, JsonNode.Parse(body));
        Assert.Equal((HttpStatusCode.BadRequest, error), (answer.Status, string.Join(", ", answer.Errors)));
    }

    private static string NewPrefix() => $"shop{Interlocked.Increment(ref count)}";

    private static JsonObject Body(string name, string level) =>
        new()
        {
            ["name"] = name,
            ["level"] = level,
            ["description"] = "Something of a shop.",
        };

    private async Task RegisterAsync(SignedIn by, string name, string level, string? path = null, params string[] methods)
    {
        var body = Body(name, level);
        body["path"] = path;
        body["methods"] = new JsonArray([.. methods.Select(method => JsonValue.Create(method))]);
        var answer = await app.CallAsync(HttpMethod.Post, "/v1/permissions", by, body);
        Assert.True(answer.Status == HttpStatusCode.Created, answer.Text);
    }

    private async Task<bool> MayAsync(SignedIn user, string permission, Guid? organizationId = null)
    {
        var answer = await app.CallAsync(HttpMethod.Post, "/v1/permissions/check", user, new { permission, organizationId });
        Assert.True(answer.Status == HttpStatusCode.OK, answer.Text);
        return answer.Body.GetProperty("allowed").GetBoolean();
    }
}
