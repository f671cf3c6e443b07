create table organizations.role_requests (
    tenant_id       uuid        not null,
    id              uuid        not null,
    user_id         uuid        not null,
    role_id         uuid        not null,
    -- Nil: in the whole tenant.
    organization_id uuid        not null,
    state           text        not null,
    -- Form and comments, encrypted with the key of the user.
    content         bytea       not null,
    created_at      timestamptz not null,
    updated_at      timestamptz not null,
    constraint role_requests_pkey primary key (tenant_id, id),
    constraint role_requests_state_known check (state in ('requested', 'under-review', 'approved', 'rejected'))
);
-- One open request of a user for the same role in the same place.
create unique index role_requests_open on organizations.role_requests (tenant_id, user_id, role_id, organization_id)
 where state in ('requested', 'under-review');
create index role_requests_of_organization on organizations.role_requests (tenant_id, organization_id, id);
