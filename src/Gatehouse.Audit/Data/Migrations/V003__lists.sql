-- Administrators filter the records by any member; each list is read from one of these indexes, newest first. Records that say nothing of a member are not in
-- its index, and neither are refreshes, which are half of all: each index is paid for with every record.
create index records_by_actor on audit.records (tenant_id, actor, id) where actor is not null and action <> 'session.refreshed';
-- "C", so that an area is a range.
create index records_by_action on audit.records (tenant_id, (action collate "C"), id) where action <> 'session.refreshed';
create index records_by_session on audit.records (tenant_id, session, id) where session is not null and action <> 'session.refreshed';
create index records_by_network on audit.records (tenant_id, network, id) where network is not null and action <> 'session.refreshed';
create index records_by_reason on audit.records (tenant_id, reason, id) where reason is not null and action <> 'session.refreshed';
create index records_refused on audit.records (tenant_id, id) where result = 'refused';
create index records_by_organization on audit.records (tenant_id, ((facts::jsonb) ->> 'organization'), id) where facts like '%"organization":"%';

-- Finds the batch of a record.
create index batches_by_end on audit.batches (last_epoch, last_xid, last_seq);
