-- How often each action ended with each result, by hour. Sealing adds the records of a batch in the transaction that seals it, so each is counted once.
create table audit.figures (
    tenant_id uuid        not null,
    hour      timestamptz not null,
    action    text        not null,
    result    text        not null,
    count     bigint      not null,
    constraint figures_pkey primary key (tenant_id, hour, action, result)
);
create index figures_by_hour on audit.figures (hour);

-- Batches sealed before this, and by nodes of the release before, are counted later. Not part of a batch's hash.
alter table audit.batches add column counted boolean not null default false;
create index batches_uncounted on audit.batches (number) where not counted;
