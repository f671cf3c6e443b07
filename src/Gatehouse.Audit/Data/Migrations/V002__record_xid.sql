-- The xid of a record, as the column's default makes it, but by a look of its own at what has completed: in a statement that first changes a row, the
-- default would look with the eyes of the statement's beginning, and could fall behind the record of a change that came just before.
create function audit.record_xid() returns bigint volatile language plpgsql as $$
begin
    return greatest(pg_current_xact_id()::text::bigint, pg_snapshot_xmax(pg_current_snapshot())::text::bigint - 1);
end
$$;
