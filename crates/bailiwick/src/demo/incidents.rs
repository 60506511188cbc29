//! The demo world's incidents: each follows from the seed and its place alone, so any part can be made again, and a
//! run that was interrupted goes on where it stopped.

use std::collections::HashMap;

use access::Visibility;
use jiff::tz::TimeZone;
use kernel::id::{IncidentId, OrganizationId};
use kernel::{Error, Result, Timestamp};
use reporting::setup::{self, NewChange, NewIncident, NewPerson, Part, Severity, Source, Status};
use store::{Batch, Store};

use super::dice::Dice;
use super::query::{self, Holder, Site};
use super::story::{Book, Scene, Setting};
use super::world;

/// One stretch of incidents: they spread over a time before `until`, oldest first.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Stretch {
    pub(crate) seed: u64,
    /// Which organization of the world.
    pub(crate) place: u64,
    /// How many incidents were there before.
    pub(crate) first: u64,
    pub(crate) count: u64,
    /// Microseconds since 1970.
    pub(crate) until: i64,
}

/// How many of the newest incidents get their history and the people involved told in full. For the others that
/// would be three more rows each, which nobody opens.
const IN_FULL: u64 = 20_000;

const DAY: i64 = 86_400_000_000;
const MINUTE: i64 = 60_000_000;

/// Everybody and every place that incidents speak of.
#[derive(Debug)]
pub(crate) struct Cast {
    pub(crate) organization: OrganizationId,
    sites: Vec<Stage>,
    deciders: Vec<Holder>,
    callers: Vec<Holder>,
    book: Book,
}

/// A site with the people who report there.
#[derive(Debug)]
struct Stage {
    site: Site,
    setting: Setting,
    zone: TimeZone,
    officers: Vec<Holder>,
    supervisors: Vec<Holder>,
}

/// An incident with what hangs on it.
#[derive(Debug)]
pub(crate) struct Made {
    incident: NewIncident,
    people: Vec<NewPerson>,
    changes: Vec<Change>,
}

#[derive(Debug)]
struct Change {
    at: Timestamp,
    who: Holder,
    action: &'static str,
}

impl Cast {
    /// Reads the world as it is in the database.
    ///
    /// # Errors
    /// The store's.
    pub(crate) async fn load(
        store: &Store,
        organization: OrganizationId,
        world: &world::Organization,
    ) -> Result<Self> {
        let settings: HashMap<(&str, &str), Setting> = world
            .client
            .iter()
            .flat_map(|client| {
                client
                    .sites
                    .iter()
                    .map(move |site| ((client.name.as_str(), site.name.as_str()), site.setting))
            })
            .collect();
        let holders = query::holders(store, organization).await?;
        let with = |role: &[&str], site| -> Vec<Holder> {
            holders.iter().filter(|h| role.contains(&h.role.as_str()) && h.site == site).cloned().collect()
        };
        let sites = query::sites(store, organization)
            .await?
            .into_iter()
            .filter_map(|site| {
                // Sites that people added to the world later have no stories.
                let setting = *settings.get(&(site.client_name.as_str(), site.name.as_str()))?;
                Some(Stage {
                    setting,
                    zone: TimeZone::get(&site.zone).unwrap_or(TimeZone::UTC),
                    officers: with(&["officer", "guard"], Some(site.id)),
                    supervisors: with(&["supervisor"], Some(site.id)),
                    site,
                })
            })
            .collect();
        Ok(Self {
            organization,
            sites,
            deciders: with(&["customer_admin", "admin", "administrator", "owner"], None),
            callers: with(&["call_center"], None),
            book: Book::open().map_err(Error::internal)?,
        })
    }

    /// The kinds that stories are of.
    pub(crate) fn kinds(&self) -> impl Iterator<Item = &str> {
        self.book.kinds()
    }

