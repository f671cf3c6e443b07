-- Why an organization was deactivated, for administrators; gone when it is reactivated.
alter table organizations.organizations add column inactive_reason text;
