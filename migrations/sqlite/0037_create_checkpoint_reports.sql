-- Checkpoint reports: walks of tours with what was scanned, and windows in which nobody walked.

create table checkpoint_reports (
  id blob primary key,
  organization_id blob not null references organizations (id),
  client_id blob not null,
  site_id blob not null references sites (id),
  area_id blob,
  team_id blob,
  client_name text not null,
  site_name text not null,
  zone text not null,
  tour_id blob references tours (id),
  tour_name text not null,
  ordered integer not null default 0,
  least_seconds integer not null default 0,
  -- The one walk of a window: when the window begins; empty for a second walk in it.
  slot integer,
  due_from integer,
  due_until integer,
  -- When it began; where nobody walked, when it was due.
  at integer not null,
  started_at integer,
  -- The walker said that it is over.
  stopped_at integer,
  ended_at integer,
  closes_at integer not null,
  state integer not null,
  exceptions integer not null default 0,
  exceptional integer not null default 0,
  stops integer not null default 0,
  scanned integer not null default 0,
  visibility integer not null,
  released_at integer,
  released_by text not null default '',
  note text not null default '',
  walker_name text not null default '',
  walker_roles text not null default '',
  assignee_id blob,
  -- The phone's own word for one walk.
  word text not null,
  search text not null,
  search_people text not null default '',
  created_at integer not null,
  updated_at integer not null,
  version integer not null default 1,
  unique (organization_id, tour_id, slot),
  unique (organization_id, assignee_id, word)
);
create index checkpoint_reports_by_time on checkpoint_reports (organization_id, visibility, at desc, id desc);
create index checkpoint_reports_by_site on checkpoint_reports (organization_id, site_id, visibility, at desc, id desc);
create index checkpoint_reports_by_client on checkpoint_reports (organization_id, client_id, visibility, at desc, id desc);
create index checkpoint_reports_by_area on checkpoint_reports (organization_id, area_id, visibility, at desc, id desc);
create index checkpoint_reports_by_team on checkpoint_reports (organization_id, team_id, visibility, at desc, id desc);
create index checkpoint_reports_by_walker on checkpoint_reports (organization_id, assignee_id, at desc, id desc);
create index checkpoint_reports_by_tour on checkpoint_reports (organization_id, tour_id, at desc, id desc);
create index checkpoint_reports_open on checkpoint_reports (state, closes_at);

-- The stops as they were when the walk began.
create table report_stops (
  report_id blob not null references checkpoint_reports (id),
  organization_id blob not null references organizations (id),
  position integer not null,
  checkpoint_id blob not null references checkpoints (id),
  name text not null,
  instructions text not null default '',
  question text not null default '',
  latitude real,
  longitude real,
  radius_m real not null,
  primary key (report_id, position)
);

create table scans (
  id blob primary key,
  organization_id blob not null references organizations (id),
  report_id blob not null references checkpoint_reports (id),
  checkpoint_id blob not null references checkpoints (id),
  checkpoint_name text not null,
  membership_id blob,
  by_name text not null,
  method integer not null,
  -- The instant that counts, the phone's instant, the server's.
  at integer not null,
  device_at integer,
  server_at integer not null,
  skew_seconds integer not null default 0,
  latitude real,
  longitude real,
  accuracy_m real,
  distance_m real,
  near integer,
  answer text not null default '',
  device text not null default '',
  key text not null,
  unique (organization_id, membership_id, key)
);
create index scans_by_report on scans (organization_id, report_id, at);
