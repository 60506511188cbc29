-- Every three letters in a row of what incidents are found by. The extension comes with PostgreSQL but may be left out
-- of an installation or forbidden to this user; search then reads row by row, as before.
do $$
begin
  create extension if not exists pg_trgm;
exception when others then
  raise notice 'no pg_trgm, so search has no index: %', sqlerrm;
end
$$;

do $$
begin
  if exists (select 1 from pg_opclass where opcname = 'gin_trgm_ops') then
    create index incidents_search on incidents using gin (
      search_public gin_trgm_ops, search_staff gin_trgm_ops, search_notes gin_trgm_ops, search_people gin_trgm_ops
    );
  end if;
end
$$;
