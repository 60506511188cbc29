-- Giving one role to many people: what was asked, and what became of each of them.

create table bulk_assignments (
  id uuid not null primary key,
  organization_id uuid not null references organizations (id),
  membership_id uuid not null references memberships (id),
  question text not null,
  state bigint not null,
  total bigint not null,
  created_at bigint not null
);
create index bulk_assignments_by_asker on bulk_assignments (organization_id, membership_id, created_at desc, id desc);

create table bulk_assignment_people (
  organization_id uuid not null references organizations (id),
  bulk_id uuid not null references bulk_assignments (id),
  membership_id uuid not null references memberships (id),
  state bigint not null,
  reason text not null,
  primary key (organization_id, bulk_id, membership_id)
);
