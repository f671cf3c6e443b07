using Gatehouse.Core.Postgres;
using Gatehouse.SystemTests.Harness;

namespace Gatehouse.SystemTests.Data;

/// <summary>A tenant's data can be distributed by tenant: what must be unique is unique within one, and every other table is named
/// by its module.</summary>
public sealed class TenantKeysTests(RunningApp running)
{
    [Fact]
    public async Task Every_table_leads_its_keys_with_the_tenant_or_is_named_as_local()
    {
        var undistributed = running.App.Services.UndistributedTables();
        var tables = await running.App.ScalarAsync<string[]>(
            """
            select array_agg(n.nspname || '.' || c.relname order by 1)
              from pg_class c join pg_namespace n on n.oid = c.relnamespace
             where c.relkind in ('r', 'p') and not c.relispartition and n.nspname not in ('pg_catalog', 'information_schema')
            """
        );
        var led = await running.App.ScalarAsync<string[]>(
            """
            select array_agg(t.name)
              from (select n.nspname || '.' || c.relname as name
                      from pg_class c join pg_namespace n on n.oid = c.relnamespace join pg_index i on i.indrelid = c.oid and i.indisunique
                      join pg_attribute a on a.attrelid = c.oid and a.attnum = i.indkey[0]
                     group by 1
                    having bool_or(i.indisprimary) and bool_and(a.attname = 'tenant_id')) t
            """
        );

        Assert.Contains("identity.verifications", led);
        // Taken by workers over all tenants, which no distributed table lets them.
        string[] taken = ["webhooks.deliveries", "webhooks.webhooks"];
        Assert.Superset(taken.ToHashSet(StringComparer.Ordinal), led.ToHashSet(StringComparer.Ordinal));
        Assert.Equal(
            undistributed.Local.Concat(undistributed.Reference).Order(StringComparer.Ordinal),
            tables.Except(led, StringComparer.Ordinal).Concat(taken).Order(StringComparer.Ordinal)
        );
    }

    [Fact]
    public async Task No_tenant_may_be_missing()
    {
        var optional = await running.App.ScalarAsync<long>(
            """
            select count(*) from information_schema.columns c join information_schema.tables t using (table_schema, table_name)
             where c.column_name = 'tenant_id' and c.is_nullable = 'YES' and t.table_type = 'BASE TABLE'
            """
        );

        Assert.Equal(0L, optional);
    }
}
