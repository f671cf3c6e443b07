-- Under which name of the provider it began: a verified domain of the tenant. Null: the host of Http:PublicUrl.
alter table openid.authorization_requests add column domain text;
alter table openid.grants add column domain text;
