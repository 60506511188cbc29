//! SQL of incidents, and nothing but SQL.

use std::collections::HashMap;

use access::{Permit, Plan};
use kernel::id::{IncidentId, MembershipId, OrganizationId, SiteId};
use kernel::{Error, Result, Timestamp};
use store::listing;
use store::{Batch, Store, Value, params};

use super::model::{Draft, Person};
use super::sites::Place;
use super::view::{ChangeRow, PersonOut};
use super::words::Status;

mod tables;

pub(crate) use tables::INCIDENTS;
pub(super) use tables::{ROWS, SITES, WORKERS};

/// What search finds an incident by, class by class.
pub(crate) struct Searchable {
    pub(crate) public: String,
    pub(crate) staff: String,
    pub(crate) notes: String,
}

impl Searchable {
    pub(crate) fn of(
        kind: &str,
        reference: &str,
        site: &str,
        public: &str,
        staff: [&str; 4],
        notes: &str,
    ) -> Self {
        Self {
            public: store::fold(&[kind, reference, site, public].join("\n")),
            staff: store::fold(&staff.join("\n")),
            notes: store::fold(notes),
        }
    }
}

/// The people an incident is found by.
pub(crate) fn people_search<'a>(names: impl IntoIterator<Item = &'a str>) -> String {
    store::fold(&names.into_iter().collect::<Vec<_>>().join("\n"))
}

/// What is stamped on an incident when it is filed, and never follows (ROLES.md: law 7, law 8).
pub(super) struct Stamp<'a> {
    pub(super) id: IncidentId,
    pub(super) reference: &'a str,
    pub(super) facts: access::Facts,
    pub(super) zone: &'a str,
    pub(super) site_name: &'a str,
    pub(super) client_name: &'a str,
    pub(super) source: super::words::Source,
    pub(super) author_name: &'a str,
    pub(super) author_role: &'a str,
    pub(super) filed_by: &'a str,
    pub(super) approval_required: bool,
    pub(super) reported_at: Timestamp,
    pub(super) now: Timestamp,
}

/// Takes the organization's next number and files the incident under it: both or neither, so there are no gaps.
pub(super) fn insert(batch: &mut Batch, permit: &Permit, stamp: &Stamp<'_>, draft: &Draft) {
    batch.run(
        "insert into counters (organization_id, name, value) values ($1, 'incident', 1) \
         on conflict (organization_id, name) do update set value = counters.value + 1",
        params![permit.organization()],
    );
    let found = Searchable::of(
        draft.kind.as_str(),
        stamp.reference,
        stamp.site_name,
        draft.public_details.as_str(),
        [draft.title.as_str(), draft.narrative.as_str(), draft.place(), stamp.client_name],
        draft.internal_notes.as_str(),
    );
    let names = draft.people.iter().map(|p| p.name.as_str());
    let people = people_search([stamp.author_name, stamp.filed_by].into_iter().chain(names));
    batch.run(
        "insert into incidents (id, organization_id, client_id, site_id, area_id, team_id, number, reference, kind, \
           severity, status, source, title, narrative, public_details, internal_notes, place, latitude, longitude, \
           occurred_at, ended_at, reported_at, zone, author_id, author_name, author_role, filed_by, visibility, \
           author_may_edit, approval_required, search_public, search_staff, search_notes, search_people, \
           site_name, client_name, moved_at, updated_at) \
         values ($1, $2, $3, $4, $5, $6, \
           (select value from counters where organization_id = $2 and name = 'incident'), $7, $8, \
           $9, 0, $10, $11, $12, $13, $14, $15, $16, $17, $18, $19, $20, $21, $22, $23, $24, $25, $26, $27, $28, \
           $29, $30, $31, $32, $33, $34, $35, $35)",
        params![
            stamp.id,
            permit.organization(),
            stamp.facts.client,
            stamp.facts.site,
            stamp.facts.area,
            stamp.facts.team,
            stamp.reference,
            &draft.kind,
            draft.severity.number(),
            stamp.source.number(),
            &draft.title,
            &draft.narrative,
            &draft.public_details,
            &draft.internal_notes,
            draft.place(),
            draft.position.map(|p| p.0),
            draft.position.map(|p| p.1),
            draft.occurred_at,
            draft.ended_at,
            stamp.reported_at,
            stamp.zone,
            stamp.facts.author,
            stamp.author_name,
            stamp.author_role,
            stamp.filed_by,
            stamp.facts.visibility,
            stamp.facts.author_may_edit,
            i64::from(stamp.approval_required),
            found.public,
            found.staff,
            found.notes,
            people,
            stamp.site_name,
            stamp.client_name,
            stamp.now,
        ],
    );
    insert_people(batch, permit.organization(), stamp.id, &draft.people);
}

