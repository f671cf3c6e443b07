-- Host names of tenants.

-- What a tenant says is its own. Several tenants may say so of the same domain; one of them can prove it.
create table organizations.tenant_domains (
    tenant_id  uuid        not null,
    -- ASCII, lower case.
    domain     text        not null,
    id         uuid        not null,
    -- What proves control where it is found: random, so no other tenant knows it.
    challenge  text        not null,
    created_at timestamptz not null,
    constraint tenant_domains_pkey primary key (tenant_id, domain)
);

-- A reference table: every node knows the tenant of every host name.
create table organizations.verified_domains (
    domain      text        not null,
    tenant_id   uuid        not null,
    method      text        not null,
    verified_at timestamptz not null,
    constraint verified_domains_pkey primary key (domain),
    constraint verified_domains_method_known check (method in ('dns', 'file'))
);
create index verified_domains_of_tenant on organizations.verified_domains (tenant_id);

-- The host name in links of mails, one of the tenant's verified domains; null for that of Http:PublicUrl.
alter table organizations.tenants add column link_domain text;
