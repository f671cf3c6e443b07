-- Where events are posted to, and each delivery of one.

create table webhooks.webhooks (
    tenant_id             uuid        not null,
    id                    uuid        not null,
    -- Nil: the whole tenant.
    organization_id       uuid        not null,
    address               text        not null,
    description           text        not null,
    -- Types (user.registered.v1), or all of a kind (user.*).
    events                text[]      not null,
    -- Encrypted: deliveries are signed with it.
    secret                bytea       not null,
    previous_secret       bytea,
    previous_secret_until timestamptz,
    disabled_at           timestamptz,
    -- manual, gone or failing.
    disabled_reason       text,
    -- Since when no delivery has succeeded.
    failing_since         timestamptz,
    version               bigint      not null default 1,
    created_by            uuid,
    created_at            timestamptz not null,
    updated_at            timestamptz not null,
    constraint webhooks_pkey primary key (tenant_id, id)
);

create table webhooks.deliveries (
    tenant_id        uuid        not null,
    webhook          uuid        not null,
    id               uuid        not null,
    -- The order in which the events came.
    number           bigint      generated always as identity,
    event_id         uuid        not null,
    event_type       text        not null,
    -- Those of one key go one after the other.
    key              uuid        not null,
    body             text        not null,
    state            text        not null,
    attempts         integer     not null default 0,
    first_attempt_at timestamptz,
    last_attempt_at  timestamptz,
    next_attempt_at  timestamptz not null,
    leased_until     timestamptz,
    status           integer,
    duration_ms      integer,
    error            text,
    created_at       timestamptz not null,
    constraint deliveries_pkey primary key (tenant_id, webhook, id),
    constraint deliveries_state_known check (state in ('pending', 'delivered', 'failed'))
);
create index deliveries_due on webhooks.deliveries (tenant_id, webhook, next_attempt_at) where state = 'pending';
create index deliveries_order on webhooks.deliveries (tenant_id, webhook, key, number) where state = 'pending';
create index deliveries_age on webhooks.deliveries (created_at);
