-- Times in which no node reached the database, in its own time: written by the first node that reaches it again.
-- Local table (not distributed by tenant): outages.
create table runtime.outages (
    began timestamptz not null,
    ended timestamptz not null,
    constraint outages_pkey primary key (began),
    constraint outages_order check (began < ended)
);
