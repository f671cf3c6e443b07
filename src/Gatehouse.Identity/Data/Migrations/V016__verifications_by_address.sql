-- Administrators find what waits for an address by the whole of it.
create index verifications_target on identity.verifications (tenant_id, target_index) where target_index is not null;
