-- Looking through somebody's eyes: a state of the looker's own session, never a session of the person looked at. And
-- what people ask to be let see.

create table previews (
  id blob not null primary key,
  organization_id blob not null references organizations (id),
  session_id blob not null references sessions (id),
  asker_id blob not null references memberships (id),
  -- Whose eyes: a member, or a role at targets that nobody need hold.
  member_id blob references memberships (id),
  role_key text,
  targets text not null default '',
  whom text not null,
  reason text not null,
  back text not null,
  started_at integer not null,
  ends_at integer not null,
  stopped_at integer
) strict;
create index previews_by_session on previews (session_id, stopped_at);

-- The address stands as it was asked for, whether or not anything is there.
create table access_requests (
  id blob not null primary key,
  organization_id blob not null references organizations (id),
  membership_id blob not null references memberships (id),
  name text not null,
  roles text not null,
  -- Where the asker stands: decides who may answer.
  client_id blob,
  site_id blob,
  team_id blob,
  area_id blob,
  path text not null,
  note text not null,
  state integer not null default 0,
  created_at integer not null,
  decided_at integer,
  decided_by blob,
  decided_name text not null default '',
  answer text not null default '',
  version integer not null default 1
) strict;
create index access_requests_by_time on access_requests (organization_id, created_at desc, id desc);
create index access_requests_by_client on access_requests (organization_id, client_id, created_at desc, id desc);
create index access_requests_by_site on access_requests (organization_id, site_id, created_at desc, id desc);
create index access_requests_by_team on access_requests (organization_id, team_id, created_at desc, id desc);
create index access_requests_by_area on access_requests (organization_id, area_id, created_at desc, id desc);
create index access_requests_by_member on access_requests (organization_id, membership_id, created_at desc, id desc);
