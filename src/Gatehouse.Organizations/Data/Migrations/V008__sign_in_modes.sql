-- What signs users in, and whether proving an address or number by a sign-in code makes an account where there is none.
alter table organizations.tenants add column sign_in_modes text[] not null default '{password,code}';
alter table organizations.tenants add column automatic_registration boolean not null default false;
alter table organizations.tenants add constraint tenants_sign_in_modes_known
    check (sign_in_modes <@ '{password,code}' and cardinality(sign_in_modes) > 0);
