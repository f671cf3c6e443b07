-- Usernames that were given up: for a while only their former owner may have them back.
create table identity.former_usernames (
    tenant_id      uuid        not null,
    username_key   text        not null,
    user_id        uuid        not null,
    reserved_until timestamptz not null,
    constraint former_usernames_pkey primary key (tenant_id, username_key)
);
create index former_usernames_of_user on identity.former_usernames (tenant_id, user_id);
create index former_usernames_reserved on identity.former_usernames (reserved_until);
