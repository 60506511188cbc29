-- What bore on rights, and since when: each change of it adds a row, in the same transaction, by trigger, so that no
-- writer can forget it. The newest row of a key at an instant is what held then; gone = 1 says that it was taken away.
-- Instants are the database's. What was there before this step is known from this step on.

create table organization_features_past (
  sequence bigint generated always as identity primary key,
  organization_id uuid not null,
  at bigint not null,
  gone bigint not null,
  feature bigint not null,
  from_at bigint,
  until_at bigint
);
create index organization_features_past_by_time on organization_features_past (organization_id, feature, sequence);
insert into organization_features_past (organization_id, at, gone, feature, from_at, until_at)
  select organization_id, (extract(epoch from clock_timestamp()) * 1000000)::bigint, 0, feature, from_at, until_at from organization_features;
create function note_organization_features() returns trigger language plpgsql as $$
begin
  if tg_op = 'DELETE' then
    insert into organization_features_past (organization_id, at, gone, feature, from_at, until_at)
      values (old.organization_id, (extract(epoch from clock_timestamp()) * 1000000)::bigint, 1, old.feature, old.from_at, old.until_at);
  end if;
  if tg_op <> 'DELETE' then
    insert into organization_features_past (organization_id, at, gone, feature, from_at, until_at)
      values (new.organization_id, (extract(epoch from clock_timestamp()) * 1000000)::bigint, 0, new.feature, new.from_at, new.until_at);
  end if;
  return null;
end $$;
create trigger organization_features_past after insert or update or delete on organization_features
  for each row execute function note_organization_features();

create table organization_switches_past (
  sequence bigint generated always as identity primary key,
  organization_id uuid not null,
  at bigint not null,
  gone bigint not null,
  switch bigint not null
);
create index organization_switches_past_by_time on organization_switches_past (organization_id, switch, sequence);
insert into organization_switches_past (organization_id, at, gone, switch)
  select organization_id, (extract(epoch from clock_timestamp()) * 1000000)::bigint, 0, switch from organization_switches;
create function note_organization_switches() returns trigger language plpgsql as $$
begin
  if tg_op = 'DELETE' then
    insert into organization_switches_past (organization_id, at, gone, switch)
      values (old.organization_id, (extract(epoch from clock_timestamp()) * 1000000)::bigint, 1, old.switch);
  end if;
  if tg_op <> 'DELETE' then
    insert into organization_switches_past (organization_id, at, gone, switch)
      values (new.organization_id, (extract(epoch from clock_timestamp()) * 1000000)::bigint, 0, new.switch);
  end if;
  return null;
end $$;
create trigger organization_switches_past after insert or update or delete on organization_switches
  for each row execute function note_organization_switches();

create table memberships_past (
  sequence bigint generated always as identity primary key,
  organization_id uuid not null,
  at bigint not null,
  gone bigint not null,
  id uuid not null,
  audience bigint not null,
  client_id uuid,
  subcontractor bigint not null,
  share_all bigint not null,
  live_clock_ins bigint not null,
  active bigint not null
);
create index memberships_past_by_time on memberships_past (organization_id, id, sequence);
insert into memberships_past (organization_id, at, gone, id, audience, client_id, subcontractor, share_all, live_clock_ins, active)
  select organization_id, (extract(epoch from clock_timestamp()) * 1000000)::bigint, 0, id, audience, client_id, subcontractor, share_all, live_clock_ins, active from memberships;
create function note_memberships() returns trigger language plpgsql as $$
begin
  if tg_op = 'DELETE' then
    insert into memberships_past (organization_id, at, gone, id, audience, client_id, subcontractor, share_all, live_clock_ins, active)
      values (old.organization_id, (extract(epoch from clock_timestamp()) * 1000000)::bigint, 1, old.id, old.audience, old.client_id, old.subcontractor, old.share_all, old.live_clock_ins, old.active);
  end if;
  if tg_op <> 'DELETE' then
    insert into memberships_past (organization_id, at, gone, id, audience, client_id, subcontractor, share_all, live_clock_ins, active)
      values (new.organization_id, (extract(epoch from clock_timestamp()) * 1000000)::bigint, 0, new.id, new.audience, new.client_id, new.subcontractor, new.share_all, new.live_clock_ins, new.active);
  end if;
  return null;
end $$;
create trigger memberships_past after insert or update of audience, client_id, subcontractor, share_all, live_clock_ins, active or delete on memberships
  for each row execute function note_memberships();

create table membership_clients_past (
  sequence bigint generated always as identity primary key,
  organization_id uuid not null,
  at bigint not null,
  gone bigint not null,
  membership_id uuid not null,
  client_id uuid not null
);
create index membership_clients_past_by_time on membership_clients_past (organization_id, membership_id, sequence);
insert into membership_clients_past (organization_id, at, gone, membership_id, client_id)
  select organization_id, (extract(epoch from clock_timestamp()) * 1000000)::bigint, 0, membership_id, client_id from membership_clients;
