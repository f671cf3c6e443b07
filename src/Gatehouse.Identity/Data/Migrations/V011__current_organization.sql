-- The organization that the session's tokens speak for; null for none. Nothing else hangs on it.
alter table identity.sessions add column organization_id uuid;
