using System.Net;
using Gatehouse.Organizations.Data;
using Gatehouse.SystemTests.Harness;

namespace Gatehouse.SystemTests.Organizations.Access;

public sealed class RoleAssignmentTests(RunningApp running)
{
    private readonly TestApp app = running.App;

    [Fact]
    public async Task A_tenant_administrator_makes_another_one_who_can_do_the_same_at_once()
    {
        var admin = await app.TenantAdministratorAsync();
        var (second, third) = (await app.Users.SomebodyAsync(), await app.Users.SomebodyAsync());
        var path = third.RolePath(BuiltInRole.TenantAdministrator);
        await AssertRejectedAsync(HttpStatusCode.Forbidden, "request.forbidden", HttpMethod.Put, path, second);

        Assert.Equal(
            HttpStatusCode.NoContent,
            (await SendAsync(HttpMethod.Put, second.RolePath(BuiltInRole.TenantAdministrator), admin)).Status
        );
        Assert.Equal(HttpStatusCode.NoContent, (await SendAsync(HttpMethod.Put, path, second)).Status);
        var mine = await SendAsync(HttpMethod.Get, "/v1/permissions/mine", third);
        Assert.Equal(["tenant-administrator"], Texts(mine, "roles"));
        Assert.Contains("roles:assign", Texts(mine, "permissions"));
        Assert.DoesNotContain("permissions:write", Texts(mine, "permissions"));

        // Taken away, it is gone at the next call, whatever the token says.
        Assert.Equal(
            HttpStatusCode.NoContent,
            (await SendAsync(HttpMethod.Delete, second.RolePath(BuiltInRole.TenantAdministrator), admin)).Status
        );
        await AssertRejectedAsync(HttpStatusCode.Forbidden, "request.forbidden", HttpMethod.Put, path, second);
    }

    [Fact]
    public async Task Nobody_assigns_or_revokes_what_allows_more_than_they_may()
    {
        var (admin, platform) = (await app.TenantAdministratorAsync(), await app.PlatformAdministratorAsync());
        var somebody = await app.Users.SomebodyAsync();
        var exceeds = "organizations.exceeds-own-access";
        await AssertRejectedAsync(
            HttpStatusCode.Forbidden,
            exceeds,
            HttpMethod.Put,
            somebody.RolePath(BuiltInRole.PlatformAdministrator),
            admin
        );
        await AssertRejectedAsync(
            HttpStatusCode.Forbidden,
            exceeds,
            HttpMethod.Put,
            admin.RolePath(BuiltInRole.PlatformAdministrator),
            admin
        );
        await AssertRejectedAsync(
            HttpStatusCode.Forbidden,
            exceeds,
            HttpMethod.Delete,
            platform.RolePath(BuiltInRole.PlatformAdministrator),
            admin
        );
        Assert.Equal(
            3L,
            await app.ScalarAsync<long>(
                "select count(*) from audit.records where actor = $1 and result = 'refused' and reason = $2",
                admin.UserId,
                exceeds
            )
        );

        Assert.Equal(
            HttpStatusCode.NoContent,
            (await SendAsync(HttpMethod.Put, somebody.RolePath(BuiltInRole.PlatformAdministrator), platform)).Status
        );
        Assert.Equal(
            HttpStatusCode.NoContent,
            (await SendAsync(HttpMethod.Delete, platform.RolePath(BuiltInRole.PlatformAdministrator), somebody)).Status
        );
    }

    [Fact]
    public async Task What_does_not_exist_or_does_not_fit_is_rejected()
    {
        var admin = await app.TenantAdministratorAsync();
        var somebody = await app.Users.SomebodyAsync();
        var nobody = somebody with { UserId = Guid.CreateVersion7(app.Clock.GetUtcNow()) };
        var made = nobody.UserId;
        await AssertRejectedAsync(
            HttpStatusCode.NotFound,
            "organizations.user-not-found",
            HttpMethod.Put,
            nobody.RolePath(BuiltInRole.TenantAdministrator),
            admin
        );
        await AssertRejectedAsync(HttpStatusCode.NotFound, "organizations.role-not-found", HttpMethod.Put, somebody.RolePath(made), admin);
        await AssertRejectedAsync(
            HttpStatusCode.UnprocessableEntity,
            "organizations.wrong-level",
            HttpMethod.Put,
            somebody.RolePath(BuiltInRole.OrganizationAdministrator),
            admin
        );
        await AssertRejectedAsync(
            HttpStatusCode.UnprocessableEntity,
            "organizations.wrong-level",
            HttpMethod.Put,
            somebody.RolePath(BuiltInRole.TenantAdministrator, made),
            admin
        );
        await AssertRejectedAsync(
            HttpStatusCode.NotFound,
            "organizations.organization-not-found",
            HttpMethod.Put,
            somebody.RolePath(BuiltInRole.OrganizationAdministrator, made),
            admin
        );
        await AssertRejectedAsync(
            HttpStatusCode.NotFound,
            "organizations.user-not-found",
            HttpMethod.Get,
            $"/v1/users/{made}/roles",
            admin
        );
        await AssertRejectedAsync(
            HttpStatusCode.NotFound,
            "organizations.user-not-found",
            HttpMethod.Delete,
            nobody.RolePath(BuiltInRole.TenantAdministrator),
            admin
        );
        await AssertRejectedAsync(
            HttpStatusCode.NotFound,
            "organizations.organization-not-found",
            HttpMethod.Delete,
            somebody.RolePath(BuiltInRole.OrganizationAdministrator, made),
            admin
        );
        Assert.Equal(
            HttpStatusCode.Unauthorized,
            (await app.Users.SendAsync(HttpMethod.Put, somebody.RolePath(BuiltInRole.TenantAdministrator))).Status
        );
        Assert.Empty(Texts(await SendAsync(HttpMethod.Get, "/v1/permissions/mine", somebody), "roles"));
    }

    [Fact]
    public async Task Repeating_an_assignment_publishes_and_records_it_once()
    {
        var admin = await app.TenantAdministratorAsync();
        var somebody = await app.Users.SomebodyAsync();
        foreach (var method in new[] { HttpMethod.Put, HttpMethod.Put, HttpMethod.Delete, HttpMethod.Delete })
            Assert.Equal(
                HttpStatusCode.NoContent,
                (await SendAsync(method, somebody.RolePath(BuiltInRole.TenantAdministrator), admin)).Status
            );

        var events = await app.ScalarAsync<string[]>(
            "select array_agg(data::jsonb ->> 'roles' order by seq) from runtime.events where type = 'user.roles-changed.v1' and key = $1",
            somebody.UserId
        );
        Assert.Equal(["""["tenant-administrator"]""", "[]"], events);
        Assert.Equal(
            ["role.assigned", "role.revoked"],
            await app.ScalarAsync<string[]>(
                "select array_agg(action order by action) from audit.records where subject = $1 and action like 'role.%'",
                somebody.UserId
            )
        );
    }

    private Task<Answer> SendAsync(HttpMethod method, string path, SignedIn by) => app.Users.SendAsync(method, path, by.Tokens);

    private async Task AssertRejectedAsync(HttpStatusCode status, string code, HttpMethod method, string path, SignedIn by)
    {
        var answer = await SendAsync(method, path, by);
        Assert.Equal((status, code), (answer.Status, answer.Code));
    }

    private static IEnumerable<string?> Texts(Answer answer, string member) =>
        answer.Body.GetProperty(member).EnumerateArray().Select(text => text.GetString());
}
