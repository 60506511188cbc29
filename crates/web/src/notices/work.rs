//! The worker: expands events, gathers daily messages, and looks at messages once more before they leave.

use std::time::Duration;

use access::{Authority, Facts, Plan};
use jiff::ToSpan as _;
use jiff::tz::TimeZone;
use jobs::Later;
use jobs::events::{Expand, Happened};
use jobs::mail::{LastLook, NewMail, Verdict};
use kernel::id::{MailId, MembershipId, OrganizationId};
use kernel::text::EmailAddress;
use kernel::{Error, Result, Timestamp};
use store::Batch;

use super::compose::{self, Message, Told};
use super::decide::{Circumstances, Decision, Person, decide};
use super::query::{self, Decided, Part};
use super::words::{Cadence, Outcome};
use super::{House, Occurrence, Registered};
use crate::app::App;
use crate::identity;

/// Does the work of notices, with everything a request would have.
#[derive(Clone, Debug)]
pub struct Worker(pub App);

/// When the daily message leaves unless its reader chose: seven in the morning.
pub(super) const DAILY_HOUR: i64 = 7;

/// Works out all events that wait. Answers how many.
///
/// # Errors
/// The store's.
pub async fn expand_waiting(app: &App) -> Result<usize> {
    jobs::events::work_waiting(&app.store, &app.clock, &Worker(app.clone())).await
}

/// What is over is kept this long, in microseconds: half a year. So long it is told who was mailed about a record, and
/// nobody is told of it twice.
const KEPT: i64 = 180 * 86_400_000_000;
/// So many events go in one batch.
const MOST_GONE: i64 = 200;
/// Before the first look for what may go, so that a start is not slowed down; and between two.
const FIRST_SWEEP: Duration = Duration::from_secs(60);
const SWEEP: Duration = Duration::from_secs(3600);

/// Removes events that are over since half a year, with what was decided about them. Answers how many went.
///
/// # Errors
/// The store's.
pub async fn forget_old(app: &App) -> Result<usize> {
    let before = app.clock.now().as_microsecond() - KEPT;
    let before = Timestamp::from_microsecond(before).map_err(Error::internal)?;
    let mut gone = 0;
    loop {
        let over = jobs::events::over(&app.store, before, MOST_GONE).await?;
        if over.is_empty() {
            return Ok(gone);
        }
        let mut batch = Batch::new();
        for id in &over {
            query::forget(&mut batch, *id);
            jobs::events::remove(&mut batch, *id);
        }
        app.store.commit(batch).await?;
        gone += over.len();
    }
}

/// Works out events and gathers daily messages, again and again, until told to stop. Any number of nodes may.
pub async fn run(app: App, mut stop: tokio::sync::watch::Receiver<bool>) {
    let mut sweep = tokio::time::Instant::now() + FIRST_SWEEP;
    loop {
        if tokio::time::Instant::now() >= sweep {
            sweep = tokio::time::Instant::now() + SWEEP;
            match forget_old(&app).await {
                Ok(0) => {}
                Ok(events) => tracing::info!(events, "events that were over since half a year were removed"),
                Err(error) => tracing::warn!(%error, "old events could not be removed"),
            }
        }
        if let Err(error) = expand_waiting(&app).await {
            tracing::warn!(%error, "events could not be worked out");
        }
        if let Err(error) = send_digests(&app).await {
            tracing::warn!(%error, "daily messages could not be gathered");
        }
        tokio::select! {
            () = tokio::time::sleep(Duration::from_secs(2)) => {}
            _ = stop.changed() => return,
        }
    }
}

/// The occurrence behind an event.
pub(super) fn occurrence(registered: Registered, house: House, event: &Happened) -> Occurrence {
    Occurrence {
        event: Some(event.id),
        registered,
        house,
        record: event.record,
        visibility: event.visibility,
        detail: serde_json::from_str(&event.detail).unwrap_or_default(),
        caused_by: event.caused_by,
        at: event.at,
    }
}

fn registered(app: &App, topic: &str) -> Result<Registered> {
    app.notice(topic)
        .cloned()
        .ok_or_else(|| Error::internal(format_args!("there is no kind of notice {topic}")))
}

/// The kinds of notice that tell a person once for all of them.
pub(super) fn siblings(app: &App, one: &Registered) -> Vec<&'static str> {
    if one.notice.once.is_empty() {
        return Vec::new();
    }
    app.notices.iter().filter(|r| r.notice.once == one.notice.once).map(|r| r.notice.topic).collect()
}

/// The plan as if the membership were active: whether it is, is a reason of its own.
pub(super) fn plan_of(authority: Authority, now: Timestamp) -> Plan {
    Authority { active: true, ..authority }.compile(now)
}

/// The next time a clock shows this hour.
pub(super) fn due(now: Timestamp, hour: i64, zone: &str) -> Timestamp {
    let zone = TimeZone::get(zone).unwrap_or(TimeZone::UTC);
    let today = now.to_zoned(zone.clone()).date();
    let hour = i8::try_from(hour).ok().filter(|hour| (0..24).contains(hour)).unwrap_or(7);
    [0i64, 1, 2]
        .into_iter()
        .filter_map(|days| {
            let day = today.checked_add(days.days()).ok()?;
            day.at(hour, 0, 0, 0).to_zoned(zone.clone()).ok().map(|at| at.timestamp())
        })
        .find(|at| *at > now)
        .unwrap_or(now)
}

