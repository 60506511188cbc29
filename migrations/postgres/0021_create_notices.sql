-- What happened that somebody may want a message about: the event commits with the change, a worker finds out later
-- whom to tell. States: 0 waiting, 1 done, 2 given up.
create table events (
  id uuid primary key,
  organization_id uuid not null references organizations (id),
  topic text not null,
  resource text not null,
  record_id uuid not null,
  -- Who outside could meet the record when it happened; null where the kind of record has no such thing.
  visibility bigint,
  detail text not null default '{}',
  caused_by uuid,
  at bigint not null,
  state bigint not null default 0,
  attempts bigint not null default 0,
  next_at bigint not null,
  leased_until bigint,
  error text,
  done_at bigint
);
create index events_waiting on events (state, next_at);
create index events_by_record on events (organization_id, record_id, at desc, id desc);
create index events_by_state on events (organization_id, state, at desc, id desc);

-- What was decided for one person about one event, and why. One row for both, so nobody is told twice. Persons who
-- neither subscribe nor could see the record have none.
create table notices (
  organization_id uuid not null references organizations (id),
  event_id uuid not null references events (id),
  membership_id uuid not null references memberships (id),
  outcome bigint not null,
  reason text not null,
  -- The subscription it came through, and the message it left with.
  subscription bigint,
  mail_id uuid,
  due_at bigint,
  decided_at bigint not null,
  primary key (organization_id, event_id, membership_id)
);
create index notices_by_mail on notices (mail_id);
create index notices_by_member on notices (organization_id, membership_id, outcome, due_at);
create index notices_due on notices (outcome, due_at);

-- A person's own choice where it differs from what their roles bring: 0 off, 1 at once, 2 once a day.
create table subscriptions (
  organization_id uuid not null references organizations (id),
  membership_id uuid not null references memberships (id),
  event bigint not null,
  cadence bigint not null,
  set_at bigint not null,
  set_by uuid,
  primary key (organization_id, membership_id, event)
);

-- When the daily message leaves, on whose clock.
create table digest_hours (
  organization_id uuid not null references organizations (id),
  membership_id uuid not null references memberships (id),
  hour bigint not null,
  zone text not null,
  primary key (organization_id, membership_id)
);

-- Publishing sends nothing unless the organization wants it to.
alter table organizations add column mail_on_publish bigint not null default 0;

-- A message about a record is looked at once more before it leaves; and one press stops more of its sort.
alter table mails add column notice bigint not null default 0;
alter table mails add column unsubscribe text;
