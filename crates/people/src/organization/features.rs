//! Subscription features and packs: which are on, from when and until when. Turning one off makes the roles that need
//! it inert and deletes nothing; what that means is said before it is done.

use std::collections::BTreeSet;
use std::sync::Arc;

use access::{Authority, Facts, Feature, FeatureSet, Resource, Role};
use jiff::tz::TimeZone;
use kernel::id::OrganizationId;
use kernel::text::closed;
use kernel::{Error, FieldErrors, Result, Timestamp};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use serde_json::json;
use store::{Batch, Store};
use web::change::{self, Kind, Prepared, Preparing};
use web::identity::Everyone;
use web::{Ctx, Text};

use super::{SEE_FEATURES, SET_FEATURES, query};
use crate::members::instant;

closed! {
    /// Where a feature stands in its time.
    pub enum State: i64 {
        /// Live now.
        On = 0 => "on",
        /// Not subscribed.
        Off = 1 => "off",
        /// Begins by itself.
        Later = 2 => "later",
        /// Has ended by itself.
        Ended = 3 => "ended",
    }
}

/// What people call a feature.
pub(crate) const fn label(feature: Feature) -> &'static str {
    match feature {
        Feature::Guarding => "Guarding pack",
        Feature::Service => "Service pack",
        Feature::Reconditioning => "Reconditioning pack",
        Feature::TechnicianUsers => "Technician users",
        Feature::Monitor => "Monitor",
        Feature::Supplements => "Supplements",
        Feature::Timesheets => "Timesheets",
    }
}

/// A feature with its time, or without a time limit.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Subscribed {
    pub(crate) feature: Feature,
    pub(crate) from: Option<Timestamp>,
    pub(crate) until: Option<Timestamp>,
}

impl Subscribed {
    fn live(self, at: Timestamp) -> bool {
        self.from.is_none_or(|from| from <= at) && self.until.is_none_or(|until| at < until)
    }
}

/// What is live at an instant.
fn live(all: &[Subscribed], at: Timestamp) -> FeatureSet {
    all.iter().filter(|one| one.live(at)).map(|one| one.feature).collect()
}

/// A role that a feature keeps alive.
#[derive(Clone, Debug, Serialize, JsonSchema)]
pub struct DependentOut {
    /// The role's key.
    pub role: String,
    /// Its name.
    pub name: String,
    /// How many active people hold it.
    pub people: i64,
}

/// A feature as it is seen.
#[derive(Clone, Debug, Serialize, JsonSchema)]
pub struct FeatureOut {
    /// Its word.
    pub feature: Feature,
    /// What people call it.
    pub label: String,
    /// Live, off, to come or over.
    pub state: State,
    /// From when.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub from: Option<Timestamp>,
    /// Until when.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub until: Option<Timestamp>,
    /// The roles that grant nothing without it, those that somebody holds.
    pub roles: Vec<DependentOut>,
    /// How many active people hold one of them.
    pub people: i64,
}

/// A feature as it is to be, as typed.
#[derive(Clone, Debug, Default, Deserialize, Serialize, JsonSchema)]
#[serde(default, deny_unknown_fields)]
pub struct FeatureForm {
    /// On, or off at once.
    pub on: Text,
    /// The first day, or instant; blank for at once.
    pub from: Text,
    /// The last day, which counts in full, or the instant of the end; blank for good.
    pub until: Text,
}

impl FeatureForm {
    /// The feature as it is to be; `None` for off.
    fn parse(&self, feature: Feature, zone: &TimeZone, now: Timestamp) -> Result<Option<Subscribed>> {
        if !self.on.is_on() {
            return Ok(None);
        }
        let mut errors = FieldErrors::default();
        let from = errors.take("from", instant(self.from.as_str(), zone, false)).flatten();
        let until = errors.take("until", instant(self.until.as_str(), zone, true)).flatten();
        if let Some(until) = until {
            if until <= now {
                errors.add("until", "this is over already; to end it at once, turn it off");
            } else if from.is_some_and(|from| until <= from) {
                errors.add("until", "the end has to come after the beginning");
            }
        }
        errors.check()?;
        Ok(Some(Subscribed { feature, from, until }))
    }
}

