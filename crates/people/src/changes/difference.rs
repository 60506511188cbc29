//! What a change makes of whom. Plans are compiled before and after; records are counted by the one evaluator, within
//! the plan of whoever looks. Long comparisons run beside the request, which tells how far they are.

use std::collections::{BTreeMap, HashMap};
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, LazyLock, Mutex, OnceLock, PoisonError};
use std::time::Duration;

use access::{Action, Difference, Dimension, Permission, Plan, Reach, Shift, Target};
use kernel::id::{ChangeId, MembershipId};
use kernel::page::PageSize;
use kernel::{Audience, Portal, Result};
use store::listing::Listing;
use store::{FromRow, Row, Value};
use web::Ctx;
use web::change::{Prepared, Turned};

use super::model::{AccountOut, CountOut, DifferenceOut, GroupOut, KindOut, PersonOut, Progress};
use crate::members;
use crate::members::query::MEMBERS;
use crate::targets::{self, names::Names};

/// People of a group that are named.
const NAMED: usize = 12;
/// Groups that are told apart.
const GROUPS: usize = 40;
/// Client accounts whose records are counted.
const COUNTED: usize = 40;
/// How long a request waits for a comparison before it answers how far it is.
const PATIENCE: Duration = Duration::from_millis(1200);

type Key = (ChangeId, MembershipId, i64);

/// A comparison that runs, or has run.
#[derive(Debug, Default)]
struct Run {
    done: AtomicUsize,
    of: AtomicUsize,
    out: OnceLock<std::result::Result<DifferenceOut, String>>,
}

static RUNS: LazyLock<Mutex<HashMap<Key, Arc<Run>>>> = LazyLock::new(Mutex::default);

/// More than this many comparisons and the oldest answers are forgotten.
const MOST_RUNS: usize = 200;

/// Starts a comparison whose people are known already.
pub(super) fn start(ctx: &Ctx, id: ChangeId, prepared: Prepared) {
    let run = Arc::new(Run::default());
    {
        let mut runs = RUNS.lock().unwrap_or_else(PoisonError::into_inner);
        if runs.len() >= MOST_RUNS {
            runs.retain(|_, run| run.out.get().is_none());
        }
        runs.insert((id, ctx.who.membership, ctx.plan.epoch), run.clone());
    }
    let ctx = ctx.clone();
    tokio::spawn(async move {
        let out = compare(&ctx, &prepared, &run).await.map_err(|error| error.to_string());
        let _ = run.out.set(out);
    });
}

/// The comparison's answer, or how far it is. `None` where none was started at this epoch.
pub(super) async fn answer(ctx: &Ctx, id: ChangeId) -> Option<std::result::Result<DifferenceOut, Progress>> {
    let key = (id, ctx.who.membership, ctx.plan.epoch);
    let run = RUNS.lock().unwrap_or_else(PoisonError::into_inner).get(&key).cloned()?;
    let begun = tokio::time::Instant::now();
    loop {
        match run.out.get() {
            Some(Ok(out)) => return Some(Ok(out.clone())),
            Some(Err(_)) => return None,
            None if begun.elapsed() > PATIENCE => {
                let read = |n: &AtomicUsize| n.load(Ordering::Relaxed);
                return Some(Err(Progress { done: read(&run.done), of: read(&run.of) }));
            }
            None => tokio::time::sleep(Duration::from_millis(15)).await,
        }
    }
}

/// Where somebody's difference is.
#[derive(Debug)]
enum Place {
    At(Vec<Target>),
    Record(String),
}

/// Those who gain and lose the same.
#[derive(Debug, Default)]
struct Alike {
    people: Vec<(MembershipId, Place)>,
    count: usize,
}

type Same = (Vec<Permission>, Vec<Permission>, Vec<Portal>, Vec<Portal>);

/// What was found of everybody so far.
#[derive(Debug, Default)]
struct Tally {
    groups: BTreeMap<Same, Alike>,
    /// People outside the staff whose plan differs.
    outside: Vec<(MembershipId, Plan, Plan)>,
    /// People outside the staff for whom a record comes or goes.
    records: Vec<(MembershipId, Vec<KindOut>)>,
    changed: usize,
    uncounted: usize,
}

impl Tally {
    fn note(&mut self, who: MembershipId, same: Same, place: impl FnOnce() -> Place) {
        let alike = self.groups.entry(same).or_default();
        alike.count += 1;
        if alike.people.len() < NAMED {
            alike.people.push((who, place()));
        }
    }
}

fn words(shifts: &[Shift]) -> Vec<Permission> {
    let mut words: Vec<Permission> = shifts.iter().map(|s| s.permission).collect();
    words.dedup();
    words
}

