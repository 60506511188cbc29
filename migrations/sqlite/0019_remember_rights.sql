-- What bore on rights, and since when: each change of it adds a row, in the same transaction, by trigger, so that no
-- writer can forget it. The newest row of a key at an instant is what held then; gone = 1 says that it was taken away.
-- Instants are the database's. What was there before this step is known from this step on.

create table organization_features_past (
  sequence integer primary key autoincrement,
  organization_id blob not null,
  at integer not null,
  gone integer not null,
  feature integer not null,
  from_at integer,
  until_at integer
) strict;
create index organization_features_past_by_time on organization_features_past (organization_id, feature, sequence);
insert into organization_features_past (organization_id, at, gone, feature, from_at, until_at)
  select organization_id, cast(unixepoch('subsec') * 1000000 as integer), 0, feature, from_at, until_at from organization_features;
create trigger organization_features_past_insert after insert on organization_features begin
  insert into organization_features_past (organization_id, at, gone, feature, from_at, until_at)
    values (new.organization_id, cast(unixepoch('subsec') * 1000000 as integer), 0, new.feature, new.from_at, new.until_at);
end;
create trigger organization_features_past_update after update on organization_features begin
  insert into organization_features_past (organization_id, at, gone, feature, from_at, until_at)
    values (new.organization_id, cast(unixepoch('subsec') * 1000000 as integer), 0, new.feature, new.from_at, new.until_at);
end;
create trigger organization_features_past_delete after delete on organization_features begin
  insert into organization_features_past (organization_id, at, gone, feature, from_at, until_at)
    values (old.organization_id, cast(unixepoch('subsec') * 1000000 as integer), 1, old.feature, old.from_at, old.until_at);
end;

create table organization_switches_past (
  sequence integer primary key autoincrement,
  organization_id blob not null,
  at integer not null,
  gone integer not null,
  switch integer not null
) strict;
create index organization_switches_past_by_time on organization_switches_past (organization_id, switch, sequence);
insert into organization_switches_past (organization_id, at, gone, switch)
  select organization_id, cast(unixepoch('subsec') * 1000000 as integer), 0, switch from organization_switches;
create trigger organization_switches_past_insert after insert on organization_switches begin
  insert into organization_switches_past (organization_id, at, gone, switch)
    values (new.organization_id, cast(unixepoch('subsec') * 1000000 as integer), 0, new.switch);
end;
create trigger organization_switches_past_update after update on organization_switches begin
  insert into organization_switches_past (organization_id, at, gone, switch)
    values (new.organization_id, cast(unixepoch('subsec') * 1000000 as integer), 0, new.switch);
end;
create trigger organization_switches_past_delete after delete on organization_switches begin
  insert into organization_switches_past (organization_id, at, gone, switch)
    values (old.organization_id, cast(unixepoch('subsec') * 1000000 as integer), 1, old.switch);
end;

create table memberships_past (
  sequence integer primary key autoincrement,
  organization_id blob not null,
  at integer not null,
  gone integer not null,
  id blob not null,
  audience integer not null,
  client_id blob,
  subcontractor integer not null,
  share_all integer not null,
  live_clock_ins integer not null,
  active integer not null
) strict;
create index memberships_past_by_time on memberships_past (organization_id, id, sequence);
insert into memberships_past (organization_id, at, gone, id, audience, client_id, subcontractor, share_all, live_clock_ins, active)
  select organization_id, cast(unixepoch('subsec') * 1000000 as integer), 0, id, audience, client_id, subcontractor, share_all, live_clock_ins, active from memberships;
create trigger memberships_past_insert after insert on memberships begin
  insert into memberships_past (organization_id, at, gone, id, audience, client_id, subcontractor, share_all, live_clock_ins, active)
    values (new.organization_id, cast(unixepoch('subsec') * 1000000 as integer), 0, new.id, new.audience, new.client_id, new.subcontractor, new.share_all, new.live_clock_ins, new.active);
end;
create trigger memberships_past_update after update of audience, client_id, subcontractor, share_all, live_clock_ins, active on memberships begin
  insert into memberships_past (organization_id, at, gone, id, audience, client_id, subcontractor, share_all, live_clock_ins, active)
    values (new.organization_id, cast(unixepoch('subsec') * 1000000 as integer), 0, new.id, new.audience, new.client_id, new.subcontractor, new.share_all, new.live_clock_ins, new.active);
end;
create trigger memberships_past_delete after delete on memberships begin
  insert into memberships_past (organization_id, at, gone, id, audience, client_id, subcontractor, share_all, live_clock_ins, active)
    values (old.organization_id, cast(unixepoch('subsec') * 1000000 as integer), 1, old.id, old.audience, old.client_id, old.subcontractor, old.share_all, old.live_clock_ins, old.active);
end;

create table membership_clients_past (
  sequence integer primary key autoincrement,
  organization_id blob not null,
  at integer not null,
  gone integer not null,
  membership_id blob not null,
  client_id blob not null
) strict;
create index membership_clients_past_by_time on membership_clients_past (organization_id, membership_id, sequence);
insert into membership_clients_past (organization_id, at, gone, membership_id, client_id)
  select organization_id, cast(unixepoch('subsec') * 1000000 as integer), 0, membership_id, client_id from membership_clients;
create trigger membership_clients_past_insert after insert on membership_clients begin
  insert into membership_clients_past (organization_id, at, gone, membership_id, client_id)
    values (new.organization_id, cast(unixepoch('subsec') * 1000000 as integer), 0, new.membership_id, new.client_id);
