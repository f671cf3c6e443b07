-- The framework's own keys: they protect the tokens in forms. Each is the framework's XML, sealed by the master key.
create table keys.data_protection_keys (
    name       text        primary key,
    master_key text        not null,
    wrapped    bytea       not null,
    created_at timestamptz not null
);
