-- What the hashes of pending registrations cost: they may be stored, too.
insert into identity.password_costs (memory_kib, passes)
select distinct substring(password_hash from '[$]m=(\d{1,6}),')::integer, substring(password_hash from ',t=(\d{1,2}),')::integer
  from identity.registrations
 where password_hash ~ '^[$]argon2id[$]v=19[$]m=\d{1,6},t=\d{1,2},p=1[$]'
on conflict do nothing;
