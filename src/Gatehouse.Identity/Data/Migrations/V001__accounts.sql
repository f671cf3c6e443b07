-- People, what finds them, and the registrations that are not people yet.

create table identity.users (
    tenant_id         uuid        not null,
    id                uuid        not null,
    -- Counts the events of this person; raised under the row lock.
    version           bigint      not null,
    name              text        not null,
    username          text,
    username_key      text,
    -- Sealed with the person's key.
    email             bytea,
    email_verified_at timestamptz,
    password_hash     text,
    language          text        not null,
    created_at        timestamptz not null,
    constraint users_pkey primary key (tenant_id, id),
    constraint users_username_taken unique (tenant_id, username_key)
);

-- Finds a person by an encrypted identifier. Two versions of an index stand side by side while its key is replaced.
create table identity.identifiers (
    tenant_id     uuid     not null,
    kind          text     not null,
    index_version smallint not null,
    blind_index   bytea    not null,
    user_id       uuid     not null,
    constraint identifiers_taken primary key (tenant_id, kind, index_version, blind_index)
);
create index identifiers_of_user on identity.identifiers (tenant_id, user_id);

-- A registration that waits for the proof of its address. It looks the same whether or not the address has an account.
create table identity.registrations (
    tenant_id           uuid        not null,
    id                  uuid        not null,
    email_index_version smallint    not null,
    email_index         bytea       not null,
    -- Address, name and username, sealed with the registration's own key; emptied when it completes.
    personal            bytea       not null,
    password_hash       text,
    language            text        not null,
    code_hash           bytea       not null,
    code_expires_at     timestamptz not null,
    tries_left          smallint    not null,
    link_hash           bytea       not null,
    sends               smallint    not null,
    resend_at           timestamptz not null,
    completed_at        timestamptz,
    created_at          timestamptz not null,
    expires_at          timestamptz not null,
    constraint registrations_pkey primary key (tenant_id, id),
    constraint registrations_link_unique unique (tenant_id, link_hash)
);
create index registrations_expiry on identity.registrations (expires_at);

-- How many codes an address was sent in its current day, whoever asked for them.
create table identity.code_quotas (
    tenant_id      uuid        not null,
    kind           text        not null,
    index_version  smallint    not null,
    blind_index    bytea       not null,
    window_ends_at timestamptz not null,
    sends          integer     not null,
    constraint code_quotas_pkey primary key (tenant_id, kind, index_version, blind_index)
);
create index code_quotas_expiry on identity.code_quotas (window_ends_at);
