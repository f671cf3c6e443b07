-- Since when all organizations of the user are inactive: until one of them is reactivated the user cannot sign in. Null otherwise.
alter table identity.users add column suspended_at timestamptz;
