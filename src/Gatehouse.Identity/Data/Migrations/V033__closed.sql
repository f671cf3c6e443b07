alter table identity.users
    -- Since when its user has closed the account; null while it is open.
    add column closed_at timestamptz,
    -- When a closed account is erased.
    add column erase_at timestamptz;
create index users_to_erase on identity.users (erase_at) where erase_at is not null;

-- Whether the session is of a closed account: good for opening it again.
alter table identity.sessions add column closed boolean not null default false;

-- Who was here: an id and nothing else, so that nothing is done twice and nobody asks where they are.
create table identity.erased_users (
    tenant_id uuid        not null,
    user_id   uuid        not null,
    erased_at timestamptz not null,
    constraint erased_users_pkey primary key (tenant_id, user_id)
);
