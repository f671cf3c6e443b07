-- Since when a user cannot sign in; null while it is active.
alter table identity.users add column disabled_at timestamptz;

-- Lists by name.
create index users_by_name on identity.users (tenant_id, lower(name), id);

-- Search by parts of names. The extension is trusted: who may create schemas may create it. Where the server does not have it, the search
-- finds the same and reads all users for it.
do $$
declare
    home text;
begin
    if exists (select 1 from pg_available_extensions where name = 'pg_trgm') then
        begin
            create extension if not exists pg_trgm with schema identity;
        exception when insufficient_privilege then
            raise notice 'pg_trgm may not be created: searching users by name reads all of them';
        end;
    end if;
    select n.nspname into home
      from pg_extension e join pg_namespace n on n.oid = e.extnamespace
     where e.extname = 'pg_trgm';
    if home is not null then
        execute format($index$
            create index users_text on identity.users using gin (
                lower(E'\n' || name || E'\n' || coalesce(given_name, '') || E'\n' || coalesce(family_name, '')
                      || E'\n' || coalesce(username, ''))
                %I.gin_trgm_ops)
            $index$, home);
    end if;
end $$;
