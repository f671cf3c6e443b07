using Gatehouse.SystemTests.Harness;

namespace Gatehouse.SystemTests.Server;

[Trait("Speed", "Slow")]
public sealed class MigrateTests
{
    [Fact]
    public async Task Migrating_brings_empty_databases_up_to_date_and_a_second_time_changes_nothing()
    {
        var settings = await ServeTests.SettingsAsync(await (await TestDatabases.GetAsync()).CreateEmptyAsync());

        await using var first = await GatehouseProcess.RunAsync(["migrate"], settings);
        await using var second = await GatehouseProcess.RunAsync(["migrate"], settings);

        Assert.Equal((0, ""), (await first.ExitCodeAsync(), first.Errors));
        foreach (var module in new[] { "runtime", "keys", "identity", "notifications" })
            Assert.Contains($"applied {module} ", first.Output, StringComparison.Ordinal);
        Assert.Equal((0, ""), (await second.ExitCodeAsync(), second.Errors));
        Assert.Equal("Nothing to do: the schema is up to date.", second.Output);
    }

    [Theory]
    [InlineData("Host=127.0.0.1;Port=1;Database=gatehouse;Username=gatehouse", "is unavailable")]
    [InlineData(null, "missing_database")]
    public async Task Without_its_database_migrating_says_so(string? connectionString, string said)
    {
        var settings = await ServeTests.SettingsAsync();
        settings["Database:ConnectionString"] = connectionString ?? settings["Database:ConnectionString"] + ";Database=missing_database";

        await using var run = await GatehouseProcess.RunAsync(["migrate"], settings);

        Assert.Equal(1, await run.ExitCodeAsync());
        Assert.Contains(said, run.Errors, StringComparison.Ordinal);
        Assert.DoesNotContain("   at ", run.Errors, StringComparison.Ordinal);
    }
}
