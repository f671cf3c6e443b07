using Gatehouse.Core.Postgres;

namespace Gatehouse.Server.Citus;

/// <summary>
/// How each table is kept in a cluster of Citus. One whose keys all begin with the tenant is distributed by it, and lies with the other
/// tables of the tenant; what every node needs is a reference table; the rest is the work of the installation as a whole and stays local.
/// </summary>
internal static class TableDistribution
{
    /// <summary>Which column tenants' tables are distributed by.</summary>
    public const string Column = "tenant_id";

    /// <summary>The statements in an order in which each can run: what a foreign key refers to comes before the table that has
    /// it.</summary>
    /// <exception cref="UnknownDistributionException">Some tables are neither distributed nor named.</exception>
    public static IReadOnlyList<string> Statements(IReadOnlyList<StoredTable> tables, UndistributedTables undistributed)
    {
        var unknown = tables
            .Where(t => !t.IsLedByTenant && !undistributed.Reference.Contains(t.Name) && !undistributed.Local.Contains(t.Name))
            .ToList();
        if (unknown.Count > 0)
            throw new UnknownDistributionException([.. unknown.Select(t => t.Name)]);

        var statements = new List<string>();
        string? first = null;
        foreach (var table in InOrder(tables))
        {
            if (undistributed.Reference.Contains(table.Name))
                statements.Add(Unless(table, $"create_reference_table('{table.Name}')"));
            // Some are led by the tenant and local all the same: workers take rows of all tenants from them.
            if (!table.IsLedByTenant || undistributed.Local.Contains(table.Name))
                continue;

            // All tables of a tenant lie on one node, so that its transactions and joins stay there; the first opens the group.
            statements.Add(Unless(table, $"create_distributed_table('{table.Name}', '{Column}', colocate_with => '{first ?? "none"}')"));
            first ??= table.Name;
        }

        return statements;
    }

    // A second run, after an upgrade with new tables, passes over what is distributed.
    private static string Unless(StoredTable table, string call) =>
        $"select {call}\n where not exists (select from pg_dist_partition where logicalrelid = '{table.Name}'::regclass);";

    private static List<StoredTable> InOrder(IReadOnlyList<StoredTable> tables)
    {
        var byName = tables.ToDictionary(t => t.Name, StringComparer.Ordinal);
        var (order, seen) = (new List<StoredTable>(), new HashSet<string>(StringComparer.Ordinal));
        foreach (var table in tables.OrderBy(t => t.IsLedByTenant).ThenBy(t => t.Name, StringComparer.Ordinal))
            Visit(table);
        return order;

        void Visit(StoredTable table)
        {
            if (!seen.Add(table.Name))
                return;
            foreach (var name in table.RefersTo.Where(byName.ContainsKey).Order(StringComparer.Ordinal))
                Visit(byName[name]);
            order.Add(table);
        }
    }
}

/// <summary>Tables that nothing says how to keep. The message names them.</summary>
internal sealed class UnknownDistributionException(IReadOnlyList<string> tables)
    : Exception($"Nothing says how these tables are distributed: {string.Join(", ", tables)}.");
