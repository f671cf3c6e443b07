using System.Globalization;
using System.Net;

namespace Gatehouse.SystemTests.Harness;

/// <summary>Roles that are open for registration.</summary>
internal static class RolesToRegister
{
    private static int count;

    /// <summary>A new role of the whole tenant that allows nothing of Gatehouse itself.</summary>
    public static async Task<(Guid Id, string Name)> PlainRoleAsync(this TestApp app, SignedIn admin)
    {
        var name = string.Create(CultureInfo.InvariantCulture, $"plain-{Interlocked.Increment(ref count)}");
        var answer = await app.CallAsync(
            HttpMethod.Post,
            "/v1/roles",
            admin,
            new
            {
                name,
                labels = new
                {
                    en = "Plain",
                    es = "Simple",
                    hi = "सादा",
                },
            }
        );
        Assert.Equal(HttpStatusCode.Created, answer.Status);
        return (answer.Body.GetProperty("id").GetGuid(), name);
    }

    /// <summary>One with these terms; its name.</summary>
    public static async Task<(Guid Id, string Name)> OpenRoleAsync(this TestApp app, SignedIn admin, object registration)
    {
        var role = await app.PlainRoleAsync(admin);
        await app.AssertDoneAsync(HttpMethod.Put, PathOf(role.Id), admin, registration);
        return role;
    }

    public static string PathOf(Guid role) => $"/v1/roles/{role}/registration";
}
