using Gatehouse.Core.Postgres;
using Gatehouse.SystemTests.Harness;

namespace Gatehouse.SystemTests.Core.Postgres;

/// <summary><c>schema.txt</c> beside the scripts lists the columns they make; the program compares them with the database's at
/// start.</summary>
public sealed class SchemaSnapshotTests
{
    [Fact]
    public async Task The_columns_listed_beside_the_scripts_are_those_the_scripts_make()
    {
        await using var app = await TestApp.StartAsync();
        var sources = app.Services.GetRequiredService<DataSources>();
        var stale = new List<string>();
        foreach (var set in app.Services.GetServices<MigrationSet>())
        {
            var source = set.Target == MigrationTarget.Main ? sources.Main : sources.Keys;
            var columns = await source.QueryAsync(db => Migrator.ColumnsAsync(db, [set.Module]), CancellationToken.None);
            var file = Path.Combine(
                Root(),
                "src",
                set.Module switch
                {
                    "runtime" => "Gatehouse.Messaging/Migrations/schema.txt",
                    "openid" => "Gatehouse.OpenId/Data/Migrations/schema.txt",
                    "webhooks" => "Gatehouse.Webhooks/Data/Migrations/schema.txt",
                    "keys" => "Gatehouse.Encryption/Migrations/schema.txt",
                    _ => $"Gatehouse.{char.ToUpperInvariant(set.Module[0])}{set.Module[1..]}/Data/Migrations/schema.txt",
                }
            );
            var written = string.Concat(columns.Order(StringComparer.Ordinal).Select(c => c + "\n"));
            if (Environment.GetEnvironmentVariable("WRITE_DOCS") == "1")
                await File.WriteAllTextAsync(file, written);
            else if (!File.Exists(file) || await File.ReadAllTextAsync(file) != written)
                stale.Add(set.Module);
        }

        Assert.True(
            stale.Count == 0,
            $"schema.txt of {string.Join(", ", stale)} is stale: run the tests once with WRITE_DOCS=1 and commit it."
        );
    }

    private static string Root()
    {
        var folder = new DirectoryInfo(AppContext.BaseDirectory);
        while (!File.Exists(Path.Combine(folder.FullName, "Gatehouse.slnx")))
            folder = folder.Parent ?? throw new InvalidOperationException("The tests do not run inside the repository.");
        return folder.FullName;
    }
}
