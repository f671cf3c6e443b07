-- What the administrators of a tenant decide. A version of their own: a new display name is no change of the settings.
alter table organizations.tenants add column registration text not null default 'open';
alter table organizations.tenants add column default_language text not null default 'en';
alter table organizations.tenants add column settings_version bigint not null default 1;
alter table organizations.tenants add constraint tenants_registration_known check (registration in ('open', 'closed'));
