-- Lists by name, by the root collation of Unicode whatever the locale of the database is. The index of before goes: no statement is left that reads it.
create index users_sorted_by_name on identity.users (tenant_id, (name collate "und-x-icu"), id);
drop index identity.users_by_name;
