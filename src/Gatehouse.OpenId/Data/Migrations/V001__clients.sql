-- Clients of OAuth 2.0, which are service accounts: machines that call operations for themselves.

create table openid.clients (
    tenant_id       uuid        not null,
    id              uuid        not null,
    -- Public name in the protocol; permanent.
    client_id       text        not null,
    name            text        not null,
    -- Names of permissions.
    scopes          text[]      not null,
    -- Nil: in the whole tenant.
    organization_id uuid        not null,
    -- Whether it may act in every tenant.
    is_platform     boolean     not null,
    disabled_at     timestamptz,
    disabled_reason text,
    -- Tokens issued before count for nothing.
    tokens_since    timestamptz not null,
    last_used_at    timestamptz,
    version         bigint      not null default 1,
    -- Null: by a command.
    created_by      uuid,
    created_at      timestamptz not null,
    updated_at      timestamptz not null,
    constraint clients_pkey primary key (tenant_id, id),
    constraint clients_client_id_taken unique (tenant_id, client_id),
    constraint clients_reach check (not is_platform or organization_id = '00000000-0000-0000-0000-000000000000')
);

create table openid.client_secrets (
    tenant_id    uuid        not null,
    client       uuid        not null,
    id           uuid        not null,
    -- SHA-256: a secret has 256 random bits, so a dear hash would protect nothing.
    hash         bytea       not null,
    -- Its first characters, by which people tell two of them apart.
    hint         text        not null,
    expires_at   timestamptz,
    last_used_at timestamptz,
    created_at   timestamptz not null,
    constraint client_secrets_pkey primary key (tenant_id, client, id)
);

-- Access tokens of clients that were revoked before they expired.
create table openid.revoked_tokens (
    tenant_id  uuid        not null,
    client     uuid        not null,
    token_id   uuid        not null,
    expires_at timestamptz not null,
    constraint revoked_tokens_pkey primary key (tenant_id, client, token_id)
);
create index revoked_tokens_expired on openid.revoked_tokens (expires_at);
