-- Records on the topics of a broker that are no event of ours, kept with the reason for a person to look at.
-- Local table (not distributed by tenant).
create table runtime.rejected_records (
    module       text        not null,
    topic        text        not null,
    partition    integer     not null,
    "offset"     bigint      not null,
    rejected_at  timestamptz not null,
    reason       text        not null,
    key          bytea       not null,
    headers      text        not null,
    value        bytea       not null,
    value_length integer     not null,
    constraint rejected_records_pkey primary key (module, topic, partition, "offset")
);
create index rejected_records_age on runtime.rejected_records (rejected_at);
