//! What can be done with changes. Nothing here decides about rights: each step asks the kind of change anew, under
//! the rights of whoever takes it.

use access::Resource;
use jiff::tz::TimeZone;
use kernel::id::ChangeId;
use kernel::page::{Page, PageSize};
use kernel::{Error, Result, Timestamp};
use serde_json::{Value as Json, json};
use store::listing::{Listing, Way};
use store::{Batch, Value};
use web::change::{self, Kind, Prepared, remember};
use web::input::wanted;
use web::{Ctx, Reply};

use super::model::{ChangeFilter, ChangeOut, ChangeState, DecideForm};
use super::query::{self, CHANGES, Reader};
use super::{SEE_ALL, difference};

fn reader(ctx: &Ctx) -> Reader {
    Reader {
        organization: ctx.who.organization,
        membership: ctx.who.membership,
        all: ctx.plan.everywhere(SEE_ALL),
    }
}

fn kind(ctx: &Ctx, word: &str) -> Result<Kind> {
    ctx.app.change(word).ok_or_else(|| Error::field("kind", format!("there is no kind of change {word}")))
}

/// A change that may be read. Who does not see the record it is about does not see it either: its title names it.
async fn find(ctx: &Ctx, id: ChangeId) -> Result<ChangeOut> {
    let change = query::find(ctx.store(), reader(ctx), id).await?;
    if seen(ctx, &change).await? { Ok(change) } else { Err(Error::NotFound) }
}

async fn seen(ctx: &Ctx, change: &ChangeOut) -> Result<bool> {
    let Some(record) = &change.about else { return Ok(true) };
    match crate::explain::find(&ctx.app, &ctx.plan, record).await {
        Ok(_) => Ok(true),
        Err(Error::NotFound) => Ok(false),
        Err(other) => Err(other),
    }
}

/// Keeps a change to be looked at. What cannot be done is refused here, as it would be when done.
pub(super) async fn propose(ctx: &Ctx, word: &str, form: &Json) -> Result<ChangeOut> {
    let (id, prepared) = change::propose(ctx, kind(ctx, word)?, form).await?;
    difference::start(ctx, id, prepared);
    show(ctx, id).await
}

/// Proposes a change from a form's second button, and goes where it is shown.
///
/// # Errors
/// Those of the kind, or the store's.
pub(crate) async fn look(ctx: &Ctx, kind: Kind, form: &Json) -> Result<Reply> {
    let (id, prepared) = change::propose(ctx, kind, form).await?;
    difference::start(ctx, id, prepared);
    Ok(ctx.go(&format!("/changes/{id}")))
}

/// What is of interest to others: what was only looked at is none of it, nor is what was let go.
const TOLD: [ChangeState; 4] =
    [ChangeState::Scheduled, ChangeState::Applied, ChangeState::Undone, ChangeState::Refused];

/// How far a list is looked ahead for a change that its reader sees, in pages of few.
const AHEAD: usize = 50;
const FEW: u16 = 20;

/// The changes one may read, the newest first. What is about a record that one does not see is not there: pages are
/// filled up past it, and a next page is named only where it holds something.
pub(super) async fn list(ctx: &Ctx, filter: &ChangeFilter) -> Result<Page<ChangeOut>> {
    let size = PageSize::of(filter.limit);
    let mut page = Page { items: Vec::new(), next: filter.cursor.clone() };
    loop {
        let left = u16::try_from(size.rows() - page.items.len()).ok();
        let found = some(ctx, filter, page.next.as_deref(), left).await?;
        page.items.extend(found.items);
        page.next = found.next;
        if page.next.is_none() || page.items.len() >= size.rows() {
            break;
        }
    }
    let mut ahead = page.next.clone();
    for _ in 0..AHEAD {
        let Some(cursor) = ahead else {
            page.next = None;
            break;
        };
        let found = some(ctx, filter, Some(&cursor), Some(FEW)).await?;
        if !found.items.is_empty() {
            break;
        }
        ahead = found.next;
    }
    let names = difference::names_of(ctx, page.items.iter().map(|change| change.by).collect()).await?;
    for change in &mut page.items {
        change.proposed_by = names.get(&change.by).cloned();
    }
    Ok(page)
}

