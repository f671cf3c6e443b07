using Gatehouse.Core.Postgres;
using Gatehouse.Server.Citus;

namespace Gatehouse.Tests.Server;

public sealed class TableDistributionTests
{
    private static readonly UndistributedTables Undistributed = new() { Local = ["x.log"], Reference = ["x.everywhere"] };

    [Fact]
    public void What_a_foreign_key_refers_to_is_distributed_first()
    {
        var statements = Statements([
            Led("a.first", "b.second", "x.everywhere"),
            Led("b.second", "c.third"),
            Led("c.third"),
            new StoredTable { Name = "x.everywhere" },
            new StoredTable { Name = "x.log", RefersTo = ["a.first"] },
        ]);

        Assert.Equal(
            [
                "create_reference_table('x.everywhere')",
                "create_distributed_table('c.third', 'tenant_id', colocate_with => 'none')",
                "create_distributed_table('b.second', 'tenant_id', colocate_with => 'c.third')",
                "create_distributed_table('a.first', 'tenant_id', colocate_with => 'c.third')",
            ],
            OnlyCalls(statements, "x.everywhere", "c.third", "b.second", "a.first")
        );
    }

    [Fact]
    public void Tables_that_refer_to_each_other_end_the_walk() =>
        Assert.Equal(2, Statements([Led("a.first", "a.second"), Led("a.second", "a.first")]).Count);

    [Fact]
    public void A_table_that_nothing_names_is_an_error()
    {
        var error = Assert.Throws<UnknownDistributionException>(() =>
            Statements([Led("a.first"), new StoredTable { Name = "a.forgotten" }, new StoredTable { Name = "x.log" }])
        );

        Assert.Equal("Nothing says how these tables are distributed: a.forgotten.", error.Message);
    }

    private static IReadOnlyList<string> Statements(IReadOnlyList<StoredTable> tables) =>
        TableDistribution.Statements(tables, Undistributed);

    private static StoredTable Led(string name, params string[] refersTo) =>
        new()
        {
            Name = name,
            IsLedByTenant = true,
            RefersTo = refersTo,
        };

    private static IEnumerable<string> OnlyCalls(IReadOnlyList<string> statements, params string[] tables) =>
        statements.Select(
            (statement, i) =>
                statement
                    .Replace("select create", "create", StringComparison.Ordinal)
                    .Replace(
                        $"\n where not exists (select from pg_dist_partition where logicalrelid = '{tables[i]}'::regclass);",
                        "",
                        StringComparison.Ordinal
                    )
        );
}