async fn compare(ctx: &Ctx, prepared: &Prepared, run: &Run) -> Result<DifferenceOut> {
    let mut tally = Tally::default();
    let concerned = if prepared.turned.is_empty() {
        people(ctx, prepared, run, &mut tally).await;
        prepared.pairs.len()
    } else {
        records(ctx, &prepared.turned, run, &mut tally).await?
    };
    let mut named: Vec<MembershipId> = Vec::new();
    for alike in tally.groups.values() {
        named.extend(alike.people.iter().map(|(id, _)| *id));
    }
    named.extend(tally.outside.iter().map(|(id, _, _)| *id));
    named.extend(tally.records.iter().map(|(id, _)| *id));
    let mut names = names_of(ctx, named).await?;
    names.extend(prepared.newcomers.iter().cloned());
    let new = |id: MembershipId| prepared.newcomers.iter().any(|(one, _)| *one == id);
    let mut out = DifferenceOut {
        concerned,
        changed: tally.changed,
        uncounted: tally.uncounted,
        from: prepared.from,
        ..DifferenceOut::default()
    };
    let mut by_size: Vec<(Same, Alike)> = tally.groups.into_iter().collect();
    by_size.sort_by_key(|(_, alike)| std::cmp::Reverse(alike.count));
    by_size.truncate(GROUPS);
    let mut places: Vec<Target> = Vec::new();
    for (_, place) in by_size.iter().flat_map(|(_, alike)| &alike.people) {
        if let Place::At(targets) = place {
            places.extend(targets);
        }
    }
    let places = Names::of(ctx, places).await?;
    out.groups = by_size.into_iter().map(|(same, alike)| group(same, &alike, &names, &places)).collect();
    for person in out.groups.iter_mut().flat_map(|group| &mut group.named) {
        person.newcomer = new(person.id);
    }
    for (id, before, after) in &tally.outside {
        let counts = web::change::count(&ctx.app, &ctx.plan, before, after).await?;
        if let (false, Some(name)) = (counts.is_empty(), names.get(id)) {
            let kinds = counts.iter().map(kind).collect();
            out.accounts.push(AccountOut { id: *id, name: name.clone(), newcomer: new(*id), kinds });
        }
    }
    for (id, kinds) in tally.records {
        if let Some(name) = names.get(&id) {
            out.accounts.push(AccountOut { id, name: name.clone(), newcomer: false, kinds });
        }
    }
    out.partial =
        !tally.outside.is_empty() && ctx.app.counted.iter().any(|counted| !ctx.plan.everywhere(counted.view));
    run.done.store(concerned, Ordering::Relaxed);
    Ok(out)
}

/// Compares what everybody concerned holds before and after.
async fn people(ctx: &Ctx, prepared: &Prepared, run: &Run, tally: &mut Tally) {
    let at = prepared.from.unwrap_or_else(|| ctx.now());
    run.of.store(prepared.pairs.len(), Ordering::Relaxed);
    for (place, (before, after)) in prepared.pairs.iter().enumerate() {
        if place % 64 == 63 {
            run.done.store(place, Ordering::Relaxed);
            tokio::task::yield_now().await;
        }
        let (old, new) = (before.compile(at), after.compile(at));
        let difference = Difference::between(&old, &new);
        if difference.is_empty() {
            continue;
        }
        tally.changed += 1;
        let same = (
            words(&difference.gains),
            words(&difference.losses),
            difference.opens.clone(),
            difference.closes.clone(),
        );
        tally.note(after.membership, same, || {
            let mut targets: Vec<Target> =
                difference.gains.iter().chain(&difference.losses).flat_map(targets_of).collect();
            targets.sort_unstable();
            targets.dedup();
            Place::At(targets)
        });
        if after.audience != Audience::Staff {
            if tally.outside.len() < COUNTED {
                tally.outside.push((after.membership, old, new));
            } else {
                tally.uncounted += 1;
            }
        }
    }
}

