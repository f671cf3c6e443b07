-- Tenants, what their users may do, and where.

-- A reference table: every node knows all tenants. The names of the first one come from the settings.
create table organizations.tenants (
    id           uuid        not null,
    name         text        not null,
    display_name text        not null,
    state        text        not null default 'active',
    version      bigint      not null default 1,
    created_at   timestamptz not null,
    updated_at   timestamptz not null,
    constraint tenants_pkey primary key (id),
    constraint tenants_name_taken unique (name),
    constraint tenants_state_known check (state in ('active', 'disabled'))
);

insert into organizations.tenants (id, name, display_name, created_at, updated_at)
values ('00000000-0001-7000-8000-000000000001', 'default', 'Gatehouse', now(), now());

-- A department, school or company of a tenant.
create table organizations.organizations (
    tenant_id   uuid        not null,
    id          uuid        not null,
    -- Lower-case, unique in the tenant; permanent.
    code        text        not null,
    name        text        not null,
    description text        not null default '',
    state       text        not null default 'active',
    version     bigint      not null default 1,
    created_at  timestamptz not null,
    updated_at  timestamptz not null,
    constraint organizations_pkey primary key (tenant_id, id),
    constraint organizations_code_taken unique (tenant_id, code),
    constraint organizations_state_known check (state in ('active', 'inactive'))
);

create table organizations.members (
    tenant_id       uuid        not null,
    organization_id uuid        not null,
    user_id         uuid        not null,
    joined_at       timestamptz not null,
    constraint members_pkey primary key (tenant_id, organization_id, user_id)
);
create index members_of_user on organizations.members (tenant_id, user_id);

-- Roles of a tenant or of one organization. The built-in ones are in the program.
create table organizations.roles (
    tenant_id       uuid        not null,
    id              uuid        not null,
    -- Nil: of the whole tenant.
    organization_id uuid        not null,
    -- Permanent: tokens and programs name it.
    name            text        not null,
    -- What people read, by language.
    labels          jsonb       not null,
    permissions     text[]      not null,
    version         bigint      not null default 1,
    created_at      timestamptz not null,
    updated_at      timestamptz not null,
    constraint roles_pkey primary key (tenant_id, id),
    constraint roles_name_taken unique (tenant_id, organization_id, name)
);

create table organizations.role_assignments (
    tenant_id       uuid        not null,
    user_id         uuid        not null,
    role_id         uuid        not null,
    -- Nil: in the whole tenant.
    organization_id uuid        not null,
    -- Null: by a command.
    assigned_by     uuid,
    assigned_at     timestamptz not null,
    constraint role_assignments_pkey primary key (tenant_id, user_id, organization_id, role_id)
);
create index role_assignments_of_role on organizations.role_assignments (tenant_id, role_id);

-- Permissions of other services, beside those that the program declares.
-- Local table (not distributed by tenant).
create table organizations.permissions (
    name        text        not null,
    description text        not null,
    level       smallint    not null,
    -- The resource form, for gateways: requests of these methods to such paths need the permission.
    path        text,
    methods     text[]      not null default '{}',
    created_at  timestamptz not null,
    constraint permissions_pkey primary key (name)
);
