using System.Net;
using Gatehouse.SystemTests.Harness;

namespace Gatehouse.SystemTests.Organizations.Structure;

public sealed class OrganizationTests(RunningApp running)
{
    private const string NotFound = "organizations.organization-not-found";
    private readonly TestApp app = running.App;

    [Fact]
    public async Task A_tenant_administrator_creates_finds_and_changes_an_organization()
    {
        var admin = await app.TenantAdministratorAsync();
        var code = OrganizationCalls.NewCode();
        var created = await app.CallAsync(
            HttpMethod.Post,
            "/v1/organizations",
            admin,
            new
            {
                code,
                name = "  North   School ",
                description = "Primary",
            }
        );
        Assert.Equal(HttpStatusCode.Created, created.Status);
        var (id, path) = (created.Body.GetProperty("id").GetGuid(), created.Header("Location"));
        Assert.Equal($"/v1/organizations/{id}", path);
        Assert.Equal("North School", created.Body.GetProperty("name").GetString());

        var tag = created.Header("ETag");
        var changed = await app.CallAsync(HttpMethod.Patch, path, admin, new { description = "" }, ("If-Match", tag));
        Assert.Equal((HttpStatusCode.OK, ""), (changed.Status, changed.Body.GetProperty("description").GetString()));
        var late = await app.CallAsync(HttpMethod.Patch, path, admin, new { name = "South" }, ("If-Match", tag));
        Assert.Equal((HttpStatusCode.PreconditionFailed, "request.precondition-failed"), (late.Status, late.Code));
        Assert.NotEqual(tag, changed.Header("ETag"));
        var same = await app.CallAsync(HttpMethod.Patch, path, admin, new { name = "North School" });
        Assert.Equal(changed.Header("ETag"), same.Header("ETag"));

        Assert.Equal(
            [id],
            (await app.CallAsync(HttpMethod.Get, $"/v1/organizations?q={code.ToUpperInvariant()}", admin)).Ids("id").Take(1)
        );
        Assert.Empty((await app.CallAsync(HttpMethod.Get, "/v1/organizations?q=%25_nothing", admin)).Ids("id"));
        Assert.Empty((await app.CallAsync(HttpMethod.Get, $"/v1/organizations?q={code}&state=inactive", admin)).Ids("id"));
        Assert.Contains(id, (await app.CallAsync(HttpMethod.Get, $"/v1/organizations?q={code}&state=active", admin)).Ids("id"));
        Assert.Equal(
            ["state: request.unknown-value"],
            (await app.CallAsync(HttpMethod.Get, "/v1/organizations?state=asleep", admin)).Errors
        );
        Assert.Equal(
            ["organization.created.v1", "organization.updated.v1"],
            await app.ScalarAsync<string[]>("select array_agg(type order by seq) from runtime.events where key = $1", id)
        );
        Assert.Equal(
            ["organization.created", "organization.updated"],
            await app.ScalarAsync<string[]>(
                "select array_agg(action order by seq) from audit.records where actor = $1 and facts::jsonb ->> 'organization' = $2",
                admin.UserId,
                id.ToString()
            )
        );
    }

    [Fact]
    public async Task Pages_go_from_the_newest_to_the_oldest()
    {
        var admin = await app.TenantAdministratorAsync();
        var prefix = OrganizationCalls.NewCode();
        var made = new List<Guid>();
        for (var i = 0; i < 3; i++)
            made.Add((await app.OrganizationAsync(admin, $"{prefix}-p{i}")).Id);
        made.Sort();
        var first = await app.CallAsync(HttpMethod.Get, $"/v1/organizations?q={prefix}-p&limit=2", admin);
        Assert.Equal([made[2], made[1]], first.Ids("id"));
        var next = first.Body.GetProperty("next").GetString();
        var second = await app.CallAsync(HttpMethod.Get, $"/v1/organizations?q={prefix}-p&limit=2&after={next}", admin);
        Assert.Equal([made[0]], second.Ids("id"));
    }

