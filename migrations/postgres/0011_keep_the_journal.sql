-- What the journal needs to be searched, reported, kept for a time and checked; and who read a record.

-- Folded text a line is found by: what the record was called, and who did it. Not part of what is sealed.
alter table journal add column search text not null default '';
update journal set search = lower(label || ' ' || name);

-- 1 where the line bears on what somebody may do.
alter table journal add column rights bigint not null default 0;
update journal set rights = 1
where resource in ('assignment', 'role', 'feature', 'api_token')
   or action in ('give_role', 'take_role', 'accept_invitation', 'invite', 'revoke_invitation', 'deactivate', 'reactivate', 'set_switches', 'set_features');

create index journal_by_member on journal (organization_id, membership_id, at desc, id desc);
create index journal_by_rights on journal (organization_id, rights, at desc, id desc);

-- How long lines and reads are kept, in days; empty is for good.
alter table organizations add column journal_days bigint;

-- Where the chain begins after old lines were removed: the last line that is gone, with its hash. A line of the chain
-- itself says the same, so a checkpoint cannot be moved without breaking the chain.
create table journal_checkpoints (
  organization_id uuid primary key references organizations (id),
  sequence bigint not null,
  hash bytea not null,
  made_at bigint not null
);

-- Who read a record. Written in groups behind the requests; one row an opening, or several within seconds.
create table record_reads (
  id uuid primary key,
  organization_id uuid not null references organizations (id),
  record_id uuid not null,
  resource text not null,
  how bigint not null,
  membership_id uuid not null,
  account_id uuid not null,
  audience bigint not null,
  name text not null,
  roles text not null,
  address text not null,
  at bigint not null,
  times bigint not null
);
create index record_reads_by_record on record_reads (organization_id, record_id, at desc, id desc);
create index record_reads_by_time on record_reads (organization_id, at);
