-- What search may look in, by who may see it; the names its site and client had when it was filed (history keeps
-- names); when it was last moved on; its column on the board.

alter table incident_types add column version bigint not null default 1;

alter table incidents add column site_name text not null default '';
alter table incidents add column client_name text not null default '';
alter table incidents add column search_notes text not null default '';
alter table incidents add column search_people text not null default '';
alter table incidents add column moved_at bigint not null default 0;

-- 0 urgent (new, or escalated), 1 active, 2 review, 3 resolved or closed.
alter table incidents add column board bigint generated always as (
  case when status = 0 or escalated = 1 then 0 when status = 1 then 1 when status = 2 then 2 else 3 end
) stored;

create index incidents_by_board on incidents (organization_id, board, occurred_at desc, id desc);
create index incidents_by_move on incidents (organization_id, board, moved_at desc, id desc);
create index incidents_by_reference on incidents (organization_id, reference);
