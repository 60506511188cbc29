-- Attendance: entries from clocking in to clocking out, the punches they follow from, and corrections.

create table time_entries (
  id blob primary key,
  organization_id blob not null references organizations (id),
  client_id blob not null,
  site_id blob not null references sites (id),
  area_id blob,
  team_id blob,
  client_name text not null,
  site_name text not null,
  zone text not null,
  worker_id blob not null references workers (id),
  worker_name text not null,
  assignee_id blob,
  shift_id blob references shifts (id),
  shift_starts_at integer,
  shift_ends_at integer,
  -- The phone's own word for one attendance, so that punches find each other in whatever order they arrive.
  attendance text not null,
  started_at integer not null,
  ended_at integer,
  break_minutes integer not null default 0,
  state integer not null,
  -- 1 when a punch was made away from the site, or nobody knows where.
  outside integer not null default 0,
  forced integer not null default 0,
  corrected integer not null default 0,
  note text not null default '',
  search text not null,
  search_people text not null,
  created_at integer not null,
  updated_at integer not null,
  version integer not null default 1,
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
  id blob primary key,
  organization_id blob not null references organizations (id),
  entry_id blob not null references time_entries (id),
  membership_id blob,
  by_name text not null,
  kind integer not null,
  -- The instant that counts, the phone's instant, the server's.
  at integer not null,
  device_at integer,
  server_at integer not null,
  skew_seconds integer not null default 0,
  source integer not null,
  latitude real,
  longitude real,
  accuracy_m real,
  distance_m real,
  inside integer,
  reason text not null default '',
  device text not null default '',
  key text not null,
  unique (organization_id, membership_id, key)
);
create index punches_by_entry on punches (organization_id, entry_id, at);

create table time_corrections (
  id blob primary key,
  organization_id blob not null references organizations (id),
  entry_id blob not null references time_entries (id),
  at integer not null,
  membership_id blob,
  by_name text not null,
  by_role text not null,
  note text not null,
  started_before integer not null,
  ended_before integer,
  break_before integer not null,
  started_after integer not null,
  ended_after integer,
  break_after integer not null
);
create index time_corrections_by_entry on time_corrections (organization_id, entry_id, at);
