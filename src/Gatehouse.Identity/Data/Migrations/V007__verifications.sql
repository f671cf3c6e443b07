-- Codes and links of every purpose: what proves that somebody reads the messages sent to an address. It looks the same whether or not there is
-- anybody behind the address; hashes that nothing matches stand for codes that were never sent.
create table identity.verifications (
    tenant_id          uuid        not null,
    id                 uuid        not null,
    purpose            text        not null,
    -- email, or phone
    channel            text        not null,
    -- The address as a blind index, where the purpose counts its messages by it.
    index_version      smallint,
    target_index       bytea,
    -- Whom it is about; null while nobody is known, and for ever where there is nobody.
    user_id            uuid,
    -- What the purpose needs to finish; its personal members are sealed with the verification's own key. Emptied when it completes.
    payload            jsonb       not null,
    code_hash          bytea       not null,
    code_expires_at    timestamptz not null,
    attempts_remaining smallint    not null,
    link_hash          bytea       not null,
    sends              smallint    not null,
    resend_at          timestamptz not null,
    created_at         timestamptz not null,
    completed_at       timestamptz,
    -- The link ends here, and the row with it.
    expires_at         timestamptz not null,
    constraint verifications_pkey primary key (tenant_id, id),
    constraint verifications_link_unique unique (tenant_id, link_hash)
);
create index verifications_expiry on identity.verifications (expires_at);

-- What is pending goes on. The old tables stay for a release, for nodes of before that still run; nothing of these reads them any more.
insert into identity.verifications (tenant_id, id, purpose, channel, index_version, target_index, payload, code_hash, code_expires_at, attempts_remaining,
    link_hash, sends, resend_at, created_at, completed_at, expires_at)
select tenant_id, id, 'registration', 'email', email_index_version, email_index,
       case when completed_at is null
            then jsonb_build_object('personal', translate(encode(personal, 'base64'), E'\n', ''), 'passwordHash', password_hash, 'language', language)
            else '{}' end,
       code_hash, code_expires_at, tries_left, link_hash, sends, resend_at, created_at, completed_at, expires_at
  from identity.registrations;
delete from identity.registrations;

insert into identity.verifications (tenant_id, id, purpose, channel, user_id, payload, code_hash, code_expires_at, attempts_remaining,
    link_hash, sends, resend_at, created_at, completed_at, expires_at)
select tenant_id, id, 'password-reset', 'email', user_id,
       case when completed_at is null
            then jsonb_build_object('kind', kind, 'identifier', translate(encode(identifier, 'base64'), E'\n', ''),
                                    'network', translate(encode(network, 'base64'), E'\n', ''), 'device', translate(encode(device, 'base64'), E'\n', ''))
            else '{}' end,
       code_hash, code_expires_at, tries_left, link_hash, sends, resend_at, created_at, completed_at, expires_at
  from identity.password_resets;
delete from identity.password_resets;
