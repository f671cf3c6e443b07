-- The link that the start of a node without a platform administrator prints. One at most: in the first tenant.
create table identity.first_administrator_links (
    tenant_id  uuid        not null,
    -- SHA-256 of the link's secret.
    token_hash bytea       not null,
    expires_at timestamptz not null,
    constraint first_administrator_links_pkey primary key (tenant_id)
);
