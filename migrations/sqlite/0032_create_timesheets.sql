-- Timesheets: lines of hours to be paid, and what was done to them.

create table timesheets (
  id blob not null primary key,
  organization_id blob not null references organizations (id),
  client_id blob not null,
  site_id blob not null references sites (id),
  area_id blob,
  team_id blob,
  client_name text not null,
  site_name text not null,
  zone text not null,
  post text not null default '',
  worker_id blob not null references workers (id),
  worker_name text not null,
  assignee_id blob,
  -- The shift whose planned hours stand here, the attendance whose punches do. Each makes one line.
  shift_id blob references shifts (id),
  entry_id blob references time_entries (id),
  -- When work was to begin or, without a plan, began. The line's place in time; it never changes.
  starts_at integer not null,
  planned_starts_at integer,
  planned_ends_at integer,
  planned_break_minutes integer,
  actual_starts_at integer,
  actual_ends_at integer,
  actual_break_minutes integer,
  paid_starts_at integer,
  paid_ends_at integer,
  paid_break_minutes integer,
  basis integer not null,
  state integer not null,
  visibility integer not null,
  note text not null default '',
  -- What the client side said.
  answer text not null default '',
  decided_at integer,
  decided_by text not null default '',
  decided_role text not null default '',
  search text not null,
  search_people text not null,
  created_at integer not null,
  updated_at integer not null,
  version integer not null default 1,
  unique (organization_id, shift_id),
  unique (organization_id, entry_id)
) strict;
create index timesheets_by_time on timesheets (organization_id, starts_at desc, id desc);
create index timesheets_by_site on timesheets (organization_id, site_id, visibility, starts_at desc, id desc);
create index timesheets_by_client on timesheets (organization_id, client_id, visibility, starts_at desc, id desc);
create index timesheets_by_area on timesheets (organization_id, area_id, visibility, starts_at desc, id desc);
create index timesheets_by_team on timesheets (organization_id, team_id, visibility, starts_at desc, id desc);
create index timesheets_by_assignee on timesheets (organization_id, assignee_id, starts_at desc, id desc);
create index timesheets_by_worker on timesheets (organization_id, worker_id, starts_at desc, id desc);

create table timesheet_changes (
  id blob not null primary key,
  organization_id blob not null references organizations (id),
  timesheet_id blob not null references timesheets (id),
  at integer not null,
  membership_id blob,
  by_name text not null,
  by_role text not null,
  verb integer not null,
  note text not null,
  starts_before integer,
  ends_before integer,
  break_before integer,
  starts_after integer,
  ends_after integer,
  break_after integer
) strict;
create index timesheet_changes_by_timesheet on timesheet_changes (organization_id, timesheet_id, at);

-- When a shift that is over was turned into a line, or was found to have one.
alter table shifts add column sheet_at integer;
create index shifts_to_sheet on shifts (ends_at) where sheet_at is null and worker_id is not null;
