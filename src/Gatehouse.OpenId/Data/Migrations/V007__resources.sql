-- Services for which a client may get access tokens (RFC 8707): absolute URIs, none for Gatehouse alone.
alter table openid.clients add column resources text[] not null default '{}';

-- Those that the authorization request named.
alter table openid.grants add column resources text[] not null default '{}';
