-- Clients, areas, teams, sites, workers.

create table clients (
  id blob primary key,
  organization_id blob not null references organizations (id),
  name text not null,
  search text not null,
  contact_name text not null default '',
  contact_email text not null default '',
  phone text not null default '',
  address text not null default '',
  notes text not null default '',
  emergency_access integer not null default 0,
  archived integer not null default 0,
  archived_at integer,
  created_at integer not null,
  version integer not null default 1,
  unique (organization_id, name)
);
create index clients_by_search on clients (organization_id, search, id);

create table areas (
  id blob primary key,
  organization_id blob not null references organizations (id),
  name text not null,
  search text not null,
  archived integer not null default 0,
  archived_at integer,
  created_at integer not null,
  version integer not null default 1,
  unique (organization_id, name)
);
create index areas_by_search on areas (organization_id, search, id);

create table teams (
  id blob primary key,
  organization_id blob not null references organizations (id),
  name text not null,
  search text not null,
  kind integer not null,
  archived integer not null default 0,
  archived_at integer,
  created_at integer not null,
  version integer not null default 1,
  unique (organization_id, name)
);
create index teams_by_search on teams (organization_id, search, id);

create table sites (
  id blob primary key,
  organization_id blob not null references organizations (id),
  client_id blob not null references clients (id),
  area_id blob references areas (id),
  kind integer not null,
  name text not null,
  search text not null,
  code text not null default '',
  address text not null default '',
  zone text not null,
  latitude real,
  longitude real,
  fence text,
  instructions text not null default '',
  approval_required integer not null default 0,
  editable_by_author integer not null default 0,
  send_daily_report integer not null default 0,
  archived integer not null default 0,
  archived_at integer,
  created_at integer not null,
  version integer not null default 1,
  unique (organization_id, client_id, name)
);
create index sites_by_search on sites (organization_id, search, id);
create index sites_by_client on sites (organization_id, client_id, search, id);
create index sites_by_area on sites (organization_id, area_id, search, id);

create table workers (
  id blob primary key,
  organization_id blob not null references organizations (id),
  team_id blob references teams (id),
  client_id blob references clients (id),
  membership_id blob references memberships (id),
  name text not null,
  search text not null,
  email text not null default '',
  phone text not null default '',
  employee_number text not null default '',
  notes text not null default '',
  archived integer not null default 0,
  archived_at integer,
  created_at integer not null,
  version integer not null default 1
);
create index workers_by_search on workers (organization_id, search, id);
create index workers_by_team on workers (organization_id, team_id, search, id);
create index workers_by_membership on workers (organization_id, membership_id);

-- A site that changes hands or area moves the epoch.
create trigger sites_epoch_insert after insert on sites begin
  update organizations set epoch = epoch + 1 where id = new.organization_id;
end;
create trigger sites_epoch_update after update of client_id, area_id on sites begin
  update organizations set epoch = epoch + 1 where id = new.organization_id;
end;
create trigger sites_epoch_delete after delete on sites begin
  update organizations set epoch = epoch + 1 where id = old.organization_id;
end;
