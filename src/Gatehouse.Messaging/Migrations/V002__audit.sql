-- What happened, and the chain of sealed batches over it.
-- Local table (not distributed by tenant): audit_batches, one chain over all tenants.

-- (epoch, xid, seq) is the order of the chain; epoch and xid as in runtime.events, so that a sealed batch skips no late commit.
create sequence runtime.audit_order;
create table runtime.audit (
    id          uuid        not null,
    tenant_id   uuid        not null,
    epoch       integer     not null,
    xid         bigint      not null default greatest(pg_current_xact_id()::text::bigint, pg_snapshot_xmax(pg_current_snapshot())::text::bigint - 1),
    seq         bigint      not null default nextval('runtime.audit_order'),
    recorded_at timestamptz not null,
    action      text        not null,
    actor_kind  text        not null,
    actor       uuid,
    subject     uuid,
    session     uuid,
    result      text        not null,
    reason      text,
    network     text,
    device      text,
    facts       text        not null,
    constraint audit_pkey primary key (tenant_id, id)
) partition by range (id);

create index audit_chain_order on runtime.audit (epoch, xid, seq);
-- Every device refreshes its tokens every few minutes: what people are shown of their history leaves that out, and so does the index for it.
create index audit_of_subject on runtime.audit (tenant_id, subject, id) where subject is not null and action <> 'session.refreshed';

-- One row a sealed batch. digests holds the SHA-256 of each record, in order: with them a fault is located to the record. When retention has
-- dropped the records of a batch, the newest such batch stays, signed as trimmed, and the chain starts behind it.
create table runtime.audit_batches (
    number         bigint      primary key,
    first_epoch    integer     not null,
    first_xid      bigint      not null,
    first_seq      bigint      not null,
    last_epoch     integer     not null,
    last_xid       bigint      not null,
    last_seq       bigint      not null,
    records        integer     not null,
    newest_at      timestamptz not null,
    digests        bytea       not null,
    previous       bytea       not null,
    hash           bytea       not null,
    sealed_at      timestamptz not null,
    signature      bytea       not null,
    trimmed_at     timestamptz,
    trim_signature bytea
);
