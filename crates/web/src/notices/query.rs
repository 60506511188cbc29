//! SQL of notices. Subscriptions are written by `people`; events by `jobs`.

use std::collections::{HashMap, HashSet};

use access::{Event, Facts};
use jobs::events::Happened;
use jobs::mail::MailState;
use kernel::id::{EventId, MailId, MembershipId, OrganizationId};
use kernel::{Audience, Error, Result, Timestamp};
use store::{Batch, FromRow, Row, Store, Value, params};
use uuid::Uuid;

use super::House;
use super::decide::{Choices, Person};
use super::words::{Cadence, Outcome};

impl FromRow for House {
    fn from_row(row: &Row<'_>) -> Result<Self> {
        Ok(Self {
            id: row.get(0)?,
            name: row.get(1)?,
            hue: u16::try_from(row.get::<i64>(2)?).unwrap_or(215),
            zone: row.get(3)?,
            mail_on_publish: row.get::<i64>(4)? == 1,
        })
    }
}

pub(super) async fn house(store: &Store, id: OrganizationId) -> Result<House> {
    store
        .one("select id, name, hue, zone, mail_on_publish from organizations where id = $1", params![id])
        .await
}

impl FromRow for Person {
    fn from_row(row: &Row<'_>) -> Result<Self> {
        let active = row.get::<i64>(4)? == 1;
        let archived: Option<Timestamp> = row.get(5)?;
        Ok(Self {
            membership: row.get(0)?,
            account: row.get(1)?,
            audience: row.number::<Audience>(2)?,
            email: row.get(3)?,
            active: active && archived.is_none(),
            // 2: somebody accepted (see `people::members`).
            joined: row.get::<i64>(8)? == 2,
            hour: row.get(6)?,
            zone: row.get(7)?,
        })
    }
}

const PEOPLE: &str = "select m.id, m.account_id, m.audience, a.email, m.active, a.archived_at, d.hour, d.zone, m.entry \
     from memberships m join accounts a on a.id = m.account_id \
     left join digest_hours d on d.organization_id = m.organization_id and d.membership_id = m.id \
     where m.organization_id = $1";

/// Everybody of an organization.
pub(super) async fn people(
    store: &Store,
    organization: OrganizationId,
) -> Result<HashMap<MembershipId, Person>> {
    let found: Vec<Person> = store.all(PEOPLE, params![organization]).await?;
    Ok(found.into_iter().map(|person| (person.membership, person)).collect())
}

/// One of them.
pub(super) async fn person(
    store: &Store,
    organization: OrganizationId,
    membership: MembershipId,
) -> Result<Option<Person>> {
    store.first(&format!("{PEOPLE} and m.id = $2"), params![organization, membership]).await
}

/// The choices of everybody, or of one.
pub(super) async fn choices(
    store: &Store,
    organization: OrganizationId,
    only: Option<MembershipId>,
) -> Result<Choices> {
    let mut values = params![organization];
    values.extend(only.map(Value::from));
    let pick = if only.is_some() { " and membership_id = $2" } else { "" };
    let rows: Vec<(MembershipId, i64, i64)> = store
        .all(
            &format!(
                "select membership_id, event, cadence from subscriptions where organization_id = $1{pick}"
            ),
            values,
        )
        .await?;
    Ok(rows
        .into_iter()
        .filter_map(|(member, event, cadence)| Some(((member, event), Cadence::try_from(cadence).ok()?)))
        .collect())
}

