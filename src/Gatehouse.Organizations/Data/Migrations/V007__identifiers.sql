-- What users register with, the country that forms propose for phone numbers, and whether users without a username get one.
alter table organizations.tenants add column identifiers text[] not null default '{email,phone}';
alter table organizations.tenants add column default_region text;
alter table organizations.tenants add column usernames text not null default 'chosen';
alter table organizations.tenants add constraint tenants_identifiers_known
    check (identifiers <@ '{email,phone}' and cardinality(identifiers) > 0);
alter table organizations.tenants add constraint tenants_usernames_known check (usernames in ('chosen', 'generated'));
