-- Runs of the leak test: what was tried, and the signed report. The scratch world itself is never in this database.

create table access_checks (
  id blob primary key not null,
  organization_id blob not null references organizations (id),
  started_at integer not null,
  started_by text not null,
  -- 0 under way, 1 no leak, 2 leaks, 3 it could not be finished
  state integer not null default 0,
  done integer not null default 0,
  total integer not null default 0,
  finished_at integer,
  questions integer not null default 0,
  leaks integer not null default 0,
  failure text not null default '',
  report text not null default ''
) strict;
create index access_checks_by_time on access_checks (organization_id, started_at desc, id desc);
