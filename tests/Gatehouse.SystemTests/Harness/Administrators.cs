using Gatehouse.Contracts.Tenants;
using Gatehouse.Core.Actors;
using Gatehouse.Organizations.Access;
using Gatehouse.Organizations.Data;

namespace Gatehouse.SystemTests.Harness;

/// <summary>People with roles.</summary>
internal static class Administrators
{
    public static Task<SignedIn> PlatformAdministratorAsync(this TestApp app) => app.WithRoleAsync(BuiltInRole.PlatformAdministrator);

    public static Task<SignedIn> TenantAdministratorAsync(this TestApp app) => app.WithRoleAsync(BuiltInRole.TenantAdministrator);

    /// <summary>Somebody new with a role as <c>gatehouse user create --role</c> gives it.</summary>
    public static async Task<SignedIn> WithRoleAsync(this TestApp app, BuiltInRole role) =>
        await app.WithRoleAsync(await app.Users.SomebodyAsync(), role);

    public static async Task<SignedIn> WithRoleAsync(this TestApp app, SignedIn user, BuiltInRole role)
    {
        var tenant = await app
            .Services.GetRequiredService<ITenantDirectory>()
            .FindAsync(Guid.Parse(user.Tokens.Claims.GetProperty("tid").GetString()!), CancellationToken.None);
        var operators = Actor.Operator(tenant!, "en");
        var assigned = await app
            .Services.GetRequiredService<AssignRole.Handler>()
            .ByOperatorAsync(user.UserId, role, operators, CancellationToken.None);
        Assert.Null(assigned.Error);
        return user;
    }

    /// <summary>As if they proved all the time who they are: classes of tests that share somebody run for longer than a proof
    /// counts.</summary>
    public static async Task<SignedIn> AlwaysFreshAsync(this TestApp app, SignedIn user)
    {
        await app.ExecuteAsync(
            "update identity.sessions set authenticated_at = authenticated_at + interval '1 day' where user_id = $1",
            user.UserId
        );
        return user;
    }

    /// <summary>The path of a user's role.</summary>
    public static string RolePath(this SignedIn user, Guid role, Guid? organization = null) =>
        $"/v1/users/{user.UserId}/roles/{role}" + (organization is null ? "" : $"?organization={organization}");

    public static string RolePath(this SignedIn user, BuiltInRole role, Guid? organization = null) => user.RolePath(role.Id, organization);
}
