-- Reports now come about messages of several channels.
alter table notifications.sent_messages add column channel text not null default 'email';

-- How many messages went to phones of a country on a day (UTC), by which every node knows when the limit is reached.
create table notifications.phone_days (
    day      date    not null,
    country  text    not null,
    messages integer not null,
    constraint phone_days_pkey primary key (day, country)
);