/// So many rows of the list, without those whose record one does not see.
async fn some(
    ctx: &Ctx,
    filter: &ChangeFilter,
    after: Option<&str>,
    rows: Option<u16>,
) -> Result<Page<ChangeOut>> {
    let states = wanted::<ChangeState>(&filter.state)?.map_or_else(|| TOLD.to_vec(), |state| vec![state]);
    let listing = if ctx.plan.everywhere(SEE_ALL) {
        Listing::through(&ctx.plan, SEE_ALL, &CHANGES, vec![Way::EVERY])?
    } else {
        Listing::own(&ctx.plan, SEE_ALL, &CHANGES, "proposed_by")?
    };
    let Page { items, next } = listing
        .one_of("state", states.into_iter().map(|state| Value::from(state.number())).collect())?
        .after(after)
        .rows(PageSize::of(rows))
        .page::<ChangeOut>(ctx.store())
        .await?;
    let mut changes = Vec::with_capacity(items.len());
    for change in items {
        if seen(ctx, &change).await? {
            changes.push(change);
        }
    }
    Ok(Page { items: changes, next })
}

/// A change, with what it would make of whom while it is not made.
pub(super) async fn show(ctx: &Ctx, id: ChangeId) -> Result<ChangeOut> {
    let mut change = find(ctx, id).await?;
    change.proposed_by = difference::names_of(ctx, vec![change.by]).await?.remove(&change.by);
    if !matches!(change.state, ChangeState::Proposed | ChangeState::Scheduled) {
        return Ok(change);
    }
    let answer = match difference::answer(ctx, id).await {
        Some(answer) => answer,
        None => match prepare(ctx, &change).await {
            Ok(prepared) => {
                difference::start(ctx, id, prepared);
                match difference::answer(ctx, id).await {
                    Some(answer) => answer,
                    None => return Err(Error::internal("a comparison came to nothing")),
                }
            }
            Err(error @ (Error::Unavailable(_) | Error::Internal { .. })) => return Err(error),
            Err(error) => {
                change.blocked = Some(reason(error));
                return Ok(change);
            }
        },
    };
    match answer {
        Ok(out) => change.difference = Some(out),
        Err(progress) => change.progress = Some(progress),
    }
    Ok(change)
}

async fn prepare(ctx: &Ctx, change: &ChangeOut) -> Result<Prepared> {
    let form: Json = serde_json::from_str(&change.form).map_err(Error::internal)?;
    (kind(ctx, &change.kind)?.prepare)(ctx, &form).await
}

/// A change as it is once something was done about it: even if whoever did it sees its record no more.
async fn after(ctx: &Ctx, id: ChangeId) -> Result<ChangeOut> {
    query::find(ctx.store(), reader(ctx), id).await
}

fn journal(ctx: &Ctx, batch: &mut Batch, action: &str, change: &ChangeOut, detail: &Json) {
    ctx.journal(batch, action, Resource::Assignment, Some(change.id), &change.title, detail);
}

/// The change at the version that was read.
async fn at_version(ctx: &Ctx, id: ChangeId, form: &DecideForm) -> Result<ChangeOut> {
    let change = find(ctx, id).await?;
    if !form.version.is_blank() && web::input::version(&form.version)? != change.version {
        return Err(Error::Stale);
    }
    Ok(change)
}

fn open(change: &ChangeOut) -> Result<()> {
    match change.state {
        ChangeState::Proposed | ChangeState::Scheduled => Ok(()),
        _ => Err(Error::conflict("This change was decided already.")),
    }
}

/// Makes the change now, under the rights of whoever says so.
pub(super) async fn apply(ctx: &Ctx, id: ChangeId, form: &DecideForm) -> Result<ChangeOut> {
    let change = at_version(ctx, id, form).await?;
    make(ctx, &change).await?;
    after(ctx, id).await
}

pub(super) async fn apply_scheduled(ctx: &Ctx, id: ChangeId) -> Result<()> {
    let change = find(ctx, id).await?;
    // It may have been let go, or made by hand, since it was found to be due.
    if change.state == ChangeState::Scheduled { make(ctx, &change).await } else { Ok(()) }
}

async fn make(ctx: &Ctx, change: &ChangeOut) -> Result<()> {
    open(change)?;
    let mut prepared = prepare(ctx, change).await?;
    let (to, inverse) = (ChangeState::Applied, prepared.inverse.as_ref());
    query::decide(&mut prepared.batch, reader(ctx), change, to, inverse, ctx.now());
    let detail = json!({ "kind": change.kind, "scheduled_for": change.due_at });
    journal(ctx, &mut prepared.batch, "make_change", change, &detail);
    ctx.commit(prepared.batch).await?;
    Ok(())
}

