using System.Net;
using Gatehouse.Organizations.Data;
using Gatehouse.SystemTests.Harness;

namespace Gatehouse.SystemTests.Organizations.Access;

/// <summary>Own roles of a tenant and of organizations.</summary>
public sealed class RoleTests(RunningApp running)
{
    private static readonly string[] Twice = ["roles:read", "roles:read"];

    private static readonly string[] More = ["roles:read", "members:write"];

    private static int count;

    private readonly TestApp app = running.App;

    [Fact]
    public async Task What_a_role_allows_counts_at_once_for_all_who_have_it()
    {
        var admin = await app.TenantAdministratorAsync();
        var somebody = await app.Users.SomebodyAsync();
        var (id, path) = await RoleAsync(admin, ["tenants:read", "roles:read"]);
        await app.AssertRejectedAsync(HttpStatusCode.Forbidden, "request.forbidden", HttpMethod.Get, "/v1/roles", somebody);
        await app.AssertDoneAsync(HttpMethod.Put, somebody.RolePath(id), admin);
        Assert.Equal(HttpStatusCode.OK, (await app.CallAsync(HttpMethod.Get, "/v1/roles", somebody)).Status);

        var tag = (await app.CallAsync(HttpMethod.Get, path, admin)).Response.Headers.ETag!.Tag;
        await app.AssertDoneAsync(HttpMethod.Patch, path, admin, new { permissions = Array.Empty<string>() });
        await app.AssertRejectedAsync(HttpStatusCode.Forbidden, "request.forbidden", HttpMethod.Get, "/v1/roles", somebody);
        var late = await app.CallAsync(HttpMethod.Patch, path, admin, new { labels = new { en = "Late" } }, ("If-Match", tag));
        Assert.Equal((HttpStatusCode.PreconditionFailed, "request.precondition-failed"), (late.Status, late.Code));

        await app.AssertRejectedAsync(HttpStatusCode.Conflict, "organizations.role-in-use", HttpMethod.Delete, path, admin);
        await app.AssertDoneAsync(HttpMethod.Delete, somebody.RolePath(id), admin);
        await app.AssertDoneAsync(HttpMethod.Delete, path, admin);
        await app.AssertRejectedAsync(HttpStatusCode.NotFound, "organizations.role-not-found", HttpMethod.Get, path, admin);
        Assert.Equal(
            ["role.created.v1", "role.updated.v1", "role.deleted.v1"],
            await app.ScalarAsync<string[]>("select array_agg(type order by seq) from runtime.events where key = $1", id)
        );
        Assert.Equal(
            ["role.created", "role.assigned", "role.updated", "role.revoked", "role.deleted"],
            await app.ScalarAsync<string[]>(
                "select array_agg(action order by seq) from audit.records where actor = $1 and action like 'role.%'",
                admin.UserId
            )
        );
    }

    [Fact]
    public async Task A_change_that_changes_nothing_is_none()
    {
        var admin = await app.TenantAdministratorAsync();
        var (id, path) = await RoleAsync(admin, ["roles:read"]);
        for (var time = 0; time < 2; time++)
        {
            var answer = await app.CallAsync(
                HttpMethod.Patch,
                path,
                admin,
                new { permissions = Twice, labels = new { en = "Courier", hi = "कूरियर" } }
            );
            Assert.Equal(HttpStatusCode.OK, answer.Status);
            Assert.Equal("\"2\"", answer.Response.Headers.ETag!.Tag);
            Assert.Equal("कूरियर", answer.Body.GetProperty("labels").GetProperty("hi").GetString());
        }

        Assert.Equal(
            1L,
            await app.ScalarAsync<long>("select count(*) from runtime.events where type = 'role.updated.v1' and key = $1", id)
        );
    }

