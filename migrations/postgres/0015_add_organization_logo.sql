-- The organization's mark: the digest of a picture among the files, and its size in pixels. All three or none.

alter table organizations add column logo bytea;
alter table organizations add column logo_width bigint;
alter table organizations add column logo_height bigint;

create index organizations_by_logo on organizations (logo);