/// The roles that would grant nothing if this feature were off: those that need it, and those of the pack that are in
/// no other live pack.
fn dependents(roles: &[Arc<Role>], feature: Feature, on: FeatureSet) -> impl Iterator<Item = &Arc<Role>> {
    roles.iter().filter(move |role| {
        let only =
            role.packs.contains(&feature) && !role.packs.iter().any(|pack| *pack != feature && on.has(*pack));
        role.feature == Some(feature) || only
    })
}

/// The organization's roles, built in and its own.
async fn all_roles(ctx: &Ctx) -> Result<Vec<Arc<Role>>> {
    Ok(ctx.roles().await?.all().cloned().collect())
}

fn facts(ctx: &Ctx) -> Facts {
    Facts::of(ctx.who.organization.uuid())
}

/// Every feature, with what hangs on it.
///
/// # Errors
/// A refusal, or the store's.
pub(super) async fn list(ctx: &Ctx) -> Result<Vec<FeatureOut>> {
    ctx.plan.permit(SEE_FEATURES, &facts(ctx))?;
    let subscribed = query::subscribed(ctx.store(), ctx.who.organization).await?;
    let roles = all_roles(ctx).await?;
    let held = query::held(ctx.store(), ctx.who.organization).await?;
    let on = live(&subscribed, ctx.now());
    Ok(Feature::ALL
        .iter()
        .map(|feature| {
            let one = subscribed.iter().find(|one| one.feature == *feature);
            let state = match one {
                None => State::Off,
                Some(one) if one.live(ctx.now()) => State::On,
                Some(one) if one.from.is_some_and(|from| ctx.now() < from) => State::Later,
                Some(_) => State::Ended,
            };
            let mut people = BTreeSet::new();
            let mut dependent = Vec::new();
            for role in dependents(&roles, *feature, on) {
                let holders: BTreeSet<_> =
                    held.iter().filter(|(key, _)| *key == role.key).map(|(_, member)| *member).collect();
                if !holders.is_empty() {
                    dependent.push(DependentOut {
                        role: role.key.clone(),
                        name: role.name.clone(),
                        people: count(holders.len()),
                    });
                    people.extend(holders);
                }
            }
            FeatureOut {
                feature: *feature,
                label: label(*feature).to_owned(),
                state,
                from: one.and_then(|one| one.from),
                until: one.and_then(|one| one.until),
                roles: dependent,
                people: count(people.len()),
            }
        })
        .collect())
}

fn count(many: usize) -> i64 {
    i64::try_from(many).unwrap_or(i64::MAX)
}

/// One feature.
///
/// # Errors
/// [`Error::NotFound`] for a word that is none; as [`list`].
pub(super) async fn find(ctx: &Ctx, word: &str) -> Result<FeatureOut> {
    let feature: Feature = word.parse().map_err(|_unknown: String| Error::NotFound)?;
    list(ctx).await?.into_iter().find(|one| one.feature == feature).ok_or(Error::NotFound)
}

/// Turns a feature on, perhaps for a time, or off. Somebody has to administer the organization now and from each
/// instant at which a feature begins or ends by itself.
///
/// # Errors
/// A message at a date; [`Error::Conflict`] when nobody would be left; or the store's.
pub(super) async fn set(ctx: &Ctx, word: &str, form: &FeatureForm) -> Result<FeatureOut> {
    let prepared = prepare_one(ctx, word, form).await?;
    if form.on.is_blank() {
        return Err(Error::field("on", "say whether it is to be on, or off at once"));
    }
    change::commit(ctx, ONE_KIND, &json!({ "feature": word, "form": form }), prepared).await?;
    find(ctx, word).await
}

/// Setting one feature, as a kind of change.
pub(super) const ONE_KIND: Kind = Kind { word: "feature", prepare: one_said };

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct OneSaid {
    feature: String,
    form: FeatureForm,
}

