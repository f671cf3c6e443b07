using System.Globalization;
using System.Net;
using Gatehouse.Core.Tenants;
using Gatehouse.Organizations.Data;

namespace Gatehouse.SystemTests.Harness;

/// <summary>Organizations and who belongs to them.</summary>
internal static class TestOrganizations
{
    private static int count;

    /// <summary>A new organization of the first tenant.</summary>
    public static async Task<Guid> OrganizationAsync(this TestApp app)
    {
        var now = app.Clock.GetUtcNow();
        var id = Guid.CreateVersion7(now);
        var code = string.Create(CultureInfo.InvariantCulture, $"school-{Interlocked.Increment(ref count)}-{id.ToString("N")[^6..]}");
        await app.ExecuteAsync(
            """
            insert into organizations.organizations (tenant_id, id, code, name, created_at, updated_at)
            values ($1, $2, $3, $3, $4, $4)
            """,
            DefaultTenant.Id,
            id,
            code,
            now
        );
        return id;
    }

    /// <summary>Makes a user an administrator of an organization, as a tenant administrator does it.</summary>
    public static async Task MakeOrganizationAdministratorAsync(this TestApp app, SignedIn user, Guid organization, SignedIn by)
    {
        var path = user.RolePath(BuiltInRole.OrganizationAdministrator, organization);
        Assert.Equal(HttpStatusCode.NoContent, (await app.Users.SendAsync(HttpMethod.Put, path, by.Tokens)).Status);
        await app.QuietAsync();
    }

    /// <summary>Makes a user a member of an organization without a role, and waits until that is known everywhere.</summary>
    public static async Task JoinAsync(this TestApp app, SignedIn user, Guid organization, SignedIn by)
    {
        var path = user.RolePath(BuiltInRole.OrganizationAdministrator, organization);
        foreach (var method in new[] { HttpMethod.Put, HttpMethod.Delete })
            Assert.Equal(HttpStatusCode.NoContent, (await app.Users.SendAsync(method, path, by.Tokens)).Status);
        await app.QuietAsync();
    }
}
