-- What a person tells of themselves, sealed with the person's key; null while it is nothing.
alter table identity.users add column profile bytea;
