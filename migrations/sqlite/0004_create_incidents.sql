-- Incidents, the people involved in them, their history, and attachments.

create table incident_types (
  id blob primary key,
  organization_id blob not null references organizations (id),
  name text not null,
  archived integer not null default 0,
  unique (organization_id, name)
);

create table incidents (
  id blob primary key,
  organization_id blob not null references organizations (id),
  client_id blob not null,
  site_id blob not null references sites (id),
  area_id blob,
  team_id blob,
  number integer not null,
  reference text not null,
  kind text not null,
  severity integer not null,
  status integer not null,
  escalated integer not null default 0,
  source integer not null,
  title text not null,
  narrative text not null,
  public_details text not null,
  internal_notes text not null,
  place text not null default '',
  latitude real,
  longitude real,
  occurred_at integer not null,
  ended_at integer,
  reported_at integer not null,
  zone text not null,
  author_id blob,
  author_name text not null,
  author_role text not null,
  filed_by text not null default '',
  assignee_id blob,
  assignee_name text not null default '',
  visibility integer not null,
  author_may_edit integer not null,
  approval_required integer not null,
  approved_at integer,
  approved_by text,
  released_at integer,
  released_by text,
  closed integer not null default 0,
  archived integer not null default 0,
  search_public text not null,
  search_staff text not null,
  updated_at integer not null,
  version integer not null default 1,
  unique (organization_id, number)
);
create index incidents_by_time on incidents (organization_id, occurred_at desc, id desc);
create index incidents_by_site on incidents (organization_id, site_id, visibility, occurred_at desc, id desc);
create index incidents_by_client on incidents (organization_id, client_id, visibility, occurred_at desc, id desc);
create index incidents_by_area on incidents (organization_id, area_id, visibility, occurred_at desc, id desc);
create index incidents_by_team on incidents (organization_id, team_id, visibility, occurred_at desc, id desc);
create index incidents_by_author on incidents (organization_id, author_id, occurred_at desc, id desc);
create index incidents_by_assignee on incidents (organization_id, assignee_id, occurred_at desc, id desc);
create index incidents_by_status on incidents (organization_id, status, occurred_at desc, id desc);

create table incident_people (
  id blob primary key,
  organization_id blob not null,
  incident_id blob not null references incidents (id),
  name text not null,
  part integer not null,
  contact text not null default '',
  note text not null default ''
);
create index incident_people_by_incident on incident_people (organization_id, incident_id);

-- Every change: who, when, which fields, from what to what. Fields carry their class, so that history is shown by
-- the same rule as the record.
create table incident_changes (
  id blob primary key,
  organization_id blob not null,
  incident_id blob not null references incidents (id),
  at integer not null,
  membership_id blob,
  name text not null,
  role text not null,
  action text not null,
  detail text not null
);
create index incident_changes_by_incident on incident_changes (organization_id, incident_id, at desc, id desc);

create table attachments (
  id blob primary key,
  organization_id blob not null references organizations (id),
  resource text not null,
  record_id blob not null,
  class integer not null,
  name text not null,
  media_type text not null,
  bytes integer not null,
  width integer,
  height integer,
  digest blob not null,
  clean_digest blob not null,
  thumbnail_digest blob,
  taken_at integer,
  added_at integer not null,
  added_by blob,
  added_by_name text not null,
  archived integer not null default 0
);
create index attachments_by_record on attachments (organization_id, resource, record_id, added_at);

-- Progress of long work that may be interrupted and taken up again.
create table imports (
  organization_id blob not null references organizations (id),
  digest blob not null,
  resource text not null,
  next_row integer not null,
  rows_done integer not null,
  rows_refused integer not null,
  finished_at integer,
  updated_at integer not null,
  primary key (organization_id, resource, digest)
);
