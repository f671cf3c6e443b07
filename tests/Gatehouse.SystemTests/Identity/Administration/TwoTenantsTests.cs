using System.Net;
using Gatehouse.Contracts.Tenants;
using Gatehouse.Core.Actors;
using Gatehouse.Organizations.Access;
using Gatehouse.Organizations.Data;
using Gatehouse.SystemTests.Harness;

namespace Gatehouse.SystemTests.Identity.Administration;

/// <summary>The administrator of one tenant, with ids, cursors and organizations of another one.</summary>
public sealed class TwoTenantsTests
{
    [Fact]
    public async Task Nothing_of_another_tenant_is_seen_or_changed()
    {
        await using var app = await TestApp.StartAsync(replace: services => services.AddSingleton<ITenantDirectory, TwoTenants>());
        var (red, blue) = (await SomebodyAsync(app, TwoTenants.Red), await SomebodyAsync(app, TwoTenants.Blue));
        var (redHead, blueHead) = (await SomebodyAsync(app, TwoTenants.Red), await SomebodyAsync(app, TwoTenants.Blue));
        await AssignAsync(app, redHead, TwoTenants.Red);
        await AssignAsync(app, blueHead, TwoTenants.Blue);
        await app.QuietAsync();

        Assert.Equal([redHead.UserId, red.UserId], await app.GetAsync("/v1/users", redHead).IdsAsync());
        foreach (var query in new[] { $"q={blue.Email}", "role=tenant-administrator&after=AAAAAAAAAAAAAAAAAAAAAA" })
            Assert.Empty(await app.GetAsync("/v1/users?" + query, redHead).IdsAsync());
        Assert.Equal([redHead.UserId], await app.GetAsync("/v1/users?role=tenant-administrator", redHead).IdsAsync());

        // A cursor of the other tenant opens nothing of it.
        foreach (var path in new[] { "/v1/users", "/v1/users/by-initial" })
        {
            var next = (await app.GetAsync(path + "?limit=1", blueHead)).Body.GetProperty("next").GetString();
            var crossed = await app.GetAsync($"{path}?after={next}", redHead);
            Assert.Equal(HttpStatusCode.OK, crossed.Status);
            Assert.DoesNotContain(blue.UserId.ToString(), crossed.Text, StringComparison.Ordinal);
            Assert.DoesNotContain(blueHead.UserId.ToString(), crossed.Text, StringComparison.Ordinal);
        }

        var body = new { ids = new[] { blue.UserId, red.UserId }, emails = new[] { blueHead.Email } };
        Assert.Equal([red.UserId], await app.PostAsync("/v1/users/lookup", body, redHead).IdsAsync());
        var foreign = $"/v1/users/{blue.UserId}";
        await NotFoundAsync(app.GetAsync(foreign, redHead));
        await NotFoundAsync(app.GetAsync(foreign + "/sessions", redHead));
        await NotFoundAsync(app.DeleteAsync(foreign + "/sessions", redHead));
        await NotFoundAsync(app.PatchAsync(foreign, new { name = "Eve" }, redHead));
        foreach (var verb in new[] { "disable", "enable", "password-reset" })
            await NotFoundAsync(app.PostAsync($"{foreign}/{verb}", body: null, redHead));
        Assert.Equal("Ada", (await app.Users.MeAsync(blue.Tokens)).Body.GetProperty("name").GetString());

        // The same address may be created in each.
        var created = await app.PostAsync(
            "/v1/users",
            new
            {
                email = blue.Email,
                name = "Ada",
                sendEmail = false,
            },
            redHead
        );
        Assert.Equal(HttpStatusCode.Created, created.Status);
        Assert.Equal(HttpStatusCode.Created, (await app.Users.SignInAsync(blue.Email, headers: TwoTenants.Blue)).Status);
    }

    private static Task NotFoundAsync(Task<Answer> call) => call.RejectedAsync(HttpStatusCode.NotFound, "identity.user-not-found");

    private static async Task<SignedIn> SomebodyAsync(TestApp app, (string Name, string Value) tenant)
    {
        var email = TestUsers.NewEmail();
        var body = new
        {
            email,
            name = "Ada",
            password = TestUsers.Password,
        };
        var started = await app.Users.PostAsync("/v1/registrations", body, tenant);
        var code = (await app.Users.LetterAsync(email)).Code;
        var verified = await app.Users.PostAsync($"/v1/registrations/{started.RegistrationId}/verify", new { code }, tenant);
        return new SignedIn(verified.Body.GetProperty("user").GetProperty("id").GetGuid(), email, verified.Tokens(), verified.Device());
    }

    private static async Task AssignAsync(TestApp app, SignedIn user, (string Name, string Value) tenant)
    {
        var found = await app.Services.GetRequiredService<ITenantDirectory>().FindByNameAsync(tenant.Value, CancellationToken.None);
        var operators = new Actor
        {
            Tenant = found!,
            Language = "en",
            Client = "operator",
        };
        var assigned = await app
            .Services.GetRequiredService<AssignRole.Handler>()
            .ByOperatorAsync(user.UserId, BuiltInRole.TenantAdministrator, operators, CancellationToken.None);
        Assert.Null(assigned.Error);
    }
}
