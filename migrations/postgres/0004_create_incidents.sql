-- Incidents, the people involved in them, their history, and attachments.

create table incident_types (
  id uuid primary key,
  organization_id uuid not null references organizations (id),
  name text not null,
  archived bigint not null default 0,
  unique (organization_id, name)
);

create table incidents (
  id uuid primary key,
  organization_id uuid not null references organizations (id),
  client_id uuid not null,
  site_id uuid not null references sites (id),
  area_id uuid,
  team_id uuid,
  number bigint not null,
  reference text not null,
  kind text not null,
  severity bigint not null,
  status bigint not null,
  escalated bigint not null default 0,
  source bigint not null,
  title text not null,
  narrative text not null,
  public_details text not null,
  internal_notes text not null,
  place text not null default '',
  latitude double precision,
  longitude double precision,
  occurred_at bigint not null,
  ended_at bigint,
  reported_at bigint not null,
  zone text not null,
  author_id uuid,
  author_name text not null,
  author_role text not null,
  filed_by text not null default '',
  assignee_id uuid,
  assignee_name text not null default '',
  visibility bigint not null,
  author_may_edit bigint not null,
  approval_required bigint not null,
  approved_at bigint,
  approved_by text,
  released_at bigint,
  released_by text,
  closed bigint not null default 0,
  archived bigint not null default 0,
  search_public text not null,
  search_staff text not null,
  updated_at bigint not null,
  version bigint not null default 1,
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
  id uuid primary key,
  organization_id uuid not null,
  incident_id uuid not null references incidents (id),
  name text not null,
  part bigint not null,
  contact text not null default '',
  note text not null default ''
);
create index incident_people_by_incident on incident_people (organization_id, incident_id);

-- Every change: who, when, which fields, from what to what. Fields carry their class, so that history is shown by
-- the same rule as the record.
create table incident_changes (
  id uuid primary key,
  organization_id uuid not null,
  incident_id uuid not null references incidents (id),
  at bigint not null,
  membership_id uuid,
  name text not null,
  role text not null,
  action text not null,
  detail text not null
);
create index incident_changes_by_incident on incident_changes (organization_id, incident_id, at desc, id desc);

create table attachments (
  id uuid primary key,
  organization_id uuid not null references organizations (id),
  resource text not null,
  record_id uuid not null,
  class bigint not null,
  name text not null,
  media_type text not null,
  bytes bigint not null,
  width bigint,
  height bigint,
  digest bytea not null,
  clean_digest bytea not null,
  thumbnail_digest bytea,
  taken_at bigint,
  added_at bigint not null,
  added_by uuid,
  added_by_name text not null,
  archived bigint not null default 0
);
create index attachments_by_record on attachments (organization_id, resource, record_id, added_at);

-- Progress of long work that may be interrupted and taken up again.
create table imports (
  organization_id uuid not null references organizations (id),
  digest bytea not null,
  resource text not null,
  next_row bigint not null,
  rows_done bigint not null,
  rows_refused bigint not null,
  finished_at bigint,
  updated_at bigint not null,
  primary key (organization_id, resource, digest)
);

create statistics incidents_keys (dependencies) on organization_id, client_id, site_id from incidents;
