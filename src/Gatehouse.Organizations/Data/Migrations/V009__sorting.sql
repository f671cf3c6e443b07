-- Lists by name, by the root collation of Unicode whatever the locale of the database is, and by code, character by character.
create index organizations_by_name on organizations.organizations (tenant_id, (name collate "und-x-icu"), id);
create index organizations_by_code on organizations.organizations (tenant_id, (code collate "C"), id);
create index tenants_by_display_name on organizations.tenants ((display_name collate "und-x-icu"), id);
create index tenants_by_name on organizations.tenants ((name collate "C"), id);
