-- Mails given to a carrier that reports later what became of them, kept while reports may come. Addresses stand in both tables as blind index only,
-- whose key this module does not hold.
create table notifications.sent_messages (
    tenant_id     uuid        not null,
    id            uuid        not null,
    event_key     uuid        not null,
    address_index bytea,
    reports       text[]      not null default '{}',
    sent_at       timestamptz not null,
    constraint sent_messages_pkey primary key (tenant_id, id)
);
create index sent_messages_oldest on notifications.sent_messages (sent_at);

-- Addresses that nothing is sent to: they took no mail, or their owner complained. Without expires_at until an operator lifts it.
create table notifications.suppressions (
    tenant_id       uuid        not null,
    address_index   bytea       not null,
    reason          text        not null,
    notification_id uuid        not null,
    created_at      timestamptz not null,
    expires_at      timestamptz,
    constraint suppressions_pkey primary key (tenant_id, address_index)
);
