-- Clients, areas, teams, sites, workers.

create table clients (
  id uuid primary key,
  organization_id uuid not null references organizations (id),
  name text not null,
  search text not null,
  contact_name text not null default '',
  contact_email text not null default '',
  phone text not null default '',
  address text not null default '',
  notes text not null default '',
  emergency_access bigint not null default 0,
  archived bigint not null default 0,
  archived_at bigint,
  created_at bigint not null,
  version bigint not null default 1,
  unique (organization_id, name)
);
create index clients_by_search on clients (organization_id, search, id);

create table areas (
  id uuid primary key,
  organization_id uuid not null references organizations (id),
  name text not null,
  search text not null,
  archived bigint not null default 0,
  archived_at bigint,
  created_at bigint not null,
  version bigint not null default 1,
  unique (organization_id, name)
);
create index areas_by_search on areas (organization_id, search, id);

create table teams (
  id uuid primary key,
  organization_id uuid not null references organizations (id),
  name text not null,
  search text not null,
  kind bigint not null,
  archived bigint not null default 0,
  archived_at bigint,
  created_at bigint not null,
  version bigint not null default 1,
  unique (organization_id, name)
);
create index teams_by_search on teams (organization_id, search, id);

create table sites (
  id uuid primary key,
  organization_id uuid not null references organizations (id),
  client_id uuid not null references clients (id),
  area_id uuid references areas (id),
  kind bigint not null,
  name text not null,
  search text not null,
  code text not null default '',
  address text not null default '',
  zone text not null,
  latitude double precision,
  longitude double precision,
  fence text,
  instructions text not null default '',
  approval_required bigint not null default 0,
  editable_by_author bigint not null default 0,
  send_daily_report bigint not null default 0,
  archived bigint not null default 0,
  archived_at bigint,
  created_at bigint not null,
  version bigint not null default 1,
  unique (organization_id, client_id, name)
);
create index sites_by_search on sites (organization_id, search, id);
create index sites_by_client on sites (organization_id, client_id, search, id);
create index sites_by_area on sites (organization_id, area_id, search, id);

create table workers (
  id uuid primary key,
  organization_id uuid not null references organizations (id),
  team_id uuid references teams (id),
  client_id uuid references clients (id),
  membership_id uuid references memberships (id),
  name text not null,
  search text not null,
  email text not null default '',
  phone text not null default '',
  employee_number text not null default '',
  notes text not null default '',
  archived bigint not null default 0,
  archived_at bigint,
  created_at bigint not null,
  version bigint not null default 1
);
create index workers_by_search on workers (organization_id, search, id);
create index workers_by_team on workers (organization_id, team_id, search, id);
create index workers_by_membership on workers (organization_id, membership_id);

-- A site that changes hands or area moves the epoch.
create trigger sites_epoch after insert or update of client_id, area_id or delete on sites
  for each row execute function bump_epoch();