/// Who was told of a record by one of these kinds of notice.
pub(super) async fn told(
    store: &Store,
    organization: OrganizationId,
    record: Uuid,
    topics: &[&'static str],
) -> Result<HashSet<MembershipId>> {
    if topics.is_empty() {
        return Ok(HashSet::new());
    }
    let mut values = params![organization, record];
    let marks: Vec<String> = topics
        .iter()
        .map(|topic| {
            values.push(Value::from(*topic));
            format!("${}", values.len())
        })
        .collect();
    let rows: Vec<(MembershipId,)> = store
        .all(
            &format!(
                "select n.membership_id from events e \
                 join notices n on n.organization_id = e.organization_id and n.event_id = e.id \
                 where e.organization_id = $1 and e.record_id = $2 and n.outcome in (0, 1) and e.topic in ({})",
                marks.join(", ")
            ),
            values,
        )
        .await?;
    Ok(rows.into_iter().map(|(member,)| member).collect())
}

/// The sign-in behind a membership.
pub(super) async fn account_behind(
    store: &Store,
    membership: MembershipId,
) -> Result<Option<kernel::id::AccountId>> {
    let found: Option<(kernel::id::AccountId,)> =
        store.first("select account_id from memberships where id = $1", params![membership]).await?;
    Ok(found.map(|(account,)| account))
}

/// A decision as it is kept.
pub(super) struct Decided<'a> {
    pub(super) organization: OrganizationId,
    pub(super) event: EventId,
    pub(super) membership: MembershipId,
    pub(super) outcome: Outcome,
    pub(super) reason: &'a str,
    pub(super) subscription: Option<Event>,
    pub(super) mail: Option<MailId>,
    pub(super) due: Option<Timestamp>,
    pub(super) at: Timestamp,
}

pub(super) fn decided(batch: &mut Batch, row: &Decided<'_>) {
    batch.run(
        "insert into notices (organization_id, event_id, membership_id, outcome, reason, subscription, mail_id, \
           due_at, decided_at) \
         values ($1, $2, $3, $4, $5, $6, $7, $8, $9)",
        params![
            row.organization,
            row.event,
            row.membership,
            row.outcome.number(),
            row.reason,
            row.subscription.map(Event::number),
            row.mail,
            row.due,
            row.at
        ],
    );
}

/// What was decided before turns out otherwise, or waits no longer: from one outcome to another, once.
pub(super) fn redecided(
    batch: &mut Batch,
    part: &Part,
    from: Outcome,
    to: (Outcome, &str),
    mail: Option<MailId>,
    at: Timestamp,
) {
    batch.guard(
        "update notices set outcome = $4, reason = $5, mail_id = coalesce($6, mail_id), decided_at = $7 \
         where organization_id = $1 and event_id = $2 and membership_id = $3 and outcome = $8",
        params![
            part.organization,
            part.happened.id,
            part.membership,
            to.0.number(),
            to.1,
            mail,
            at,
            from.number()
        ],
        Error::Stale,
    );
}

/// A decision to tell, with its event.
pub(super) struct Part {
    pub(super) happened: Happened,
    pub(super) organization: OrganizationId,
    pub(super) membership: MembershipId,
    /// It left, or is to leave, with the daily message.
    pub(super) daily: bool,
}

impl FromRow for Part {
    fn from_row(row: &Row<'_>) -> Result<Self> {
        Ok(Self {
            happened: Happened::from_row(row)?,
            organization: row.get(1)?,
            membership: row.get(8)?,
            daily: row.get::<Option<i64>>(9)?.is_some(),
        })
    }
}

const PARTS: &str = "select e.id, e.organization_id, e.topic, e.record_id, e.visibility, e.detail, e.caused_by, e.at, \
       n.membership_id, n.due_at \
     from notices n join events e on e.id = n.event_id and e.organization_id = n.organization_id";

/// What one message is about.
pub(super) async fn parts_of(store: &Store, mail: MailId) -> Result<Vec<Part>> {
    store
        .all(&format!("{PARTS} where n.mail_id = $1 and n.outcome = 0 order by e.at, e.id"), params![mail])
        .await
}

/// The words of a message.
pub(super) async fn words(store: &Store, mail: MailId) -> Result<(String, String, String, String)> {
    store.one("select subject, html, plain, why from mails where id = $1", params![mail]).await
}

/// Those whose daily message is due.
pub(super) async fn due(store: &Store, now: Timestamp) -> Result<Vec<(OrganizationId, MembershipId)>> {
    store
        .all(
            "select organization_id, membership_id from notices where outcome = 1 and due_at <= $1 \
             group by organization_id, membership_id order by min(due_at) limit 100",
            params![now],
        )
        .await
}

