-- Access review: campaigns that take a snapshot of who holds what, and what became of each grant.

-- When somebody last came through which door (0 office, 1 field, 2 client, 3 API). Written a few times an hour with
-- "last seen"; it tells which roles are used. What is known so far counts for every door.
create table door_uses (
  organization_id blob not null references organizations (id),
  membership_id blob not null references memberships (id),
  door integer not null,
  used_at integer not null,
  primary key (organization_id, membership_id, door)
) strict;
insert into door_uses (organization_id, membership_id, door, used_at)
select m.organization_id, m.id, d.door, m.seen_at
from memberships m
cross join (select 0 as door union all select 1 union all select 2) d
where m.seen_at is not null;

create table access_reviews (
  id blob not null primary key,
  organization_id blob not null references organizations (id),
  name text not null,
  note text not null,
  scope integer not null,
  scope_word text not null,
  unused_days integer not null,
  state integer not null,
  due_at integer not null,
  created_at integer not null,
  created_by blob not null,
  created_name text not null,
  closed_at integer,
  closed_by blob,
  closed_name text,
  closed_roles text,
  closing_note text,
  seal blob,
  version integer not null default 1
) strict;
create index access_reviews_by_time on access_reviews (organization_id, created_at desc, id desc);
create index access_reviews_due on access_reviews (state, due_at);

create table access_review_reviewers (
  organization_id blob not null references organizations (id),
  review_id blob not null references access_reviews (id),
  membership_id blob not null references memberships (id),
  name text not null,
  reminded_at integer,
  primary key (organization_id, review_id, membership_id)
) strict;
create index access_review_reviewers_by_member on access_review_reviewers (organization_id, membership_id);

-- A grant as it was. The assignment may be gone since; the row stays.
create table access_review_items (
  id blob not null primary key,
  organization_id blob not null references organizations (id),
  review_id blob not null references access_reviews (id),
  assignment_id blob not null,
  membership_id blob not null,
  member_name text not null,
  search text not null,
  audience integer not null,
  client_id blob,
  site_id blob,
  team_id blob,
  area_id blob,
  role_key text not null,
  role_name text not null,
  targets text not null,
  from_at integer,
  until_at integer,
  granted_by_name text not null,
  granted_at integer not null,
  used_at integer,
  proposed text not null,
  is_proposed integer not null,
  decision integer not null default 0,
  decided_at integer,
  decided_by blob,
  decided_name text,
  reason text not null default ''
) strict;
create index access_review_items_by_review on access_review_items (organization_id, review_id, search, id);
