-- How many wrong sign-in codes were tried in a tenant, for each part of the last hour: by it the codes of the tenant grow.
create table identity.sign_in_code_guesses (
    tenant_id uuid not null,
    began_at timestamptz not null,
    wrong integer not null,
    constraint sign_in_code_guesses_pkey primary key (tenant_id, began_at)
);