fn one_said<'a>(ctx: &'a Ctx, form: &'a serde_json::Value) -> Preparing<'a> {
    Box::pin(async move {
        let OneSaid { feature, form } = change::said(form)?;
        prepare_one(ctx, &feature, &form).await
    })
}

async fn prepare_one(ctx: &Ctx, word: &str, form: &FeatureForm) -> Result<Prepared> {
    let before = find(ctx, word).await?;
    ctx.plan.permit(SET_FEATURES, &facts(ctx))?;
    let wish = form.parse(before.feature, &crate::members::zone(ctx), ctx.now())?;
    let mut after = query::subscribed(ctx.store(), ctx.who.organization).await?;
    after.retain(|one| one.feature != before.feature);
    after.extend(wish);
    let then = json!({ "state": before.state, "from": before.from, "until": before.until });
    let now = json!({
        "state": if wish.is_some() { State::On } else { State::Off },
        "from": wish.and_then(|one| one.from),
        "until": wish.and_then(|one| one.until),
    });
    let detail = json!({ "before": then, "after": now, "feature": before.feature, "people": before.people });
    let title = format!("{}: {}", before.label, if wish.is_some() { "on" } else { "off" });
    turn(ctx, Turn { title, after, action: "set_feature", label: &before.label, detail: &detail }, None).await
}

/// Bringing a whole subscription back to what it was, as a kind of change: how features are taken back.
pub(super) const ALL_KIND: Kind = Kind { word: "subscription", prepare: all_said };

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct AllSaid {
    subscribed: Vec<Subscribed>,
    /// What has to be subscribed now, for it to be meant.
    expects: Vec<Subscribed>,
}

fn all_said<'a>(ctx: &'a Ctx, form: &'a serde_json::Value) -> Preparing<'a> {
    Box::pin(async move {
        let AllSaid { subscribed, expects } = change::said(form)?;
        ctx.plan.permit(SET_FEATURES, &facts(ctx))?;
        let detail = json!({ "before": expects, "after": subscribed });
        let turning = Turn {
            title: "Features as they were".to_owned(),
            after: subscribed,
            action: "set_features",
            label: &ctx.who.organization_name,
            detail: &detail,
        };
        turn(ctx, turning, Some(expects)).await
    })
}

/// Another subscription.
pub(super) struct Turn<'a> {
    pub(super) title: String,
    pub(super) after: Vec<Subscribed>,
    pub(super) action: &'static str,
    pub(super) label: &'a str,
    pub(super) detail: &'a serde_json::Value,
}

fn sorted(mut all: Vec<Subscribed>) -> Vec<Subscribed> {
    all.sort_by_key(|one| one.feature.number());
    all
}

/// Asks every question about another subscription, and prepares it.
///
/// # Errors
/// A refusal; [`Error::Stale`] where what is expected is not there; [`Error::Conflict`]; or the store's.
pub(super) async fn turn(ctx: &Ctx, turn: Turn<'_>, expects: Option<Vec<Subscribed>>) -> Result<Prepared> {
    let (store, organization, now) = (ctx.store(), ctx.who.organization, ctx.now());
    let permit = ctx.plan.permit(SET_FEATURES, &facts(ctx))?;
    let before = sorted(query::subscribed(store, organization).await?);
    let after = sorted(turn.after);
    if expects.is_some_and(|expects| sorted(expects) != before) {
        return Err(Error::Stale);
    }
    // The difference shows from the first instant at which one of them begins.
    let begins = after.iter().filter(|one| !before.contains(one)).filter_map(|one| one.from);
    let from = begins.filter(|from| *from > now).min();
    let then = live(&after, from.unwrap_or(now));
    let giver = crate::grants::giver(ctx).await?;
    let everyone = Everyone::load(store, organization, now).await?;
    // Nobody is left out because the feature is off: roles that need it are read all the same.
    let roles = ctx.roles().await?;
    let all = everyone.authorities(&roles);
    administered(&all, &after, now, &crate::members::zone(ctx))?;
    let pairs = all
        .into_iter()
        .map(|one| {
            let after = Authority { features: then, ..one.clone() };
            (one, after)
        })
        .collect();
    let mut batch = Batch::new();
    crate::grants::at_epoch(&mut batch, organization, everyone.epoch.min(giver.epoch));
    for feature in Feature::ALL {
        let of = |all: &[Subscribed]| all.iter().find(|one| one.feature == *feature).copied();
        if of(&before) != of(&after) {
            query::put_feature(&mut batch, &permit, *feature, of(&after));
        }
    }
    ctx.journal(&mut batch, turn.action, Resource::Feature, Some(organization), turn.label, turn.detail);
    let inverse = Some((ALL_KIND.word, json!({ "subscribed": before, "expects": after })));
    Ok(Prepared { title: turn.title, batch, pairs, from, inverse, ..Prepared::default() })
}

