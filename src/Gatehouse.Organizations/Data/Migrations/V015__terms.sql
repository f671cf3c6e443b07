-- The terms of service that users accept: their version, and where they can be read by language. None: there are no terms.
alter table organizations.tenants add column terms_version text, add column terms_links jsonb;
alter table organizations.tenants add constraint tenants_terms_complete check ((terms_version is null) = (terms_links is null));
