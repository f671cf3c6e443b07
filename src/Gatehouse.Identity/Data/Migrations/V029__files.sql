-- The newest photo; its object in the file store is named by it.
alter table identity.users add column photo uuid;

-- Every file that was begun, so that none is left in the store without a row here. Names stand in the store only.
create table identity.files (
    tenant_id    uuid        not null,
    user_id      uuid        not null,
    id           uuid        not null,
    purpose      text        not null,
    content_type text        not null,
    -- In bytes, as it was announced.
    size         bigint      not null,
    created_at   timestamptz not null,
    -- When it is removed because nothing kept it, or something replaced it; null while it is kept.
    remove_after timestamptz,
    constraint files_pkey primary key (tenant_id, user_id, id)
);
create index files_removal on identity.files (remove_after) where remove_after is not null;
