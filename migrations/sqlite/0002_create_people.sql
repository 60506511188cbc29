-- Organizations, people, roles given to them, sign-in, journal. Every row that belongs to a tenant leads its keys
-- with organization_id. Instants are microseconds since 1970 in UTC.

create table organizations (
  id blob primary key,
  name text not null,
  hue integer not null default 215,
  zone text not null default 'UTC',
  details text not null default '',
  require_static_site integer not null default 1,
  refuse_staff_email integer not null default 1,
  epoch integer not null default 1,
  created_at integer not null
);

create table organization_features (
  organization_id blob not null references organizations (id),
  feature integer not null,
  from_at integer,
  until_at integer,
  primary key (organization_id, feature)
);

-- A row is "on".
create table organization_switches (
  organization_id blob not null references organizations (id),
  switch integer not null,
  set_at integer not null,
  primary key (organization_id, switch)
);

create table accounts (
  id blob primary key,
  email text not null unique,
  name text not null,
  password_hash text,
  created_at integer not null,
  archived_at integer
);

create table memberships (
  id blob primary key,
  organization_id blob not null references organizations (id),
  account_id blob not null references accounts (id),
  audience integer not null,
  name text not null,
  search text not null,
  client_id blob,
  site_id blob,
  team_id blob,
  area_id blob,
  subcontractor integer not null default 0,
  share_all integer not null default 0,
  live_clock_ins integer not null default 0,
  active integer not null default 1,
  created_at integer not null,
  created_by blob,
  seen_at integer,
  version integer not null default 1,
  unique (organization_id, account_id, audience)
);
create index memberships_by_account on memberships (account_id);
create index memberships_by_search on memberships (organization_id, search, id);
create index memberships_by_client on memberships (organization_id, client_id, search, id);
create index memberships_by_site on memberships (organization_id, site_id, search, id);
create index memberships_by_team on memberships (organization_id, team_id, search, id);

create table membership_clients (
  organization_id blob not null references organizations (id),
  membership_id blob not null references memberships (id),
  client_id blob not null,
  primary key (organization_id, membership_id, client_id)
);

-- Custom roles; built-in ones are a file of the program.
create table roles (
  id blob primary key,
  organization_id blob not null references organizations (id),
  key text not null,
  written text not null,
  archived_at integer,
  version integer not null default 1,
  created_at integer not null,
  unique (organization_id, key)
);

create table assignments (
  id blob primary key,
  organization_id blob not null references organizations (id),
  membership_id blob not null references memberships (id),
  role_key text not null,
  from_at integer,
  until_at integer,
  granted_by blob,
  granted_at integer not null
);
create index assignments_by_membership on assignments (organization_id, membership_id);

create table assignment_targets (
  organization_id blob not null references organizations (id),
  assignment_id blob not null references assignments (id) on delete cascade,
  dimension integer not null,
  target_id blob not null,
  primary key (organization_id, assignment_id, dimension, target_id)
);
create index assignment_targets_by_target on assignment_targets (organization_id, dimension, target_id);

create table invitations (
  id blob primary key,
  organization_id blob not null references organizations (id),
  email text not null,
  name text not null,
  audience integer not null,
  role_key text not null,
  targets text not null,
  client_id blob,
  site_id blob,
  team_id blob,
  area_id blob,
  digest blob not null unique,
  created_at integer not null,
  created_by blob,
  sent_at integer not null,
  expires_at integer not null,
  accepted_at integer,
  revoked_at integer,
  version integer not null default 1
);
create index invitations_by_time on invitations (organization_id, created_at desc, id desc);

create table sessions (
  id blob primary key,
  digest blob not null unique,
  account_id blob not null references accounts (id),
  membership_id blob references memberships (id),
  created_at integer not null,
  seen_at integer not null,
  expires_at integer not null,
  revoked_at integer,
  agent text not null,
  address text not null
);
create index sessions_by_account on sessions (account_id, created_at desc);

create table password_resets (
  digest blob primary key,
  account_id blob not null references accounts (id),
  created_at integer not null,
  expires_at integer not null,
  used_at integer
);

-- Attempts by what is being guessed; the key is a digest, never an address in the clear.
create table throttles (
  key blob primary key,
  attempts integer not null,
  window_at integer not null
);

create table api_tokens (
  id blob primary key,
  organization_id blob not null references organizations (id),
  membership_id blob not null references memberships (id),
  name text not null,
  digest blob not null unique,
  scopes text not null,
  created_at integer not null,
  expires_at integer not null,
  used_at integer,
  revoked_at integer
);
create index api_tokens_by_membership on api_tokens (organization_id, membership_id, created_at desc, id desc);

