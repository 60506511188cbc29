//! For those who bring many incidents at once: the importer, and the demo world. Rows are written as they are
//! given, so nothing here asks a plan: whoever calls it has asked, or makes a world of its own.
//!
//! The caller counts: numbers are precomputed and the counter is moved in the same batch with [`take_numbers`].

use std::sync::LazyLock;

use access::Visibility;
use kernel::id::{AreaId, ClientId, IncidentId, MembershipId, OrganizationId, SiteId, TeamId};
use kernel::text::{Line, spoken_reference};
use kernel::{Error, Result, Timestamp};
use store::{Batch, Store, Value, params};
use uuid::Uuid;

pub use crate::incidents::view::ChangedField;
pub use crate::incidents::words::{Part, Severity, Source, Status};
pub use crate::incidents::{Mistyped, Pass};
use crate::incidents::{query, view};

/// An incident as it is to be stored, with everything that filing and time have stamped on it.
#[derive(Clone, Debug)]
pub struct NewIncident {
    /// Its id.
    pub id: IncidentId,
    /// Its number in the organization; no two alike.
    pub number: i64,
    /// The word clients know it by.
    pub reference: String,
    /// The client it belongs to for good.
    pub client: ClientId,
    /// What the client was called.
    pub client_name: String,
    /// Where.
    pub site: SiteId,
    /// What the site was called.
    pub site_name: String,
    /// The site's area then.
    pub area: Option<AreaId>,
    /// The author's team then.
    pub team: Option<TeamId>,
    /// One word of the organization's list of types.
    pub kind: String,
    /// How bad.
    pub severity: Severity,
    /// How far the work is.
    pub status: Status,
    /// Called for someone above?
    pub escalated: bool,
    /// Out of what kind of work.
    pub source: Source,
    /// One line for lists.
    pub title: String,
    /// What happened.
    pub narrative: String,
    /// What clients read.
    pub public_details: String,
    /// What they never read.
    pub internal_notes: String,
    /// Where at the site.
    pub place: String,
    /// Degrees north and east.
    pub position: Option<(f64, f64)>,
    /// When it began.
    pub occurred_at: Timestamp,
    /// When it ended.
    pub ended_at: Option<Timestamp>,
    /// When it was reported.
    pub reported_at: Timestamp,
    /// The site's zone.
    pub zone: String,
    /// Whose it is, if they have a login.
    pub author: Option<MembershipId>,
    /// Their name then.
    pub author_name: String,
    /// Their roles then.
    pub author_role: String,
    /// Who typed it for them.
    pub filed_by: String,
    /// Who has it.
    pub assignee: Option<(MembershipId, String)>,
    /// Who outside may meet it.
    pub visibility: Visibility,
    /// The site's rule then: may the author change it?
    pub author_may_edit: bool,
    /// The site's rule then: does it need approval?
    pub approval_required: bool,
    /// When it was approved, and by whom.
    pub approved: Option<(Timestamp, String)>,
    /// When it was published, and by whom. Goes with [`Visibility::Released`].
    pub released: Option<(Timestamp, String)>,
    /// Put away? Goes with [`Visibility::Held`] or less.
    pub archived: bool,
    /// When its status last changed.
    pub moved_at: Timestamp,
}

impl NewIncident {
    /// An incident as it is when it was just filed at a site that asks for nothing: new, submitted, low. Everything
    /// else is for the caller to set.
    #[must_use]
    pub fn filed(number: i64, client: (ClientId, &str), site: (SiteId, &str, &str), at: Timestamp) -> Self {
        Self {
            id: IncidentId::new(),
            number,
            reference: spoken_reference(6),
            client: client.0,
            client_name: client.1.to_owned(),
            site: site.0,
            site_name: site.1.to_owned(),
            area: None,
            team: None,
            kind: "Other".to_owned(),
            severity: Severity::Low,
            status: Status::New,
            escalated: false,
            source: Source::Static,
            title: String::new(),
            narrative: String::new(),
            public_details: String::new(),
            internal_notes: String::new(),
            place: String::new(),
            position: None,
            occurred_at: at,
            ended_at: None,
            reported_at: at,
            zone: site.2.to_owned(),
            author: None,
            author_name: String::new(),
            author_role: String::new(),
            filed_by: String::new(),
            assignee: None,
            visibility: Visibility::Submitted,
            author_may_edit: false,
            approval_required: false,
            approved: None,
            released: None,
            archived: false,
            moved_at: at,
        }
    }

