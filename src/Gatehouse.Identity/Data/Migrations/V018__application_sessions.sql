-- Sessions of applications, in which a user is signed in by OpenID Connect: the public name of the client; null for our own pages and API.
alter table identity.sessions add column client_id text;
-- The session in the browser in which it began, with which it ends; null for one that outlives it (offline_access).
alter table identity.sessions add column parent_id uuid;
