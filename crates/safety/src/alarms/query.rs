//! SQL of alarms, and nothing but SQL. Every write of an alarm takes a permit; one's own card is one's own, and the round
//! that calls out again writes in nobody's name.

use access::{Facts, Permit};
use kernel::id::{AlarmId, MembershipId, OrganizationId};
use kernel::{Audience, Error, Result, Timestamp};
use store::{Batch, FromRow, Row, Store, params};
use uuid::Uuid;

use super::model::{CardDraft, Moment, Position, State};
use super::view::{CardOut, MomentOut};
use crate::sites::Ground;

/// A new alarm.
pub(crate) struct NewAlarm<'a> {
    pub(crate) id: AlarmId,
    pub(crate) ground: &'a Ground,
    pub(crate) area: Option<Uuid>,
    pub(crate) team: Option<Uuid>,
    pub(crate) author: MembershipId,
    pub(crate) author_name: &'a str,
    pub(crate) side: Audience,
    pub(crate) phone: &'a str,
    pub(crate) word: &'a str,
    pub(crate) position: Option<Position>,
    pub(crate) raised_at: Timestamp,
    pub(crate) now: Timestamp,
    /// When it is called out again unless somebody answers.
    pub(crate) again_at: Timestamp,
}

pub(super) fn insert(batch: &mut Batch, permit: &Permit, new: &NewAlarm<'_>) {
    put(batch, permit.organization(), new);
}

/// Stores an alarm without asking anybody; for the program's own doors. Requests go through [`insert`].
pub(crate) fn put(batch: &mut Batch, organization: OrganizationId, new: &NewAlarm<'_>) {
    let position = new.position;
    batch.run(
        "insert into alarms (id, organization_id, client_id, site_id, area_id, team_id, client_name, site_name, zone, \
           author_id, author_name, side, phone, word, latitude, longitude, accuracy_m, raised_at, received_at, state, \
           closed, again_at, search, search_people, updated_at) \
         values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, $18, $19, 0, 0, $20, $21, \
           $22, $19)",
        params![
            new.id,
            organization,
            new.ground.client,
            new.ground.id,
            new.area,
            new.team,
            new.ground.client_name.as_str(),
            new.ground.name.as_str(),
            new.ground.zone.as_str(),
            new.author,
            new.author_name,
            new.side.number(),
            new.phone,
            new.word,
            position.map(|p| p.point.latitude()),
            position.map(|p| p.point.longitude()),
            position.and_then(|p| p.accuracy_m),
            new.raised_at,
            new.now,
            new.again_at,
            store::fold(&format!("{} {}", new.ground.name, new.ground.client_name)),
            store::fold(new.author_name),
        ],
    );
}

/// Somebody, or the program itself, in the course of an alarm.
#[derive(Clone, Copy)]
pub(crate) struct Doer<'a> {
    pub(crate) membership: Option<MembershipId>,
    pub(crate) name: &'a str,
}

/// Writes down what happened. A card that is opened again by the same person is one opening.
pub(crate) fn happened(
    batch: &mut Batch,
    organization: OrganizationId,
    alarm: AlarmId,
    (kind, note): (Moment, &str),
    by: Doer<'_>,
    at: Timestamp,
) {
    batch.run(
        "insert into alarm_moments (id, organization_id, alarm_id, kind, at, membership_id, by_name, note) \
         values ($1, $2, $3, $4, $5, $6, $7, $8)",
        params![Uuid::now_v7(), organization, alarm, kind.number(), at, by.membership, by.name, note],
    );
}

/// Somebody answers. The guard is that nobody has.
pub(super) fn answer(batch: &mut Batch, permit: &Permit, id: AlarmId, by: Doer<'_>, now: Timestamp) {
    batch.guard(
        "update alarms set state = $3, answered_at = $4, answered_id = $5, answered_name = $6, again_at = null, \
           updated_at = $4, version = version + 1 \
         where organization_id = $1 and id = $2 and state = 0",
        params![permit.organization(), id, State::Acknowledged.number(), now, by.membership, by.name],
        Error::Stale,
    );
}

pub(super) fn close(
    batch: &mut Batch,
    permit: &Permit,
    id: AlarmId,
    by: Doer<'_>,
    closing: &str,
    now: Timestamp,
) {
    batch.guard(
        "update alarms set state = $3, closed = 1, closed_at = $4, closed_name = $5, closing = $6, again_at = null, \
           updated_at = $4, version = version + 1 \
         where organization_id = $1 and id = $2 and closed = 0",
        params![permit.organization(), id, State::Closed.number(), now, by.name, closing],
        Error::Stale,
    );
}

