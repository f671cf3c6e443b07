-- Passkeys (WebAuthn): each is a key pair of an authenticator, for one user and one host name. A use changes no indexed column.
create table identity.passkeys (
    tenant_id          uuid        not null,
    id                 uuid        not null,
    user_id            uuid        not null,
    -- The host name that it opens (the relying party's id).
    relying_party      text        not null,
    credential_id      bytea       not null,
    -- As the authenticator gave it: a COSE_Key (RFC 9052).
    public_key         bytea       not null,
    sign_count         bigint      not null,
    transports         text[]      not null,
    is_backup_eligible boolean     not null,
    is_backed_up       boolean     not null,
    -- Encrypted with the user's key.
    name               bytea       not null,
    created_at         timestamptz not null,
    last_used_at       timestamptz,
    constraint passkeys_pkey primary key (tenant_id, id),
    constraint passkeys_credential_taken unique (tenant_id, credential_id)
) with (fillfactor = 70);
create index passkeys_of_user on identity.passkeys (tenant_id, user_id);

-- What a browser was asked to sign. A row goes as soon as it is answered.
create table identity.passkey_ceremonies (
    tenant_id  uuid        not null,
    id         uuid        not null,
    -- create or get
    kind       text        not null,
    -- Null while it is not known who answers.
    user_id    uuid,
    -- Of whoever adds a passkey.
    session_id uuid,
    -- Hash of what the browser holds that asked; null for other clients.
    browser    bytea,
    origin     text        not null,
    state      text        not null,
    expires_at timestamptz not null,
    constraint passkey_ceremonies_pkey primary key (tenant_id, id)
);
create index passkey_ceremonies_expiry on identity.passkey_ceremonies (expires_at);
