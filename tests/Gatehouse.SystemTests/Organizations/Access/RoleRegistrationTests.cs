using System.Net;
using Gatehouse.Organizations.Data;
using Gatehouse.SystemTests.Harness;

namespace Gatehouse.SystemTests.Organizations.Access;

/// <summary>How users register for a role, as administrators set it.</summary>
public sealed class RoleRegistrationTests(RunningApp running)
{
    private static readonly string[] Reading = ["users:read"];
    private static readonly string[] Writing = ["roles:read", "roles:write"];
    private static readonly string[] Names = ["givenName"];
    private static readonly string[] Both = ["email", "phoneNumber"];
    private static readonly string[] Unknown = ["shoeSize"];

    private readonly TestApp app = running.App;

    [Fact]
    public async Task A_role_is_closed_until_it_is_opened_and_a_stale_change_changes_nothing()
    {
        var admin = await app.TenantAdministratorAsync();
        var (id, _) = await app.PlainRoleAsync(admin);
        var path = RolesToRegister.PathOf(id);
        var closed = await app.CallAsync(HttpMethod.Get, path, admin);
        Assert.Equal("closed", closed.Body.GetProperty("state").GetString());

        var terms = new
        {
            state = "open",
            requiredFields = Names,
            minimumAge = 18,
            verification = "link",
            introduction = new { en = "Welcome.", hi = "स्वागत है।" },
        };
        var tag = closed.Response.Headers.ETag!.Tag;
        var opened = await app.CallAsync(HttpMethod.Put, path, admin, terms, ("If-Match", tag));
        Assert.Equal(HttpStatusCode.OK, opened.Status);
        Assert.Equal(
            """{"state":"open","requiredFields":["givenName","birthDate"],"minimumAge":18,"verification":"link","""
                + "\"signInBeforeVerification\":false,\"introduction\":{\"en\":\"Welcome.\",\"hi\":\"स्वागत है।\"}}",
            System.Text.RegularExpressions.Regex.Unescape(opened.Text)
        );
        var late = await app.CallAsync(HttpMethod.Put, path, admin, new { state = "closed" }, ("If-Match", tag));
        Assert.Equal((HttpStatusCode.PreconditionFailed, "request.precondition-failed"), (late.Status, late.Code));
        // Again it changes nothing.
        await app.AssertDoneAsync(HttpMethod.Put, path, admin, terms);
        Assert.Equal(
            1L,
            await app.ScalarAsync<long>("select count(*) from runtime.events where type = 'role.registration-changed.v1' and key = $1", id)
        );
        Assert.Equal(
            1L,
            await app.ScalarAsync<long>(
                "select count(*) from audit.records where actor = $1 and action = 'role.registration-changed'",
                admin.UserId
            )
        );

        await app.AssertDoneAsync(HttpMethod.Delete, $"/v1/roles/{id}", admin);
        await app.AssertRejectedAsync(HttpStatusCode.NotFound, "organizations.role-not-found", HttpMethod.Get, path, admin);
        Assert.Equal(0L, await app.ScalarAsync<long>("select count(*) from organizations.role_registrations where role_id = $1", id));
    }

    [Fact]
    public async Task Roles_that_allow_anything_of_Gatehouse_itself_are_never_open()
    {
        var admin = await app.TenantAdministratorAsync();
        var open = new { state = "open" };
        foreach (var builtIn in BuiltInRole.All)
            await app.AssertRejectedAsync(
                HttpStatusCode.Conflict,
                "organizations.role-built-in",
                HttpMethod.Put,
                RolesToRegister.PathOf(builtIn.Id),
                admin,
                open
            );

        var (id, _) = await app.PlainRoleAsync(admin);
        await app.AssertDoneAsync(HttpMethod.Patch, $"/v1/roles/{id}", admin, new { permissions = Reading });
        var path = RolesToRegister.PathOf(id);
        await app.AssertRejectedAsync(HttpStatusCode.Conflict, "organizations.role-privileged", HttpMethod.Put, path, admin, open);
        await app.AssertDoneAsync(HttpMethod.Patch, $"/v1/roles/{id}", admin, new { permissions = Array.Empty<string>() });
        await app.AssertDoneAsync(HttpMethod.Put, path, admin, open);
        await app.AssertRejectedAsync(
            HttpStatusCode.Conflict,
            "organizations.role-open",
            HttpMethod.Patch,
            $"/v1/roles/{id}",
            admin,
            new { permissions = Reading }
        );

        // One of an organization would be given without the organization.
        var (home, _) = await app.OrganizationAsync(admin);
        var local = await app.CallAsync(HttpMethod.Post, "/v1/roles", admin, new { name = "local-" + home, organizationId = home });
        await app.AssertRejectedAsync(
            HttpStatusCode.UnprocessableEntity,
            "organizations.wrong-level",
            HttpMethod.Put,
            RolesToRegister.PathOf(local.Body.GetProperty("id").GetGuid()),
            admin,
            open
        );
    }

