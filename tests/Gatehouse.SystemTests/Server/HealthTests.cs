using System.Globalization;
using Gatehouse.SystemTests.Harness;

namespace Gatehouse.SystemTests.Server;

/// <summary><c>gatehouse health</c>, as a container asks it.</summary>
[Trait("Speed", "Slow")]
public sealed class HealthTests(RunningApp running)
{
    [Theory]
    [InlineData("127.0.0.1")]
    [InlineData("0.0.0.0")]
    public async Task A_server_that_is_ready_is_called_ready(string listensOn)
    {
        await using var run = await AskAsync(listensOn, running.App.Http.BaseAddress!.Port);

        Assert.Equal((0, "ready", ""), (await run.ExitCodeAsync(), run.Output, run.Errors));
    }

    [Fact]
    public async Task A_server_that_waits_for_its_database_is_not_ready()
    {
        var settings = await ServeTests.SettingsAsync();
        settings["Database:ConnectionString"] = "Host=127.0.0.1;Port=1;Database=gatehouse;Username=gatehouse";
        await using var server = GatehouseProcess.Start(["serve"], settings);
        var address = await server.AddressAsync();

        await using var run = await AskAsync("127.0.0.1", address.Port);

        Assert.Equal((1, "", "not ready"), (await run.ExitCodeAsync(), run.Output, run.Errors));
    }

    [Fact]
    public async Task Where_nothing_listens_that_is_said()
    {
        var port = GatehouseProcess.FreePort();

        await using var run = await AskAsync("127.0.0.1", port);

        Assert.Equal(
            (1, "", string.Create(CultureInfo.InvariantCulture, $"Nothing answers on 127.0.0.1:{port}.")),
            (await run.ExitCodeAsync(), run.Output, run.Errors)
        );
    }

    [Theory]
    [InlineData("nowhere", "8080")]
    [InlineData("127.0.0.1", "0")]
    public async Task Settings_that_do_not_say_where_the_server_listens_are_an_error(string listensOn, string port)
    {
        var settings = new Dictionary<string, string?>(StringComparer.Ordinal) { ["Http:Address"] = listensOn, ["Http:Port"] = port };

        await using var run = await GatehouseProcess.RunAsync(["health"], settings);

        Assert.Equal(1, await run.ExitCodeAsync());
        Assert.Contains("Http:Port", run.Errors, StringComparison.Ordinal);
    }

    private static Task<GatehouseProcess> AskAsync(string listensOn, int port) =>
        GatehouseProcess.RunAsync(
            ["health"],
            new Dictionary<string, string?>(StringComparer.Ordinal)
            {
                ["Http:Address"] = listensOn,
                ["Http:Port"] = port.ToString(CultureInfo.InvariantCulture),
            }
        );
}