create function note_membership_clients() returns trigger language plpgsql as $$
begin
  if tg_op = 'DELETE' or tg_op = 'UPDATE' then
    insert into membership_clients_past (organization_id, at, gone, membership_id, client_id)
      values (old.organization_id, (extract(epoch from clock_timestamp()) * 1000000)::bigint, 1, old.membership_id, old.client_id);
  end if;
  if tg_op <> 'DELETE' then
    insert into membership_clients_past (organization_id, at, gone, membership_id, client_id)
      values (new.organization_id, (extract(epoch from clock_timestamp()) * 1000000)::bigint, 0, new.membership_id, new.client_id);
  end if;
  return null;
end $$;
create trigger membership_clients_past after insert or update or delete on membership_clients
  for each row execute function note_membership_clients();

create table roles_past (
  sequence bigint generated always as identity primary key,
  organization_id uuid not null,
  at bigint not null,
  gone bigint not null,
  id uuid not null,
  key text not null,
  written text not null,
  archived_at bigint
);
create index roles_past_by_time on roles_past (organization_id, id, sequence);
insert into roles_past (organization_id, at, gone, id, key, written, archived_at)
  select organization_id, (extract(epoch from clock_timestamp()) * 1000000)::bigint, 0, id, key, written, archived_at from roles;
create function note_roles() returns trigger language plpgsql as $$
begin
  if tg_op = 'DELETE' then
    insert into roles_past (organization_id, at, gone, id, key, written, archived_at)
      values (old.organization_id, (extract(epoch from clock_timestamp()) * 1000000)::bigint, 1, old.id, old.key, old.written, old.archived_at);
  end if;
  if tg_op <> 'DELETE' then
    insert into roles_past (organization_id, at, gone, id, key, written, archived_at)
      values (new.organization_id, (extract(epoch from clock_timestamp()) * 1000000)::bigint, 0, new.id, new.key, new.written, new.archived_at);
  end if;
  return null;
end $$;
create trigger roles_past after insert or update of key, written, archived_at or delete on roles
  for each row execute function note_roles();

create table assignments_past (
  sequence bigint generated always as identity primary key,
  organization_id uuid not null,
  at bigint not null,
  gone bigint not null,
  id uuid not null,
  membership_id uuid not null,
  role_key text not null,
  from_at bigint,
  until_at bigint,
  granted_by uuid,
  granted_at bigint not null
);
create index assignments_past_by_time on assignments_past (organization_id, membership_id, id, sequence);
insert into assignments_past (organization_id, at, gone, id, membership_id, role_key, from_at, until_at, granted_by, granted_at)
  select organization_id, (extract(epoch from clock_timestamp()) * 1000000)::bigint, 0, id, membership_id, role_key, from_at, until_at, granted_by, granted_at from assignments;
create function note_assignments() returns trigger language plpgsql as $$
begin
  if tg_op = 'DELETE' then
    insert into assignments_past (organization_id, at, gone, id, membership_id, role_key, from_at, until_at, granted_by, granted_at)
      values (old.organization_id, (extract(epoch from clock_timestamp()) * 1000000)::bigint, 1, old.id, old.membership_id, old.role_key, old.from_at, old.until_at, old.granted_by, old.granted_at);
  end if;
  if tg_op <> 'DELETE' then
    insert into assignments_past (organization_id, at, gone, id, membership_id, role_key, from_at, until_at, granted_by, granted_at)
      values (new.organization_id, (extract(epoch from clock_timestamp()) * 1000000)::bigint, 0, new.id, new.membership_id, new.role_key, new.from_at, new.until_at, new.granted_by, new.granted_at);
  end if;
  return null;
end $$;
create trigger assignments_past after insert or update or delete on assignments
  for each row execute function note_assignments();

create table assignment_targets_past (
  sequence bigint generated always as identity primary key,
  organization_id uuid not null,
  at bigint not null,
  gone bigint not null,
  assignment_id uuid not null,
  dimension bigint not null,
  target_id uuid not null
);
create index assignment_targets_past_by_time on assignment_targets_past (organization_id, assignment_id, sequence);
insert into assignment_targets_past (organization_id, at, gone, assignment_id, dimension, target_id)
  select organization_id, (extract(epoch from clock_timestamp()) * 1000000)::bigint, 0, assignment_id, dimension, target_id from assignment_targets;
create function note_assignment_targets() returns trigger language plpgsql as $$
begin
  if tg_op = 'DELETE' or tg_op = 'UPDATE' then
    insert into assignment_targets_past (organization_id, at, gone, assignment_id, dimension, target_id)
      values (old.organization_id, (extract(epoch from clock_timestamp()) * 1000000)::bigint, 1, old.assignment_id, old.dimension, old.target_id);
  end if;
  if tg_op <> 'DELETE' then
    insert into assignment_targets_past (organization_id, at, gone, assignment_id, dimension, target_id)
      values (new.organization_id, (extract(epoch from clock_timestamp()) * 1000000)::bigint, 0, new.assignment_id, new.dimension, new.target_id);
  end if;
  return null;
end $$;
create trigger assignment_targets_past after insert or update or delete on assignment_targets
  for each row execute function note_assignment_targets();
