//! Who is on duty now, and who should be. The client side sees the first only, of its own sites, without names, and
//! only accounts that have "live clock-ins".

use kernel::id::{ShiftId, SiteId};
use kernel::page::{Page, PageSize};
use kernel::{Audience, Result, Timestamp};
use schemars::JsonSchema;
use serde::Serialize;
use store::listing::Listing;
use store::{FromRow, Row};
use web::Ctx;

use super::model::Standing;
use super::view::{ENTRIES, EntryOut, GRACE, LIVE};
use super::{BOARD, VIEW};
use crate::shifts::setup::{SHIFTS, ShiftOut, State};
use crate::week;

/// Somebody on duty.
#[derive(Clone, Debug, Serialize, JsonSchema)]
pub(crate) struct OnDuty {
    /// Where.
    pub site_id: SiteId,
    /// Where, by name.
    pub site: String,
    /// The site's clock.
    pub zone: String,
    /// Since when.
    pub since: Timestamp,
    /// On duty, or on a break.
    pub state: Standing,
    /// The shift it belongs to.
    pub shift_id: Option<ShiftId>,
    /// Clocked in although the shift is over: perhaps forgotten.
    pub overdue: Option<bool>,
    /// A punch was made away from the site.
    pub outside: Option<bool>,
    /// Who.
    pub worker: Option<String>,
    #[serde(skip)]
    shift_ends_at: Option<Timestamp>,
}

impl FromRow for OnDuty {
    fn from_row(row: &Row<'_>) -> Result<Self> {
        Ok(Self {
            site_id: row.get(1)?,
            site: row.get(2)?,
            zone: row.get(3)?,
            since: row.get(4)?,
            state: row.number(5)?,
            shift_id: row.get(6)?,
            overdue: None,
            shift_ends_at: row.get(7)?,
            outside: row.get::<Option<i64>>(8)?.map(|n| n == 1),
            worker: row.get(9)?,
        })
    }
}

/// How a shift of today stands whose worker is not here.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub(crate) enum Missing {
    /// Begins within two hours.
    Due,
    /// Began more than five minutes ago.
    Late,
    /// Began an hour ago, or is over.
    NoShow,
}

/// A shift whose worker is not here.
#[derive(Clone, Debug, Serialize, JsonSchema)]
pub(crate) struct Awaited {
    /// The shift.
    pub shift_id: ShiftId,
    /// Where.
    pub site: String,
    /// From.
    pub starts_at: Timestamp,
    /// Until.
    pub ends_at: Timestamp,
    /// The site's clock.
    pub zone: String,
    /// Who.
    pub worker: Option<String>,
    /// How it stands.
    pub state: Missing,
    /// So many minutes after its beginning.
    pub minutes: i64,
}

/// The board.
#[derive(Clone, Debug, Serialize, JsonSchema)]
pub(crate) struct BoardOut {
    /// At work now.
    pub on_duty: Vec<OnDuty>,
    /// Should be, or soon; for those who see the schedule and attendance.
    pub awaited: Vec<Awaited>,
}

/// The most rows of each part.
const MOST: usize = 1_000;

pub(super) async fn board(ctx: &Ctx) -> Result<BoardOut> {
    ctx.require(BOARD)?;
    let now = ctx.now();
    let mut on_duty: Vec<OnDuty> = Vec::new();
    let mut cursor: Option<String> = None;
    loop {
        let page: Page<OnDuty> = Listing::new(&ctx.plan, BOARD, &LIVE)?
            .one_of("state", vec![Standing::Working.number().into(), Standing::OnBreak.number().into()])?
            .after(cursor.as_deref())
            .rows(PageSize::of(Some(PageSize::MOST)))
            .page(ctx.store())
            .await?;
        on_duty.extend(page.items);
        cursor = page.next;
        if cursor.is_none() || on_duty.len() >= MOST {
            break;
        }
    }
    for one in &mut on_duty {
        one.overdue = one.shift_ends_at.map(|end| week::minutes(end, now) >= GRACE);
    }
    let awaited = if ctx.who.audience == Audience::Staff { awaited(ctx, now).await? } else { Vec::new() };
    Ok(BoardOut { on_duty, awaited })
}

async fn awaited(ctx: &Ctx, now: Timestamp) -> Result<Vec<Awaited>> {
    if !ctx.may(crate::shifts::VIEW) || !ctx.may(VIEW) {
        return Ok(Vec::new());
    }
    let from = now - jiff::Span::new().hours(12);
    let mut shifts: Vec<ShiftOut> = Vec::new();
    let mut cursor: Option<String> = None;
    loop {
        let page: Page<ShiftOut> = Listing::new(&ctx.plan, crate::shifts::VIEW, &SHIFTS)?
            .is("archived", 0)?
            .one_of("state", vec![State::Published.number().into(), State::Confirmed.number().into()])?
            .is("open", 0)?
            .at_least("starts_at", from)?
            .below("starts_at", now + jiff::Span::new().hours(2))?
            .after(cursor.as_deref())
            .rows(PageSize::of(Some(PageSize::MOST)))
            .page(ctx.store())
            .await?;
        shifts.extend(page.items);
        cursor = page.next;
        if cursor.is_none() || shifts.len() >= MOST {
            break;
        }
    }
    let mut all = Vec::new();
    for chunk in shifts.chunks(200) {
        let ids = chunk.iter().map(|s| s.id.into()).collect();
        let came: Page<EntryOut> = Listing::new(&ctx.plan, VIEW, &ENTRIES)?
            .one_of("shift_id", ids)?
            .rows(PageSize::of(Some(PageSize::MOST)))
            .page(ctx.store())
            .await?;
        for shift in chunk {
            if came.items.iter().any(|entry| entry.shift_id == Some(shift.id)) {
                continue;
            }
            let minutes = week::minutes(shift.starts_at, now);
            let state = match minutes {
                _ if shift.ends_at <= now => Missing::NoShow,
                60.. => Missing::NoShow,
                late if late > GRACE => Missing::Late,
                _ => Missing::Due,
            };
            all.push(Awaited {
                shift_id: shift.id,
                site: shift.site.clone(),
                starts_at: shift.starts_at,
                ends_at: shift.ends_at,
                zone: shift.zone.clone(),
                worker: shift.worker.clone(),
                state,
                minutes,
            });
        }
    }
    Ok(all)
}
