using System.Globalization;
using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using System.Text.RegularExpressions;
using Gatehouse.Development.Kafka;
using Gatehouse.SystemTests.Harness;
using Gatehouse.SystemTests.Notifications;

namespace Gatehouse.SystemTests.Server;

/// <summary>The Dockerfile and the compose file. There is no container engine: they are read, and what they would run in containers runs as
/// processes.</summary>
[Trait("Speed", "Slow")]
public sealed partial class ContainersTests
{
    [Fact]
    public async Task The_files_are_accepted_and_services_are_confined_checked_and_out_of_reach()
    {
        using var file = new ComposeFile();
        await file.NewEnvironmentAsync();

        var (findings, services) = await file.ReadAsync();

        Assert.Empty(findings);
        foreach (var service in services.EnumerateObject())
        {
            // Only programs of this machine reach a published port.
            if (service.Value.TryGetProperty("ports", out var ports))
                Assert.All(ports.EnumerateArray(), p => Assert.StartsWith("127.0.0.1:", p.GetString(), StringComparison.Ordinal));
            if (service.Name is not ("proxy" or "mail"))
                Assert.True(service.Value.TryGetProperty("healthcheck", out _), service.Name);
        }

        foreach (var name in new[] { "users", "notifications" })
        {
            var service = services.GetProperty(name);
            Assert.True(service.GetProperty("read_only").GetBoolean());
            Assert.Equal("ALL", service.GetProperty("cap_drop")[0].GetString());
            Assert.Equal(["CMD", "/app/gatehouse", "health"], Texts(service.GetProperty("healthcheck").GetProperty("test")));
        }

        Assert.False(services.GetProperty("notifications").GetProperty("environment").TryGetProperty("GATEHOUSE__KEYS__MASTER", out _));
        Assert.Matches("(?m)^USER [1-9]", await File.ReadAllTextAsync(file.Dockerfile));
    }

    [Fact]
    public async Task The_linter_names_what_is_wrong_with_a_Dockerfile()
    {
        using var file = new ComposeFile();
        await file.NewEnvironmentAsync();
        await File.AppendAllTextAsync(file.Dockerfile, "STOPSIGNL SIGTERM\nEXPOSE many\n");

        Assert.Equal(2, (await file.ReadAsync()).Findings.Count);
    }

    [Fact]
    public async Task Each_required_variable_that_is_missing_is_named()
    {
        foreach (var name in new[] { "PUBLIC_URL", "POSTGRES_PASSWORD", "MASTER_KEY", "SPLIT_SECRET", "MAIL_FROM", "SMTP_HOST" })
        {
            using var file = new ComposeFile();
            await file.NewEnvironmentAsync();
            Assert.NotEqual("", file.Variables[name]);
            file.Unset(name);

            var (exitCode, _, errors) = await file.ConfigAsync();

            Assert.NotEqual(0, exitCode);
            Assert.Contains(name + ":?", errors, StringComparison.Ordinal);
        }
    }

    [Fact]
    public async Task A_new_environment_has_secrets_of_its_own_and_never_replaces_one()
    {
        using var one = new ComposeFile();
        using var other = new ComposeFile();
        await one.NewEnvironmentAsync();
        await other.NewEnvironmentAsync();
        var before = one.Variables;

        await one.NewEnvironmentAsync();

        Assert.Equal(before, one.Variables);
        foreach (var secret in new[] { "POSTGRES_PASSWORD", "MASTER_KEY", "SPLIT_SECRET" })
            Assert.NotEqual(before[secret], other.Variables[secret]);
    }