    [Fact]
    public async Task To_open_a_role_needs_the_right_to_write_and_to_assign_it()
    {
        var admin = await app.TenantAdministratorAsync();
        var (id, _) = await app.PlainRoleAsync(admin);
        var path = RolesToRegister.PathOf(id);
        var nobody = await app.Users.SomebodyAsync();
        await app.AssertRejectedAsync(HttpStatusCode.Forbidden, "request.forbidden", HttpMethod.Put, path, nobody, new { state = "open" });
        await app.AssertRejectedAsync(HttpStatusCode.Forbidden, "request.forbidden", HttpMethod.Get, path, nobody);

        var (writer, _) = await app.PlainRoleAsync(admin);
        await app.AssertDoneAsync(HttpMethod.Patch, $"/v1/roles/{writer}", admin, new { permissions = Writing });
        var weak = await app.Users.SomebodyAsync();
        await app.AssertDoneAsync(HttpMethod.Put, weak.RolePath(writer), admin);
        await app.AssertRejectedAsync(
            HttpStatusCode.Forbidden,
            "organizations.exceeds-own-access",
            HttpMethod.Put,
            path,
            weak,
            new { state = "open" }
        );
        await app.AssertRejectedAsync(
            HttpStatusCode.NotFound,
            "organizations.role-not-found",
            HttpMethod.Put,
            RolesToRegister.PathOf(Guid.CreateVersion7(app.Clock.GetUtcNow())),
            admin,
            new { state = "open" }
        );
    }

    [Fact]
    public async Task Everything_that_is_wrong_is_named()
    {
        var admin = await app.TenantAdministratorAsync();
        var (id, _) = await app.PlainRoleAsync(admin);
        var path = RolesToRegister.PathOf(id);
        var wrong = await app.CallAsync(
            HttpMethod.Put,
            path,
            admin,
            new
            {
                state = "ajar",
                requiredFields = Unknown,
                minimumAge = 121,
                verification = "fax",
                introduction = new { fr = "Bonjour" },
            }
        );
        Assert.Equal(
            [
                "state: request.unknown-value",
                "verification: request.unknown-value",
                "requiredFields: request.unknown-value",
                "minimumAge: request.out-of-range",
                "introduction: request.unknown-member",
            ],
            wrong.Errors
        );
        foreach (var age in new[] { 0, -1, int.MaxValue })
            Assert.Equal(
                ["minimumAge: request.out-of-range"],
                (await app.CallAsync(HttpMethod.Put, path, admin, new { minimumAge = age })).Errors
            );
        Assert.Equal(
            ["requiredFields: identity.one-contact-only"],
            (await app.CallAsync(HttpMethod.Put, path, admin, new { requiredFields = Both })).Errors
        );
        Assert.Equal(
            ["introduction.en: request.control-character"],
            (await app.CallAsync(HttpMethod.Put, path, admin, new { introduction = new { en = "One\nBcc: two" } })).Errors
        );
        Assert.Equal(
            ["introduction.en: request.too-long"],
            (await app.CallAsync(HttpMethod.Put, path, admin, new { introduction = new { en = new string('a', 301) } })).Errors
        );
    }
}
