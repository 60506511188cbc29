-- Timesheets: lines of hours to be paid, and what was done to them.

create table timesheets (
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
  worker_id uuid not null references workers (id),
  worker_name text not null,
  assignee_id uuid,
  -- The shift whose planned hours stand here, the attendance whose punches do. Each makes one line.
  shift_id uuid references shifts (id),
  entry_id uuid references time_entries (id),
  -- When work was to begin or, without a plan, began. The line's place in time; it never changes.
  starts_at bigint not null,
  planned_starts_at bigint,
  planned_ends_at bigint,
  planned_break_minutes bigint,
  actual_starts_at bigint,
  actual_ends_at bigint,
  actual_break_minutes bigint,
  paid_starts_at bigint,
  paid_ends_at bigint,
  paid_break_minutes bigint,
  basis bigint not null,
  state bigint not null,
  visibility bigint not null,
  note text not null default '',
  -- What the client side said.
  answer text not null default '',
  decided_at bigint,
  decided_by text not null default '',
  decided_role text not null default '',
  search text not null,
  search_people text not null,
  created_at bigint not null,
  updated_at bigint not null,
  version bigint not null default 1,
  unique (organization_id, shift_id),
  unique (organization_id, entry_id)
);
create index timesheets_by_time on timesheets (organization_id, starts_at desc, id desc);
create index timesheets_by_site on timesheets (organization_id, site_id, visibility, starts_at desc, id desc);
create index timesheets_by_client on timesheets (organization_id, client_id, visibility, starts_at desc, id desc);
create index timesheets_by_area on timesheets (organization_id, area_id, visibility, starts_at desc, id desc);
create index timesheets_by_team on timesheets (organization_id, team_id, visibility, starts_at desc, id desc);
create index timesheets_by_assignee on timesheets (organization_id, assignee_id, starts_at desc, id desc);
create index timesheets_by_worker on timesheets (organization_id, worker_id, starts_at desc, id desc);

create table timesheet_changes (
  id uuid primary key,
  organization_id uuid not null references organizations (id),
  timesheet_id uuid not null references timesheets (id),
  at bigint not null,
  membership_id uuid,
  by_name text not null,
  by_role text not null,
  verb bigint not null,
  note text not null,
  starts_before bigint,
  ends_before bigint,
  break_before bigint,
  starts_after bigint,
  ends_after bigint,
  break_after bigint
);
create index timesheet_changes_by_timesheet on timesheet_changes (organization_id, timesheet_id, at);

-- When a shift that is over was turned into a line, or was found to have one.
alter table shifts add column sheet_at bigint;
create index shifts_to_sheet on shifts (ends_at) where sheet_at is null and worker_id is not null;
