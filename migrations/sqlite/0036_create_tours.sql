-- Tours: checkpoints of a site in their order, and when they are walked.

create table tours (
  id blob primary key,
  organization_id blob not null references organizations (id),
  client_id blob not null,
  site_id blob not null references sites (id),
  area_id blob,
  name text not null,
  search text not null,
  instructions text not null default '',
  -- 1 when the checkpoints are walked in their order.
  ordered integer not null default 0,
  rhythm integer not null,
  -- "22:00-23:00", one a line, on the site's clock.
  windows text not null default '',
  begins text not null default '',
  ends text not null default '',
  every_minutes integer,
  -- A walk that is not over by then is ended.
  most_minutes integer not null,
  -- Two checkpoints in less than this cannot be right; 0 asks nothing.
  least_seconds integer not null,
  -- Windows that ended up to here were looked at.
  checked_until integer not null,
  -- Since then it is as it is now; windows that began before are not held against anybody.
  since integer not null,
  archived integer not null default 0,
  archived_at integer,
  created_at integer not null,
  updated_at integer not null,
  version integer not null default 1
);
create index tours_by_name on tours (organization_id, search, id);
create index tours_by_site on tours (organization_id, site_id, search, id);
create index tours_by_client on tours (organization_id, client_id, search, id);
create index tours_by_area on tours (organization_id, area_id, search, id);
create index tours_to_check on tours (archived, rhythm, checked_until);

create table tour_stops (
  tour_id blob not null references tours (id),
  organization_id blob not null references organizations (id),
  position integer not null,
  checkpoint_id blob not null references checkpoints (id),
  primary key (tour_id, position)
);
create index tour_stops_by_checkpoint on tour_stops (organization_id, checkpoint_id);

-- A tour is where its site is.
create trigger sites_carry_tours after update of client_id, area_id on sites begin
  update tours set client_id = new.client_id, area_id = new.area_id
    where organization_id = new.organization_id and site_id = new.id;
end;
