-- Jobs of one kind and one order key run one after the other, in the order in which they were queued.
-- Rows of before have no order key: nothing waits for them and they wait for nothing.
alter table runtime.jobs add column order_key uuid;
alter table runtime.jobs add column number bigint generated always as identity;
create index jobs_order on runtime.jobs (order_key, number) where order_key is not null and state = 'ready';
