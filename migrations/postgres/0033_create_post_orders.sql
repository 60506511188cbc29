-- Post orders with their editions, and who has read what.

create table post_orders (
  id uuid primary key,
  organization_id uuid not null references organizations (id),
  client_id uuid not null,
  site_id uuid not null references sites (id),
  area_id uuid,
  site_name text not null,
  zone text not null,
  title text not null,
  body text not null,
  edition bigint not null,
  written_at bigint not null,
  written_by text not null,
  archived bigint not null default 0,
  search text not null,
  created_at bigint not null,
  version bigint not null default 1
);
create index post_orders_by_search on post_orders (organization_id, search, id);
create index post_orders_by_site on post_orders (organization_id, site_id, search, id);
create index post_orders_by_client on post_orders (organization_id, client_id, search, id);
create index post_orders_by_area on post_orders (organization_id, area_id, search, id);

create table post_order_editions (
  organization_id uuid not null references organizations (id),
  post_order_id uuid not null references post_orders (id),
  edition bigint not null,
  title text not null,
  body text not null,
  at bigint not null,
  by_name text not null,
  primary key (organization_id, post_order_id, edition)
);

-- Of post orders and passdown notes; a record's id is unique among all kinds.
create table readings (
  organization_id uuid not null references organizations (id),
  record_id uuid not null,
  edition bigint not null,
  membership_id uuid not null references memberships (id),
  name text not null,
  role text not null,
  -- The reader's instant, and the server's.
  at bigint not null,
  received_at bigint not null,
  primary key (organization_id, record_id, edition, membership_id)
);
create index readings_by_membership on readings (organization_id, membership_id, record_id);
