-- Checkpoints: places of a site that are scanned on rounds.

create table checkpoints (
  id uuid primary key,
  organization_id uuid not null references organizations (id),
  client_id uuid not null,
  site_id uuid not null references sites (id),
  area_id uuid,
  name text not null,
  search text not null,
  instructions text not null default '',
  question text not null default '',
  -- Where it stands among the others of its site.
  place bigint not null,
  latitude double precision,
  longitude double precision,
  radius_m double precision not null,
  -- What is typed where no code can be read; whoever walks learns it from the sheet on the wall alone.
  code text not null,
  -- Raised when the codes on the wall are to be worth nothing any more.
  code_version bigint not null default 1,
  archived bigint not null default 0,
  archived_at bigint,
  created_at bigint not null,
  updated_at bigint not null,
  version bigint not null default 1,
  unique (organization_id, code)
);
create index checkpoints_by_name on checkpoints (organization_id, search, id);
create index checkpoints_by_site on checkpoints (organization_id, site_id, search, id);
create index checkpoints_by_client on checkpoints (organization_id, client_id, search, id);
create index checkpoints_by_area on checkpoints (organization_id, area_id, search, id);
create index checkpoints_in_order on checkpoints (organization_id, site_id, place, id);

-- A checkpoint is where its site is: under the client and in the area that the site has now.
create function carry_checkpoints() returns trigger language plpgsql as $$
begin
  update checkpoints set client_id = new.client_id, area_id = new.area_id
    where organization_id = new.organization_id and site_id = new.id;
  return null;
end $$;
create trigger sites_carry_checkpoints after update of client_id, area_id on sites
  for each row execute function carry_checkpoints();
