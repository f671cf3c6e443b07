using System.Net;
using Gatehouse.Organizations.Data;
using Gatehouse.SystemTests.Harness;

namespace Gatehouse.SystemTests.Organizations.Structure;

/// <summary>What becomes of the members of an organization that is deactivated.</summary>
public sealed class DeactivationTests(RunningApp running)
{
    private readonly TestApp app = running.App;

    [Fact]
    public async Task Members_without_another_organization_are_signed_out_and_cannot_sign_in_until_it_is_reactivated()
    {
        var admin = await app.TenantAdministratorAsync();
        var (id, path) = await app.OrganizationAsync(admin);
        var member = await app.Users.SomebodyAsync();
        await app.AssertDoneAsync(HttpMethod.Put, $"{path}/members/{member.UserId}", admin);
        await app.QuietAsync();

        await app.AssertDoneAsync(HttpMethod.Post, path + "/deactivate", admin);
        await SignedOutAsync(member);
        Assert.Equal(HttpStatusCode.Unauthorized, await SignInAsync(member));
        Assert.Equal((HttpStatusCode.Unauthorized, "identity.invalid-refresh-token"), await RefreshAsync(member));
        Assert.Equal(
            "organization-deactivated",
            await app.ScalarAsync<string>(
                "select data::jsonb ->> 'reason' from runtime.events where type = 'session.revoked.v1' and key = $1",
                member.UserId
            )
        );
        // An administrator's word does not change it, and nothing else does.
        await app.AssertDoneAsync(HttpMethod.Post, $"/v1/users/{member.UserId}/enable", admin);
        Assert.Equal(HttpStatusCode.Unauthorized, await SignInAsync(member));

        await app.AssertDoneAsync(HttpMethod.Post, path + "/reactivate", admin);
        await app.QuietAsync();
        Assert.Equal(HttpStatusCode.Created, await SignInAsync(member));
        Assert.Equal(1L, await app.ScalarAsync<long>("select count(*) from organizations.members where organization_id = $1", id));
    }

    [Fact]
    public async Task Only_sessions_whose_current_organization_it_is_end()
    {
        var admin = await app.TenantAdministratorAsync();
        var organizations = new[] { await app.OrganizationAsync(admin), await app.OrganizationAsync(admin) }.OrderBy(o => o.Id).ToArray();
        var member = await app.Users.SomebodyAsync();
        foreach (var (_, path) in organizations)
            await app.AssertDoneAsync(HttpMethod.Put, $"{path}/members/{member.UserId}", admin);
        await app.QuietAsync();
        // One session switches to the second one; the other has chosen none, so it speaks for the first.
        var other = member with
        {
            Tokens = (await app.Users.SignInAsync(member.Email)).Tokens(),
        };
        await app.AssertDoneAsync(HttpMethod.Post, "/v1/me/organization", other, new { organizationId = organizations[1].Id });

        await app.AssertDoneAsync(HttpMethod.Post, organizations[0].Path + "/deactivate", admin);
        await SignedOutAsync(member);
        await app.QuietAsync();
        Assert.Equal(HttpStatusCode.OK, (await app.CallAsync(HttpMethod.Get, "/v1/me", other)).Status);
        Assert.Equal(HttpStatusCode.Created, await SignInAsync(member));
        await app.AssertDoneAsync(HttpMethod.Post, organizations[1].Path + "/deactivate", admin);
        await SignedOutAsync(other);
        Assert.Equal(HttpStatusCode.Unauthorized, await SignInAsync(member));
    }

    [Fact]
    public async Task Who_has_a_role_in_the_whole_tenant_can_sign_in_again()
    {
        var admin = await app.TenantAdministratorAsync();
        var (_, path) = await app.OrganizationAsync(admin);
        var member = await app.TenantAdministratorAsync();
        await app.AssertDoneAsync(HttpMethod.Put, $"{path}/members/{member.UserId}", admin);
        await app.QuietAsync();
        await app.AssertDoneAsync(HttpMethod.Post, path + "/deactivate", admin);
        await SignedOutAsync(member);
        Assert.Equal(HttpStatusCode.Created, await SignInAsync(member));
        // Without the role there is nothing left, and with another organization there is again.
        await app.AssertDoneAsync(HttpMethod.Delete, member.RolePath(BuiltInRole.TenantAdministrator), admin);
        await app.QuietAsync();
        Assert.Equal(HttpStatusCode.Unauthorized, await SignInAsync(member));
        var (_, next) = await app.OrganizationAsync(admin);
        await app.AssertDoneAsync(HttpMethod.Put, $"{next}/members/{member.UserId}", admin);
        await app.QuietAsync();
        Assert.Equal(HttpStatusCode.Created, await SignInAsync(member));
    }

    [Fact]
    public async Task Nobody_else_is_signed_out()
    {
        var admin = await app.TenantAdministratorAsync();
        var (_, path) = await app.OrganizationAsync(admin);
        var nobody = await app.Users.SomebodyAsync();
        var former = await app.Users.SomebodyAsync();
        await app.AssertDoneAsync(HttpMethod.Put, $"{path}/members/{former.UserId}", admin);
        await app.AssertDoneAsync(HttpMethod.Delete, $"{path}/members/{former.UserId}", admin);
        await app.AssertDoneAsync(HttpMethod.Post, path + "/deactivate", admin);
        await app.QuietAsync();
        foreach (var user in new[] { admin, nobody, former })
            Assert.Equal(HttpStatusCode.OK, (await app.CallAsync(HttpMethod.Get, "/v1/me", user)).Status);
    }

    private Task SignedOutAsync(SignedIn user) =>
        TestApp.EventuallyAsync(
            async () => (await app.CallAsync(HttpMethod.Get, "/v1/me", user)).Status == HttpStatusCode.Unauthorized,
            "the session ends"
        );

    private async Task<HttpStatusCode> SignInAsync(SignedIn user) => (await app.Users.SignInAsync(user.Email)).Status;

    private async Task<(HttpStatusCode, string?)> RefreshAsync(SignedIn user)
    {
        var answer = await app.Users.RefreshAsync(user.Tokens.Refresh);
        return (answer.Status, answer.Code);
    }
}
