-- Every three letters in a row of what incidents are found by. The index only proposes rows (crates/store, listing):
-- which columns count is decided by who asks.
create virtual table incidents_search using fts5 (
  text, tokenize = 'trigram', detail = none, content = '', contentless_delete = 1
);

insert into incidents_search (rowid, text)
  select rowid, search_public || char(10) || search_staff || char(10) || search_notes || char(10) || search_people
  from incidents;

create trigger incidents_search_new after insert on incidents begin
  insert into incidents_search (rowid, text) values (new.rowid,
    new.search_public || char(10) || new.search_staff || char(10) || new.search_notes || char(10) || new.search_people);
end;

create trigger incidents_search_changed
after update of search_public, search_staff, search_notes, search_people on incidents
when old.search_public <> new.search_public or old.search_staff <> new.search_staff
  or old.search_notes <> new.search_notes or old.search_people <> new.search_people
begin
  delete from incidents_search where rowid = old.rowid;
  insert into incidents_search (rowid, text) values (new.rowid,
    new.search_public || char(10) || new.search_staff || char(10) || new.search_notes || char(10) || new.search_people);
end;

create trigger incidents_search_gone after delete on incidents begin
  delete from incidents_search where rowid = old.rowid;
end;