    [Theory]
    [InlineData("", "North", "code: request.required")]
    [InlineData("North", "North", "code: organizations.code-invalid")]
    [InlineData("a b", "North", "code: organizations.code-invalid")]
    [InlineData("école", "North", "code: organizations.code-invalid")]
    [InlineData("north", "", "name: request.required")]
    [InlineData("north", "a\u202Eb", "name: request.invalid-text")]
    public async Task Bad_codes_and_names_are_rejected(string code, string name, string error)
    {
        var admin = await app.TenantAdministratorAsync();
        var answer = await app.CallAsync(HttpMethod.Post, "/v1/organizations", admin, new { code, name });
        Assert.Equal(HttpStatusCode.BadRequest, answer.Status);
        Assert.Equal([error], answer.Errors);
        Assert.Equal(
            ["code: request.too-long", "description: request.too-long", "name: request.too-long", "state: request.unknown-member"],
            (
                await app.CallAsync(
                    HttpMethod.Post,
                    "/v1/organizations",
                    admin,
                    new
                    {
                        code = new string('a', 64),
                        name = new string('n', 101),
                        description = new string('d', 501),
                        state = "inactive",
                    }
                )
            ).Errors.Order(StringComparer.Ordinal)
        );
    }

    [Fact]
    public async Task Of_parallel_creations_with_one_code_one_succeeds()
    {
        var admin = await app.TenantAdministratorAsync();
        var body = new { code = OrganizationCalls.NewCode(), name = "North" };
        var answers = await Task.WhenAll(
            Enumerable.Range(0, 5).Select(_ => app.CallAsync(HttpMethod.Post, "/v1/organizations", admin, body))
        );
        Assert.Single(answers, a => a.Status == HttpStatusCode.Created);
        Assert.All(answers.Where(a => a.Status != HttpStatusCode.Created), a => Assert.Equal("organizations.code-taken", a.Code));

        var again = new { code = OrganizationCalls.NewCode(), name = "Again" };
        var key = ("Idempotency-Key", Guid.CreateVersion7(app.Clock.GetUtcNow()).ToString());
        var (one, two) = (
            await app.CallAsync(HttpMethod.Post, "/v1/organizations", admin, again, key),
            await app.CallAsync(HttpMethod.Post, "/v1/organizations", admin, again, key)
        );
        Assert.Equal((HttpStatusCode.Created, one.Text), (two.Status, two.Text));
    }

    [Fact]
    public async Task An_organization_administrator_sees_and_changes_the_own_organization_only()
    {
        var admin = await app.TenantAdministratorAsync();
        var (own, other, foreign) = (
            await app.OrganizationAsync(admin),
            await app.OrganizationAsync(admin),
            await app.ForeignOrganizationAsync()
        );
        var local = await app.OrganizationAdministratorAsync(admin, own.Id);
        Assert.Equal([own.Id], (await app.CallAsync(HttpMethod.Get, "/v1/organizations", local)).Ids("id"));
        await app.AssertDoneAsync(HttpMethod.Get, own.Path, local);
        await app.AssertDoneAsync(HttpMethod.Patch, own.Path, local, new { name = "Mine" });
        foreach (var path in new[] { other.Path, foreign.Path })
        {
            await app.AssertRejectedAsync(HttpStatusCode.NotFound, NotFound, HttpMethod.Get, path, local);
            await app.AssertRejectedAsync(HttpStatusCode.NotFound, NotFound, HttpMethod.Patch, path, local, new { name = "Mine" });
            await app.AssertRejectedAsync(HttpStatusCode.NotFound, NotFound, HttpMethod.Get, path + "/members", local);
        }

        await app.AssertRejectedAsync(HttpStatusCode.NotFound, NotFound, HttpMethod.Get, foreign.Path, admin);
        await app.AssertRejectedAsync(HttpStatusCode.NotFound, NotFound, HttpMethod.Post, foreign.Path + "/deactivate", admin);
        foreach (var action in new[] { "deactivate", "reactivate" })
            await app.AssertRejectedAsync(HttpStatusCode.Forbidden, "request.forbidden", HttpMethod.Post, $"{own.Path}/{action}", local);
        await app.AssertRejectedAsync(
            HttpStatusCode.Forbidden,
            "request.forbidden",
            HttpMethod.Post,
            "/v1/organizations",
            local,
            new { code = OrganizationCalls.NewCode(), name = "New" }
        );
        var nobody = await app.Users.SomebodyAsync();
        await app.AssertRejectedAsync(HttpStatusCode.Forbidden, "request.forbidden", HttpMethod.Get, own.Path, nobody);
    }

