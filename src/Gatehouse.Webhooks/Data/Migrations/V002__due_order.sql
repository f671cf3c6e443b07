-- All that waits for a webhook may be due at the same moment, as when it was enabled: the order among those has to come from the index.
drop index webhooks.deliveries_due;
create index deliveries_due on webhooks.deliveries (tenant_id, webhook, next_attempt_at, number) where state = 'pending';