end;
create trigger membership_clients_past_update after update on membership_clients begin
  insert into membership_clients_past (organization_id, at, gone, membership_id, client_id)
    values (old.organization_id, cast(unixepoch('subsec') * 1000000 as integer), 1, old.membership_id, old.client_id);
  insert into membership_clients_past (organization_id, at, gone, membership_id, client_id)
    values (new.organization_id, cast(unixepoch('subsec') * 1000000 as integer), 0, new.membership_id, new.client_id);
end;
create trigger membership_clients_past_delete after delete on membership_clients begin
  insert into membership_clients_past (organization_id, at, gone, membership_id, client_id)
    values (old.organization_id, cast(unixepoch('subsec') * 1000000 as integer), 1, old.membership_id, old.client_id);
end;

create table roles_past (
  sequence integer primary key autoincrement,
  organization_id blob not null,
  at integer not null,
  gone integer not null,
  id blob not null,
  key text not null,
  written text not null,
  archived_at integer
) strict;
create index roles_past_by_time on roles_past (organization_id, id, sequence);
insert into roles_past (organization_id, at, gone, id, key, written, archived_at)
  select organization_id, cast(unixepoch('subsec') * 1000000 as integer), 0, id, key, written, archived_at from roles;
create trigger roles_past_insert after insert on roles begin
  insert into roles_past (organization_id, at, gone, id, key, written, archived_at)
    values (new.organization_id, cast(unixepoch('subsec') * 1000000 as integer), 0, new.id, new.key, new.written, new.archived_at);
end;
create trigger roles_past_update after update of key, written, archived_at on roles begin
  insert into roles_past (organization_id, at, gone, id, key, written, archived_at)
    values (new.organization_id, cast(unixepoch('subsec') * 1000000 as integer), 0, new.id, new.key, new.written, new.archived_at);
end;
create trigger roles_past_delete after delete on roles begin
  insert into roles_past (organization_id, at, gone, id, key, written, archived_at)
    values (old.organization_id, cast(unixepoch('subsec') * 1000000 as integer), 1, old.id, old.key, old.written, old.archived_at);
end;

create table assignments_past (
  sequence integer primary key autoincrement,
  organization_id blob not null,
  at integer not null,
  gone integer not null,
  id blob not null,
  membership_id blob not null,
  role_key text not null,
  from_at integer,
  until_at integer,
  granted_by blob,
  granted_at integer not null
) strict;
create index assignments_past_by_time on assignments_past (organization_id, membership_id, id, sequence);
insert into assignments_past (organization_id, at, gone, id, membership_id, role_key, from_at, until_at, granted_by, granted_at)
  select organization_id, cast(unixepoch('subsec') * 1000000 as integer), 0, id, membership_id, role_key, from_at, until_at, granted_by, granted_at from assignments;
create trigger assignments_past_insert after insert on assignments begin
  insert into assignments_past (organization_id, at, gone, id, membership_id, role_key, from_at, until_at, granted_by, granted_at)
    values (new.organization_id, cast(unixepoch('subsec') * 1000000 as integer), 0, new.id, new.membership_id, new.role_key, new.from_at, new.until_at, new.granted_by, new.granted_at);
end;
create trigger assignments_past_update after update on assignments begin
  insert into assignments_past (organization_id, at, gone, id, membership_id, role_key, from_at, until_at, granted_by, granted_at)
    values (new.organization_id, cast(unixepoch('subsec') * 1000000 as integer), 0, new.id, new.membership_id, new.role_key, new.from_at, new.until_at, new.granted_by, new.granted_at);
end;
create trigger assignments_past_delete after delete on assignments begin
  insert into assignments_past (organization_id, at, gone, id, membership_id, role_key, from_at, until_at, granted_by, granted_at)
    values (old.organization_id, cast(unixepoch('subsec') * 1000000 as integer), 1, old.id, old.membership_id, old.role_key, old.from_at, old.until_at, old.granted_by, old.granted_at);
end;

create table assignment_targets_past (
  sequence integer primary key autoincrement,
  organization_id blob not null,
  at integer not null,
  gone integer not null,
  assignment_id blob not null,
  dimension integer not null,
  target_id blob not null
) strict;
create index assignment_targets_past_by_time on assignment_targets_past (organization_id, assignment_id, sequence);
insert into assignment_targets_past (organization_id, at, gone, assignment_id, dimension, target_id)
  select organization_id, cast(unixepoch('subsec') * 1000000 as integer), 0, assignment_id, dimension, target_id from assignment_targets;
create trigger assignment_targets_past_insert after insert on assignment_targets begin
  insert into assignment_targets_past (organization_id, at, gone, assignment_id, dimension, target_id)
    values (new.organization_id, cast(unixepoch('subsec') * 1000000 as integer), 0, new.assignment_id, new.dimension, new.target_id);
end;
create trigger assignment_targets_past_update after update on assignment_targets begin
  insert into assignment_targets_past (organization_id, at, gone, assignment_id, dimension, target_id)
    values (old.organization_id, cast(unixepoch('subsec') * 1000000 as integer), 1, old.assignment_id, old.dimension, old.target_id);
  insert into assignment_targets_past (organization_id, at, gone, assignment_id, dimension, target_id)
    values (new.organization_id, cast(unixepoch('subsec') * 1000000 as integer), 0, new.assignment_id, new.dimension, new.target_id);
end;
create trigger assignment_targets_past_delete after delete on assignment_targets begin
  insert into assignment_targets_past (organization_id, at, gone, assignment_id, dimension, target_id)
    values (old.organization_id, cast(unixepoch('subsec') * 1000000 as integer), 1, old.assignment_id, old.dimension, old.target_id);
end;