    [Fact]
    public async Task Nobody_makes_a_role_that_allows_more_than_they_may()
    {
        var admin = await app.TenantAdministratorAsync();
        var (home, _) = await app.OrganizationAsync(admin);
        var (other, _) = await app.OrganizationAsync(admin);
        var theirs = await app.OrganizationAdministratorAsync(admin, home);
        var (weakRole, weakPath) = await RoleAsync(admin, ["roles:read", "roles:write", "roles:assign"]);
        var weak = await app.Users.SomebodyAsync();
        await app.AssertDoneAsync(HttpMethod.Put, weak.RolePath(weakRole), admin);

        // Above the level of the role, whoever asks.
        var platform = await app.PlatformAdministratorAsync();
        Assert.Equal(["permissions: organizations.permission-level"], (await CreateAsync(platform, ["permissions:write"])).Errors);
        Assert.Equal(["permissions: organizations.permission-level"], (await CreateAsync(theirs, ["organizations:create"], home)).Errors);
        Assert.Equal(["permissions: organizations.permission-unknown"], (await CreateAsync(admin, ["made:up"])).Errors);

        // Above the maker.
        Assert.Equal("organizations.exceeds-own-access", (await CreateAsync(weak, ["members:write"])).Code);
        Assert.Equal("organizations.exceeds-own-access", (await CreateAsync(weak, ["members:write"], home)).Code);
        Assert.Equal("organizations.exceeds-own-access", (await CreateAsync(theirs, ["roles:read"])).Code);
        Assert.Equal("organizations.organization-not-found", (await CreateAsync(theirs, ["roles:read"], other)).Code);
        await app.AssertRejectedAsync(
            HttpStatusCode.Forbidden,
            "organizations.exceeds-own-access",
            HttpMethod.Patch,
            weakPath,
            weak,
            new { permissions = More }
        );
        var (_, strong) = await RoleAsync(admin, ["members:write"]);
        foreach (var (method, body) in new[] { (HttpMethod.Patch, new { labels = new { en = "Mine" } }), (HttpMethod.Delete, null!) })
        {
            await app.AssertRejectedAsync(HttpStatusCode.Forbidden, "organizations.exceeds-own-access", method, strong, weak, body);
            await app.AssertRejectedAsync(HttpStatusCode.Forbidden, "organizations.exceeds-own-access", method, strong, theirs, body);
        }

        Assert.Equal(
            5L,
            await app.ScalarAsync<long>("select count(*) from audit.records where actor = $1 and result = 'refused'", weak.UserId)
        );

        // What is held in one organization makes a role there, and its permissions of the tenant count for nothing there.
        var (own, ownPath) = await RoleAsync(theirs, ["members:write"], home);
        await app.AssertDoneAsync(HttpMethod.Put, $"/v1/organizations/{home}/members/{weak.UserId}", admin);
        await app.AssertDoneAsync(HttpMethod.Put, weak.RolePath(own, home), theirs);
        await app.AssertRejectedAsync(
            HttpStatusCode.UnprocessableEntity,
            "organizations.wrong-level",
            HttpMethod.Put,
            weak.RolePath(own, other),
            admin
        );
        var elsewhere = await app.OrganizationAdministratorAsync(admin, other);
        foreach (var method in new[] { HttpMethod.Get, HttpMethod.Delete })
            await app.AssertRejectedAsync(HttpStatusCode.NotFound, "organizations.role-not-found", method, ownPath, elsewhere);
        var (broad, _) = await RoleAsync(admin, ["organizations:create", "organizations:read"]);
        var narrow = await app.Users.SomebodyAsync();
        await app.AssertDoneAsync(HttpMethod.Put, narrow.RolePath(broad, home), admin);
        var mine = await app.CallAsync(HttpMethod.Get, "/v1/permissions/mine", narrow);
        Assert.Equal("""["organizations:read"]""", mine.Body.GetProperty("organizations")[0].GetProperty("permissions").GetRawText());
    }

