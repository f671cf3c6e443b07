-- A phone number instead of an e-mail address or beside it. Sealed with the person's key: where messages go and, where that is another
-- spelling, the form under which it is unique. What finds it stands in identifiers, of the kind phone. Verifications whose code went
-- there have the channel sms.
alter table identity.users add column phone bytea;
alter table identity.users add column phone_verified_at timestamptz;
