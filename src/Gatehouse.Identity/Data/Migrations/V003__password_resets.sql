-- A request for a new password. It looks the same whether or not the identifier has an account: the message is made later, by a job.
create table identity.password_resets (
    tenant_id       uuid        not null,
    id              uuid        not null,
    -- What the quota is taken from: the identifier as it was typed.
    kind            text        not null,
    index_version   smallint    not null,
    blind_index     bytea       not null,
    -- Sealed with the reset's own key; emptied when it completes.
    identifier      bytea       not null,
    -- Whom the message went to; null until then, and for ever where there is nobody.
    user_id         uuid,
    code_hash       bytea       not null,
    code_expires_at timestamptz not null,
    tries_left      smallint    not null,
    link_hash       bytea       not null,
    sends           smallint    not null,
    resend_at       timestamptz not null,
    completed_at    timestamptz,
    created_at      timestamptz not null,
    -- The link of the newest message ends here, and the row with it.
    expires_at      timestamptz not null,
    constraint password_resets_pkey primary key (tenant_id, id)
);
create index password_resets_expiry on identity.password_resets (expires_at);

-- Resets asked for before this moment are void.
alter table identity.users add column password_changed_at timestamptz;
