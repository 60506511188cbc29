-- Passdown notes: from one officer to the next.

create table passdown_notes (
  id blob not null primary key,
  organization_id blob not null references organizations (id),
  client_id blob not null,
  site_id blob not null references sites (id),
  area_id blob,
  site_name text not null,
  zone text not null,
  body text not null,
  author_id blob not null references memberships (id),
  author_name text not null,
  written_at integer not null,
  archived integer not null default 0,
  search text not null,
  created_at integer not null,
  version integer not null default 1
) strict;
create index passdown_notes_by_time on passdown_notes (organization_id, written_at desc, id desc);
create index passdown_notes_by_site on passdown_notes (organization_id, site_id, written_at desc, id desc);
create index passdown_notes_by_client on passdown_notes (organization_id, client_id, written_at desc, id desc);
create index passdown_notes_by_area on passdown_notes (organization_id, area_id, written_at desc, id desc);
create index passdown_notes_by_author on passdown_notes (organization_id, author_id, written_at desc, id desc);
