-- A new e-mail address or phone number that waits for its proof, sealed with the user's key, with the verification that proves it.
alter table identity.users add column new_email bytea, add column new_email_verification uuid, add column new_email_until timestamptz;
alter table identity.users add column new_phone bytea, add column new_phone_verification uuid, add column new_phone_until timestamptz;
create index users_new_email_ends on identity.users (new_email_until) where new_email_until is not null;
create index users_new_phone_ends on identity.users (new_phone_until) where new_phone_until is not null;

-- When another address replaced a proved one, and when the number was last set or removed.
alter table identity.users add column email_changed_at timestamptz, add column phone_changed_at timestamptz;

-- A former address finds nobody, and until then nobody else can have it.
alter table identity.identifiers add column reserved_until timestamptz;
create index identifiers_reserved on identity.identifiers (reserved_until) where reserved_until is not null;

-- Addresses that users can go back to, each by the link that was sent to it.
create table identity.former_emails (
    tenant_id          uuid        not null,
    user_id            uuid        not null,
    -- The verification of the link.
    id                 uuid        not null,
    -- Sealed with the user's key.
    email              bytea       not null,
    index_version      smallint    not null,
    blind_index        bytea       not null,
    changed_at         timestamptz not null,
    -- What users.email_changed_at was before.
    changed_before     timestamptz,
    ends_at            timestamptz not null,
    constraint former_emails_pkey primary key (tenant_id, user_id, id)
);
create index former_emails_ends on identity.former_emails (ends_at);
