-- Relying services hear of revocations, those of all tokens of a client (nil as the token's id) included.
alter table openid.revoked_tokens add column revoked_at timestamptz not null default now();
-- Up to when issued tokens it is about; null for one token.
alter table openid.revoked_tokens add column until timestamptz;
create index revoked_tokens_at on openid.revoked_tokens (revoked_at);
