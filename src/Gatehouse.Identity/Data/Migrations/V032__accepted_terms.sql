-- Which versions of the terms of service a user accepted, and when. A registration's acceptance is written with its user.
create table identity.accepted_terms (
    tenant_id   uuid        not null,
    user_id     uuid        not null,
    version     text        not null,
    accepted_at timestamptz not null,
    constraint accepted_terms_pkey primary key (tenant_id, user_id, version)
);
-- The one that was accepted last.
alter table identity.users add column terms_version text;
