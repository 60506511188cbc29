-- Accounts that are saved before they are invited, contractors, and since when a site's report options hold.

-- 0 saved: holds its rights, cannot sign in; 1 invited: nor can it yet; 2 joined: somebody accepted.
alter table memberships add column entry bigint not null default 2;

-- An invitation to a membership that is there already.
alter table invitations add column membership_id uuid;
create index invitations_by_membership on invitations (organization_id, membership_id);

-- Since when the report options are as they are; null while nobody changed them.
alter table sites add column report_options_at bigint;

-- Outside companies that do work. A guest belongs to one client; a subcontractor to the organization. Each has a team,
-- by which work is given to it and its people are told apart from everybody else's.
create table contractors (
  id uuid not null primary key,
  organization_id uuid not null references organizations (id),
  kind bigint not null,
  client_id uuid references clients (id),
  team_id uuid not null references teams (id),
  name text not null,
  search text not null,
  contact_name text not null default '',
  contact_email text not null default '',
  phone text not null default '',
  archived bigint not null default 0,
  archived_at bigint,
  created_at bigint not null,
  version bigint not null default 1,
  unique (organization_id, client_id, name)
);
create index contractors_by_search on contractors (organization_id, search, id);
create index contractors_by_client on contractors (organization_id, client_id, search, id);
create unique index contractors_by_team on contractors (organization_id, team_id);
