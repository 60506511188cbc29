-- Passdown notes: from one officer to the next.

create table passdown_notes (
  id uuid primary key,
  organization_id uuid not null references organizations (id),
  client_id uuid not null,
  site_id uuid not null references sites (id),
  area_id uuid,
  site_name text not null,
  zone text not null,
  body text not null,
  author_id uuid not null references memberships (id),
  author_name text not null,
  written_at bigint not null,
  archived bigint not null default 0,
  search text not null,
  created_at bigint not null,
  version bigint not null default 1
);
create index passdown_notes_by_time on passdown_notes (organization_id, written_at desc, id desc);
create index passdown_notes_by_site on passdown_notes (organization_id, site_id, written_at desc, id desc);
create index passdown_notes_by_client on passdown_notes (organization_id, client_id, written_at desc, id desc);
create index passdown_notes_by_area on passdown_notes (organization_id, area_id, written_at desc, id desc);
create index passdown_notes_by_author on passdown_notes (organization_id, author_id, written_at desc, id desc);
