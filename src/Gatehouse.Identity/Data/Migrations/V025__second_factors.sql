-- What a user has beside the first factor stands in the row that every sign-in reads anyway.
alter table identity.users
    add column second_factors text[] not null default '{}',
    -- From when on the user must have one; null while nothing asks for it, or there is one.
    add column second_factor_due_at timestamptz,
    -- Whether the password may stand only beside a second factor, because it is too short to stand alone.
    add column password_is_short boolean not null default false;

alter table identity.sessions
    -- RFC 8176; null in sessions of earlier releases.
    add column amr text[],
    -- Good for adding a second factor, and for nothing else.
    add column must_enroll boolean not null default false;

create table identity.totp (
    tenant_id    uuid        not null,
    user_id      uuid        not null,
    -- Sealed with the user's key.
    secret       bytea       not null,
    created_at   timestamptz not null,
    -- Null until a code proved that the user's device has the secret.
    confirmed_at timestamptz,
    -- The newest time step that was used: none up to it counts again.
    last_step    bigint      not null default 0,
    last_used_at timestamptz,
    constraint totp_pkey primary key (tenant_id, user_id)
);

create table identity.recovery_codes (
    tenant_id  uuid        not null,
    user_id    uuid        not null,
    code_hash  bytea       not null,
    created_at timestamptz not null,
    used_at    timestamptz,
    constraint recovery_codes_pkey primary key (tenant_id, user_id, code_hash)
);

create table identity.challenges (
    tenant_id          uuid        not null,
    id                 uuid        not null,
    user_id            uuid        not null,
    -- The session that proves again who its user is; null for a sign-in.
    session_id         uuid,
    -- What was proved before, as the session will say.
    method             text        not null,
    amr                text[]      not null,
    -- What it can be answered with.
    factors            text[]      not null,
    -- The known device it began on; null for a new one.
    device_id          uuid,
    attempts_remaining smallint    not null,
    created_at         timestamptz not null,
    expires_at         timestamptz not null,
    constraint challenges_pkey primary key (tenant_id, id)
);
create index challenges_expiry on identity.challenges (expires_at);

create table identity.remembered_devices (
    tenant_id  uuid        not null,
    user_id    uuid        not null,
    device_id  uuid        not null,
    expires_at timestamptz not null,
    constraint remembered_devices_pkey primary key (tenant_id, user_id, device_id)
);
create index remembered_devices_expiry on identity.remembered_devices (expires_at);