    [Fact]
    public async Task Deactivating_ends_access_at_once_and_tells_of_every_member_and_reactivating_restores_it()
    {
        var admin = await app.TenantAdministratorAsync();
        var (id, path) = await app.OrganizationAsync(admin);
        var local = await app.OrganizationAdministratorAsync(admin, id);
        var member = await app.Users.SomebodyAsync();
        await app.AssertDoneAsync(HttpMethod.Put, $"{path}/members/{member.UserId}", admin);

        await app.AssertDoneAsync(HttpMethod.Post, path + "/deactivate", admin);
        await app.AssertDoneAsync(HttpMethod.Post, path + "/deactivate", admin);
        // Forbidden at once; the session ends by an event.
        Assert.Contains(
            (await app.CallAsync(HttpMethod.Get, path, local)).Status,
            new[] { HttpStatusCode.Forbidden, HttpStatusCode.Unauthorized }
        );
        await app.AssertRejectedAsync(HttpStatusCode.NotFound, NotFound, HttpMethod.Put, $"{path}/members/{local.UserId}", admin);
        await TestApp.EventuallyAsync(async () => await LastMembershipsAsync(member) == "[]", "the event of the member");
        await TestApp.EventuallyAsync(async () => await LastMembershipsAsync(local) == "[]", "the event of the administrator");

        await app.AssertDoneAsync(HttpMethod.Post, path + "/reactivate", admin);
        await app.QuietAsync();
        local = local with { Tokens = (await app.Users.SignInAsync(local.Email)).Tokens() };
        await app.AssertDoneAsync(HttpMethod.Get, path, local);
        await TestApp.EventuallyAsync(async () => await LastMembershipsAsync(member) != "[]", "the second event of the member");
        Assert.Equal(
            ["organization.created.v1", "organization.deactivated.v1", "organization.reactivated.v1"],
            await app.ScalarAsync<string[]>("select array_agg(type order by seq) from runtime.events where key = $1", id)
        );
    }

    [Fact]
    public async Task Related_organizations_are_related_on_both_sides_within_the_tenant()
    {
        var admin = await app.TenantAdministratorAsync();
        var (one, two, foreign) = (
            await app.OrganizationAsync(admin),
            await app.OrganizationAsync(admin),
            await app.ForeignOrganizationAsync()
        );
        var local = await app.OrganizationAdministratorAsync(admin, one.Id);
        foreach (var _ in new[] { 1, 2 })
            await app.AssertDoneAsync(HttpMethod.Put, $"{one.Path}/related/{two.Id}", admin);
        Assert.Equal([two.Id], (await app.CallAsync(HttpMethod.Get, one.Path + "/related", local)).Ids("organizationId"));
        Assert.Equal([one.Id], (await app.CallAsync(HttpMethod.Get, two.Path + "/related", admin)).Ids("organizationId"));

        await app.AssertRejectedAsync(HttpStatusCode.NotFound, NotFound, HttpMethod.Put, $"{one.Path}/related/{foreign.Id}", admin);
        await app.AssertRejectedAsync(HttpStatusCode.NotFound, NotFound, HttpMethod.Delete, $"{one.Path}/related/{two.Id}", local);
        await app.AssertRejectedAsync(
            HttpStatusCode.UnprocessableEntity,
            "organizations.related-to-itself",
            HttpMethod.Put,
            $"{one.Path}/related/{one.Id}",
            admin
        );

        foreach (var _ in new[] { 1, 2 })
            await app.AssertDoneAsync(HttpMethod.Delete, $"{two.Path}/related/{one.Id}", admin);
        Assert.Empty((await app.CallAsync(HttpMethod.Get, one.Path + "/related", admin)).Ids("organizationId"));
        Assert.Equal(
            [$"""["{two.Id}"] []""", $"""[] ["{two.Id}"]"""],
            await app.ScalarAsync<string[]>(
                """
                select array_agg((data::jsonb ->> 'added') || ' ' || (data::jsonb ->> 'removed') order by seq) from runtime.events
                 where type = 'organization.related-changed.v1' and key = $1
                """,
                one.Id
            )
        );
    }

    private Task<string> LastMembershipsAsync(SignedIn user) =>
        app.ScalarAsync<string>(
            """
            select data::jsonb ->> 'memberships' from runtime.events
             where type = 'user.roles-changed.v1' and key = $1 order by seq desc limit 1
            """,
            user.UserId
        );
}
