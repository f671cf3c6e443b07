-- The development inbox: messages that would have been sent. Empty in production, where nothing writes or reads it.
create table notifications.inbox_messages (
    tenant_id uuid        not null,
    id        uuid        not null,
    channel   text        not null,
    recipient text        not null,
    subject   text        not null,
    text      text        not null,
    html      text        not null,
    sent_at   timestamptz not null,
    constraint inbox_messages_pkey primary key (tenant_id, id)
);
create index inbox_messages_newest on notifications.inbox_messages (sent_at desc);