pub(super) fn insert_people(
    batch: &mut Batch,
    organization: OrganizationId,
    id: IncidentId,
    people: &[Person],
) {
    for person in people {
        batch.run(
            "insert into incident_people (id, organization_id, incident_id, name, part, contact, note) \
             values ($1, $2, $3, $4, $5, $6, $7)",
            params![
                uuid::Uuid::now_v7(),
                organization,
                id,
                &person.name,
                person.part.number(),
                person.contact.as_str(),
                person.note.as_str()
            ],
        );
    }
}

/// Replaces the people involved.
pub(super) fn replace_people(batch: &mut Batch, permit: &Permit, id: IncidentId, people: &[Person]) {
    batch.run(
        "delete from incident_people where organization_id = $1 and incident_id = $2",
        params![permit.organization(), id],
    );
    insert_people(batch, permit.organization(), id, people);
}

/// An update of one incident: at the version that was read, and only if the plan still reaches it for what the
/// permit allows, as the row is at that moment.
pub(super) struct Update<'a> {
    permit: &'a Permit,
    plan: &'a Plan,
    id: IncidentId,
    version: i64,
    set: Vec<String>,
    values: Vec<Value>,
}

impl<'a> Update<'a> {
    pub(super) fn new(permit: &'a Permit, plan: &'a Plan, id: IncidentId, version: i64) -> Self {
        Self { permit, plan, id, version, set: Vec::new(), values: Vec::new() }
    }

    /// Sets a column. The name is ours, never a person's.
    pub(super) fn set(mut self, column: &'static str, value: impl Into<Value>) -> Self {
        self.values.push(value.into());
        self.set.push(format!("{column} = ${}", self.values.len()));
        self
    }

    pub(super) fn put(self, batch: &mut Batch, now: Timestamp) {
        let Self { permit, plan, id, version, set, mut values } = self;
        let at = values.len();
        values.extend(params![permit.organization(), id, version, now]);
        let (predicate, values) = listing::predicate(plan, permit.permission(), &INCIDENTS, values);
        let sql = format!(
            "update incidents set {}{} updated_at = ${}, version = version + 1 \
             where organization_id = ${} and id = ${} and version = ${}{predicate}",
            set.join(", "),
            if set.is_empty() { "" } else { "," },
            at + 4,
            at + 1,
            at + 2,
            at + 3,
        );
        batch.guard(sql, values, Error::Stale);
    }
}

/// The columns that say how far the work is.
pub(super) fn moved(update: Update<'_>, status: Status, escalated: bool, now: Timestamp) -> Update<'_> {
    update
        .set("status", status.number())
        .set("escalated", i64::from(escalated))
        .set("closed", i64::from(status == Status::Closed))
        .set("moved_at", now)
}

/// A line of history, as it is written.
pub(crate) struct Change<'a> {
    pub(crate) organization: OrganizationId,
    pub(crate) incident: IncidentId,
    pub(crate) at: Timestamp,
    pub(crate) membership: Option<MembershipId>,
    pub(crate) name: &'a str,
    pub(crate) role: &'a str,
    pub(crate) action: &'a str,
    pub(crate) detail: String,
}

pub(crate) fn note(batch: &mut Batch, change: Change<'_>) {
    batch.run(
        "insert into incident_changes (id, organization_id, incident_id, at, membership_id, name, role, action, detail) \
         values ($1, $2, $3, $4, $5, $6, $7, $8, $9)",
        params![
            uuid::Uuid::now_v7(),
            change.organization,
            change.incident,
            change.at,
            change.membership,
            change.name,
            change.role,
            change.action,
            change.detail
        ],
    );
}

/// The people involved in an incident that was found within the plan.
pub(super) async fn people(
    store: &Store,
    organization: OrganizationId,
    id: IncidentId,
) -> Result<Vec<PersonOut>> {
    store
        .all(
            "select name, part, contact, note from incident_people \
             where organization_id = $1 and incident_id = $2 order by id",
            params![organization, id],
        )
        .await
}

/// How many lines of history are read at most, newest first.
pub(super) const MOST_CHANGES: i64 = 300;

