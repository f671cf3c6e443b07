-- The key pairs that sign access tokens. At any time one signs; the next one is published ahead of its use, the one before stays
-- published until the tokens it signed have ended.
create table keys.signing_keys (
    kid          text        primary key,
    master_key   text        not null,
    -- The private key (PKCS #8), wrapped.
    wrapped      bytea       not null,
    activates_at timestamptz not null,
    created_at   timestamptz not null
);
