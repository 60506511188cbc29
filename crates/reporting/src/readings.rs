//! Who has said that they read something, and which edition of it: post orders and passdown notes.
//!
//! A mark is made by the reader alone, stands for one edition, and is never taken back.

use std::collections::HashMap;

use access::{Facts, Permission, Permit};
use kernel::id::MembershipId;
use kernel::{Result, Timestamp};
use schemars::JsonSchema;
use serde::Serialize;
use store::{Batch, FromRow, Row};
use uuid::Uuid;
use web::{Ctx, Text};

use crate::query::{self, Mark};

/// Somebody who read it.
#[derive(Clone, Debug, Serialize, JsonSchema)]
pub(crate) struct ReadingOut {
    /// Their membership.
    pub membership: MembershipId,
    /// Their name then.
    pub name: String,
    /// Their roles then.
    pub role: String,
    /// Which edition.
    pub edition: i64,
    /// When, by the phone where it waited for a signal.
    pub at: Timestamp,
    /// When it arrived.
    pub received_at: Timestamp,
}

impl FromRow for ReadingOut {
    fn from_row(row: &Row<'_>) -> Result<Self> {
        Ok(Self {
            membership: row.get(0)?,
            name: row.get(1)?,
            role: row.get(2)?,
            edition: row.get(3)?,
            at: row.get(4)?,
            received_at: row.get(5)?,
        })
    }
}

/// Somebody who was to read it and has not said so.
#[derive(Clone, Debug, Serialize, JsonSchema)]
pub(crate) struct MissingOut {
    /// Their membership.
    pub membership: MembershipId,
    /// Their name.
    pub name: String,
    /// The newest edition that they did read.
    pub read: Option<i64>,
}

/// Stores the asker's mark; a second one for the same edition says nothing new.
pub(crate) fn put(ctx: &Ctx, batch: &mut Batch, permit: &Permit, record: Uuid, edition: i64, at: Timestamp) {
    let role = ctx.role_names();
    let by = (ctx.who.membership, ctx.who.name.as_str(), role.as_str());
    query::insert_reading(batch, permit, &Mark { record, edition, by, at, now: ctx.now() });
}

/// Everybody's marks on a record that was found within the plan, newest first.
pub(crate) async fn of(ctx: &Ctx, record: Uuid) -> Result<Vec<ReadingOut>> {
    query::readings(ctx.store(), ctx.who.organization, record).await
}

/// The asker's own marks on these records: the newest edition read, and when.
pub(crate) async fn mine(ctx: &Ctx, records: &[Uuid]) -> Result<HashMap<Uuid, (i64, Timestamp)>> {
    if records.is_empty() {
        return Ok(HashMap::new());
    }
    let rows = query::readings_of(ctx.store(), ctx.who.organization, ctx.who.membership, records).await?;
    Ok(rows.into_iter().map(|(record, edition, at)| (record, (edition, at))).collect())
}

/// Who was to read a record and has not said so: those who may acknowledge it and do not write such records
/// themselves.
pub(crate) async fn missing(
    ctx: &Ctx,
    (acknowledge, write): (Permission, Permission),
    facts: &Facts,
    edition: i64,
    read: &[ReadingOut],
) -> Result<Vec<MissingOut>> {
    let crowd = ctx.app.crowd(ctx.who.organization).await?;
    let newest = |who: MembershipId| read.iter().filter(|r| r.membership == who).map(|r| r.edition).max();
    let open: Vec<MembershipId> = crowd
        .iter()
        .filter(|(who, plan)| {
            facts.author != Some(who.uuid())
                && plan.check(acknowledge, facts)
                && !plan.check(write, facts)
                && newest(**who) < Some(edition)
        })
        .map(|(who, _)| *who)
        .take(500)
        .collect();
    if open.is_empty() {
        return Ok(Vec::new());
    }
    let rows = query::names(ctx.store(), ctx.who.organization, &open).await?;
    Ok(rows
        .into_iter()
        .map(|(membership, name)| MissingOut { membership, name, read: newest(membership) })
        .collect())
}

/// The instant that a phone says, never in the future; blank is now.
pub(crate) fn said_at(text: &Text, now: Timestamp) -> Result<Timestamp, String> {
    if text.is_blank() {
        return Ok(now);
    }
    let at = text.as_str().trim().parse::<Timestamp>();
    at.map(|at| at.min(now))
        .map_err(|_unreadable| "write an instant, such as 2026-11-23T22:00:00Z".to_owned())
}

/// Text as it was written, with its line breaks.
pub(crate) fn prose(text: &str) -> maud::Markup {
    maud::html! { @for paragraph in text.split("\n\n").filter(|p| !p.trim().is_empty()) {
        p { @for (at, line) in paragraph.lines().enumerate() { @if at > 0 { br; } (line) } }
    } }
}
