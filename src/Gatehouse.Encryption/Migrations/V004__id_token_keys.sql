-- The key pairs that sign ID tokens and logout tokens (RS256), kept as those of access tokens are. In a table of their own: the version
-- before this one takes every row of the other for a key of P-256.
create table keys.rsa_signing_keys (
    kid          text        primary key,
    master_key   text        not null,
    -- The private key (PKCS #8), wrapped.
    wrapped      bytea       not null,
    activates_at timestamptz not null,
    created_at   timestamptz not null
);
