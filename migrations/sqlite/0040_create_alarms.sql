-- Alarms: who is in need and where, what was done about it, and what a helper must know of people.

create table alarms (
  id blob primary key,
  organization_id blob not null references organizations (id),
  client_id blob not null,
  site_id blob not null references sites (id),
  area_id blob,
  team_id blob,
  client_name text not null,
  site_name text not null,
  zone text not null,
  author_id blob not null,
  author_name text not null,
  side integer not null,
  phone text not null default '',
  word text not null default '',
  latitude real,
  longitude real,
  accuracy_m real,
  -- By the phone's clock, put right; when it came here.
  raised_at integer not null,
  received_at integer not null,
  state integer not null,
  closed integer not null default 0,
  answered_at integer,
  answered_id blob,
  answered_name text not null default '',
  closed_at integer,
  closed_name text not null default '',
  closing text not null default '',
  -- When it is called out again, while nobody has answered.
  again_at integer,
  search text not null,
  search_people text not null,
  updated_at integer not null,
  version integer not null default 1
);
create index alarms_by_time on alarms (organization_id, raised_at desc, id desc);
create index alarms_by_site on alarms (organization_id, site_id, raised_at desc, id desc);
create index alarms_by_client on alarms (organization_id, client_id, raised_at desc, id desc);
create index alarms_by_area on alarms (organization_id, area_id, raised_at desc, id desc);
create index alarms_by_team on alarms (organization_id, team_id, raised_at desc, id desc);
create index alarms_by_author on alarms (organization_id, author_id, raised_at desc, id desc);
create index alarms_to_call on alarms (again_at) where again_at is not null;

create table alarm_moments (
  id blob primary key,
  organization_id blob not null references organizations (id),
  alarm_id blob not null references alarms (id),
  kind integer not null,
  at integer not null,
  membership_id blob,
  by_name text not null default '',
  note text not null default ''
);
create index alarm_moments_by_alarm on alarm_moments (organization_id, alarm_id, at, id);

create table emergency_cards (
  membership_id blob primary key references memberships (id),
  organization_id blob not null references organizations (id),
  phone text not null default '',
  contact_name text not null default '',
  contact_phone text not null default '',
  medical text not null default '',
  updated_at integer not null
);
