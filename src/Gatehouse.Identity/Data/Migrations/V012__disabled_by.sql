-- Who disabled a user, and why: encrypted with the user's key, because people write names into reasons.
alter table identity.users add column disabled_by uuid, add column disabled_reason bytea;