impl Expand for Worker {
    fn expand<'a>(&'a self, event: &'a Happened, into: &'a mut Batch) -> Later<'a, Result<()>> {
        Box::pin(expand(&self.0, event, into))
    }
}

async fn expand(app: &App, event: &Happened, batch: &mut Batch) -> Result<()> {
    let registered = registered(app, &event.topic)?;
    let organization = event.organization;
    let now = app.clock.now();
    let Some(facts) = (registered.notice.facts)(app, organization, event.record).await? else {
        return Ok(());
    };
    let people = query::people(&app.store, organization).await?;
    let choices = query::choices(&app.store, organization, None).await?;
    let told = query::told(&app.store, organization, event.record, &siblings(app, &registered)).await?;
    let cause = event.caused_by.and_then(|who| people.get(&who)).map(|who| who.account);
    let of = occurrence(registered, query::house(&app.store, organization).await?, event);
    for authority in identity::authorities(&app.store, organization, now).await? {
        let Some(person) = people.get(&authority.membership) else { continue };
        let plan = plan_of(authority, now);
        let about = Circumstances {
            facts: &facts,
            choices: &choices,
            told: told.contains(&person.membership),
            cause,
        };
        one(app, batch, &of, person, &plan, &about).await?;
    }
    Ok(())
}

/// One person about one event: the decision, what follows from it, and the row that keeps it.
async fn one(
    app: &App,
    batch: &mut Batch,
    of: &Occurrence,
    person: &Person,
    plan: &Plan,
    about: &Circumstances<'_>,
) -> Result<()> {
    let Some(event) = of.event else { return Ok(()) };
    let now = app.clock.now();
    let base = Decided {
        organization: of.house.id,
        event,
        membership: person.membership,
        outcome: Outcome::Mailed,
        reason: "",
        subscription: None,
        mail: None,
        due: None,
        at: now,
    };
    match decide(of, person, plan, about) {
        Decision::Aside => {}
        Decision::Not(outcome, reason) => {
            query::decided(batch, &Decided { outcome, reason: &reason, ..base });
        }
        Decision::Tell(through) if through.cadence == Cadence::Daily => {
            let zone = person.zone.as_deref().filter(|zone| !zone.is_empty()).unwrap_or(&of.house.zone);
            let due = due(now, person.hour.unwrap_or(DAILY_HOUR), zone);
            let reason = "They get these once a day.";
            let row = Decided {
                outcome: Outcome::Digest,
                reason,
                subscription: Some(through.event),
                due: Some(due),
                ..base
            };
            query::decided(batch, &row);
        }
        Decision::Tell(through) => match compose::tell(app, of, plan, about.facts, through).await {
            Ok(Some(told)) => {
                let message = compose::message(app, &of.house, plan, &[told], false);
                match post(batch, &of.house, person, &message, now) {
                    Some(mail) => {
                        let reason = sentence(&message.why);
                        let row = Decided {
                            reason: &reason,
                            subscription: Some(through.event),
                            mail: Some(mail),
                            ..base
                        };
                        query::decided(batch, &row);
                    }
                    None => query::decided(
                        batch,
                        &Decided { outcome: Outcome::NotJoined, reason: "They have no address.", ..base },
                    ),
                }
            }
            Ok(None) => {
                query::decided(batch, &Decided { outcome: Outcome::PutAway, reason: PUT_AWAY, ..base });
            }
            Err(Error::NotFound) => {
                query::decided(batch, &Decided { outcome: Outcome::MayNotSee, reason: HIDDEN, ..base });
            }
            Err(error) => return Err(error),
        },
    }
    Ok(())
}

pub(super) const PUT_AWAY: &str = "It was archived before the mail left.";
pub(super) const HIDDEN: &str = "Their roles do not show it.";

/// What the mail itself says, for those who ask.
fn sentence(why: &str) -> String {
    format!("The mail says: “{why}”")
}

fn post(
    batch: &mut Batch,
    house: &House,
    person: &Person,
    message: &Message,
    at: Timestamp,
) -> Option<MailId> {
    let recipient: EmailAddress = person.email.parse().ok()?;
    let mail = NewMail {
        organization: Some(house.id),
        recipient: &recipient,
        subject: &message.subject,
        html: &message.html,
        plain: &message.plain,
        why: &message.why,
        at,
        about: None,
        good_until: None,
    };
    Some(jobs::mail::enqueue_notice(batch, &mail, &message.unsubscribe))
}

/// What is left of a message's parts now, and what became of the others.
struct Again {
    house: House,
    person: Person,
    plan: Plan,
    told: Vec<(usize, Told)>,
    gone: Vec<(usize, Outcome, String)>,
}

