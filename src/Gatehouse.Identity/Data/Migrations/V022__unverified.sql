-- Users who were signed in before they verified their address or number. Nothing finds them by it until then, and at this time they go.
alter table identity.users add column unverified_until timestamptz;
create index users_unverified on identity.users (unverified_until) where unverified_until is not null;

-- Whether the user was not verified when it began, and is not yet: its tokens say so.
alter table identity.sessions add column unverified boolean not null default false;