    [Fact]
    public async Task An_administrator_of_an_organization_sees_the_roles_that_count_there()
    {
        var admin = await app.TenantAdministratorAsync();
        var (home, _) = await app.OrganizationAsync(admin);
        var (other, _) = await app.OrganizationAsync(admin);
        var theirs = await app.OrganizationAdministratorAsync(admin, home);
        var (tenants, _) = await RoleAsync(admin, []);
        var (homes, _) = await RoleAsync(admin, [], home);
        var (others, _) = await RoleAsync(admin, [], other);

        var all = await AllAsync(admin, "");
        Assert.Superset(
            new HashSet<Guid> { tenants, homes, others, BuiltInRole.PlatformAdministrator.Id, BuiltInRole.OrganizationAdministrator.Id },
            all.ToHashSet()
        );
        Assert.Equal(BuiltInRole.PlatformAdministrator.Id, all[^1]);
        Assert.Equal(all.Count, all.Distinct().Count());

        foreach (var seen in new[] { await AllAsync(theirs, ""), await AllAsync(admin, $"&organization={home}") })
        {
            Assert.Superset(new HashSet<Guid> { tenants, homes, BuiltInRole.OrganizationAdministrator.Id }, seen.ToHashSet());
            Assert.DoesNotContain(others, seen);
            Assert.DoesNotContain(BuiltInRole.TenantAdministrator.Id, seen);
        }

        var hidden = $"/v1/roles/{BuiltInRole.TenantAdministrator.Id}";
        await app.AssertRejectedAsync(HttpStatusCode.NotFound, "organizations.role-not-found", HttpMethod.Get, hidden, theirs);
        var shown = await app.CallAsync(HttpMethod.Get, $"/v1/roles/{BuiltInRole.OrganizationAdministrator.Id}", theirs);
        Assert.Equal("Organization administrator", shown.Body.GetProperty("labels").GetProperty("en").GetString());
        Assert.True(shown.Body.GetProperty("builtIn").GetBoolean());
        var foreign = await app.ForeignOrganizationAsync();
        foreach (var (by, organization) in new[] { (theirs, other), (admin, foreign.Id) })
            await app.AssertRejectedAsync(
                HttpStatusCode.NotFound,
                "organizations.organization-not-found",
                HttpMethod.Get,
                $"/v1/roles?organization={organization}",
                by
            );
    }

    [Fact]
    public async Task A_built_in_role_is_permanent_and_one_of_another_tenant_unknown()
    {
        var platform = await app.PlatformAdministratorAsync();
        var foreign = Guid.CreateVersion7(app.Clock.GetUtcNow());
        await app.ExecuteAsync(
            """
            insert into organizations.roles (tenant_id, id, organization_id, name, labels, permissions, created_at, updated_at)
            values (gen_random_uuid(), $1, '00000000-0000-0000-0000-000000000000', 'foreign', '{}', '{}', now(), now())
            """,
            foreign
        );
        foreach (var (method, body) in new[] { (HttpMethod.Patch, new { labels = new { en = "Mine" } }), (HttpMethod.Delete, null!) })
        {
            var builtIn = $"/v1/roles/{BuiltInRole.TenantAdministrator.Id}";
            await app.AssertRejectedAsync(HttpStatusCode.Conflict, "organizations.role-built-in", method, builtIn, platform, body);
            var theirs = $"/v1/roles/{foreign}";
            await app.AssertRejectedAsync(HttpStatusCode.NotFound, "organizations.role-not-found", method, theirs, platform, body);
        }
    }

    [Fact]
    public async Task A_role_that_is_assigned_and_deleted_at_once_is_either_held_or_gone()
    {
        var admin = await app.TenantAdministratorAsync();
        var somebody = await app.Users.SomebodyAsync();
        for (var time = 0; time < 5; time++)
        {
            var (id, path) = await RoleAsync(admin, []);
            var assigning = app.CallAsync(HttpMethod.Put, somebody.RolePath(id), admin);
            var deleted = (await app.CallAsync(HttpMethod.Delete, path, admin)).Status;
            var assigned = (await assigning).Status;
            var held = await app.ScalarAsync<long>("select count(*) from organizations.role_assignments where role_id = $1", id) == 1;
            Assert.Equal(held ? HttpStatusCode.NoContent : HttpStatusCode.NotFound, assigned);
            Assert.Equal(held ? HttpStatusCode.Conflict : HttpStatusCode.NoContent, deleted);
        }
    }

