-- What hashes from other systems cost that are or may be stored, by the beginning that all of one cost share.
create table identity.foreign_password_costs (
    prefix text   not null,
    kernel text   not null,
    units  bigint not null,
    constraint foreign_password_costs_pkey primary key (prefix)
);
