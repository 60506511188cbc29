-- Runs of the leak test: what was tried, and the signed report. The scratch world itself is never in this database.

create table access_checks (
  id uuid primary key,
  organization_id uuid not null references organizations (id),
  started_at bigint not null,
  started_by text not null,
  -- 0 under way, 1 no leak, 2 leaks, 3 it could not be finished
  state bigint not null default 0,
  done bigint not null default 0,
  total bigint not null default 0,
  finished_at bigint,
  questions bigint not null default 0,
  leaks bigint not null default 0,
  failure text not null default '',
  report text not null default ''
);
create index access_checks_by_time on access_checks (organization_id, started_at desc, id desc);
