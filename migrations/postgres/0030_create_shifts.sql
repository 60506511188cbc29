-- The schedule: shifts, templates of weeks, bans of workers from sites, and the organization's rules.

create table shifts (
  id uuid primary key,
  organization_id uuid not null references organizations (id),
  client_id uuid not null,
  site_id uuid not null references sites (id),
  area_id uuid,
  team_id uuid,
  client_name text not null,
  site_name text not null,
  zone text not null,
  post text not null default '',
  note text not null default '',
  starts_at bigint not null,
  ends_at bigint not null,
  break_minutes bigint not null default 0,
  worker_id uuid references workers (id),
  worker_name text not null default '',
  -- Whose shift it is, from the moment it is published: a draft is nobody's.
  assignee_id uuid,
  author_id uuid,
  author_name text not null,
  -- Who asked for it while it was open.
  requester_id uuid,
  requester_name text not null default '',
  requester_worker uuid,
  state bigint not null,
  visibility bigint not null,
  -- 1 when it cannot be claimed: somebody has it, or it was put away.
  closed bigint not null,
  published_at bigint,
  answered_at bigint,
  answer_note text not null default '',
  reminded_at bigint,
  archived bigint not null default 0,
  archived_at bigint,
  search text not null,
  search_people text not null default '',
  created_at bigint not null,
  updated_at bigint not null,
  version bigint not null default 1
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
  id uuid primary key,
  organization_id uuid not null references organizations (id),
  client_id uuid not null,
  site_id uuid not null references sites (id),
  area_id uuid,
  site_name text not null,
  name text not null,
  search text not null,
  -- JSON: day of the week, local start and end, post, break, worker.
  lines text not null,
  archived bigint not null default 0,
  archived_at bigint,
  created_at bigint not null,
  version bigint not null default 1
);
create index shift_templates_by_search on shift_templates (organization_id, search, id);
create index shift_templates_by_site on shift_templates (organization_id, site_id, search, id);

create table site_bans (
  id uuid primary key,
  organization_id uuid not null references organizations (id),
  client_id uuid not null,
  site_id uuid not null references sites (id),
  area_id uuid,
  site_name text not null,
  worker_id uuid not null references workers (id),
  worker_name text not null,
  note text not null,
  banned_at bigint not null,
  banned_by text not null,
  lifted_at bigint,
  lifted_by text not null default '',
  lifted_note text not null default '',
  version bigint not null default 1
);
create index site_bans_by_time on site_bans (organization_id, banned_at desc, id desc);
create index site_bans_by_site on site_bans (organization_id, site_id, banned_at desc, id desc);
create index site_bans_by_worker on site_bans (organization_id, worker_id, site_id);

create table shift_policies (
  organization_id uuid primary key references organizations (id),
  double_booking bigint not null,
  rest bigint not null,
  rest_minutes bigint not null,
  ban bigint not null,
  claims_need_approval bigint not null,
  version bigint not null default 1
);
