-- Codes by text message or mail as second factor: one of each kind, to the number or address of the account.
create table identity.sent_code_factors (
    tenant_id       uuid        not null,
    user_id         uuid        not null,
    -- sms or email
    factor          text        not null,
    -- Of the code that confirms it.
    verification_id uuid        not null,
    created_at      timestamptz not null,
    -- Null until that code came back.
    confirmed_at    timestamptz,
    last_used_at    timestamptz,
    constraint sent_code_factors_pkey primary key (tenant_id, user_id, factor)
);

-- The codes that were sent for a challenge, one of each kind; null for none.
alter table identity.challenges add column sms_verification uuid, add column email_verification uuid;

alter table identity.users
    -- Whether the user ever came back on a device that was known.
    add column has_known_device boolean not null default false,
    -- When the user was last told of a new one.
    add column new_device_told_at timestamptz,
    -- The last time an administrator took all second factors away, and why, sealed with the user's key.
    add column second_factors_reset_at timestamptz,
    add column second_factors_reset_by uuid,
    add column second_factors_reset_reason bytea;