/// What happened in the course of an alarm that was found within the plan.
pub(super) async fn course(
    store: &Store,
    organization: OrganizationId,
    alarm: AlarmId,
) -> Result<Vec<(MomentOut, Option<MembershipId>)>> {
    struct Line(MomentOut, Option<MembershipId>);
    impl FromRow for Line {
        fn from_row(row: &Row<'_>) -> Result<Self> {
            Ok(Self(MomentOut::from_row(row)?, row.get(4)?))
        }
    }
    let lines: Vec<Line> = store
        .all(
            "select kind, at, by_name, note, membership_id from alarm_moments \
             where organization_id = $1 and alarm_id = $2 order by at, id",
            params![organization, alarm],
        )
        .await?;
    Ok(lines.into_iter().map(|Line(moment, by)| (moment, by)).collect())
}

/// The emergency card of a person: their own, or that of the caller of an alarm that was found within the plan.
pub(super) async fn card(
    store: &Store,
    organization: OrganizationId,
    membership: MembershipId,
) -> Result<Option<CardOut>> {
    store
        .first(
            "select phone, contact_name, contact_phone, medical from emergency_cards \
             where organization_id = $1 and membership_id = $2",
            params![organization, membership],
        )
        .await
}

/// Writes one's own card; nobody writes another's.
pub(super) fn set_card(
    batch: &mut Batch,
    (organization, own): (OrganizationId, MembershipId),
    card: &CardDraft,
    now: Timestamp,
) {
    batch.run(
        "insert into emergency_cards (membership_id, organization_id, phone, contact_name, contact_phone, medical, \
           updated_at) \
         values ($1, $2, $3, $4, $5, $6, $7) \
         on conflict (membership_id) do update set phone = excluded.phone, contact_name = excluded.contact_name, \
           contact_phone = excluded.contact_phone, medical = excluded.medical, updated_at = excluded.updated_at",
        params![
            own,
            organization,
            card.phone.as_str(),
            card.contact_name.as_str(),
            card.contact_phone.as_str(),
            card.medical.as_str(),
            now
        ],
    );
}

/// The worker that a membership is: the telephone number and the team that the office knows of them.
pub(super) async fn worker(
    store: &Store,
    organization: OrganizationId,
    membership: MembershipId,
) -> Result<Option<(String, Option<Uuid>)>> {
    store
        .first(
            "select phone, team_id from workers where organization_id = $1 and membership_id = $2 and archived = 0 \
             order by id limit 1",
            params![organization, membership],
        )
        .await
}

/// What decisions about mail need to know of an alarm. Shown to nobody.
struct Found(Facts);

impl FromRow for Found {
    fn from_row(row: &Row<'_>) -> Result<Self> {
        Ok(Self(Facts {
            area: row.get(1)?,
            team: row.get(2)?,
            client: row.get(3)?,
            site: row.get(4)?,
            closed: row.get(5)?,
            author: row.get(6)?,
            ..Facts::of(row.get(0)?)
        }))
    }
}

pub(super) async fn facts(store: &Store, organization: OrganizationId, id: Uuid) -> Result<Option<Facts>> {
    let found: Option<Found> = store
        .first(
            "select organization_id, area_id, team_id, client_id, site_id, closed, author_id from alarms \
             where organization_id = $1 and id = $2",
            params![organization, id],
        )
        .await?;
    Ok(found.map(|Found(facts)| facts))
}

/// Alarms that nobody has answered and that are to be called out again: which, whose, when raised, when due.
pub(super) async fn unanswered(
    store: &Store,
    now: Timestamp,
) -> Result<Vec<(AlarmId, OrganizationId, Timestamp, Timestamp)>> {
    store
        .all(
            "select id, organization_id, received_at, again_at from alarms \
             where again_at is not null and again_at <= $1 order by again_at limit 200",
            params![now],
        )
        .await
}

/// Says when an alarm is called out next; the guard is when it was due, so that of two nodes one calls.
pub(super) fn call_next(
    batch: &mut Batch,
    organization: OrganizationId,
    id: AlarmId,
    due: Timestamp,
    next: Option<Timestamp>,
) {
    batch.guard(
        "update alarms set again_at = $4 where organization_id = $1 and id = $2 and again_at = $3 and state = 0",
        params![organization, id, due, next],
        Error::Stale,
    );
}