    [Fact]
    public async Task No_name_means_two_roles_in_one_place()
    {
        var admin = await app.TenantAdministratorAsync();
        var (home, _) = await app.OrganizationAsync(admin);
        var (other, _) = await app.OrganizationAsync(admin);
        var (inOne, inTenant, raced) = (NewName(), NewName(), NewName());
        Assert.Equal(HttpStatusCode.Created, (await CreateAsync(admin, [], home, inOne)).Status);
        Assert.Equal(HttpStatusCode.Created, (await CreateAsync(admin, [], other, inOne)).Status);
        Assert.Equal("organizations.role-name-taken", (await CreateAsync(admin, [], home, inOne)).Code);
        Assert.Equal("organizations.role-name-taken", (await CreateAsync(admin, [], null, inOne)).Code);
        Assert.Equal(HttpStatusCode.Created, (await CreateAsync(admin, [], null, inTenant)).Status);
        Assert.Equal("organizations.role-name-taken", (await CreateAsync(admin, [], home, inTenant)).Code);

        var answers = await Task.WhenAll(Enumerable.Range(0, 6).Select(n => CreateAsync(admin, [], n % 2 == 0 ? home : null, raced)));
        Assert.Single(answers, a => a.Status == HttpStatusCode.Created);
        Assert.Equal(5, answers.Count(a => a.Code == "organizations.role-name-taken"));
    }

    [Theory]
    [InlineData("""{}""", "name: request.required")]
    [InlineData("""{"name":"Courier"}""", "name: organizations.role-name-invalid")]
    [InlineData("""{"name":"cou rier"}""", "name: organizations.role-name-invalid")]
    [InlineData("""{"name":"kurier_1"}""", "name: organizations.role-name-invalid")]
    [InlineData("""{"name":"аdmin"}""", "name: organizations.role-name-invalid")]
    [InlineData("""{"name":"admin"}""", "name: organizations.role-name-reserved")]
    [InlineData("""{"name":"public"}""", "name: organizations.role-name-reserved")]
    [InlineData("""{"name":"platform-administrator"}""", "name: organizations.role-name-reserved")]
    [InlineData("""{"name":"a2345678901234567890123456789012345678901234567890123456789012345"}""", "name: request.too-long")]
    [InlineData("""{"name":"courier","permissions":"roles:read"}""", "permissions: request.wrong-type")]
    [InlineData("""{"name":"courier","permissions":["ROLES:READ"]}""", "permissions: organizations.permission-unknown")]
    [InlineData("""{"name":"courier","labels":{"english":"Courier"}}""", "labels: request.unknown-member")]
    [InlineData("""{"name":"courier","labels":{"en":" "}}""", "labels.en: request.required")]
    [InlineData("""{"name":"courier","labels":{"en":"a\u202Eb"}}""", "labels.en: request.invalid-text")]
    [InlineData("""{"name":"courier","organizationId":"1"}""", "organizationId: request.wrong-type")]
    [InlineData("""{"name":"courier","level":"platform"}""", "level: request.unknown-member")]
    public async Task What_makes_no_role_is_rejected(string body, string error)
    {
        var admin = await app.TenantAdministratorAsync();
        var parsed = System.Text.Json.Nodes.JsonNode.Parse(body);
        var answer = await app.CallAsync(HttpMethod.Post, "/v1/roles", admin, parsed);
        Assert.Equal((HttpStatusCode.BadRequest, error), (answer.Status, string.Join(", ", answer.Errors)));
    }

    private static string NewName() => $"courier-{Interlocked.Increment(ref count)}";

    private Task<Answer> CreateAsync(SignedIn by, string[] permissions, Guid? organizationId = null, string? name = null) =>
        app.CallAsync(
            HttpMethod.Post,
            "/v1/roles",
            by,
            new
            {
                name = name ?? NewName(),
                permissions,
                organizationId,
            }
        );

    private async Task<(Guid Id, string Path)> RoleAsync(SignedIn by, string[] permissions, Guid? organization = null)
    {
        var answer = await CreateAsync(by, permissions, organization);
        Assert.True(answer.Status == HttpStatusCode.Created, answer.Text);
        return (answer.Body.GetProperty("id").GetGuid(), answer.Response.Headers.Location!.OriginalString);
    }

    private async Task<IReadOnlyList<Guid>> AllAsync(SignedIn by, string query)
    {
        var seen = new List<Guid>();
        for (string? after = ""; after is not null; )
        {
            var page = await app.CallAsync(HttpMethod.Get, $"/v1/roles?limit=3{query}{after}", by);
            Assert.True(page.Status == HttpStatusCode.OK, page.Text);
            seen.AddRange(page.Ids("id"));
            after = page.Body.GetProperty("next").GetString() is { } next ? "&after=" + next : null;
        }

        return seen;
    }
}
