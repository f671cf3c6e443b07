using System.Text.RegularExpressions;
using Gatehouse.Tests.Docs;

namespace Gatehouse.Tests.Architecture;

/// <summary>Each module names the tables of its own schema only; what others do to them goes through events, or through what stands below
/// all modules.</summary>
public sealed partial class SchemaTests
{
    private static readonly Dictionary<string, string[]> Schemas = new(StringComparer.Ordinal)
    {
        // What is ordered by transaction ids shares the epochs.
        ["Gatehouse.Organizations"] = ["organizations"],
        ["Gatehouse.OpenId"] = ["openid"],
        ["Gatehouse.Webhooks"] = ["webhooks"],
        ["Gatehouse.Audit"] = ["audit", "runtime.log_epochs"],
        ["Gatehouse.Identity"] = ["identity"],
        ["Gatehouse.Notifications"] = ["notifications"],
        // The mailbox of development mode keeps its mail where the notifications are.
        ["Gatehouse.Development"] = ["notifications"],
        ["Gatehouse.Core"] = ["runtime", "gatehouse"],
        // A key store without keys beside a log that was written is not the one of this installation.
        ["Gatehouse.Encryption"] = ["keys", "runtime.log_epochs"],
        ["Gatehouse.Messaging"] = ["runtime"],
        ["Gatehouse.Web"] = ["runtime", "keys.data_protection_keys"],
        ["Gatehouse.Files"] = [],
        ["Gatehouse"] = [],
        ["Gatehouse.Client"] = [],
        ["Gatehouse.Contracts"] = [],
        ["Gatehouse.Server"] = [],
    };

    private static readonly HashSet<string> Tables =
    [
        .. Directory
            .EnumerateFiles(Path.Combine(Repository.Root, "src"), "schema.txt", SearchOption.AllDirectories)
            .SelectMany(File.ReadLines)
            .Where(line => line.Length > 0)
            .Select(line => string.Join('.', line.Split('.')[..2])),
    ];

    [Fact]
    public void Each_project_names_the_tables_of_its_own_schema_only()
    {
        Assert.True(Tables.Count > 20, $"only {Tables.Count} tables were found");
        Assert.Equal(SourceTree.Projects(), Schemas.Keys.Order(StringComparer.Ordinal));
        var foreign =
            from file in SourceTree.Sources()
            let own = Schemas[file.Path.Split('/')[0]]
            from table in Named().Matches(file.Text).Select(m => m.Value).Where(Tables.Contains).Distinct(StringComparer.Ordinal)
            where !own.Contains(table.Split('.')[0], StringComparer.Ordinal) && !own.Contains(table, StringComparer.Ordinal)
            select $"{file.Path}: {table}";
        Assert.Empty(foreign);
    }

    /// <summary>PostgreSQL asks <c>clock_timestamp()</c> anew for each row, for which it reads the whole table. In a <c>(select …)</c> it
    /// asks once, and an index helps.</summary>
    [Fact]
    public void No_column_is_compared_with_a_time_that_is_asked_for_each_row()
    {
        Assert.Matches(AskedForEachRow(), "where ended_at > case when @since is null then clock_timestamp() end");
        Assert.DoesNotMatch(AskedForEachRow(), "where ended_at > (select clock_timestamp()) - @within");

        Assert.Empty(SourceTree.Sources().Where(file => AskedForEachRow().IsMatch(file.Text)).Select(file => file.Path));
    }

    [GeneratedRegex(
        @"(?<!=)[<>]=? (?!\(select)[^""\n]*clock_timestamp\(\)",
        RegexOptions.CultureInvariant,
        matchTimeoutMilliseconds: 10_000
    )]
    private static partial Regex AskedForEachRow();

    [GeneratedRegex(@"\b[a-z]+\.[a-z_]+\b", RegexOptions.CultureInvariant, matchTimeoutMilliseconds: 10_000)]
    private static partial Regex Named();
}