    [Fact]
    public async Task The_commands_and_the_environment_of_the_file_lead_to_a_signed_in_user_and_drain_when_stopped()
    {
        using var file = new ComposeFile();
        await file.NewEnvironmentAsync();
        var (_, services) = await file.ReadAsync();
        var databases = await TestDatabases.GetAsync();
        var (main, keys) = await databases.CreateEmptyAsync();
        var notifications = (await databases.CreateEmptyAsync()).Main;
        using var broker = new DevelopmentBroker();
        await using var redis = await RedisServer.StartAsync();
        await using var mail = await MailServer.StartAsync();
        var (inner, outer) = (Port(), Port());
        // What the names of the containers stand for here.
        var places = new Dictionary<string, string>(StringComparer.Ordinal)
        {
            ["GATEHOUSE__HTTP__PORT"] = Text(outer),
            ["GATEHOUSE__HTTP__ADDRESS"] = "127.0.0.1",
            ["GATEHOUSE__HTTP__MANAGEMENTADDRESS"] = "127.0.0.1",
            ["GATEHOUSE__HTTP__DRAINSECONDS"] = "6",
            ["GATEHOUSE__KAFKA__SERVERS"] = broker.Servers,
            ["GATEHOUSE__REDIS__SERVERS"] = redis.Servers,
            ["GATEHOUSE__DATABASE__CONNECTIONSTRING"] = main,
            ["GATEHOUSE__DATABASE__KEYSCONNECTIONSTRING"] = keys,
            ["GATEHOUSE__SPLIT__ADDRESS"] = "127.0.0.1",
            ["GATEHOUSE__SPLIT__PORT"] = Text(inner),
        };
        await using var users = Start(services.GetProperty("users"), places);
        var address = await users.AddressAsync();
        places["GATEHOUSE__HTTP__PORT"] = Text(Port());
        places["GATEHOUSE__DATABASE__CONNECTIONSTRING"] = notifications;
        places["GATEHOUSE__SPLIT__IDENTITY"] = $"http://127.0.0.1:{Text(inner)}";
        places["GATEHOUSE__MAIL__SMTP__HOST"] = "127.0.0.1";
        places["GATEHOUSE__MAIL__SMTP__PORT"] = Text(mail.Port);
        await using var mailer = Start(services.GetProperty("notifications"), places);
        await mailer.AddressAsync();
        using var http = new HttpClient { BaseAddress = address };
        await TestApp.EventuallyAsync(async () => await IsReadyAsync(http), "the user service is ready");

        using var registered = await http.PostAsJsonAsync(
            "/v1/registrations",
            new
            {
                email = "ada@example.com",
                name = "Ada",
                password = TestUsers.Password,
            }
        );
        var registration = (await registered.Content.ReadFromJsonAsync<JsonElement>()).GetProperty("registrationId").GetGuid();
        await TestApp.EventuallyAsync(() => Task.FromResult(mail.Mails("ada@example.com").Count > 0), "the mail arrives");
        var code = SixDigits.Match(mail.Mails("ada@example.com")[0].GetRawText()).Value;
        using var verified = await http.PostAsJsonAsync($"/v1/registrations/{registration}/verify", new { code });
        Assert.Equal(HttpStatusCode.Created, verified.StatusCode);

        await users.SignalAsync("TERM");
        await TestApp.EventuallyAsync(async () => !await IsReadyAsync(http), "the user service says that it stops");
        using var served = await http.GetAsync(new Uri("/.well-known/jwks.json", UriKind.Relative));
        Assert.Equal(HttpStatusCode.OK, served.StatusCode);
        Assert.Equal(0, await users.ExitCodeAsync());
        await mailer.SignalAsync("TERM");
        Assert.Equal(0, await mailer.ExitCodeAsync());
    }

    private static GatehouseProcess Start(JsonElement service, Dictionary<string, string> places)
    {
        var environment = service
            .GetProperty("environment")
            .EnumerateObject()
            .ToDictionary(v => v.Name, v => v.Value.ToString(), StringComparer.Ordinal);
        var own = places.Where(p => environment.ContainsKey(p.Key) || p.Key.Contains("__HTTP__", StringComparison.Ordinal));
        foreach (var (name, value) in own)
            environment[name] = value;
        return GatehouseProcess.Start(Texts(service.GetProperty("command")), environment: environment);
    }

    private static string[] Texts(JsonElement list) => [.. list.EnumerateArray().Select(text => text.GetString()!)];

    private static int Port() => GatehouseProcess.FreePort();

    private static string Text(int port) => port.ToString(CultureInfo.InvariantCulture);

    private static async Task<bool> IsReadyAsync(HttpClient http)
    {
        using var answer = await http.GetAsync(new Uri("/health/ready", UriKind.Relative));
        return answer.StatusCode == HttpStatusCode.OK;
    }

    [GeneratedRegex(@"\b\d{6}\b", RegexOptions.CultureInvariant)]
    private static partial Regex SixDigits { get; }
}
