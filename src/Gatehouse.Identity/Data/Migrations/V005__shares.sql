-- What hashes cost that are or may be stored, so that a failed sign-in can cost as much as the dearest of them.
create table identity.password_costs (
    memory_kib integer not null,
    passes     integer not null,
    constraint password_costs_pkey primary key (memory_kib, passes)
);
insert into identity.password_costs (memory_kib, passes)
select distinct substring(password_hash from '[$]m=(\d{1,6}),')::integer, substring(password_hash from ',t=(\d{1,2}),')::integer
  from identity.users
 where password_hash ~ '^[$]argon2id[$]v=19[$]m=\d{1,6},t=\d{1,2},p=1[$]';

-- In the row of an identifier's unknown devices: what each network added, [failures, time of its last in Unix seconds] by a keyed hash of the network.
alter table identity.sign_in_failures add column networks jsonb not null default '{}';

-- Messages in the current day by who asked for them: a keyed hash of the network, or a known device. Rows of before count as they did, for registrations.
alter table identity.code_quotas add column known_sends integer not null default 0, add column shares jsonb not null default '{}';

-- Where a reset was asked for: a keyed hash of the network, and the device token that came with it, sealed with the reset's own key.
alter table identity.password_resets add column network bytea, add column device bytea;
