-- Whether the page to sign in asks for identifier and password at once, or for the identifier first.
alter table organizations.tenants add column sign_in_page text not null default 'combined';
alter table organizations.tenants add constraint tenants_sign_in_page_known check (sign_in_page in ('combined', 'identifier-first'));
