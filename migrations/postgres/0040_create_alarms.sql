-- Alarms: who is in need and where, what was done about it, and what a helper must know of people.

create table alarms (
  id uuid primary key,
  organization_id uuid not null references organizations (id),
  client_id uuid not null,
  site_id uuid not null references sites (id),
  area_id uuid,
  team_id uuid,
  client_name text not null,
  site_name text not null,
  zone text not null,
  author_id uuid not null,
  author_name text not null,
  side bigint not null,
  phone text not null default '',
  word text not null default '',
  latitude double precision,
  longitude double precision,
  accuracy_m double precision,
  -- By the phone's clock, put right; when it came here.
  raised_at bigint not null,
  received_at bigint not null,
  state bigint not null,
  closed bigint not null default 0,
  answered_at bigint,
  answered_id uuid,
  answered_name text not null default '',
  closed_at bigint,
  closed_name text not null default '',
  closing text not null default '',
  -- When it is called out again, while nobody has answered.
  again_at bigint,
  search text not null,
  search_people text not null,
  updated_at bigint not null,
  version bigint not null default 1
);
create index alarms_by_time on alarms (organization_id, raised_at desc, id desc);
create index alarms_by_site on alarms (organization_id, site_id, raised_at desc, id desc);
create index alarms_by_client on alarms (organization_id, client_id, raised_at desc, id desc);
create index alarms_by_area on alarms (organization_id, area_id, raised_at desc, id desc);
create index alarms_by_team on alarms (organization_id, team_id, raised_at desc, id desc);
create index alarms_by_author on alarms (organization_id, author_id, raised_at desc, id desc);
create index alarms_to_call on alarms (again_at) where again_at is not null;

create table alarm_moments (
  id uuid primary key,
  organization_id uuid not null references organizations (id),
  alarm_id uuid not null references alarms (id),
  kind bigint not null,
  at bigint not null,
  membership_id uuid,
  by_name text not null default '',
  note text not null default ''
);
create index alarm_moments_by_alarm on alarm_moments (organization_id, alarm_id, at, id);

create table emergency_cards (
  membership_id uuid primary key references memberships (id),
  organization_id uuid not null references organizations (id),
  phone text not null default '',
  contact_name text not null default '',
  contact_phone text not null default '',
  medical text not null default '',
  updated_at bigint not null
);
