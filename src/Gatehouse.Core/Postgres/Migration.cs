using System.Globalization;
using System.Reflection;
using System.Security.Cryptography;
using System.Text;

namespace Gatehouse.Core.Postgres;

public enum MigrationTarget
{
    Main,
    Keys,
}

/// <summary>One numbered script of a module: <c>V001__users.sql</c>. Once released it never changes; the checksum holds it to
/// that.</summary>
public sealed record Migration
{
    public required string Module { get; init; }

    public required int Version { get; init; }

    public required string Name { get; init; }

    public required string Script { get; init; }

    public string Checksum => Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(Script)));
}

/// <summary>The scripts of one module for one database, and the columns the database has after them.</summary>
public sealed record MigrationSet(
    string Module,
    MigrationTarget Target,
    IReadOnlyList<Migration> Migrations,
    IReadOnlyList<string> ExpectedColumns
)
{
    /// <summary>Reads the scripts embedded under <paramref name="folder"/>; <c>schema.txt</c> beside them lists the expected
    /// columns.</summary>
    public static MigrationSet FromResources(string module, MigrationTarget target, Assembly assembly, string folder)
    {
        var scripts =
            from name in assembly.GetManifestResourceNames()
            where name.StartsWith(folder, StringComparison.Ordinal) && name.EndsWith(".sql", StringComparison.Ordinal)
            let file = name[folder.Length..^".sql".Length]
            orderby file
            select new Migration
            {
                Module = module,
                Version = int.Parse(file.AsSpan(1, 3), CultureInfo.InvariantCulture),
                Name = file,
                Script = Read(assembly, name),
            };
        var expected = assembly.GetManifestResourceInfo(folder + "schema.txt") is null ? "" : Read(assembly, folder + "schema.txt");
        return new MigrationSet(
            module,
            target,
            [.. scripts],
            expected.Split('\n', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries)
        );
    }

    private static string Read(Assembly assembly, string name)
    {
        using var reader = new StreamReader(assembly.GetManifestResourceStream(name)!, Encoding.UTF8);
        return reader.ReadToEnd();
    }
}