    fn values(&self, organization: OrganizationId, into: &mut Vec<Value>) {
        let found = query::Searchable::of(
            &self.kind,
            &self.reference,
            &self.site_name,
            &self.public_details,
            [&self.title, &self.narrative, &self.place, &self.client_name],
            &self.internal_notes,
        );
        let assignee = self.assignee.as_ref().map_or("", |(_, name)| name.as_str());
        let people = query::people_search([self.author_name.as_str(), self.filed_by.as_str(), assignee]);
        into.extend(params![
            self.id,
            organization,
            self.client,
            self.site,
            self.area,
            self.team,
            self.number,
            &self.reference,
            &self.kind,
            self.severity.number(),
            self.status.number(),
            i64::from(self.escalated),
            self.source.number(),
            &self.title,
            &self.narrative,
            &self.public_details,
            &self.internal_notes,
            &self.place,
            self.position.map(|p| p.0),
            self.position.map(|p| p.1),
            self.occurred_at,
            self.ended_at,
            self.reported_at,
            &self.zone,
            self.author,
            &self.author_name,
            &self.author_role,
            &self.filed_by,
            self.assignee.as_ref().map(|(id, _)| *id),
            assignee,
            self.visibility.number(),
            i64::from(self.author_may_edit),
            i64::from(self.approval_required),
            self.approved.as_ref().map(|(at, _)| *at),
            self.approved.as_ref().map(|(_, who)| who.as_str()),
            self.released.as_ref().map(|(at, _)| *at),
            self.released.as_ref().map(|(_, who)| who.as_str()),
            i64::from(self.status == Status::Closed),
            i64::from(self.archived),
            found.public,
            found.staff,
            found.notes,
            people,
            &self.site_name,
            &self.client_name,
            self.moved_at,
            self.moved_at,
        ]);
    }
}

/// In the order of [`NewIncident::values`].
const COLUMNS: &[&str] = &[
    "id",
    "organization_id",
    "client_id",
    "site_id",
    "area_id",
    "team_id",
    "number",
    "reference",
    "kind",
    "severity",
    "status",
    "escalated",
    "source",
    "title",
    "narrative",
    "public_details",
    "internal_notes",
    "place",
    "latitude",
    "longitude",
    "occurred_at",
    "ended_at",
    "reported_at",
    "zone",
    "author_id",
    "author_name",
    "author_role",
    "filed_by",
    "assignee_id",
    "assignee_name",
    "visibility",
    "author_may_edit",
    "approval_required",
    "approved_at",
    "approved_by",
    "released_at",
    "released_by",
    "closed",
    "archived",
    "search_public",
    "search_staff",
    "search_notes",
    "search_people",
    "site_name",
    "client_name",
    "moved_at",
    "updated_at",
];

/// Rows of one statement. Full statements share one text, so that it is prepared once.
const ROWS: usize = 50;

static FULL: LazyLock<String> = LazyLock::new(|| statement(ROWS));

fn statement(rows: usize) -> String {
    let width = COLUMNS.len();
    let row = |at: usize| {
        let cells: Vec<String> = (1..=width).map(|cell| format!("${}", at * width + cell)).collect();
        format!("({})", cells.join(", "))
    };
    let rows: Vec<String> = (0..rows).map(row).collect();
    format!("insert into incidents ({}) values {}", COLUMNS.join(", "), rows.join(", "))
}

/// Adds the statements that store these incidents. A batch of a few thousand is a good size. Numbers must be free:
/// take them with [`take_numbers`] in the same batch.
pub fn insert_many(batch: &mut Batch, organization: OrganizationId, incidents: &[NewIncident]) {
    for rows in incidents.chunks(ROWS) {
        let mut values = Vec::with_capacity(rows.len() * COLUMNS.len());
        for incident in rows {
            incident.values(organization, &mut values);
        }
        if rows.len() == ROWS {
            batch.run(FULL.as_str(), values);
        } else {
            batch.run(statement(rows.len()), values);
        }
    }
}

