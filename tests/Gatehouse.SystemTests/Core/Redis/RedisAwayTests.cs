using System.Net;
using Gatehouse.SystemTests.Harness;
using Gatehouse.Web.Health;

namespace Gatehouse.SystemTests.Core.Redis;

/// <summary>Redis that comes late, goes and comes back: with the default store of verifications nobody notices.</summary>
public sealed class RedisAwayTests : IAsyncLifetime
{
    private RedisServer server = null!;

    public async ValueTask InitializeAsync() => server = await RedisServer.StartAsync();

    public async ValueTask DisposeAsync() => await server.DisposeAsync();

    [Fact]
    public async Task Without_redis_a_node_starts_is_ready_and_serves_and_says_so_and_takes_it_when_it_comes()
    {
        await server.StopAsync();
        await using var app = await TestApp.StartAsync(
            settings: new Dictionary<string, string?>(server.Settings, StringComparer.Ordinal)
            {
                ["RateLimits:ApplyInDevelopment"] = "true",
                // The inbox is asked again and again until a message is there.
                ["RateLimits:Other:Permits"] = "100000",
            }
        );

        Assert.Equal(HttpStatusCode.Created, (await app.Users.RegisteredUserAsync(TestUsers.NewEmail())).Status);
        Assert.Equal(HttpStatusCode.OK, (await app.Http.GetAsync(new Uri("/health/ready", UriKind.Relative))).StatusCode);
        await HealthAsync(app, healthy: false);
        Assert.Equal(FindingLevel.Error, (await FindingAsync(app)).Level);

        await server.StartAgainAsync();
        await HealthAsync(app, healthy: true);
        Assert.StartsWith("Redis 7.", (await FindingAsync(app)).Text, StringComparison.Ordinal);
        Assert.Equal(HttpStatusCode.Created, (await app.Users.RegisteredUserAsync(TestUsers.NewEmail())).Status);
        Assert.Contains("gatehouse:limit:register:", await server.CommandAsync("keys", "*"), StringComparison.Ordinal);
        Assert.Single(app.Logs.Lines, line => line.StartsWith("Warning Gatehouse.Core.Redis", StringComparison.Ordinal));
    }

    [Fact]
    public async Task A_server_that_asks_for_a_password_is_used_with_it_and_named_without_it()
    {
        await server.CommandAsync("config", "set", "requirepass", "a secret of the server");
        var settings = new Dictionary<string, string?>(server.Settings, StringComparer.Ordinal)
        {
            ["Redis:Password"] = "a secret of the server",
        };
        await using (var app = await TestApp.StartAsync(settings: settings))
            Assert.Equal(FindingLevel.Good, (await FindingAsync(app)).Level);

        settings.Remove("Redis:Password");
        await using var without = await TestApp.StartAsync(settings: settings);
        var finding = await FindingAsync(without);
        Assert.Equal(FindingLevel.Error, finding.Level);
        Assert.Contains("NOAUTH", finding.Text, StringComparison.Ordinal);
    }

    private static Task HealthAsync(TestApp app, bool healthy) =>
        TestApp.EventuallyAsync(
            async () =>
                (await app.Management.GetStringAsync(new Uri("/health", UriKind.Relative))).Contains(
                    $"\"name\":\"redis\",\"healthy\":{(healthy ? "true" : "false")}",
                    StringComparison.Ordinal
                ),
            $"Redis is called healthy: {healthy}"
        );

    private static async Task<Finding> FindingAsync(TestApp app) =>
        (await app.Services.GetRequiredService<Doctor>().ExamineAsync(default)).Single(f => f.Subject == "redis");
}
