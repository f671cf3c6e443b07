using Gatehouse.Core.Postgres;

namespace Gatehouse.Server.Citus;

/// <summary>A table as the catalog of a database knows it. Partitions follow the table that they are part of.</summary>
internal sealed class StoredTable
{
    /// <summary>With its schema.</summary>
    public string Name { get; init; } = "";

    /// <summary>Whether the primary key and all unique constraints begin with the tenant.</summary>
    public bool IsLedByTenant { get; init; }

    /// <summary>The tables that its foreign keys refer to.</summary>
    public string[] RefersTo { get; init; } = [];

    /// <summary>The tables of these schemas.</summary>
    public static Task<IReadOnlyList<StoredTable>> ReadAsync(DbSession db, IEnumerable<string> schemas) =>
        db.ListAsync<StoredTable>(
            """
            select n.nspname || '.' || c.relname as name,
                   coalesce((select bool_or(i.indisprimary) and bool_and(a.attname = @column)
                               from pg_index i join pg_attribute a on a.attrelid = i.indrelid and a.attnum = i.indkey[0]
                              where i.indrelid = c.oid and i.indisunique), false) as is_led_by_tenant,
                   array(select distinct fn.nspname || '.' || f.relname
                           from pg_constraint k join pg_class f on f.oid = k.confrelid join pg_namespace fn on fn.oid = f.relnamespace
                          where k.conrelid = c.oid and k.contype = 'f' and f.oid <> c.oid) as refers_to
              from pg_class c join pg_namespace n on n.oid = c.relnamespace
             where c.relkind in ('r', 'p') and not c.relispartition and n.nspname = any(@schemas)
             order by 1
            """,
            new { column = TableDistribution.Column, schemas = schemas.ToArray() }
        );
}
