-- What every module stands on: the event log and its delivery, jobs, idempotency keys.
-- Local tables (not distributed by tenant): log_epochs, events, lanes, nodes, inbox, parked, jobs, schedules.

-- A transaction id orders the log only within one cluster's life. After a dump is restored elsewhere ids start low again:
-- the epoch is raised then, and leads the order.
create table runtime.log_epochs (
    epoch      integer     primary key,
    started_at timestamptz not null
);

-- The log. (epoch, xid, seq) is its order. xid is the writer's transaction id, raised to the last completed one: never below its own, so a
-- reader that stops before the oldest running transaction skips no late commit; and never below that of a change it waited for, whose row
-- lock may have been taken long after both transactions got their ids. seq keeps the order where two have the same xid.
create sequence runtime.event_order;
create table runtime.events (
    id              uuid        not null,
    lane            smallint    not null,
    epoch           integer     not null,
    xid             bigint      not null default greatest(pg_current_xact_id()::text::bigint, pg_snapshot_xmax(pg_current_snapshot())::text::bigint - 1),
    seq             bigint      not null default nextval('runtime.event_order'),
    tenant_id       uuid        not null,
    key             uuid        not null,
    subject_version bigint,
    type            text        not null,
    topic           text        not null,
    occurred_at     timestamptz not null,
    trace_parent    text,
    data            text        not null,
    constraint events_pkey primary key (id)
) partition by range (id);

create index events_log_order on runtime.events (lane, epoch, xid, seq);

-- One row a lane: who carries it, and how far it has been acknowledged.
create table runtime.lanes (
    lane         smallint primary key,
    owner        uuid,
    leased_until timestamptz,
    epoch        integer  not null default 0,
    xid          bigint   not null default 0,
    seq          bigint   not null default 0
);
insert into runtime.lanes (lane) select generate_series(0, 15);

create table runtime.nodes (
    id      uuid        primary key,
    seen_at timestamptz not null
);

-- What each subscriber has taken; a second delivery of the same event finds its row and does nothing.
create table runtime.inbox (
    event_id   uuid not null,
    subscriber text not null,
    outcome    text not null,
    constraint inbox_pkey primary key (event_id, subscriber)
) partition by range (event_id);

-- Deliveries that did not succeed at once, and those that wait behind them for the order of their key.
create table runtime.parked (
    subscriber      text        not null,
    event_id        uuid        not null,
    key             uuid        not null,
    position        bigint      generated always as identity,
    state           text        not null,
    attempts        integer     not null,
    next_attempt_at timestamptz not null,
    parked_at       timestamptz not null,
    reason          text        not null,
    envelope        text        not null,
    constraint parked_pkey primary key (subscriber, event_id),
    constraint parked_state_known check (state in ('retrying', 'waiting', 'dead'))
);
create index parked_due on runtime.parked (next_attempt_at) where state = 'retrying';
create index parked_order on runtime.parked (subscriber, key, position);

create table runtime.jobs (
    id           uuid        primary key,
    kind         text        not null,
    payload      text        not null,
    state        text        not null default 'ready',
    run_at       timestamptz not null,
    attempts     integer     not null default 0,
    leased_by    uuid,
    leased_until timestamptz,
    reason       text,
    trace_parent text,
    created_at   timestamptz not null,
    constraint jobs_state_known check (state in ('ready', 'dead'))
);
create index jobs_due on runtime.jobs (run_at) where state = 'ready';

create table runtime.schedules (
    name        text        primary key,
    next_run_at timestamptz not null
);

create table runtime.idempotency_keys (
    tenant_id   uuid        not null,
    caller      text        not null,
    route       text        not null,
    key_hash    bytea       not null,
    fingerprint bytea       not null,
    token       uuid        not null,
    answer      bytea,
    created_at  timestamptz not null,
    constraint idempotency_keys_pkey primary key (tenant_id, caller, route, key_hash)
);
create index idempotency_keys_age on runtime.idempotency_keys (created_at);
