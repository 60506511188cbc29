-- The schedule: shifts, templates of weeks, bans of workers from sites, and the organization's rules.

create table shifts (
  id blob primary key,
  organization_id blob not null references organizations (id),
  client_id blob not null,
  site_id blob not null references sites (id),
  area_id blob,
  team_id blob,
  client_name text not null,
  site_name text not null,
  zone text not null,
  post text not null default '',
  note text not null default '',
  starts_at integer not null,
  ends_at integer not null,
  break_minutes integer not null default 0,
  worker_id blob references workers (id),
  worker_name text not null default '',
  -- Whose shift it is, from the moment it is published: a draft is nobody's.
  assignee_id blob,
  author_id blob,
  author_name text not null,
  -- Who asked for it while it was open.
  requester_id blob,
  requester_name text not null default '',
  requester_worker blob,
  state integer not null,
  visibility integer not null,
  -- 1 when it cannot be claimed: somebody has it, or it was put away.
  closed integer not null,
  published_at integer,
  answered_at integer,
  answer_note text not null default '',
  reminded_at integer,
  archived integer not null default 0,
  archived_at integer,
  search text not null,
  search_people text not null default '',
  created_at integer not null,
  updated_at integer not null,
  version integer not null default 1
);
create index shifts_by_time on shifts (organization_id, starts_at desc, id desc);
create index shifts_by_site on shifts (organization_id, site_id, visibility, starts_at desc, id desc);
create index shifts_by_client on shifts (organization_id, client_id, visibility, starts_at desc, id desc);
create index shifts_by_area on shifts (organization_id, area_id, visibility, starts_at desc, id desc);
create index shifts_by_team on shifts (organization_id, team_id, visibility, starts_at desc, id desc);
create index shifts_by_worker on shifts (organization_id, worker_id, starts_at desc, id desc);
create index shifts_by_author on shifts (organization_id, author_id, starts_at desc, id desc);
create index shifts_by_assignee on shifts (organization_id, assignee_id, starts_at desc, id desc);
create index shifts_by_requester on shifts (organization_id, requester_id, starts_at desc, id desc);
create index shifts_to_remind on shifts (starts_at) where reminded_at is null and assignee_id is not null;

create table shift_templates (
  id blob primary key,
  organization_id blob not null references organizations (id),
  client_id blob not null,
  site_id blob not null references sites (id),
  area_id blob,
  site_name text not null,
  name text not null,
  search text not null,
  -- JSON: day of the week, local start and end, post, break, worker.
  lines text not null,
  archived integer not null default 0,
  archived_at integer,
  created_at integer not null,
  version integer not null default 1
);
create index shift_templates_by_search on shift_templates (organization_id, search, id);
create index shift_templates_by_site on shift_templates (organization_id, site_id, search, id);

create table site_bans (
  id blob primary key,
  organization_id blob not null references organizations (id),
  client_id blob not null,
  site_id blob not null references sites (id),
  area_id blob,
  site_name text not null,
  worker_id blob not null references workers (id),
  worker_name text not null,
  note text not null,
  banned_at integer not null,
  banned_by text not null,
  lifted_at integer,
  lifted_by text not null default '',
  lifted_note text not null default '',
  version integer not null default 1
);
create index site_bans_by_time on site_bans (organization_id, banned_at desc, id desc);
create index site_bans_by_site on site_bans (organization_id, site_id, banned_at desc, id desc);
create index site_bans_by_worker on site_bans (organization_id, worker_id, site_id);

create table shift_policies (
  organization_id blob primary key references organizations (id),
  double_booking integer not null,
  rest integer not null,
  rest_minutes integer not null,
  ban integer not null,
  claims_need_approval integer not null,
  version integer not null default 1
);
