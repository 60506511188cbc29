-- A name is one of a kind only among the records that whoever gives it can see: a clash with a hidden record must not
-- tell that the hidden one is there. So what is unique is a key of the name: the name itself, and with the record's id
-- behind it where a record that its maker could not see had the name before.
alter table clients rename column name to name_key;
alter table clients add column name text not null default '';
update clients set name = name_key;
create index clients_by_name on clients (organization_id, name);

alter table areas rename column name to name_key;
alter table areas add column name text not null default '';
update areas set name = name_key;

alter table teams rename column name to name_key;
alter table teams add column name text not null default '';
update teams set name = name_key;

alter table sites rename column name to name_key;
alter table sites add column name text not null default '';
update sites set name = name_key;
create index sites_by_name on sites (organization_id, client_id, name);

-- What a message is about (an invitation), and until when what it says holds: a link that has run out is not sent.
alter table mails add column about bigint;
alter table mails add column about_id uuid;
alter table mails add column good_until bigint;
