using System.Net;
using System.Runtime.CompilerServices;
using Gatehouse.SystemTests.Harness;

namespace Gatehouse.SystemTests.Server;

/// <summary>The roles of the food-delivery seed, from the file to the account.</summary>
[Trait("Speed", "Slow")]
public sealed class FoodDeliveryRolesTests
{
    [Fact]
    public async Task Customers_couriers_and_managers_register_and_moderators_are_made_by_moderators()
    {
        await using var app = await TestApp.StartAsync();
        var file = Path.Combine(Root(), "deploy", "seeds", "food-delivery.jsonc");
        await using var seed = await GatehouseProcess.RunAsync(["seed", file, "--yes"], await ServeTests.SettingsAsync(app.Databases));
        Assert.Equal((0, ""), (await seed.ExitCodeAsync(), seed.Errors));

        foreach (
            var (role, line, isEarly) in new[]
            {
                ("customer", "you can order", true),
                ("courier", "delivering with us", false),
                ("restaurant-manager", "Your restaurant", false),
            }
        )
        {
            var email = TestUsers.NewEmail();
            Assert.Equal(
                ["givenName: request.required", "familyName: request.required", "birthDate: request.required"],
                (await RegisterAsync(app, email, role)).Errors
            );
            var started = await RegisterAsync(app, email, role, ("givenName", "Ada"), ("familyName", "Byron"), ("birthDate", "1990-12-10"));
            Assert.Equal(HttpStatusCode.Accepted, started.Status);
            Assert.Equal(isEarly, started.Body.TryGetProperty("tokens", out _));
            var letter = await app.Users.LetterAsync(email);
            Assert.Contains(line, letter.Text, StringComparison.Ordinal);
            Assert.StartsWith("Confirm your", letter.Subject, StringComparison.Ordinal);
            var confirmed = await app.Users.ConfirmAsync(letter.LinkToken, TestUsers.Password);
            Assert.Equal(HttpStatusCode.Created, confirmed.Status);
            Assert.Equal(role, confirmed.Tokens().Claims.GetProperty("roles")[0].GetString());
        }

        // Old enough for a customer, not for a courier.
        (string, string)[] young =
        [
            ("givenName", "Ada"),
            ("familyName", "Byron"),
            ("birthDate", $"{app.Clock.GetUtcNow().Year - 17}-01-01"),
        ];
        Assert.Equal(["birthDate: identity.below-minimum-age"], (await RegisterAsync(app, TestUsers.NewEmail(), "courier", young)).Errors);
        Assert.Equal(HttpStatusCode.Accepted, (await RegisterAsync(app, TestUsers.NewEmail(), "customer", young)).Status);
        Assert.Equal(["role: identity.role-not-open"], (await RegisterAsync(app, TestUsers.NewEmail(), "moderator", young)).Errors);

        // Moderators make moderators; nobody else does.
        var moderator = await app.ScalarAsync<Guid>("select id from organizations.roles where name = 'moderator'");
        var (made, other) = (await app.Users.SomebodyAsync(), await app.Users.SomebodyAsync());
        await app.AssertRejectedAsync(HttpStatusCode.Forbidden, "request.forbidden", HttpMethod.Put, made.RolePath(moderator), other);
        var admin = await app.TenantAdministratorAsync();
        await app.AssertRejectedAsync(
            HttpStatusCode.Conflict,
            "organizations.role-privileged",
            HttpMethod.Put,
            RolesToRegister.PathOf(moderator),
            admin,
            new { state = "open" }
        );
        await app.AssertDoneAsync(HttpMethod.Put, $"/v1/users/{other.UserId}/roles/{moderator}", admin);
    }

    private static Task<Answer> RegisterAsync(TestApp app, string email, string role, params (string Name, string Value)[] more) =>
        app.Users.PostAsync("/v1/registrations", TestUsers.Registration(email, [("role", role), .. more]));

    private static string Root([CallerFilePath] string here = "") =>
        Path.GetFullPath(Path.Combine(Path.GetDirectoryName(here)!, "..", "..", ".."));
}