/// What waits for somebody's daily message, oldest first.
pub(super) async fn gathered(
    store: &Store,
    organization: OrganizationId,
    membership: MembershipId,
) -> Result<Vec<Part>> {
    store
        .all(
            &format!(
                "{PARTS} where n.organization_id = $1 and n.membership_id = $2 and n.outcome = 1 \
                 order by e.at, e.id limit 100"
            ),
            params![organization, membership],
        )
        .await
}

/// A line of "who was mailed about this, and why".
pub(super) struct Line {
    pub(super) topic: String,
    pub(super) at: Timestamp,
    pub(super) membership: MembershipId,
    pub(super) name: String,
    pub(super) audience: Audience,
    pub(super) outcome: Outcome,
    pub(super) reason: String,
    pub(super) state: Option<MailState>,
    pub(super) facts: Facts,
}

impl FromRow for Line {
    fn from_row(row: &Row<'_>) -> Result<Self> {
        let membership: MembershipId = row.get(2)?;
        Ok(Self {
            topic: row.get(0)?,
            at: row.get(1)?,
            membership,
            name: row.get(3)?,
            audience: row.number(4)?,
            outcome: row.number(5)?,
            reason: row.get(6)?,
            state: row.optional_number(7)?,
            facts: Facts {
                client: row.get(8)?,
                site: row.get(9)?,
                team: row.get(10)?,
                area: row.get(11)?,
                ..Facts::of(row.get(12)?)
            },
        })
    }
}

/// The most lines that are read of a record.
const MOST_LINES: i64 = 500;

/// What was decided about the events of a record that was found within the plan, newest first.
pub(super) async fn lines(store: &Store, organization: OrganizationId, record: Uuid) -> Result<Vec<Line>> {
    store
        .all(
            "select e.topic, e.at, m.id, m.name, m.audience, n.outcome, n.reason, l.state, m.client_id, m.site_id, \
               m.team_id, m.area_id, m.organization_id \
             from events e \
             join notices n on n.organization_id = e.organization_id and n.event_id = e.id \
             join memberships m on m.id = n.membership_id \
             left join mails l on l.id = n.mail_id \
             where e.organization_id = $1 and e.record_id = $2 \
             order by e.at desc, e.id desc, n.outcome, m.search, m.id limit $3",
            params![organization, record, MOST_LINES],
        )
        .await
}

/// An event of a record, and how far it is.
pub(super) async fn events(
    store: &Store,
    organization: OrganizationId,
    record: Uuid,
) -> Result<Vec<(EventId, String, Timestamp, i64)>> {
    store
        .all(
            "select id, topic, at, state from events where organization_id = $1 and record_id = $2 \
             order by at desc, id desc limit 100",
            params![organization, record],
        )
        .await
}

/// Members of the organization, to be checked against the asker's plan one by one.
pub(super) async fn members(
    store: &Store,
    organization: OrganizationId,
) -> Result<Vec<(MembershipId, String, i64, Facts)>> {
    struct Member(MembershipId, String, i64, Facts);
    impl FromRow for Member {
        fn from_row(row: &Row<'_>) -> Result<Self> {
            let facts = Facts {
                client: row.get(3)?,
                site: row.get(4)?,
                team: row.get(5)?,
                area: row.get(6)?,
                ..Facts::of(row.get(7)?)
            };
            Ok(Self(row.get(0)?, row.get(1)?, row.get(2)?, facts))
        }
    }
    let found: Vec<Member> = store
        .all(
            "select id, name, audience, client_id, site_id, team_id, area_id, organization_id from memberships \
             where organization_id = $1 order by audience, search, id",
            params![organization],
        )
        .await?;
    Ok(found.into_iter().map(|Member(id, name, side, facts)| (id, name, side, facts)).collect())
}

/// Removes what was decided about an event.
pub(super) fn forget(batch: &mut Batch, event: EventId) {
    batch.run("delete from notices where event_id = $1", params![event]);
}
