-- Where users belong and which roles they hold, as user.roles-changed.v1 last said: lists are filtered by it and tokens carry it. What a user
-- may do is decided by the organizations themselves, not by this copy.
create table identity.memberships (
    tenant_id       uuid   not null,
    user_id         uuid   not null,
    -- Nil: the whole tenant.
    organization_id uuid   not null,
    -- Names; none for a mere member.
    roles           text[] not null,
    constraint memberships_pkey primary key (tenant_id, user_id, organization_id)
);
create index memberships_of_organization on identity.memberships (tenant_id, organization_id, user_id);
create index memberships_of_role on identity.memberships using gin (roles);
