using System.Globalization;
using System.Text.Json;
using Gatehouse.SystemTests.Development.Postgres;
using Gatehouse.SystemTests.Harness;

namespace Gatehouse.SystemTests.Http;

/// <summary>The documents of the interfaces, read and run by programs of other makes.</summary>
public sealed class DocumentsTests(RunningApp running)
{
    private const string Packages = "Foreign/Documents";

    private static readonly string Folder = Path.Combine(AppContext.BaseDirectory, "docs");

    [Fact]
    public async Task The_document_of_events_is_served_as_it_is_kept()
    {
        var answer = await running.App.Users.GetAsync("/asyncapi.json");

        Assert.Equal("application/json; charset=utf-8", answer.Header("Content-Type"));
        Assert.Equal(await File.ReadAllTextAsync(Path.Combine(Folder, "asyncapi.json")), answer.Text);
    }

    [Fact]
    [Trait("Speed", "Slow")]
    public async Task The_parser_of_AsyncAPI_accepts_the_document_of_events_and_its_examples()
    {
        var text = await File.ReadAllTextAsync(Path.Combine(Folder, "asyncapi.json"));

        var kept = await ParseAsync(text);
        var unknown = await ParseAsync(text.Replace("\"action\": \"send\"", "\"action\": \"shout\"", StringComparison.Ordinal));
        var misfit = await ParseAsync(text.Replace("\"origin\": \"self\"", "\"origin\": 1", StringComparison.Ordinal));

        Assert.Empty(kept.Errors);
        Assert.Empty(kept.Examples);
        Assert.NotEmpty(unknown.Errors);
        Assert.Equal(["user.registered.v1 /origin must be string"], misfit.Examples);
    }

    [Fact]
    [Trait("Speed", "Slow")]
    public async Task Newman_runs_the_Postman_collection_unedited_against_a_new_development_server()
    {
        using var folder = new TemporaryFolder();
        var port = GatehouseProcess.FreePort();
        await using var server = GatehouseProcess.Start([
            "serve",
            "--dev",
            "--port",
            port.ToString(CultureInfo.InvariantCulture),
            "--data",
            folder.FullPath,
        ]);
        var address = (await server.AddressAsync()).GetLeftPart(UriPartial.Authority);

        var (exitCode, output) = await NodePackages.RunAsync(
            Packages,
            "node",
            "node_modules/newman/bin/newman.js",
            "run",
            Path.Combine(Folder, "postman.json"),
            "--env-var",
            $"baseUrl={address}",
            "--color",
            "off"
        );

        Assert.True(exitCode == 0, output);
    }

    private static async Task<(string[] Errors, string[] Examples)> ParseAsync(string document)
    {
        var file = Path.GetTempFileName();
        await File.WriteAllTextAsync(file, document);
        var (exitCode, output) = await NodePackages.RunAsync(Packages, "node", "asyncapi.mjs", file);
        File.Delete(file);
        Assert.True(exitCode == 0, output);
        using var found = JsonDocument.Parse(output);
        return (
            [
                .. found
                    .RootElement.GetProperty("diagnostics")
                    .EnumerateArray()
                    .Where(d => d.GetProperty("severity").GetInt32() == 0)
                    .Select(d => d.GetRawText()),
            ],
            [.. found.RootElement.GetProperty("examples").EnumerateArray().Select(e => e.GetString()!)]
        );
    }
}
