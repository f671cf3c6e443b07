-- What a user asked to be given of everything that is held about them; one at a time.
create table identity.exports (
    tenant_id     uuid        not null,
    user_id       uuid        not null,
    -- Also of the operation that makes it.
    id            uuid        not null,
    requested_at  timestamptz not null,
    -- Null until it is made.
    ready_at      timestamptz,
    -- When somebody first took it.
    downloaded_at timestamptz,
    expires_at    timestamptz not null,
    -- A ZIP file, encrypted with the user's key; null until it is made.
    content       bytea,
    constraint exports_pkey primary key (tenant_id, user_id)
);
-- It is compressed already.
alter table identity.exports alter column content set storage external;
create index exports_expiry on identity.exports (expires_at);
