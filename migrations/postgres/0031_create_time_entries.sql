-- Attendance: entries from clocking in to clocking out, the punches they follow from, and corrections.

create table time_entries (
  id uuid primary key,
  organization_id uuid not null references organizations (id),
  client_id uuid not null,
  site_id uuid not null references sites (id),
  area_id uuid,
  team_id uuid,
  client_name text not null,
  site_name text not null,
  zone text not null,
  worker_id uuid not null references workers (id),
  worker_name text not null,
  assignee_id uuid,
  shift_id uuid references shifts (id),
  shift_starts_at bigint,
  shift_ends_at bigint,
  -- The phone's own word for one attendance, so that punches find each other in whatever order they arrive.
  attendance text not null,
  started_at bigint not null,
  ended_at bigint,
  break_minutes bigint not null default 0,
  state bigint not null,
  -- 1 when a punch was made away from the site, or nobody knows where.
  outside bigint not null default 0,
  forced bigint not null default 0,
  corrected bigint not null default 0,
  note text not null default '',
  search text not null,
  search_people text not null,
  created_at bigint not null,
  updated_at bigint not null,
  version bigint not null default 1,
  unique (organization_id, worker_id, attendance)
);
create index time_entries_by_time on time_entries (organization_id, started_at desc, id desc);
create index time_entries_by_site on time_entries (organization_id, site_id, started_at desc, id desc);
create index time_entries_by_client on time_entries (organization_id, client_id, started_at desc, id desc);
create index time_entries_by_area on time_entries (organization_id, area_id, started_at desc, id desc);
create index time_entries_by_team on time_entries (organization_id, team_id, started_at desc, id desc);
create index time_entries_by_assignee on time_entries (organization_id, assignee_id, started_at desc, id desc);
create index time_entries_by_worker on time_entries (organization_id, worker_id, started_at desc, id desc);
create index time_entries_by_shift on time_entries (organization_id, shift_id);

create table punches (
  id uuid primary key,
  organization_id uuid not null references organizations (id),
  entry_id uuid not null references time_entries (id),
  membership_id uuid,
  by_name text not null,
  kind bigint not null,
  -- The instant that counts, the phone's instant, the server's.
  at bigint not null,
  device_at bigint,
  server_at bigint not null,
  skew_seconds bigint not null default 0,
  source bigint not null,
  latitude double precision,
  longitude double precision,
  accuracy_m double precision,
  distance_m double precision,
  inside bigint,
  reason text not null default '',
  device text not null default '',
  key text not null,
  unique (organization_id, membership_id, key)
);
create index punches_by_entry on punches (organization_id, entry_id, at);

create table time_corrections (
  id uuid primary key,
  organization_id uuid not null references organizations (id),
  entry_id uuid not null references time_entries (id),
  at bigint not null,
  membership_id uuid,
  by_name text not null,
  by_role text not null,
  note text not null,
  started_before bigint not null,
  ended_before bigint,
  break_before bigint not null,
  started_after bigint not null,
  ended_after bigint,
  break_after bigint not null
);
create index time_corrections_by_entry on time_corrections (organization_id, entry_id, at);