/// The history of an incident that was found within the plan, newest first.
pub(super) async fn changes(
    store: &Store,
    organization: OrganizationId,
    id: IncidentId,
) -> Result<Vec<ChangeRow>> {
    store
        .all(
            "select at, name, role, action, detail from incident_changes \
             where organization_id = $1 and incident_id = $2 order by at desc, id desc limit $3",
            params![organization, id, MOST_CHANGES],
        )
        .await
}

/// The team of a member of staff: of their membership, or of the worker they are.
pub(super) async fn team_of(
    store: &Store,
    organization: OrganizationId,
    membership: MembershipId,
) -> Result<Option<uuid::Uuid>> {
    let found: Option<(Option<uuid::Uuid>,)> = store
        .first(
            "select coalesce(m.team_id, (select w.team_id from workers w \
               where w.organization_id = m.organization_id and w.membership_id = m.id and w.archived = 0 \
               order by w.id limit 1)) \
             from memberships m where m.organization_id = $1 and m.id = $2",
            params![organization, membership],
        )
        .await?;
    Ok(found.and_then(|(team,)| team))
}

/// What filing needs to know of a site that was found within the plan.
pub(super) async fn place(store: &Store, organization: OrganizationId, site: SiteId) -> Result<Place> {
    store
        .one(
            "select s.name, c.name, s.zone, s.kind, s.approval_required, s.editable_by_author, s.archived \
             from sites s join clients c on c.id = s.client_id \
             where s.organization_id = $1 and s.id = $2",
            params![organization, site],
        )
        .await
}

/// The names that an incident carries.
pub(super) struct Names {
    pub(super) author: String,
    pub(super) filed_by: String,
    pub(super) assignee: String,
}

/// The names of an incident that was found within the plan; for search and history, never to be shown.
pub(super) async fn names(store: &Store, organization: OrganizationId, id: IncidentId) -> Result<Names> {
    let (author, filed_by, assignee) = store
        .one(
            "select author_name, filed_by, assignee_name from incidents where organization_id = $1 and id = $2",
            params![organization, id],
        )
        .await?;
    Ok(Names { author, filed_by, assignee })
}

/// The name of an active member of staff.
pub(super) async fn staff_name(
    store: &Store,
    organization: OrganizationId,
    membership: MembershipId,
) -> Result<Option<String>> {
    let found: Option<(String,)> = store
        .first(
            "select name from memberships where organization_id = $1 and id = $2 and audience = 0 and active = 1",
            params![organization, membership],
        )
        .await?;
    Ok(found.map(|(name,)| name))
}

/// The names of all active members of staff.
pub(super) async fn staff_names(
    store: &Store,
    organization: OrganizationId,
) -> Result<HashMap<MembershipId, String>> {
    let found: Vec<(MembershipId, String)> = store
        .all(
            "select id, name from memberships where organization_id = $1 and audience = 0 and active = 1",
            params![organization],
        )
        .await?;
    Ok(found.into_iter().collect())
}

/// The names of the client side's active members.
pub(super) async fn client_names(
    store: &Store,
    organization: OrganizationId,
) -> Result<HashMap<MembershipId, String>> {
    let found: Vec<(MembershipId, String)> = store
        .all(
            "select id, name from memberships where organization_id = $1 and audience = 1 and active = 1",
            params![organization],
        )
        .await?;
    Ok(found.into_iter().collect())
}

/// Is a switch of the organization on?
pub(super) async fn switch_is_on(
    store: &Store,
    organization: OrganizationId,
    switch: access::Switch,
) -> Result<bool> {
    let found: Option<(i64,)> = store
        .first(
            "select 1 from organization_switches where organization_id = $1 and switch = $2",
            params![organization, switch.number()],
        )
        .await?;
    Ok(found.is_some())
}

/// When an incident was reported.
pub(super) async fn reported_at(
    store: &Store,
    organization: OrganizationId,
    id: IncidentId,
) -> Result<Option<Timestamp>> {
    let found: Option<(Timestamp,)> = store
        .first(
            "select reported_at from incidents where organization_id = $1 and id = $2",
            params![organization, id],
        )
        .await?;
    Ok(found.map(|(at,)| at))
}

/// What every change of an incident changed, newest first.
pub(super) async fn details(
    store: &Store,
    organization: OrganizationId,
    id: IncidentId,
) -> Result<Vec<(Timestamp, String)>> {
    store
        .all(
            "select at, detail from incident_changes where organization_id = $1 and incident_id = $2 \
             order by at desc, id desc",
            params![organization, id],
        )
        .await
}
