-- Checkpoints: places of a site that are scanned on rounds.

create table checkpoints (
  id blob primary key,
  organization_id blob not null references organizations (id),
  client_id blob not null,
  site_id blob not null references sites (id),
  area_id blob,
  name text not null,
  search text not null,
  instructions text not null default '',
  question text not null default '',
  -- Where it stands among the others of its site.
  place integer not null,
  latitude real,
  longitude real,
  radius_m real not null,
  -- What is typed where no code can be read; whoever walks learns it from the sheet on the wall alone.
  code text not null,
  -- Raised when the codes on the wall are to be worth nothing any more.
  code_version integer not null default 1,
  archived integer not null default 0,
  archived_at integer,
  created_at integer not null,
  updated_at integer not null,
  version integer not null default 1,
  unique (organization_id, code)
);
create index checkpoints_by_name on checkpoints (organization_id, search, id);
create index checkpoints_by_site on checkpoints (organization_id, site_id, search, id);
create index checkpoints_by_client on checkpoints (organization_id, client_id, search, id);
create index checkpoints_by_area on checkpoints (organization_id, area_id, search, id);
create index checkpoints_in_order on checkpoints (organization_id, site_id, place, id);

-- A checkpoint is where its site is: under the client and in the area that the site has now.
create trigger sites_carry_checkpoints after update of client_id, area_id on sites begin
  update checkpoints set client_id = new.client_id, area_id = new.area_id
    where organization_id = new.organization_id and site_id = new.id;
end;
