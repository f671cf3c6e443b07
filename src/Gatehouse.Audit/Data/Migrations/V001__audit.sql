-- The audit in a schema of its own; scripts of the schema runtime made it there.
alter sequence runtime.audit_order set schema audit;
alter sequence audit.audit_order rename to record_order;

alter table runtime.audit_batches set schema audit;
alter table audit.audit_batches rename to batches;

alter table runtime.audit set schema audit;
alter table audit.audit rename to records;

do $$
declare
    part record;
begin
    for part in select c.relname as name from pg_inherits i join pg_class c on c.oid = i.inhrelid where i.inhparent = 'audit.records'::regclass loop
        execute format('alter table runtime.%I set schema audit', part.name);
        execute format('alter table audit.%I rename to %I', part.name, replace(part.name, 'audit_', 'records_'));
    end loop;
end
$$;

-- Nodes of the release before go on under the old names until they are replaced. A later release drops the views.
create view runtime.audit as select * from audit.records;
create view runtime.audit_batches as select * from audit.batches;
