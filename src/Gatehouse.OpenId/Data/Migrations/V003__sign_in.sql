-- Applications that sign users in: redirect addresses, scopes and the rest; null for what is a service account alone.
alter table openid.clients add column sign_in jsonb;
-- Public keys (Base64 of SubjectPublicKeyInfo) with which the client proves who it is (private_key_jwt).
alter table openid.clients add column public_keys text[] not null default '{}';

-- Authorization requests that were pushed, or that wait until a user has signed in and agreed.
create table openid.authorization_requests (
    tenant_id  uuid        not null,
    -- SHA-256 of the reference.
    hash       bytea       not null,
    client     uuid        not null,
    -- As the query of the authorization endpoint.
    parameters text        not null,
    -- SHA-256 of the cookie of the browser that began with it; null until one does.
    browser    bytea,
    -- agreed, or denied, and by whom; null until the user has said.
    answer      text,
    answered_by uuid,
    -- When it was asked for: who proves who they are after that has satisfied prompt=login and max_age.
    created_at timestamptz not null,
    -- By when a browser begins with it; after that, by when it is done.
    expires_at timestamptz not null,
    constraint authorization_requests_pkey primary key (tenant_id, hash)
);
create index authorization_requests_expired on openid.authorization_requests (expires_at);

-- What a user granted to an application at one sign-in: first a code, then a session of its own.
create table openid.grants (
    tenant_id        uuid        not null,
    -- The session that begins when the code is redeemed.
    id               uuid        not null,
    client           uuid        not null,
    user_id          uuid        not null,
    -- The session of the browser: sid of ID tokens.
    browser_session  uuid        not null,
    scopes           text[]      not null,
    -- SHA-256 of the code.
    code             bytea       not null,
    code_expires_at  timestamptz not null,
    redirect_uri     text        not null,
    challenge        text,
    nonce            text,
    authenticated_at timestamptz not null,
    created_at       timestamptz not null,
    -- When the code was redeemed; it is good for one time.
    redeemed_at      timestamptz,
    -- Up to when there may be tokens of it.
    ends_at          timestamptz not null,
    -- When the application was told that the user signed out.
    told_at          timestamptz,
    constraint grants_pkey primary key (tenant_id, id)
);
create index grants_of_browser on openid.grants (tenant_id, browser_session) where redeemed_at is not null and told_at is null;
create index grants_of_user on openid.grants (tenant_id, user_id);
create index grants_of_client on openid.grants (tenant_id, client, id);
create index grants_over on openid.grants (ends_at);

-- What users agreed to, by client.
create table openid.consents (
    tenant_id uuid        not null,
    user_id   uuid        not null,
    client    uuid        not null,
    scopes    text[]      not null,
    given_at  timestamptz not null,
    constraint consents_pkey primary key (tenant_id, user_id, client)
);

-- Assertions by which clients proved who they are: each is good for one time.
create table openid.client_assertions (
    tenant_id  uuid        not null,
    client     uuid        not null,
    -- SHA-256 of its id.
    hash       bytea       not null,
    expires_at timestamptz not null,
    constraint client_assertions_pkey primary key (tenant_id, client, hash)
);
create index client_assertions_expired on openid.client_assertions (expires_at);
