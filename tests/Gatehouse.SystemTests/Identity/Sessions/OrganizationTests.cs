using System.Net;
using System.Text.Json;
using Gatehouse.Organizations.Data;
using Gatehouse.SystemTests.Harness;

namespace Gatehouse.SystemTests.Identity.Sessions;

/// <summary>What tokens say of roles and of the current organization.</summary>
public sealed class OrganizationTests(RunningApp running)
{
    private readonly TestApp app = running.App;

    [Fact]
    public async Task Tokens_name_the_roles_from_the_next_refresh_on_and_no_longer_once_they_are_revoked()
    {
        var admin = await app.TenantAdministratorAsync();
        var user = await app.Users.SomebodyAsync();
        Assert.False(user.Tokens.Claims.TryGetProperty("roles", out _) || user.Tokens.Claims.TryGetProperty("org", out _));

        Assert.Equal(HttpStatusCode.NoContent, (await AssignAsync(HttpMethod.Put)).Status);
        await app.QuietAsync();
        var tokens = (await app.Users.RefreshAsync(user.Tokens.Refresh)).Tokens();
        Assert.Equal(["tenant-administrator"], Roles(tokens));
        Assert.Equal(["tenant-administrator"], Roles((await app.Users.SignInAsync(user.Email)).Tokens()));

        Assert.Equal(HttpStatusCode.NoContent, (await AssignAsync(HttpMethod.Delete)).Status);
        await app.QuietAsync();
        Assert.Empty(Roles((await app.Users.RefreshAsync(tokens.Refresh)).Tokens()));

        Task<Answer> AssignAsync(HttpMethod method) =>
            app.Users.SendAsync(method, user.RolePath(BuiltInRole.TenantAdministrator), admin.Tokens);
    }

    [Fact]
    public async Task A_user_of_two_organizations_switches_between_them_and_gets_no_refresh_token_by_it()
    {
        var admin = await app.TenantAdministratorAsync();
        var user = await app.Users.SomebodyAsync();
        // Ids of one millisecond have no order; the first of them is the current organization of a session that has chosen none.
        Guid[] both = [await app.OrganizationAsync(), await app.OrganizationAsync()];
        var (school, library) = (both.Min(), both.Max());
        await app.MakeOrganizationAdministratorAsync(user, school, admin);
        await app.JoinAsync(user, library, admin);
        var tokens = (await app.Users.RefreshAsync(user.Tokens.Refresh)).Tokens();
        Assert.Equal(school, tokens.Claims.GetProperty("org").GetGuid());
        Assert.Equal(["organization-administrator"], Roles(tokens));

        var switched = await app.Users.SendAsync(HttpMethod.Post, "/v1/me/organization", user, new { organizationId = library });
        Assert.Equal(HttpStatusCode.OK, switched.Status);
        var answer = switched.Body.GetProperty("tokens");
        Assert.Equal(JsonValueKind.Null, answer.GetProperty("refreshToken").ValueKind);
        var access = tokens with { Access = answer.GetProperty("accessToken").GetString()! };
        Assert.Equal(library, access.Claims.GetProperty("org").GetGuid());
        Assert.Empty(Roles(access));
        Assert.Equal(HttpStatusCode.OK, (await app.Users.MeAsync(access)).Status);

        // Later refreshes stay there, other sessions where they are, until the membership ends.
        var later = (await app.Users.RefreshAsync(tokens.Refresh)).Tokens();
        Assert.Equal(library, later.Claims.GetProperty("org").GetGuid());
        Assert.Equal(school, (await app.Users.SignInAsync(user.Email)).Tokens().Claims.GetProperty("org").GetGuid());
        await app.ExecuteAsync("delete from identity.memberships where user_id = $1 and organization_id = $2", user.UserId, library);
        Assert.Equal(school, (await app.Users.RefreshAsync(later.Refresh)).Tokens().Claims.GetProperty("org").GetGuid());
    }

    [Fact]
    public async Task Nobody_switches_to_an_organization_of_others()
    {
        var admin = await app.TenantAdministratorAsync();
        var user = await app.Users.SomebodyAsync();
        var foreign = await app.OrganizationAsync();
        await app.MakeOrganizationAdministratorAsync(admin, foreign, admin);
        foreach (var id in new[] { foreign.ToString(), Guid.Empty.ToString(), user.UserId.ToString(), "school" })
        {
            var answer = await app.Users.SendAsync(HttpMethod.Post, "/v1/me/organization", user, new { organizationId = id });
            Assert.Equal((HttpStatusCode.NotFound, "identity.organization-not-found"), (answer.Status, answer.Code));
        }

        Assert.Equal(
            ["organizationId: request.required"],
            (await app.Users.SendAsync(HttpMethod.Post, "/v1/me/organization", user, new { })).Errors
        );
        Assert.Equal(
            HttpStatusCode.Unauthorized,
            (await app.Users.PostAsync("/v1/me/organization", new { organizationId = foreign })).Status
        );
    }

    [Fact]
    public async Task A_user_with_more_roles_than_a_cookie_holds_still_gets_a_token()
    {
        var user = await app.Users.SomebodyAsync();
        await app.ExecuteAsync(
            """
            insert into identity.memberships (tenant_id, user_id, organization_id, roles)
            select tenant_id, id, '00000000-0000-0000-0000-000000000000',
                   (select array_agg('a-role-of-some-length-' || n) from generate_series(1, 200) n)
              from identity.users where id = $1
            """,
            user.UserId
        );
        var tokens = (await app.Users.RefreshAsync(user.Tokens.Refresh)).Tokens();
        Assert.Empty(Roles(tokens));
        Assert.True(tokens.Access.Length < 4096);
        Assert.Equal(HttpStatusCode.OK, (await app.Users.MeAsync(tokens)).Status);
    }

    private static IEnumerable<string?> Roles(TokenPair tokens) =>
        tokens.Claims.TryGetProperty("roles", out var roles) ? roles.EnumerateArray().Select(r => r.GetString()) : [];
}
