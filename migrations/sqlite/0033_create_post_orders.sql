-- Post orders with their editions, and who has read what.

create table post_orders (
  id blob not null primary key,
  organization_id blob not null references organizations (id),
  client_id blob not null,
  site_id blob not null references sites (id),
  area_id blob,
  site_name text not null,
  zone text not null,
  title text not null,
  body text not null,
  edition integer not null,
  written_at integer not null,
  written_by text not null,
  archived integer not null default 0,
  search text not null,
  created_at integer not null,
  version integer not null default 1
) strict;
create index post_orders_by_search on post_orders (organization_id, search, id);
create index post_orders_by_site on post_orders (organization_id, site_id, search, id);
create index post_orders_by_client on post_orders (organization_id, client_id, search, id);
create index post_orders_by_area on post_orders (organization_id, area_id, search, id);

create table post_order_editions (
  organization_id blob not null references organizations (id),
  post_order_id blob not null references post_orders (id),
  edition integer not null,
  title text not null,
  body text not null,
  at integer not null,
  by_name text not null,
  primary key (organization_id, post_order_id, edition)
) strict;

-- Of post orders and passdown notes; a record's id is unique among all kinds.
create table readings (
  organization_id blob not null references organizations (id),
  record_id blob not null,
  edition integer not null,
  membership_id blob not null references memberships (id),
  name text not null,
  role text not null,
  -- The reader's instant, and the server's.
  at integer not null,
  received_at integer not null,
  primary key (organization_id, record_id, edition, membership_id)
) strict;
create index readings_by_membership on readings (organization_id, membership_id, record_id);
