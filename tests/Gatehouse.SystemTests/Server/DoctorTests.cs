using System.Security.Cryptography;
using Gatehouse.SystemTests.Harness;
using Gatehouse.Web.Health;
using Npgsql;

namespace Gatehouse.SystemTests.Server;

[Trait("Speed", "Slow")]
public sealed class DoctorTests(RunningApp running)
{
    [Fact]
    public async Task A_good_installation_is_called_good()
    {
        await using var app = await TestApp.StartAsync();

        await using var run = await GatehouseProcess.RunAsync(["doctor"], await ServeTests.SettingsAsync(app.Databases));

        Assert.Equal((0, ""), (await run.ExitCodeAsync(), run.Errors));
        foreach (var subject in new[] { "settings", "database", "key store", "clock", "schema", "keys", "delivery" })
            Assert.Contains($"ok      {subject}: ", run.Output, StringComparison.Ordinal);
        Assert.Contains("huge pages: ", run.Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task An_installation_that_never_started_is_looked_at_and_not_changed()
    {
        var settings = await ServeTests.SettingsAsync();

        await using var run = await GatehouseProcess.RunAsync(["doctor"], settings);

        Assert.Equal((0, ""), (await run.ExitCodeAsync(), run.Errors));
        await using var keys = NpgsqlDataSource.Create(settings["Database:KeysConnectionString"]!);
        await using var command = keys.CreateCommand("select count(*) from keys.server_keys");
        Assert.Equal(0L, await command.ExecuteScalarAsync());
    }

    [Fact]
    public async Task A_database_that_is_away_is_an_error()
    {
        var settings = await ServeTests.SettingsAsync();
        settings["Database:ConnectionString"] = "Host=127.0.0.1;Port=1;Database=gatehouse;Username=gatehouse";

        await AssertFieldErrorAsync(settings, "database", "Check that the server is running and that Database:ConnectionString names it");
    }

    [Fact]
    public async Task A_database_that_does_not_exist_is_an_error()
    {
        var settings = await ServeTests.SettingsAsync();
        settings["Database:KeysConnectionString"] += ";Database=missing_database";

        await AssertFieldErrorAsync(settings, "key store", "Create it (createdb), or correct Database:KeysConnectionString.");
    }

    [Fact]
    public async Task A_schema_that_is_too_old_is_an_error()
    {
        var settings = await ServeTests.SettingsAsync(await (await TestDatabases.GetAsync()).CreateEmptyAsync());

        await AssertFieldErrorAsync(settings, "schema", "run 'gatehouse migrate'");
    }

    [Fact]
    public async Task Another_master_key_is_an_error()
    {
        var settings = await ServeTests.SettingsAsync(running.App.Databases);
        settings["Keys:Master"] = "test:" + Convert.ToBase64String(RandomNumberGenerator.GetBytes(32));

        await AssertFieldErrorAsync(settings, "keys", "GATEHOUSE__KEYS__MASTER");
    }

    [Fact]
    public async Task Settings_that_cannot_be_used_are_an_error()
    {
        await using var run = await GatehouseProcess.RunAsync(["doctor"]);

        Assert.Equal(1, await run.ExitCodeAsync());
        Assert.Contains("settings are missing or invalid", run.Errors, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_clock_that_differs_from_the_databases_is_an_error()
    {
        var clock = new ShiftableClock();
        await using var app = await TestApp.StartAsync(clock: clock, replace: TestApp.WithOwnClock);
        clock.Advance(TimeSpan.FromSeconds(30));

        var findings = await app.Services.GetRequiredService<Doctor>().ExamineAsync(CancellationToken.None);

        var finding = Assert.Single(findings, f => f.Level == FindingLevel.Error);
        Assert.Equal("clock", finding.Subject);
        // By as much as the question may have been under way it may be less.
        Assert.Matches("(2[5-9]|30) s ahead of the database's", finding.Text);
        Assert.NotNull(finding.Remedy);
    }

    private static async Task AssertFieldErrorAsync(Dictionary<string, string?> settings, string subject, string remedy)
    {
        await using var run = await GatehouseProcess.RunAsync(["doctor"], settings);

        Assert.Equal((1, ""), (await run.ExitCodeAsync(), run.Errors));
        Assert.Contains($"ERROR   {subject}: ", run.Output, StringComparison.Ordinal);
        Assert.Contains(remedy, run.Output, StringComparison.Ordinal);
    }
}