create table counters (
  organization_id blob not null references organizations (id),
  name text not null,
  value integer not null,
  primary key (organization_id, name)
);

create table idempotency (
  organization_id blob not null,
  membership_id blob not null,
  key text not null,
  digest blob not null,
  status integer not null,
  location text,
  body text not null,
  created_at integer not null,
  primary key (organization_id, membership_id, key)
);

-- The audit journal: append only, each line sealed over the one before it.
create table journal_heads (
  organization_id blob primary key references organizations (id),
  sequence integer not null,
  hash blob not null
);

create table journal (
  id blob primary key,
  organization_id blob not null,
  sequence integer not null,
  at integer not null,
  account_id blob,
  membership_id blob,
  name text not null,
  roles text not null,
  action text not null,
  resource text not null,
  record_id blob,
  label text not null,
  detail text not null,
  address text not null,
  hash blob not null,
  unique (organization_id, sequence)
);
create index journal_by_record on journal (organization_id, record_id, sequence desc);
create index journal_by_time on journal (organization_id, at desc, id desc);

-- Messages that left or wait to leave. The outbox that a change commits together with.
create table mails (
  id blob primary key,
  organization_id blob,
  recipient text not null,
  subject text not null,
  html text not null,
  plain text not null,
  why text not null,
  state integer not null default 0,
  attempts integer not null default 0,
  next_at integer not null,
  leased_until integer,
  sent_at integer,
  error text,
  created_at integer not null
);
create index mails_waiting on mails (state, next_at);
create index mails_by_time on mails (organization_id, created_at desc, id desc);

-- Whatever bears on what somebody may do moves the organization's epoch in the same transaction, so the next
-- request on any node decides anew (law 5).
create trigger organization_features_epoch_insert after insert on organization_features begin
  update organizations set epoch = epoch + 1 where id = new.organization_id;
end;
create trigger organization_features_epoch_update after update on organization_features begin
  update organizations set epoch = epoch + 1 where id = new.organization_id;
end;
create trigger organization_features_epoch_delete after delete on organization_features begin
  update organizations set epoch = epoch + 1 where id = old.organization_id;
end;
create trigger organization_switches_epoch_insert after insert on organization_switches begin
  update organizations set epoch = epoch + 1 where id = new.organization_id;
end;
create trigger organization_switches_epoch_update after update on organization_switches begin
  update organizations set epoch = epoch + 1 where id = new.organization_id;
end;
create trigger organization_switches_epoch_delete after delete on organization_switches begin
  update organizations set epoch = epoch + 1 where id = old.organization_id;
end;
create trigger memberships_epoch_insert after insert on memberships begin
  update organizations set epoch = epoch + 1 where id = new.organization_id;
end;
create trigger memberships_epoch_update after update of audience, client_id, subcontractor, share_all, live_clock_ins, active on memberships begin
  update organizations set epoch = epoch + 1 where id = new.organization_id;
end;
create trigger memberships_epoch_delete after delete on memberships begin
  update organizations set epoch = epoch + 1 where id = old.organization_id;
end;
create trigger membership_clients_epoch_insert after insert on membership_clients begin
  update organizations set epoch = epoch + 1 where id = new.organization_id;
end;
create trigger membership_clients_epoch_update after update on membership_clients begin
  update organizations set epoch = epoch + 1 where id = new.organization_id;
end;
create trigger membership_clients_epoch_delete after delete on membership_clients begin
  update organizations set epoch = epoch + 1 where id = old.organization_id;
end;
create trigger roles_epoch_insert after insert on roles begin
  update organizations set epoch = epoch + 1 where id = new.organization_id;
end;
create trigger roles_epoch_update after update on roles begin
  update organizations set epoch = epoch + 1 where id = new.organization_id;
end;
create trigger roles_epoch_delete after delete on roles begin
  update organizations set epoch = epoch + 1 where id = old.organization_id;
end;
create trigger assignments_epoch_insert after insert on assignments begin
  update organizations set epoch = epoch + 1 where id = new.organization_id;
end;
create trigger assignments_epoch_update after update on assignments begin
  update organizations set epoch = epoch + 1 where id = new.organization_id;
end;
create trigger assignments_epoch_delete after delete on assignments begin
  update organizations set epoch = epoch + 1 where id = old.organization_id;
end;
create trigger assignment_targets_epoch_insert after insert on assignment_targets begin
  update organizations set epoch = epoch + 1 where id = new.organization_id;
end;
create trigger assignment_targets_epoch_update after update on assignment_targets begin
  update organizations set epoch = epoch + 1 where id = new.organization_id;
end;
create trigger assignment_targets_epoch_delete after delete on assignment_targets begin
  update organizations set epoch = epoch + 1 where id = old.organization_id;
end;
