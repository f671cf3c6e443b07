-- How users register for a role of the whole tenant. A role without a row is closed.
create table organizations.role_registrations (
    tenant_id       uuid        not null,
    role_id         uuid        not null,
    state           text        not null,
    required_fields text[]      not null,
    -- In whole years; null for any.
    minimum_age     smallint,
    -- What the mail leads with.
    verification    text        not null,
    early_sign_in   boolean     not null,
    -- A line of the mail, by language.
    introduction    jsonb       not null,
    version         bigint      not null default 1,
    updated_at      timestamptz not null,
    constraint role_registrations_pkey primary key (tenant_id, role_id),
    constraint role_registrations_state_known check (state in ('open', 'closed')),
    constraint role_registrations_verification_known check (verification in ('code', 'link')),
    constraint role_registrations_age_plausible check (minimum_age between 1 and 120)
);
