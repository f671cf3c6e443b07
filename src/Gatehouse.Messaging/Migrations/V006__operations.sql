-- Long-running work that somebody waits for: its state is what they are told, its job of the same id does it.
-- tenant_id and actor say whose it is, wherever it takes effect. version counts the changes of one; changed_in is the transaction of the
-- last one, by which readers find what is new to them: those below the oldest running transaction are all visible.
create table runtime.operations (
    tenant_id        uuid        not null,
    id               uuid        not null,
    actor            uuid        not null,
    kind             text        not null,
    state            text        not null,
    cancel_requested boolean     not null default false,
    done             bigint      not null default 0,
    total            bigint,
    result           text,
    error            text,
    created_at       timestamptz not null,
    started_at       timestamptz,
    finished_at      timestamptz,
    version          bigint      not null,
    changed_in       bigint      not null,
    primary key (tenant_id, id),
    constraint operations_state_known check (state in ('queued', 'running', 'succeeded', 'failed', 'canceled')),
    constraint operations_finished check ((finished_at is not null) = (state in ('succeeded', 'failed', 'canceled')))
);
create index operations_of_actor on runtime.operations (tenant_id, actor, id);
create index operations_by_job on runtime.operations (id);
create index operations_changed on runtime.operations (changed_in);
create index operations_finished_at on runtime.operations (finished_at) where finished_at is not null;
