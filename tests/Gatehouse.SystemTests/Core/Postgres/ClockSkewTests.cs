using System.Net;
using Gatehouse.SystemTests.Harness;

namespace Gatehouse.SystemTests.Core.Postgres;

public sealed class ClockSkewTests
{
    [Fact]
    public async Task A_node_whose_clock_is_wrong_does_nothing_until_it_is_right()
    {
        var clock = new ShiftableClock();
        clock.Advance(TimeSpan.FromDays(1));
        var databases = await (await TestDatabases.GetAsync()).CreateAsync();
        await using var app = await TestApp.StartAsync(databases, clock, replace: TestApp.WithOwnClock);

        // From the start: not even the first keys are made with a wrong clock.
        await AssertNotServingAsync(app);
        Assert.Equal(0L, await app.KeyScalarAsync<long>("select count(*) from keys.server_keys"));

        clock.Advance(TimeSpan.FromDays(-1));
        await ReadyAsync(app, "ready");
        var started = await app.Users.RegisterAsync(TestUsers.NewEmail());
        Assert.Equal(HttpStatusCode.Accepted, started.Status);
        await app.QuietAsync();

        // Later too: whatever falls due stays for nodes whose clocks are right, and so do the lanes.
        clock.Advance(TimeSpan.FromDays(1));
        await AssertNotServingAsync(app);
        await TestApp.EventuallyAsync(
            () => app.ScalarAsync<bool>("select not exists (select 1 from runtime.lanes where owner is not null)"),
            "the lanes are given back"
        );
        await app.ExecuteAsync("update runtime.schedules set next_run_at = now() - interval '1 minute'");

        clock.Advance(TimeSpan.FromDays(-1));
        await ReadyAsync(app, "ready");
        await TestApp.EventuallyAsync(
            () => app.ScalarAsync<bool>("select min(next_run_at) > now() from runtime.schedules"),
            "recurring work runs again"
        );
        Assert.False(
            await app.ScalarAsync<bool>(
                "select exists (select 1 from runtime.schedules where next_run_at > now() + interval '1 day' + interval '1 minute')"
            )
        );
        Assert.Equal(2, app.Logs.Lines.Count(line => line.Contains("This node does nothing now", StringComparison.Ordinal)));
        await app.Users.RegisteredUserAsync(TestUsers.NewEmail());
    }

    private static async Task AssertNotServingAsync(TestApp app)
    {
        await ReadyAsync(app, "not ready");
        var refused = await app.Users.RegisterAsync(TestUsers.NewEmail());
        Assert.Equal((HttpStatusCode.ServiceUnavailable, "request.dependency-unavailable"), (refused.Status, refused.Code));
        using var health = await app.Management.GetAsync(new Uri("/health", UriKind.Relative));
        Assert.Contains("s ahead of the database", await health.Content.ReadAsStringAsync(), StringComparison.Ordinal);
    }

    private static Task ReadyAsync(TestApp app, string expected) =>
        TestApp.EventuallyAsync(async () => (await app.Users.GetAsync("/health/ready")).Text == expected, expected);
}
