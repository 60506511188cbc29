-- Changes of rights: proposed, waiting for their hour, made, taken back. What was done is told by the journal; here
-- stands what it takes to do it, and to undo it.

create table changes (
  id blob primary key not null,
  organization_id blob not null references organizations (id),
  kind text not null,
  form text not null,
  title text not null,
  state integer not null default 0,
  proposed_by blob not null,
  proposed_at integer not null,
  due_at integer,
  leased_until integer,
  decided_by blob,
  decided_at integer,
  refused text,
  inverse_kind text,
  inverse_form text,
  about text,
  token_id blob,
  version integer not null default 1
) strict;
create index changes_by_time on changes (organization_id, proposed_at desc, id desc);
create index changes_due on changes (state, due_at);