/// Compares what everybody may do with records that change. Answers how many people there are.
async fn records(ctx: &Ctx, turned: &[Turned], run: &Run, tally: &mut Tally) -> Result<usize> {
    let crowd = ctx.app.crowd(ctx.who.organization).await?;
    let mut everybody: Vec<_> = crowd.iter().collect();
    everybody.sort_unstable_by_key(|(id, _)| **id);
    run.of.store(everybody.len(), Ordering::Relaxed);
    for (place, (id, plan)) in everybody.iter().enumerate() {
        if place % 256 == 255 {
            run.done.store(place, Ordering::Relaxed);
            tokio::task::yield_now().await;
        }
        let mut kinds = Vec::new();
        // Who meets the same at several records is one person, with the names of all of them.
        let mut alike: BTreeMap<Same, Vec<&str>> = BTreeMap::new();
        for one in turned {
            let (mut gains, mut losses) = (Vec::new(), Vec::new());
            for permission in Permission::all().filter(|p| p.resource() == one.resource) {
                match (plan.check(permission, &one.before), plan.check(permission, &one.after)) {
                    (false, true) => gains.push(permission),
                    (true, false) => losses.push(permission),
                    _ => {}
                }
            }
            if gains.is_empty() && losses.is_empty() {
                continue;
            }
            let sees = |all: &[Permission]| !one.to_come && all.iter().any(|p| p.action() == Action::View);
            if plan.audience != Audience::Staff && (sees(&gains) || sees(&losses)) {
                kinds.push(record(one, sees(&gains)));
            }
            alike.entry((gains, losses, Vec::new(), Vec::new())).or_default().push(&one.label);
        }
        tally.changed += usize::from(!alike.is_empty());
        for (same, labels) in alike {
            tally.note(**id, same, || Place::Record(together(&labels)));
        }
        if !kinds.is_empty() {
            if tally.records.len() < COUNTED {
                tally.records.push((**id, kinds));
            } else {
                tally.uncounted += 1;
            }
        }
    }
    Ok(everybody.len())
}

/// Records in a line; of many the first few.
fn together(labels: &[&str]) -> String {
    const FEW: usize = 4;
    let mut line = labels.iter().take(FEW).copied().collect::<Vec<_>>().join(", ");
    if labels.len() > FEW {
        line.push_str(&format!(" and {} more", labels.len() - FEW));
    }
    line
}

/// One record that comes or goes.
fn record(one: &Turned, appears: bool) -> KindOut {
    let found = CountOut { count: 1, more: false, sample: vec![one.label.clone()] };
    let none = CountOut { count: 0, more: false, sample: Vec::new() };
    let (appears, vanishes) = if appears { (found, none) } else { (none, found) };
    let (resource, label) = (one.resource.word().to_owned(), one.resource.label().to_owned());
    KindOut { resource, label, appears, vanishes }
}

fn group(
    (gains, loses, opens, closes): Same,
    alike: &Alike,
    names: &HashMap<MembershipId, String>,
    places: &Names,
) -> GroupOut {
    let words = |all: Vec<Permission>| all.iter().map(Permission::to_string).collect();
    let named = alike
        .people
        .iter()
        .filter_map(|(id, place)| {
            let place = match place {
                Place::At(targets) => places.sentence(targets),
                Place::Record(label) => label.clone(),
            };
            Some(PersonOut { id: *id, name: names.get(id)?.clone(), newcomer: false, place })
        })
        .collect();
    GroupOut { gains: words(gains), loses: words(loses), opens, closes, people: alike.count, named }
}

fn kind(count: &web::change::Count) -> KindOut {
    let out = |between: &store::between::Between| CountOut {
        count: between.count,
        more: between.more,
        sample: between.sample.clone(),
    };
    let resource = count.counted.table.resource;
    KindOut {
        resource: resource.word().to_owned(),
        label: resource.label().to_owned(),
        appears: out(&count.appears),
        vanishes: out(&count.vanishes),
    }
}

fn targets_of(shift: &Shift) -> Vec<Target> {
    let reach = match shift.dimension {
        Dimension::Organization => Reach::Organization,
        Dimension::Area => Reach::Area,
        Dimension::Team => Reach::Team,
        Dimension::Client => Reach::Client,
        Dimension::Site => Reach::Site,
        Dimension::Own(_) => return Vec::new(),
    };
    shift.ids.iter().take(20).filter_map(|id| targets::stored(reach.number(), *id)).collect()
}

struct Person(MembershipId, String);

impl FromRow for Person {
    fn from_row(row: &Row<'_>) -> Result<Self> {
        Ok(Self(row.get(0)?, row.get(1)?))
    }
}

/// The names of those who are to be named, as far as the reader may see them.
pub(super) async fn names_of(ctx: &Ctx, mut ids: Vec<MembershipId>) -> Result<HashMap<MembershipId, String>> {
    let mut names = HashMap::new();
    if !ctx.may(members::VIEW) {
        return Ok(names);
    }
    ids.sort_unstable();
    ids.dedup();
    for some in ids.chunks(usize::from(PageSize::MOST)) {
        let page = Listing::new(&ctx.plan, members::VIEW, &MEMBERS)?
            .one_of("id", some.iter().map(|id| Value::from(*id)).collect())?
            .rows(PageSize::of(Some(PageSize::MOST)))
            .page::<Person>(ctx.store())
            .await?;
        names.extend(page.items.into_iter().map(|Person(id, name)| (id, name)));
    }
    Ok(names)
}
