alter table organizations.tenants
    add column second_factor text not null default 'optional',
    -- Names of roles whose holders must have one.
    add column second_factor_roles text[] not null default '{}',
    add column second_factor_grace_days integer not null default 7,
    -- What counts as one, in the order in which it is offered.
    add column second_factors text[] not null default '{passkey,totp,sms}';
