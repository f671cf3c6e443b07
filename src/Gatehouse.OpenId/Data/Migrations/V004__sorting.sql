-- Lists by name, by the root collation of Unicode whatever the locale of the database is.
create index clients_by_name on openid.clients (tenant_id, (name collate "und-x-icu"), id);