/// Lets the change wait for its hour. It is then made with the rights that whoever schedules it holds then.
pub(super) async fn schedule(ctx: &Ctx, id: ChangeId, form: &DecideForm) -> Result<ChangeOut> {
    let change = at_version(ctx, id, form).await?;
    open(&change)?;
    let at = hour(ctx, form.at.as_str())?;
    prepare(ctx, &change).await?;
    let mut batch = Batch::new();
    query::schedule(&mut batch, reader(ctx), &change, at, ctx.who.token);
    journal(ctx, &mut batch, "schedule_change", &change, &json!({ "kind": change.kind, "for": at }));
    ctx.commit(batch).await?;
    after(ctx, id).await
}

/// An instant, or a day and time of the organization's clock, in the future.
fn hour(ctx: &Ctx, text: &str) -> Result<Timestamp> {
    let wrong = |why: &str| Error::field("at", why);
    let text = text.trim();
    let at = match text.parse::<Timestamp>() {
        Ok(at) => at,
        Err(_) => {
            let zone = TimeZone::get(&ctx.who.zone).unwrap_or(TimeZone::UTC);
            let civil: jiff::civil::DateTime =
                text.parse().map_err(|_e| wrong("write a day and a time such as 2026-11-23T08:00"))?;
            zone.to_timestamp(civil).map_err(|_e| wrong("the clock does not show this time"))?
        }
    };
    if at <= ctx.now() { Err(wrong("this hour is over already")) } else { Ok(at) }
}

/// Lets the change go.
pub(super) async fn discard(ctx: &Ctx, id: ChangeId, form: &DecideForm) -> Result<ChangeOut> {
    let change = at_version(ctx, id, form).await?;
    open(&change)?;
    let mut batch = Batch::new();
    query::decide(&mut batch, reader(ctx), &change, ChangeState::Discarded, None, ctx.now());
    if change.state == ChangeState::Scheduled {
        journal(ctx, &mut batch, "discard_change", &change, &json!({ "kind": change.kind }));
    }
    ctx.commit(batch).await?;
    after(ctx, id).await
}

/// Takes a change back by its recorded opposite, which is asked about like any change.
pub(super) async fn undo(ctx: &Ctx, id: ChangeId, form: &DecideForm) -> Result<ChangeOut> {
    let change = at_version(ctx, id, form).await?;
    let (word, text) = match (&change.inverse, change.state) {
        (Some(inverse), ChangeState::Applied) => inverse,
        (None, ChangeState::Applied) => return Err(Error::conflict("This change cannot be taken back.")),
        _ => return Err(Error::conflict("Only a change that was made can be taken back.")),
    };
    let kind = kind(ctx, word)?;
    let form: Json = serde_json::from_str(text).map_err(Error::internal)?;
    let mut prepared = (kind.prepare)(ctx, &form).await.map_err(moved_on)?;
    query::decide(&mut prepared.batch, reader(ctx), &change, ChangeState::Undone, None, ctx.now());
    journal(ctx, &mut prepared.batch, "undo_change", &change, &json!({ "kind": change.kind }));
    prepared.title = format!("Taken back: {}", change.title);
    remember(ctx, kind, &form, &mut prepared);
    ctx.commit(prepared.batch).await.map_err(moved_on)?;
    after(ctx, id).await
}

/// The world moved on since the change was made.
fn moved_on(error: Error) -> Error {
    match error {
        Error::Stale | Error::NotFound | Error::Invalid(_) | Error::Conflict(_) => {
            Error::conflict(format!("This cannot be taken back any more: {}", reason(error)))
        }
        other => other,
    }
}

/// Why something could not be done, as a sentence.
pub(super) fn reason(error: Error) -> String {
    match error {
        Error::Invalid(fields) => {
            let all: Vec<&str> =
                fields.iter().flat_map(|(_, said)| said.iter().map(String::as_str)).collect();
            all.join(" ")
        }
        Error::Stale => "somebody changed it since.".to_owned(),
        Error::NotFound => "what it changes is not there any more.".to_owned(),
        other => other.to_string(),
    }
}
