-- The organization's mark: the digest of a picture among the files, and its size in pixels. All three or none.

alter table organizations add column logo blob;
alter table organizations add column logo_width integer;
alter table organizations add column logo_height integer;

create index organizations_by_logo on organizations (logo);