    /// One incident of a stretch.
    ///
    /// # Errors
    /// A fault of the world's files.
    pub(crate) fn incident(&self, stretch: &Stretch, place: u64, number: i64) -> Result<Made> {
        let mut dice = Dice::of(stretch.seed, 2 + stretch.place, stretch.first + place);
        let empty = || Error::internal("the demo world has no sites");
        let stage = dice.pick(&self.sites).ok_or_else(empty)?;
        let nobody = || Error::internal("a site of the demo world has no officers");
        let officer = dice.pick(&stage.officers).ok_or_else(nobody)?;
        let occurred = time(stretch, place, &mut dice)?;
        let local = occurred.to_zoned(stage.zone.clone());
        let scene = Scene {
            officer: &officer.name,
            site: &stage.site.name,
            client: &stage.site.client_name,
            setting: stage.setting,
            minute: i64::from(local.hour()) * 60 + i64::from(local.minute()),
        };
        let told = self.book.tell(&mut dice, &scene).ok_or_else(empty)?;
        let until = Timestamp::from_microsecond(stretch.until).map_err(Error::internal)?;
        let after = |minutes: i64| {
            let at = (occurred.as_microsecond() + minutes * MINUTE).min(until.as_microsecond());
            Timestamp::from_microsecond(at).map_err(Error::internal)
        };
        let site = &stage.site;
        let mut new = NewIncident::filed(
            number,
            (site.client, &site.client_name),
            (site.id, &site.name, &site.zone),
            occurred,
        );
        new.id = IncidentId::from_uuid(dice.uuid());
        new.reference = reference(&mut dice);
        new.area = site.area;
        new.team = officer.team;
        told.kind.clone_into(&mut new.kind);
        new.severity = told.severity.parse().map_err(Error::internal)?;
        new.title = told.title;
        new.narrative = told.narrative;
        new.public_details = told.public;
        new.internal_notes = told.notes;
        new.place = told.spot;
        new.source = match (site.kind, dice.below(10)) {
            (_, 0) => Source::OccurrenceLog,
            (1 | 2, _) => Source::Patrol,
            _ => Source::Static,
        };
        new.position = site.position.filter(|_| dice.chance(85)).map(|at| beside(&mut dice, at));
        new.ended_at = if dice.chance(60) { Some(after(dice.between(5, 90))?) } else { None };
        new.reported_at = after(dice.between(3, 55))?;
        new.author = Some(officer.membership);
        new.author_name.clone_from(&officer.name);
        (if officer.role == "guard" { "Guard" } else { "Officer" }).clone_into(&mut new.author_role);
        if let Some(caller) = self.callers.first().filter(|_| dice.chance(6)) {
            new.filed_by.clone_from(&caller.name);
        }
        new.author_may_edit = site.editable_by_author;
        new.approval_required = site.approval_required;
        let boss = if dice.chance(70) { dice.pick(&stage.supervisors) } else { None };
        let boss = boss.or_else(|| dice.pick(&self.deciders)).unwrap_or(officer);
        let age = (stretch.until - occurred.as_microsecond()) / DAY;
        let mut changes = vec![Change { at: new.reported_at, who: officer.clone(), action: "file" }];
        self.progress(&mut new, &mut changes, &mut dice, age, boss, &after)?;
        let people = told
            .people
            .iter()
            .map(|(name, part)| {
                Ok(NewPerson {
                    name: name.clone(),
                    part: part.parse::<Part>().map_err(Error::internal)?,
                    contact: if dice.chance(50) {
                        format!("+1 555 01{:02}", dice.between(0, 99))
                    } else {
                        String::new()
                    },
                    note: String::new(),
                })
            })
            .collect::<Result<_>>()?;
        Ok(Made { incident: new, people, changes })
    }

