-- Sign-ins on devices without a browser of their own (RFC 8628): a code that the device holds, and one that its user types elsewhere.
create table openid.device_codes (
    tenant_id   uuid        not null,
    -- SHA-256 of the code of the device.
    hash        bytea       not null,
    -- What the user types, without its hyphen.
    user_code   text        not null,
    client      uuid        not null,
    domain      text,
    scopes      text[]      not null,
    created_at  timestamptz not null,
    expires_at  timestamptz not null,
    -- When the device last asked in time.
    asked_at    timestamptz not null,
    -- How long it has to wait between two questions, in seconds.
    pace        integer     not null,
    -- What the user granted; null until then.
    grant_id    uuid,
    denied_at   timestamptz,
    constraint device_codes_pkey primary key (tenant_id, hash),
    constraint device_codes_user_code_key unique (tenant_id, user_code)
);
create index device_codes_expired on openid.device_codes (expires_at);
