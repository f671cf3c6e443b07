-- How often users may change their e-mail address: always, once, or after so many days.
alter table organizations.tenants add column email_change text not null default '30';
alter table organizations.tenants add constraint tenants_email_change_known check (email_change ~ '^(always|once|[1-9][0-9]{0,2})$');
