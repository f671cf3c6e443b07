-- Where new users are placed, and which organizations are related.

create table organizations.email_domains (
    tenant_id       uuid        not null,
    -- ASCII, lower case.
    domain          text        not null,
    id              uuid        not null,
    organization_id uuid        not null,
    created_at      timestamptz not null,
    constraint email_domains_pkey primary key (tenant_id, domain)
);
create index email_domains_of_organization on organizations.email_domains (tenant_id, organization_id, id);

create table organizations.registration_codes (
    tenant_id       uuid        not null,
    -- Lower case.
    code            text        not null,
    id              uuid        not null,
    organization_id uuid        not null,
    created_at      timestamptz not null,
    constraint registration_codes_pkey primary key (tenant_id, code)
);
create index registration_codes_of_organization on organizations.registration_codes (tenant_id, organization_id, id);

-- Both directions are stored.
create table organizations.related_organizations (
    tenant_id       uuid        not null,
    organization_id uuid        not null,
    related_id      uuid        not null,
    created_at      timestamptz not null,
    constraint related_organizations_pkey primary key (tenant_id, organization_id, related_id)
);
