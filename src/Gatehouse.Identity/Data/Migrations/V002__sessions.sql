-- One row a signed-in device. A refresh changes a few columns of it, none of them indexed, so the page has room for the next version.
create table identity.sessions (
    tenant_id        uuid        not null,
    id               uuid        not null,
    user_id          uuid        not null,
    -- What the refresh tokens are derived from, together with a server key that is not in this database.
    seed             bytea       not null,
    generation       bigint      not null,
    -- The database's own clock; all other times are the nodes'.
    rotated_at       timestamptz not null,
    method           text        not null,
    device           text        not null,
    network          text        not null,
    authenticated_at timestamptz not null,
    created_at       timestamptz not null,
    used_at          timestamptz not null,
    idle_ends_at     timestamptz not null,
    ends_at          timestamptz not null,
    -- The database's own clock: nodes follow it to learn what was revoked.
    ended_at         timestamptz,
    end_reason       text,
    constraint sessions_pkey primary key (tenant_id, id)
) with (fillfactor = 70);
create index sessions_of_user on identity.sessions (tenant_id, user_id) where ended_at is null;
create index sessions_revoked on identity.sessions (ended_at) where ended_at is not null;
create index sessions_expiry on identity.sessions (ends_at);

-- Failed sign-ins since the last good one, by whom they were tried on (identifier or network) and from which lane: all devices that are
-- not known share one, each known device has its own. Known and unknown identifiers have rows alike.
create table identity.sign_in_failures (
    tenant_id     uuid        not null,
    -- A keyed hash: of the identifier as typed, or of the network.
    subject       bytea       not null,
    -- All zeros: devices that are not known.
    lane          uuid        not null,
    -- A keyed hash of the account, for the count over all its identifiers and lanes.
    account       bytea       not null,
    failures      integer     not null,
    blocked_until timestamptz not null,
    failed_at     timestamptz not null,
    constraint sign_in_failures_pkey primary key (tenant_id, subject, lane)
) with (fillfactor = 70);
create index sign_in_failures_of_account on identity.sign_in_failures (tenant_id, account);
create index sign_in_failures_age on identity.sign_in_failures (failed_at);
