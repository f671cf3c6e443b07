using System.Net;
using Gatehouse.Organizations.Data;
using Gatehouse.SystemTests.Harness;

namespace Gatehouse.SystemTests.Organizations.Structure;

public sealed class MemberTests(RunningApp running)
{
    private readonly TestApp app = running.App;

    [Fact]
    public async Task An_organization_administrator_adds_and_removes_members_with_their_roles()
    {
        var admin = await app.TenantAdministratorAsync();
        var (id, path) = await app.OrganizationAsync(admin);
        var local = await app.OrganizationAdministratorAsync(admin, id);
        var (member, second) = (await app.Users.SomebodyAsync(), await app.Users.SomebodyAsync());
        foreach (var _ in new[] { 1, 2 })
            await app.AssertDoneAsync(HttpMethod.Put, $"{path}/members/{member.UserId}", admin);

        // Nobody takes in strangers: they would see the address and could change the account.
        var stranger = second.RolePath(BuiltInRole.OrganizationAdministrator, id);
        foreach (var taken in new[] { $"{path}/members/{second.UserId}", stranger })
            await app.AssertRejectedAsync(HttpStatusCode.NotFound, "organizations.user-not-found", HttpMethod.Put, taken, local);
        await app.AssertDoneAsync(HttpMethod.Put, $"{path}/members/{second.UserId}", admin);
        await app.AssertDoneAsync(HttpMethod.Put, second.RolePath(BuiltInRole.OrganizationAdministrator, id), local);

        var all = await app.CallAsync(HttpMethod.Get, path + "/members", local);
        Assert.Equal([second.UserId, member.UserId, local.UserId], all.Ids("userId").OrderDescending());
        var roles = all
            .Body.GetProperty("items")
            .EnumerateArray()
            .ToDictionary(i => i.GetProperty("userId").GetGuid(), i => i.GetProperty("roles").EnumerateArray().Select(r => r.GetString()));
        Assert.Empty(roles[member.UserId]);
        Assert.Equal(["organization-administrator"], roles[second.UserId]);
        var page = await app.CallAsync(HttpMethod.Get, path + "/members?limit=2", local);
        var rest = await app.CallAsync(HttpMethod.Get, $"{path}/members?limit=2&after={page.Body.GetProperty("next").GetString()}", local);
        Assert.Equal((2, 1), (page.Ids("userId").Count, rest.Ids("userId").Count));

        foreach (var _ in new[] { 1, 2 })
            await app.AssertDoneAsync(HttpMethod.Delete, $"{path}/members/{second.UserId}", local);
        await app.AssertRejectedAsync(HttpStatusCode.Forbidden, "request.forbidden", HttpMethod.Get, path, second);
        Assert.Equal(
            ["member.added"],
            await app.ScalarAsync<string[]>(
                "select array_agg(action order by seq) from audit.records where subject = $1 and action like 'member.%'",
                member.UserId
            )
        );
        Assert.Equal(
            3L,
            await app.ScalarAsync<long>(
                "select count(*) from runtime.events where type = 'user.roles-changed.v1' and key = $1",
                second.UserId
            )
        );
    }

    [Fact]
    public async Task Foreign_organizations_and_unknown_users_are_not_found()
    {
        var admin = await app.TenantAdministratorAsync();
        var (own, other, foreign) = (
            await app.OrganizationAsync(admin),
            await app.OrganizationAsync(admin),
            await app.ForeignOrganizationAsync()
        );
        var local = await app.OrganizationAdministratorAsync(admin, own.Id);
        foreach (var method in new[] { HttpMethod.Put, HttpMethod.Delete })
        {
            foreach (var (path, by) in new[] { (other.Path, local), (foreign.Path, local), (foreign.Path, admin) })
                await app.AssertRejectedAsync(
                    HttpStatusCode.NotFound,
                    "organizations.organization-not-found",
                    method,
                    $"{path}/members/{local.UserId}",
                    by
                );
        }

        await app.AssertRejectedAsync(
            HttpStatusCode.NotFound,
            "organizations.user-not-found",
            HttpMethod.Put,
            $"{own.Path}/members/{own.Id}",
            local
        );
        Assert.Equal(
            ["after: request.cursor-malformed", "limit: request.out-of-range"],
            (await app.CallAsync(HttpMethod.Get, own.Path + "/members?limit=0&after=x", local)).Errors.Order(StringComparer.Ordinal)
        );
    }

    [Fact]
    public async Task The_last_organization_administrator_cannot_leave()
    {
        var admin = await app.TenantAdministratorAsync();
        var (id, path) = await app.OrganizationAsync(admin);
        var local = await app.OrganizationAdministratorAsync(admin, id);
        var role = local.RolePath(BuiltInRole.OrganizationAdministrator, id);
        foreach (var address in new[] { $"{path}/members/{local.UserId}", role })
            await app.AssertRejectedAsync(HttpStatusCode.Conflict, "organizations.last-administrator", HttpMethod.Delete, address, local);

        // Of two who leave at once, one stays.
        var second = await app.OrganizationAdministratorAsync(admin, id);
        var answers = await Task.WhenAll(
            new[] { local, second }.Select(by => app.CallAsync(HttpMethod.Delete, $"{path}/members/{by.UserId}", by))
        );
        Assert.Equal([HttpStatusCode.NoContent, HttpStatusCode.Conflict], answers.Select(a => a.Status).Order());
        var left = answers[0].Status == HttpStatusCode.Conflict ? local : second;
        await app.AssertDoneAsync(HttpMethod.Delete, left.RolePath(BuiltInRole.OrganizationAdministrator, id), admin);
    }
}
