using System.Net;
using Gatehouse.Organizations.Data;
using Gatehouse.SystemTests.Harness;

namespace Gatehouse.SystemTests.Identity.Administration;

/// <summary>What the users' module knows of roles and memberships, by the events of the organizations.</summary>
public sealed class MembershipTests(RunningApp running)
{
    private readonly TestApp app = running.App;

    [Fact]
    public async Task Roles_and_memberships_are_copied_and_what_is_gone_is_removed()
    {
        var (admin, user) = (await app.TenantAdministratorAsync(), await app.Users.SomebodyAsync());
        var (first, second) = (await app.OrganizationAsync(), await app.OrganizationAsync());
        await AssignAsync(HttpMethod.Put, user.RolePath(BuiltInRole.OrganizationAdministrator, first));
        await AssignAsync(HttpMethod.Put, user.RolePath(BuiltInRole.OrganizationAdministrator, second));
        await AssignAsync(HttpMethod.Put, user.RolePath(BuiltInRole.TenantAdministrator));
        await AssertAsync([
            $"{Guid.Empty} tenant-administrator",
            $"{first} organization-administrator",
            $"{second} organization-administrator",
        ]);

        // A role that is revoked leaves the membership; without roles in the whole tenant nothing is left of them.
        await AssignAsync(HttpMethod.Delete, user.RolePath(BuiltInRole.OrganizationAdministrator, first));
        await AssignAsync(HttpMethod.Delete, user.RolePath(BuiltInRole.TenantAdministrator));
        await AssertAsync([$"{first} ", $"{second} organization-administrator"]);

        async Task AssignAsync(HttpMethod method, string path) =>
            Assert.Equal(HttpStatusCode.NoContent, (await app.Users.SendAsync(method, path, admin.Tokens)).Status);

        async Task AssertAsync(string[] expected)
        {
            await app.QuietAsync();
            var rows = await app.ScalarAsync<string[]>(
                """
                select array_agg(organization_id || ' ' || array_to_string(roles, ',') order by organization_id)
                  from identity.memberships where user_id = $1
                """,
                user.UserId
            );
            // Ids of one millisecond have no order.
            Assert.Equal(expected.Order(StringComparer.Ordinal), rows.Order(StringComparer.Ordinal));
        }
    }
}
