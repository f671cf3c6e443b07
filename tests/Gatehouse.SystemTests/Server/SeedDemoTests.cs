using Gatehouse.SystemTests.Harness;

namespace Gatehouse.SystemTests.Server;

/// <summary><c>gatehouse seed demo</c> as a process, beside a running server.</summary>
[Trait("Speed", "Slow")]
public sealed class SeedDemoTests(RunningApp running) : IClassFixture<RunningApp>
{
    private readonly TestApp app = running.App;

    [Fact]
    public async Task It_makes_users_with_roles_requests_and_activity_and_a_second_run_adds_nothing()
    {
        await using var first = await RunAsync("--users", "30", "--yes");
        Assert.Equal((0, ""), (await first.ExitCodeAsync(), first.Errors));
        Assert.Contains("+ user: 30\n", first.Output, StringComparison.Ordinal);
        Assert.Equal(30, await CountAsync("identity.users where username like 'demo-%'"));
        Assert.Equal(8, await CountAsync("organizations.organizations where code like 'demo-%'"));
        Assert.Equal(2, await CountAsync("organizations.role_requests"));
        Assert.True(await CountAsync("audit.records where action = 'session.started' and facts::text like '%demo%'") > 0);
        Assert.True(await CountAsync("audit.records where action = 'sign-in.failed' and facts::text like '%demo%'") > 0);
        Assert.Equal(0, await CountAsync("identity.users where username like 'demo-%' and password_hash is not null"));

        var before = await app.FootprintAsync();
        await using var again = await RunAsync("--users", "30", "--yes");
        Assert.Equal((0, "Everything is there. Nothing to do.", ""), (await again.ExitCodeAsync(), again.Output, again.Errors));
        Assert.Equal(before, await app.FootprintAsync());
        await using var more = await RunAsync("--users", "31", "--yes");
        Assert.Equal(0, await more.ExitCodeAsync());
        Assert.Contains("+ user: 1\n", more.Output, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("This is not development mode")]
    [InlineData("--users requires a number", "--yes", "--users", "0")]
    [InlineData("--users requires a number", "--yes", "--users", "many")]
    [InlineData("There is no tenant nowhere.", "--yes", "--tenant", "nowhere")]
    public async Task What_was_not_meant_changes_nothing(string error, params string[] options)
    {
        var before = await app.FootprintAsync();

        await using var run = await RunAsync(options);

        Assert.Equal(1, await run.ExitCodeAsync());
        Assert.Contains(error, run.Errors, StringComparison.Ordinal);
        Assert.Equal(before, await app.FootprintAsync());
    }

    private async Task<GatehouseProcess> RunAsync(params string[] options) =>
        await GatehouseProcess.RunAsync(["seed", "demo", .. options], await ServeTests.SettingsAsync(app.Databases));

    private Task<long> CountAsync(string from) => app.ScalarAsync<long>($"select count(*) from {from}");
}
