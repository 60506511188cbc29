-- Changes of rights: proposed, waiting for their hour, made, taken back. What was done is told by the journal; here
-- stands what it takes to do it, and to undo it.

create table changes (
  id uuid primary key,
  organization_id uuid not null references organizations (id),
  kind text not null,
  form text not null,
  title text not null,
  state bigint not null default 0,
  proposed_by uuid not null,
  proposed_at bigint not null,
  due_at bigint,
  leased_until bigint,
  decided_by uuid,
  decided_at bigint,
  refused text,
  inverse_kind text,
  inverse_form text,
  about text,
  token_id uuid,
  version bigint not null default 1
);
create index changes_by_time on changes (organization_id, proposed_at desc, id desc);
create index changes_due on changes (state, due_at);