    /// How far it came by now: the older, the further.
    fn progress(
        &self,
        new: &mut NewIncident,
        changes: &mut Vec<Change>,
        dice: &mut Dice,
        age: i64,
        boss: &Holder,
        after: &dyn Fn(i64) -> Result<Timestamp>,
    ) -> Result<()> {
        const WORDS: [Status; 5] =
            [Status::New, Status::Active, Status::Review, Status::Resolved, Status::Closed];
        let weights = match age {
            ..=0 => [45, 35, 10, 10, 0],
            1..=6 => [8, 27, 20, 30, 15],
            7..=29 => [1, 5, 7, 33, 54],
            _ => [0, 1, 1, 10, 88],
        };
        new.status = WORDS.get(dice.weighted(weights.into_iter())).copied().unwrap_or(Status::New);
        let mut minute = 60;
        let mut later = |dice: &mut Dice, action: &'static str| -> Result<Timestamp> {
            minute += dice.between(10, 400);
            let at = after(minute)?;
            changes.push(Change { at, who: boss.clone(), action });
            Ok(at)
        };
        if new.status >= Status::Active {
            new.assignee = Some((boss.membership, boss.name.clone())).filter(|_| dice.chance(75));
            if new.assignee.is_some() {
                later(dice, "assign")?;
            }
            new.moved_at = later(dice, "move")?;
        }
        let grave = new.severity >= Severity::High;
        if new.status <= Status::Active && grave && dice.chance(25) {
            new.escalated = true;
            new.moved_at = later(dice, "escalate")?;
        }
        let approved = new.approval_required && new.status >= Status::Review && dice.chance(85);
        if approved {
            new.approved = Some((later(dice, "approve")?, boss.name.clone()));
        }
        let fit = approved || !new.approval_required;
        let published = match new.status {
            Status::New => 4,
            Status::Active => 22,
            _ => 64,
        };
        new.visibility = if fit && dice.chance(published) {
            new.released = Some((later(dice, "publish")?, boss.name.clone()));
            Visibility::Released
        } else if new.approval_required && !approved {
            Visibility::Held
        } else {
            Visibility::Submitted
        };
        if new.visibility == Visibility::Released && dice.chance(2) {
            // Taken back: the client side had it and has it no more.
            later(dice, "unpublish")?;
            new.released = None;
            new.visibility = Visibility::Held;
        }
        if new.status >= Status::Resolved {
            new.moved_at = later(dice, "resolve")?;
        }
        if new.status == Status::Closed {
            new.moved_at = later(dice, "close")?;
            if new.visibility < Visibility::Released && dice.chance(1) {
                new.archived = true;
                new.visibility = Visibility::Held;
                later(dice, "archive")?;
            }
        }
        Ok(())
    }
}

/// When the incident at a place of a stretch happened: places are spread evenly, oldest first.
fn time(stretch: &Stretch, place: u64, dice: &mut Dice) -> Result<Timestamp> {
    // About a dozen a day, but at least a month and at most three years of them.
    let days = i64::try_from(stretch.count / 12).unwrap_or(i64::MAX).clamp(30, 1095);
    let span = i128::from(days * DAY);
    let step = span / i128::from(stretch.count.max(1));
    let jitter = i128::from(dice.between(0, i64::try_from(step).unwrap_or(DAY)));
    let passed = (span * i128::from(place) / i128::from(stretch.count.max(1))) + jitter;
    let micros = i128::from(stretch.until) - span + passed - i128::from(10 * MINUTE);
    // Whole minutes: nobody writes down more.
    let micros = i64::try_from(micros).map_err(Error::internal)?.div_euclid(MINUTE) * MINUTE;
    Timestamp::from_microsecond(micros).map_err(Error::internal)
}

/// The word that people on the phone say.
fn reference(dice: &mut Dice) -> String {
    const LETTERS: &[u8] = b"23456789ABCDEFGHJKMNPQRSTVWXYZ";
    (0..6).filter_map(|_| dice.pick(LETTERS).copied().map(char::from)).collect()
}

/// Somewhere within about a hundred metres.
fn beside(dice: &mut Dice, (latitude, longitude): (f64, f64)) -> (f64, f64) {
    let mut shift = || f64::from(i16::try_from(dice.between(-90, 90)).unwrap_or(0)) / 100_000.0;
    (latitude + shift(), longitude + shift())
}

/// The batch that stores some of them.
pub(crate) fn batch(cast: &Cast, stretch: &Stretch, from: u64, made: &[Made]) -> Batch {
    let mut batch = Batch::new();
    let last = made.first().map_or(0, |first| first.incident.number - 1);
    setup::take_numbers(&mut batch, cast.organization, last, made.len());
    // A copy is cheap beside what the database does with it.
    let rows: Vec<NewIncident> = made.iter().map(|one| one.incident.clone()).collect();
    setup::insert_many(&mut batch, cast.organization, &rows);
    for (place, one) in (from..).zip(made) {
        if place + IN_FULL < stretch.count {
            continue;
        }
        if !one.people.is_empty() {
            setup::insert_people(&mut batch, cast.organization, &one.incident, &one.people);
        }
        for change in &one.changes {
            setup::insert_change(
                &mut batch,
                cast.organization,
                NewChange {
                    incident: one.incident.id,
                    at: change.at,
                    membership: Some(change.who.membership),
                    name: &change.who.name,
                    role: role_name(&change.who.role),
                    action: change.action,
                    fields: Vec::new(),
                    reason: "",
                },
            );
        }
    }
    batch
}

fn role_name(key: &str) -> &str {
    access::by_key(key).map_or(key, |role| role.name.as_str())
}
