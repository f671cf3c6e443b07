-- When a user last changed in what applications are told of them; null: not since this column is there.
alter table identity.users add column updated_at timestamptz;
