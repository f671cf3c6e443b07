-- Names beside the display name, as OpenID Connect knows them. In clear, as the display name is: administrators search by them.
alter table identity.users add column given_name text, add column family_name text;
