-- Beside "gatehouse", which the image creates: the key store, and the database of the notification service.
create database gatehouse_keys;
create database gatehouse_notifications;
