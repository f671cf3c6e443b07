using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using System.Text.RegularExpressions;
using Gatehouse.SystemTests.Development.Postgres;
using Gatehouse.SystemTests.Harness;

namespace Gatehouse.SystemTests.Faults;

/// <summary><c>kill -9</c> while a code is verified that lies in Redis, between using it up there and the commit of its user, and on either
/// side: it makes at most one user, and the address is never shut out.</summary>
[Trait("Speed", "Slow")]
public sealed class RedisKillTests
{
    [Theory]
    [InlineData("keys.create stop 2", 0)]
    [InlineData("registration.verify.commit start 1", 0)]
    [InlineData("registration.verify.commit stop 1", 1)]
    public async Task A_kill_during_a_verification_makes_no_second_user_and_shuts_nobody_out(string point, long users)
    {
        await using var redis = await RedisServer.StartAsync();
        var databases = await (await TestDatabases.GetAsync()).CreateAsync();
        using var folder = new TemporaryFolder();
        var email = TestUsers.NewEmail();
        var settings = new Dictionary<string, string?>(redis.Settings, StringComparer.Ordinal) { ["Verification:Store"] = "redis" };

        var (id, code) = await VerifyUntilKilledAsync(point, databases, settings, folder.FullPath, email);
        await using var app = await TestApp.StartAsync(databases, settings: settings);
        Assert.Equal(users, await UsersAsync(app));

        // What the dead process held is free again after its lease.
        Answer? again = null;
        await TestApp.EventuallyAsync(
            async () => (again = await app.Users.VerifyAsync(id, code)).Status != HttpStatusCode.ServiceUnavailable,
            "the verification is free again"
        );
        Assert.Contains(again!.Code, new[] { null, "identity.registration-completed" });
        if (await UsersAsync(app) == 0)
        {
            var number = (await app.Users.LettersAsync(email)).Count + 1;
            var anew = await app.Users.RegisterAsync(email);
            var verified = await app.Users.VerifyAsync(anew.RegistrationId, (await app.Users.LetterAsync(email, number)).Code);
            Assert.Equal(HttpStatusCode.Created, verified.Status);
        }

        Assert.Equal(1L, await UsersAsync(app));
        Assert.Equal("identity.registration-completed", (await app.Users.VerifyAsync(id, code)).Code ?? "no code");
    }

    private static Task<long> UsersAsync(TestApp app) => app.ScalarAsync<long>("select count(*) from identity.users");

    private static async Task<(Guid Registration, string Code)> VerifyUntilKilledAsync(
        string point,
        (string Main, string Keys) databases,
        Dictionary<string, string?> settings,
        string folder,
        string email
    )
    {
        var all = TestApp.Settings(databases.Main, databases.Keys);
        foreach (var (name, value) in settings)
            all[name] = value;
        await using var server = GatehouseProcess.Start(["serve", "--dev", "--port", "0", "--data", folder], all, killAt: point);
        using var http = new HttpClient { BaseAddress = await server.AddressAsync() };
        using var started = await http.PostAsJsonAsync(
            "/v1/registrations",
            new
            {
                email,
                name = "Ada",
                password = TestUsers.Password,
            }
        );
        var id = (await started.Content.ReadFromJsonAsync<JsonElement>()).GetProperty("registrationId").GetGuid();
        var code = "";
        await TestApp.EventuallyAsync(
            async () =>
            {
                var mails = await http.GetStringAsync(new Uri($"/inbox/messages?to={Uri.EscapeDataString(email)}", UriKind.Relative));
                return (code = Regex.Match(mails, @"\b\d{6}\b").Value).Length > 0;
            },
            "the code arrives"
        );
        await Assert.ThrowsAsync<HttpRequestException>(() => http.PostAsJsonAsync($"/v1/registrations/{id}/verify", new { code }));
        Assert.Equal(GatehouseProcess.Killed, await server.ExitCodeAsync());
        return (id, code);
    }
}
