-- Organizations, people, roles given to them, sign-in, journal. Every row that belongs to a tenant leads its keys
-- with organization_id. Instants are microseconds since 1970 in UTC.

create table organizations (
  id uuid primary key,
  name text not null,
  hue bigint not null default 215,
  zone text not null default 'UTC',
  details text not null default '',
  require_static_site bigint not null default 1,
  refuse_staff_email bigint not null default 1,
  epoch bigint not null default 1,
  created_at bigint not null
);

create table organization_features (
  organization_id uuid not null references organizations (id),
  feature bigint not null,
  from_at bigint,
  until_at bigint,
  primary key (organization_id, feature)
);

-- A row is "on".
create table organization_switches (
  organization_id uuid not null references organizations (id),
  switch bigint not null,
  set_at bigint not null,
  primary key (organization_id, switch)
);

create table accounts (
  id uuid primary key,
  email text not null unique,
  name text not null,
  password_hash text,
  created_at bigint not null,
  archived_at bigint
);

create table memberships (
  id uuid primary key,
  organization_id uuid not null references organizations (id),
  account_id uuid not null references accounts (id),
  audience bigint not null,
  name text not null,
  search text not null,
  client_id uuid,
  site_id uuid,
  team_id uuid,
  area_id uuid,
  subcontractor bigint not null default 0,
  share_all bigint not null default 0,
  live_clock_ins bigint not null default 0,
  active bigint not null default 1,
  created_at bigint not null,
  created_by uuid,
  seen_at bigint,
  version bigint not null default 1,
  unique (organization_id, account_id, audience)
);
create index memberships_by_account on memberships (account_id);
create index memberships_by_search on memberships (organization_id, search, id);
create index memberships_by_client on memberships (organization_id, client_id, search, id);
create index memberships_by_site on memberships (organization_id, site_id, search, id);
create index memberships_by_team on memberships (organization_id, team_id, search, id);

create table membership_clients (
  organization_id uuid not null references organizations (id),
  membership_id uuid not null references memberships (id),
  client_id uuid not null,
  primary key (organization_id, membership_id, client_id)
);

-- Custom roles; built-in ones are a file of the program.
create table roles (
  id uuid primary key,
  organization_id uuid not null references organizations (id),
  key text not null,
  written text not null,
  archived_at bigint,
  version bigint not null default 1,
  created_at bigint not null,
  unique (organization_id, key)
);

create table assignments (
  id uuid primary key,
  organization_id uuid not null references organizations (id),
  membership_id uuid not null references memberships (id),
  role_key text not null,
  from_at bigint,
  until_at bigint,
  granted_by uuid,
  granted_at bigint not null
);
create index assignments_by_membership on assignments (organization_id, membership_id);

create table assignment_targets (
  organization_id uuid not null references organizations (id),
  assignment_id uuid not null references assignments (id) on delete cascade,
  dimension bigint not null,
  target_id uuid not null,
  primary key (organization_id, assignment_id, dimension, target_id)
);
create index assignment_targets_by_target on assignment_targets (organization_id, dimension, target_id);

create table invitations (
  id uuid primary key,
  organization_id uuid not null references organizations (id),
  email text not null,
  name text not null,
  audience bigint not null,
  role_key text not null,
  targets text not null,
  client_id uuid,
  site_id uuid,
  team_id uuid,
  area_id uuid,
  digest bytea not null unique,
  created_at bigint not null,
  created_by uuid,
  sent_at bigint not null,
  expires_at bigint not null,
  accepted_at bigint,
  revoked_at bigint,
  version bigint not null default 1
);
create index invitations_by_time on invitations (organization_id, created_at desc, id desc);

create table sessions (
  id uuid primary key,
  digest bytea not null unique,
  account_id uuid not null references accounts (id),
  membership_id uuid references memberships (id),
  created_at bigint not null,
  seen_at bigint not null,
  expires_at bigint not null,
  revoked_at bigint,
  agent text not null,
  address text not null
);
create index sessions_by_account on sessions (account_id, created_at desc);

create table password_resets (
  digest bytea primary key,
  account_id uuid not null references accounts (id),
  created_at bigint not null,
  expires_at bigint not null,
  used_at bigint
);

-- Attempts by what is being guessed; the key is a digest, never an address in the clear.
create table throttles (
  key bytea primary key,
  attempts bigint not null,
  window_at bigint not null
);

create table api_tokens (
  id uuid primary key,
  organization_id uuid not null references organizations (id),
  membership_id uuid not null references memberships (id),
  name text not null,
  digest bytea not null unique,
  scopes text not null,
  created_at bigint not null,
  expires_at bigint not null,
  used_at bigint,
  revoked_at bigint
);
create index api_tokens_by_membership on api_tokens (organization_id, membership_id, created_at desc, id desc);

create table counters (
  organization_id uuid not null references organizations (id),
  name text not null,
  value bigint not null,
  primary key (organization_id, name)
);

create table idempotency (
  organization_id uuid not null,
  membership_id uuid not null,
  key text not null,
  digest bytea not null,
  status bigint not null,
  location text,
  body text not null,
  created_at bigint not null,
  primary key (organization_id, membership_id, key)
);

-- The audit journal: append only, each line sealed over the one before it.
create table journal_heads (
  organization_id uuid primary key references organizations (id),
  sequence bigint not null,
  hash bytea not null
);

create table journal (
  id uuid primary key,
  organization_id uuid not null,
  sequence bigint not null,
  at bigint not null,
  account_id uuid,
  membership_id uuid,
  name text not null,
  roles text not null,
  action text not null,
  resource text not null,
  record_id uuid,
  label text not null,
  detail text not null,
  address text not null,
  hash bytea not null,
  unique (organization_id, sequence)
);
create index journal_by_record on journal (organization_id, record_id, sequence desc);
create index journal_by_time on journal (organization_id, at desc, id desc);

-- Messages that left or wait to leave. The outbox that a change commits together with.
create table mails (
  id uuid primary key,
  organization_id uuid,
  recipient text not null,
  subject text not null,
  html text not null,
  plain text not null,
  why text not null,
  state bigint not null default 0,
  attempts bigint not null default 0,
  next_at bigint not null,
  leased_until bigint,
  sent_at bigint,
  error text,
  created_at bigint not null
);
create index mails_waiting on mails (state, next_at);
create index mails_by_time on mails (organization_id, created_at desc, id desc);

-- Whatever bears on what somebody may do moves the organization's epoch in the same transaction, so the next
-- request on any node decides anew (law 5).
create function bump_epoch() returns trigger language plpgsql as $$
begin
  update organizations set epoch = epoch + 1 where id = case when tg_op = 'DELETE' then old.organization_id else new.organization_id end;
  return null;
end $$;
create trigger organization_features_epoch after insert or update or delete on organization_features
  for each row execute function bump_epoch();
create trigger organization_switches_epoch after insert or update or delete on organization_switches
  for each row execute function bump_epoch();
create trigger memberships_epoch after insert or update of audience, client_id, subcontractor, share_all, live_clock_ins, active or delete on memberships
  for each row execute function bump_epoch();
create trigger membership_clients_epoch after insert or update or delete on membership_clients
  for each row execute function bump_epoch();
create trigger roles_epoch after insert or update or delete on roles
  for each row execute function bump_epoch();
create trigger assignments_epoch after insert or update or delete on assignments
  for each row execute function bump_epoch();
create trigger assignment_targets_epoch after insert or update or delete on assignment_targets
  for each row execute function bump_epoch();