/// The number given out last; the next incident gets the one after it.
///
/// # Errors
/// The store's.
pub async fn last_number(store: &Store, organization: OrganizationId) -> Result<i64> {
    let found: Option<(i64,)> = store
        .first(
            "select value from counters where organization_id = $1 and name = 'incident'",
            params![organization],
        )
        .await?;
    Ok(found.map_or(0, |(last,)| last))
}

/// Takes the numbers after `last` (what [`last_number`] answered) up to `last + count`. If somebody filed in the
/// meantime the batch is undone with [`Error::Stale`]: read the last number again.
pub fn take_numbers(batch: &mut Batch, organization: OrganizationId, last: i64, count: usize) {
    let count = i64::try_from(count).unwrap_or(0);
    batch.run(
        "insert into counters (organization_id, name, value) values ($1, 'incident', 0) on conflict do nothing",
        params![organization],
    );
    batch.guard(
        "update counters set value = value + $3 where organization_id = $1 and name = 'incident' and value = $2",
        params![organization, last, count],
        Error::Stale,
    );
}

/// Puts words on the organization's list of types; those that are there stay as they are.
pub fn add_types<'a>(
    batch: &mut Batch,
    organization: OrganizationId,
    kinds: impl IntoIterator<Item = &'a str>,
) {
    for kind in kinds {
        batch.run(
            "insert into incident_types (id, organization_id, name) values ($1, $2, $3) on conflict do nothing",
            params![Uuid::new_v4(), organization, kind],
        );
    }
}

/// Somebody who was involved.
#[derive(Clone, Debug)]
pub struct NewPerson {
    /// Their name.
    pub name: String,
    /// What they had to do with it.
    pub part: Part,
    /// How to reach them.
    pub contact: String,
    /// More words.
    pub note: String,
}

/// Adds the people involved in an incident of the same batch, and lets search find it by them.
pub fn insert_people(
    batch: &mut Batch,
    organization: OrganizationId,
    incident: &NewIncident,
    people: &[NewPerson],
) {
    for person in people {
        batch.run(
            "insert into incident_people (id, organization_id, incident_id, name, part, contact, note) \
             values ($1, $2, $3, $4, $5, $6, $7)",
            params![
                Uuid::now_v7(),
                organization,
                incident.id,
                &person.name,
                person.part.number(),
                &person.contact,
                &person.note
            ],
        );
    }
    let assignee = incident.assignee.as_ref().map_or("", |(_, name)| name.as_str());
    let names = [incident.author_name.as_str(), incident.filed_by.as_str(), assignee];
    let found = query::people_search(names.into_iter().chain(people.iter().map(|p| p.name.as_str())));
    batch.run(
        "update incidents set search_people = $3 where organization_id = $1 and id = $2",
        params![organization, incident.id, found],
    );
}

/// Adds a line to an incident's history. Actions: `file`, `edit`, `approve`, `publish`, `unpublish`, `move`,
/// `resolve`, `close`, `reopen`, `escalate`, `assign`, `archive`, `restore`.
#[derive(Clone, Debug)]
pub struct NewChange<'a> {
    /// Which incident.
    pub incident: IncidentId,
    /// When.
    pub at: Timestamp,
    /// Who.
    pub membership: Option<MembershipId>,
    /// Their name then.
    pub name: &'a str,
    /// Their roles then.
    pub role: &'a str,
    /// What they did.
    pub action: &'a str,
    /// What it changed.
    pub fields: Vec<ChangedField>,
    /// Why.
    pub reason: &'a str,
}

/// See [`NewChange`].
pub fn insert_change(batch: &mut Batch, organization: OrganizationId, change: NewChange<'_>) {
    let detail = view::Detail { fields: change.fields, reason: change.reason.to_owned() };
    query::note(
        batch,
        query::Change {
            organization,
            incident: change.incident,
            at: change.at,
            membership: change.membership,
            name: change.name,
            role: change.role,
            action: change.action,
            detail: serde_json::to_string(&detail).unwrap_or_default(),
        },
    );
}

