-- The key store: a database of its own with short backup retention. Every key in it is wrapped by a master key that is not.

-- The keys that seal personal data: one a person, one a pending registration. Destroying a row makes what it sealed unreadable for ever.
create table keys.subject_keys (
    subject_id uuid        primary key,
    tenant_id  uuid        not null,
    master_key text        not null,
    wrapped    bytea       not null,
    created_at timestamptz not null,
    -- A pending registration's key ends by itself.
    expires_at timestamptz,
    -- A person's key is made before the person's row is committed; until the row is known to stand, the key is provisional.
    provisional boolean    not null
);
create index subject_keys_expiry on keys.subject_keys (expires_at) where expires_at is not null;
create index subject_keys_provisional on keys.subject_keys (created_at) where provisional;

-- The installation's own keys (codes, blind index, idempotency).
create table keys.server_keys (
    name       text        not null,
    version    integer     not null,
    master_key text        not null,
    wrapped    bytea       not null,
    created_at timestamptz not null,
    constraint server_keys_pkey primary key (name, version)
);
