-- Checkpoint reports: walks of tours with what was scanned, and windows in which nobody walked.

create table checkpoint_reports (
  id uuid primary key,
  organization_id uuid not null references organizations (id),
  client_id uuid not null,
  site_id uuid not null references sites (id),
  area_id uuid,
  team_id uuid,
  client_name text not null,
  site_name text not null,
  zone text not null,
  tour_id uuid references tours (id),
  tour_name text not null,
  ordered bigint not null default 0,
  least_seconds bigint not null default 0,
  -- The one walk of a window: when the window begins; empty for a second walk in it.
  slot bigint,
  due_from bigint,
  due_until bigint,
  -- When it began; where nobody walked, when it was due.
  at bigint not null,
  started_at bigint,
  -- The walker said that it is over.
  stopped_at bigint,
  ended_at bigint,
  closes_at bigint not null,
  state bigint not null,
  exceptions bigint not null default 0,
  exceptional bigint not null default 0,
  stops bigint not null default 0,
  scanned bigint not null default 0,
  visibility bigint not null,
  released_at bigint,
  released_by text not null default '',
  note text not null default '',
  walker_name text not null default '',
  walker_roles text not null default '',
  assignee_id uuid,
  -- The phone's own word for one walk.
  word text not null,
  search text not null,
  search_people text not null default '',
  created_at bigint not null,
  updated_at bigint not null,
  version bigint not null default 1,
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
  report_id uuid not null references checkpoint_reports (id),
  organization_id uuid not null references organizations (id),
  position bigint not null,
  checkpoint_id uuid not null references checkpoints (id),
  name text not null,
  instructions text not null default '',
  question text not null default '',
  latitude double precision,
  longitude double precision,
  radius_m double precision not null,
  primary key (report_id, position)
);

create table scans (
  id uuid primary key,
  organization_id uuid not null references organizations (id),
  report_id uuid not null references checkpoint_reports (id),
  checkpoint_id uuid not null references checkpoints (id),
  checkpoint_name text not null,
  membership_id uuid,
  by_name text not null,
  method bigint not null,
  -- The instant that counts, the phone's instant, the server's.
  at bigint not null,
  device_at bigint,
  server_at bigint not null,
  skew_seconds bigint not null default 0,
  latitude double precision,
  longitude double precision,
  accuracy_m double precision,
  distance_m double precision,
  near bigint,
  answer text not null default '',
  device text not null default '',
  key text not null,
  unique (organization_id, membership_id, key)
);
create index scans_by_report on scans (organization_id, report_id, at);