/// Reads a type as written in a file: one line of at most 80 characters.
///
/// # Errors
/// A sentence for the person whose file it is.
pub fn kind(text: &str) -> Result<String, String> {
    text.parse::<Line<80>>().map(|line| line.as_str().to_owned())
}

/// Reads a severity as people write it: the word in any case, or 1 (low) to 4 (critical).
///
/// # Errors
/// A sentence for the person whose file it is.
pub fn severity(text: &str) -> Result<Severity, String> {
    match text.trim() {
        "1" => Ok(Severity::Low),
        "2" => Ok(Severity::Medium),
        "3" => Ok(Severity::High),
        "4" => Ok(Severity::Critical),
        word => word.to_lowercase().parse(),
    }
}

/// Reads a status as people write it: the word in any case.
///
/// # Errors
/// A sentence for the person whose file it is.
pub fn status(text: &str) -> Result<Status, String> {
    match text.trim().to_lowercase().as_str() {
        "in review" => Ok(Status::Review),
        "open" => Ok(Status::Active),
        word => word.parse(),
    }
}

/// Reads a source as people write it.
///
/// # Errors
/// A sentence for the person whose file it is.
pub fn source(text: &str) -> Result<Source, String> {
    text.trim().to_lowercase().replace([' ', '-'], "_").parse()
}

/// Reads a local time in a zone, or an instant with an offset. Where the clock showed the time twice, `pass` says
/// which is meant; files that cannot say it mean the first.
///
/// # Errors
/// A sentence for the person whose file it is.
pub fn local_time(text: &str, zone: &str, pass: Option<Pass>) -> Result<Timestamp, String> {
    let zone = crate::incidents::read_zone(zone)?;
    crate::incidents::read_time(text, &zone, pass).map_err(|wrong| wrong.message)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_files_say_is_read_as_meant() {
        assert_eq!(severity(" HIGH "), Ok(Severity::High));
        assert_eq!(severity("4"), Ok(Severity::Critical));
        assert!(severity("awful").is_err() && severity("").is_err());
        assert_eq!(status("In review"), Ok(Status::Review));
        assert_eq!(source("Occurrence log"), Ok(Source::OccurrenceLog));
        assert_eq!(kind("  Theft "), Ok("Theft".to_owned()));
        assert!(kind("").is_err() && kind(&"x".repeat(81)).is_err());
        let at = local_time("2015-12-31T23:10:00", "America/Los_Angeles", None).unwrap();
        assert_eq!(at.to_string(), "2016-01-01T07:10:00Z");
        assert!(local_time("2015-12-31", "Nowhere", None).is_err());
    }

    #[tokio::test]
    async fn many_incidents_are_stored_with_their_numbers_and_found_again() {
        for app in testkit::apps(crate::features()).await {
            let org = app.organization("Northwatch").await;
            let client = app.client(org, "Harbour").await;
            let site = app.site(org, client, None, "Dock 4").await;
            let admin = app.member(org, "Ada", "admin", &[access::Target::Organization], None).await;
            let store = &app.app.store;
            let last = last_number(store, org).await.unwrap();
            // Two full statements and a rest.
            let rows: Vec<NewIncident> = (1..=2 * ROWS + 7)
                .map(|n| {
                    let number = last + i64::try_from(n).unwrap();
                    let mut one = NewIncident::filed(
                        number,
                        (client, "Harbour"),
                        (site, "Dock 4", "America/New_York"),
                        app.now(),
                    );
                    one.title = format!("Incident {n}");
                    one
                })
                .collect();
            let mut batch = Batch::new();
            take_numbers(&mut batch, org, last, rows.len());
            insert_many(&mut batch, org, &rows);
            store.commit(batch).await.unwrap();
            assert_eq!(last_number(store, org).await.unwrap(), 107);
            let found = app.get(&admin, "/api/v1/incidents?q=incident+107").await.expect(200).json();
            assert_eq!(found["items"][0]["number"], 107);
            // Somebody filed in between: nothing is stored, and the caller hears of it.
            let mut batch = Batch::new();
            take_numbers(&mut batch, org, last, 1);
            assert!(matches!(store.commit(batch).await, Err(Error::Stale)));
        }
    }
}