async fn again(
    app: &App,
    organization: OrganizationId,
    membership: MembershipId,
    parts: &[Part],
) -> Result<Option<Again>> {
    let Some(person) = query::person(&app.store, organization, membership).await? else { return Ok(None) };
    let now = app.clock.now();
    let plan = plan_of(identity::authority(&app.store, organization, membership, now).await?, now);
    let choices = query::choices(&app.store, organization, Some(membership)).await?;
    let house = query::house(&app.store, organization).await?;
    let mut found = Again { house, person, plan, told: Vec::new(), gone: Vec::new() };
    for (place, part) in parts.iter().enumerate() {
        let registered = registered(app, &part.happened.topic)?;
        let facts: Option<Facts> = (registered.notice.facts)(app, organization, part.happened.record).await?;
        let Some(facts) = facts else {
            found.gone.push((place, Outcome::PutAway, PUT_AWAY.into()));
            continue;
        };
        let cause = match part.happened.caused_by {
            Some(who) => query::account_behind(&app.store, who).await?,
            None => None,
        };
        let of = occurrence(registered, found.house.clone(), &part.happened);
        let about = Circumstances { facts: &facts, choices: &choices, told: false, cause };
        match decide(&of, &found.person, &found.plan, &about) {
            Decision::Tell(through) => match compose::tell(app, &of, &found.plan, &facts, through).await {
                Ok(Some(told)) => found.told.push((place, told)),
                Ok(None) => found.gone.push((place, Outcome::PutAway, PUT_AWAY.into())),
                Err(Error::NotFound) => found.gone.push((place, Outcome::MayNotSee, HIDDEN.into())),
                Err(error) => return Err(error),
            },
            Decision::Not(outcome, reason) => found.gone.push((place, outcome, reason)),
            Decision::Aside => found.gone.push((place, Outcome::MayNotSee, HIDDEN.into())),
        }
    }
    Ok(Some(found))
}

impl LastLook for Worker {
    fn look<'a>(&'a self, mail: MailId, into: &'a mut Batch) -> Later<'a, Result<Verdict>> {
        Box::pin(look(&self.0, mail, into))
    }
}

async fn look(app: &App, mail: MailId, batch: &mut Batch) -> Result<Verdict> {
    let parts = query::parts_of(&app.store, mail).await?;
    let Some(first) = parts.first() else {
        return Ok(Verdict::Withdraw("what it was about is gone".into()));
    };
    let Some(found) = again(app, first.organization, first.membership, &parts).await? else {
        return Ok(Verdict::Withdraw("whoever it was for is gone".into()));
    };
    let now = app.clock.now();
    for (place, outcome, reason) in &found.gone {
        if let Some(part) = parts.get(*place) {
            query::redecided(batch, part, Outcome::Mailed, (*outcome, reason), None, now);
        }
    }
    if found.told.is_empty() {
        let reason = found.gone.first().map_or("", |(_, _, reason)| reason.as_str());
        return Ok(Verdict::Withdraw(reason.to_owned()));
    }
    let told: Vec<Told> = found.told.into_iter().map(|(_, told)| told).collect();
    let before = query::words(&app.store, mail).await?;
    let daily = first.daily;
    let message = compose::message(app, &found.house, &found.plan, &told, daily);
    let after = (message.subject, message.html, message.plain, message.why);
    if before == after {
        return Ok(Verdict::Send);
    }
    let (subject, html, plain, why) = after;
    Ok(Verdict::Instead { subject, html, plain, why })
}

/// Gathers the daily messages that are due. Answers how many were written.
///
/// # Errors
/// The store's; a person whose message cannot be written is noted and tried again.
pub async fn send_digests(app: &App) -> Result<usize> {
    let mut written = 0;
    for (organization, membership) in query::due(&app.store, app.clock.now()).await? {
        match digest(app, organization, membership).await {
            Ok(true) => written += 1,
            // Another node wrote it.
            Ok(false) | Err(Error::Stale) => {}
            Err(error) => {
                tracing::warn!(member.id = %membership, %error, "a daily message could not be written");
            }
        }
    }
    Ok(written)
}

async fn digest(app: &App, organization: OrganizationId, membership: MembershipId) -> Result<bool> {
    let parts = query::gathered(&app.store, organization, membership).await?;
    let Some(found) = again(app, organization, membership, &parts).await? else { return Ok(false) };
    let now = app.clock.now();
    let mut batch = Batch::new();
    for (place, outcome, reason) in &found.gone {
        if let Some(part) = parts.get(*place) {
            query::redecided(&mut batch, part, Outcome::Digest, (*outcome, reason), None, now);
        }
    }
    let mut written = false;
    if !found.told.is_empty() {
        let (places, told): (Vec<usize>, Vec<Told>) = found.told.into_iter().unzip();
        let message = compose::message(app, &found.house, &found.plan, &told, true);
        if let Some(mail) = post(&mut batch, &found.house, &found.person, &message, now) {
            let reason = sentence(&message.why);
            for part in places.iter().filter_map(|place| parts.get(*place)) {
                query::redecided(
                    &mut batch,
                    part,
                    Outcome::Digest,
                    (Outcome::Mailed, &reason),
                    Some(mail),
                    now,
                );
            }
            written = true;
        }
    }
    app.store.commit(batch).await?;
    Ok(written)
}