/// Does somebody administer the organization, now and from each instant at which a feature begins or ends?
///
/// # Errors
/// [`Error::Conflict`] with a sentence that says from when nobody would.
pub(crate) fn administered(
    all: &[Authority],
    subscribed: &[Subscribed],
    now: Timestamp,
    zone: &TimeZone,
) -> Result<()> {
    let mut instants: Vec<Timestamp> =
        subscribed.iter().flat_map(|one| [one.from, one.until]).flatten().filter(|at| *at > now).collect();
    instants.push(now);
    instants.sort_unstable();
    let administrators: Vec<&Authority> =
        all.iter().filter(|one| one.assignments.iter().any(|a| a.role.administrator)).collect();
    for at in instants {
        let features = live(subscribed, at);
        let then: Vec<Authority> =
            administrators.iter().map(|one| Authority { features, ..(*one).clone() }).collect();
        if access::still_administered(&then, at) {
            continue;
        }
        return Err(Error::conflict(if at == now {
            "Nobody would administer the organization any more: the administrators' own roles belong to a pack that would be off. Give somebody the role Administrator, which belongs to no pack, first.".to_owned()
        } else {
            format!(
                "From {} nobody would administer the organization any more: the administrators' own roles belong to a pack that ends then. Give somebody the role Administrator, which belongs to no pack, first.",
                at.to_zoned(zone.clone()).strftime("%-d %b %Y, %H:%M")
            )
        }));
    }
    Ok(())
}

/// As [`administered`], with the features as they are stored.
///
/// # Errors
/// As [`administered`]; or the store's.
pub(crate) async fn stays_administered(
    store: &Store,
    organization: OrganizationId,
    all: &[Authority],
    now: Timestamp,
    zone: &TimeZone,
) -> Result<()> {
    administered(all, &query::subscribed(store, organization).await?, now, zone)
}

/// What is subscribed, live or not.
///
/// # Errors
/// The store's.
pub(crate) async fn stored(store: &Store, organization: OrganizationId) -> Result<Vec<Subscribed>> {
    query::subscribed(store, organization).await
}

/// Why a role of these packs grants nothing: "the pack guarding is off", and when it begins, if it does.
pub(crate) fn packs_off(role: &Role) -> String {
    let words: Vec<String> = role.packs.iter().map(|pack| label(*pack).to_lowercase()).collect();
    match words.as_slice() {
        [one] => format!("the {one} is off"),
        several => format!("{} are off", crate::targets::names::joined(several)),
    }
}

/// When a role stops granting anything because the features it needs end, if they do.
pub(crate) fn ends_at(role: &Role, subscribed: &[Subscribed], now: Timestamp) -> Option<Timestamp> {
    let end = |feature: Feature| {
        subscribed.iter().find(|one| one.feature == feature && one.live(now)).and_then(|one| one.until)
    };
    // A role lives as long as the longest of its packs; one without an end keeps it for good.
    let on: Vec<Feature> = role
        .packs
        .iter()
        .copied()
        .filter(|pack| subscribed.iter().any(|one| one.feature == *pack && one.live(now)))
        .collect();
    let packs =
        if on.iter().any(|pack| end(*pack).is_none()) { None } else { on.into_iter().filter_map(end).max() };
    packs.into_iter().chain(role.feature.and_then(end)).min()
}
