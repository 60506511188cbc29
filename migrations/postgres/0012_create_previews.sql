-- Looking through somebody's eyes: a state of the looker's own session, never a session of the person looked at. And
-- what people ask to be let see.

create table previews (
  id uuid primary key,
  organization_id uuid not null references organizations (id),
  session_id uuid not null references sessions (id),
  asker_id uuid not null references memberships (id),
  -- Whose eyes: a member, or a role at targets that nobody need hold.
  member_id uuid references memberships (id),
  role_key text,
  targets text not null default '',
  whom text not null,
  reason text not null,
  back text not null,
  started_at bigint not null,
  ends_at bigint not null,
  stopped_at bigint
);
create index previews_by_session on previews (session_id, stopped_at);

-- The address stands as it was asked for, whether or not anything is there.
create table access_requests (
  id uuid primary key,
  organization_id uuid not null references organizations (id),
  membership_id uuid not null references memberships (id),
  name text not null,
  roles text not null,
  -- Where the asker stands: decides who may answer.
  client_id uuid,
  site_id uuid,
  team_id uuid,
  area_id uuid,
  path text not null,
  note text not null,
  state bigint not null default 0,
  created_at bigint not null,
  decided_at bigint,
  decided_by uuid,
  decided_name text not null default '',
  answer text not null default '',
  version bigint not null default 1
);
create index access_requests_by_time on access_requests (organization_id, created_at desc, id desc);
create index access_requests_by_client on access_requests (organization_id, client_id, created_at desc, id desc);
create index access_requests_by_site on access_requests (organization_id, site_id, created_at desc, id desc);
create index access_requests_by_team on access_requests (organization_id, team_id, created_at desc, id desc);
create index access_requests_by_area on access_requests (organization_id, area_id, created_at desc, id desc);
create index access_requests_by_member on access_requests (organization_id, membership_id, created_at desc, id desc);
