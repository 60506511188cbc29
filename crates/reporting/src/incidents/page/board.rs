//! The board: what waits for whom, moved on by buttons.

use access::{FieldClass, Permission};
use kernel::{Error, Result};
use maud::{Markup, html};
use schemars::JsonSchema;
use serde::Serialize;
use ui::{Board, BoardCard, BoardColumn, Kind, Tone, board, board_card, button_link};
use web::Ctx;
use web::reply::PageParts;

use super::super::model::IncidentFilter;
use super::super::view::IncidentRow;
use super::super::words::{Lane, Status};
use super::super::{ASSIGN, CLOSE, CREATE, VIEW};
use super::list::{self, bar, views};
use super::{always, clock, everywhere, heading, state_badge, verb};

/// Cards of one column at most.
const CARDS: u16 = 30;
/// Columns are counted up to this.
const COUNTED: usize = 99;
/// How long what is resolved stays on the board, in microseconds: 14 days.
const STAYS: i64 = 14 * 86_400 * 1_000_000;

/// A column of the board.
#[derive(Clone, Debug, Serialize, JsonSchema)]
pub struct LaneOut {
    /// Which one.
    pub lane: Lane,
    /// How many, counted up to 99; 100 means more than that.
    pub count: usize,
    /// The newest of them.
    pub items: Vec<IncidentRow>,
}

/// The board.
#[derive(Clone, Debug, Serialize, JsonSchema)]
pub struct BoardOut {
    /// From left to right.
    pub lanes: Vec<LaneOut>,
}

/// Reads the board. It shows how the organization works, so it is for those who see that on every incident.
pub(in super::super) async fn read(ctx: &Ctx, filter: &IncidentFilter) -> Result<BoardOut> {
    ctx.require(VIEW)?;
    if !always(ctx, FieldClass::Operational) {
        return Err(Error::NotFound);
    }
    let filter = IncidentFilter {
        status: Vec::new(),
        lane: String::new(),
        published: String::new(),
        from: String::new(),
        until: String::new(),
        order: String::new(),
        archived: false,
        cursor: None,
        ..filter.clone()
    };
    let mut lanes = Vec::new();
    for lane in Lane::ALL.iter().copied() {
        let listing = || {
            let listing = super::super::listing::listing(ctx, VIEW, &filter)?.is("board", lane.number())?;
            if lane == Lane::Resolved {
                listing.at_least("moved_at", ctx.now().as_microsecond() - STAYS)?.order("moved")
            } else {
                Ok(listing)
            }
        };
        let size = kernel::page::PageSize::of(Some(CARDS));
        let page: kernel::page::Page<IncidentRow> = listing()?.rows(size).page(ctx.store()).await?;
        let count = if page.next.is_some() {
            listing()?.count(ctx.store(), COUNTED).await?
        } else {
            page.items.len()
        };
        lanes.push(LaneOut { lane, count, items: page.items });
    }
    Ok(BoardOut { lanes })
}

fn tone(lane: Lane) -> Tone {
    match lane {
        Lane::Urgent => Tone::Danger,
        Lane::Active => Tone::Warning,
        Lane::Review => Tone::Info,
        Lane::Resolved => Tone::Success,
    }
}

fn empty_words(lane: Lane) -> &'static str {
    match lane {
        Lane::Urgent => "Nothing new, nothing escalated.",
        Lane::Active => "Nobody is working on an incident.",
        Lane::Review => "Nothing waits for a second look.",
        Lane::Resolved => "Nothing was resolved in the last 14 days.",
    }
}

pub(in super::super) fn page(
    ctx: &Ctx,
    filter: &IncidentFilter,
    choices: &list::Choices,
    out: &BoardOut,
) -> Markup {
    let here = ctx.href("/incidents/board");
    let counts: Vec<String> = out
        .lanes
        .iter()
        .map(|lane| if lane.count > COUNTED { format!("{COUNTED}+") } else { lane.count.to_string() })
        .collect();
    let columns: Vec<BoardColumn<'_>> = out
        .lanes
        .iter()
        .zip(&counts)
        .map(|(lane, count)| BoardColumn {
            title: lane.lane.label(),
            count,
            tone: tone(lane.lane),
            cards: lane.items.iter().map(|item| card(ctx, item)).collect(),
            empty: empty_words(lane.lane),
        })
        .collect();
    let body = html! {
        (views(ctx, filter, true))
        (bar(ctx, &here, filter, choices, true, html! {}))
        (board(&Board { label: "Incidents by where they stand", columns: &columns }))
    };
    let add = html! {
        @if ctx.may(CREATE) {
            (button_link(Kind::Primary, "Report an incident", &ctx.href("/incidents/new"), Some(ui::icon::plus())))
        }
    };
    ctx.page(PageParts::titled("Incidents").actions(add), body)
}

fn card(ctx: &Ctx, item: &IncidentRow) -> Markup {
    let path = format!("/incidents/{}", item.id);
    let anchor = item.id.to_string();
    let may = |permission: Permission| everywhere(&ctx.plan, permission);
    let actions = html! {
        @if may(CLOSE) { (moves(ctx, item, &path)) }
        @if may(ASSIGN) && item.status != Status::Closed {
            (button_link(Kind::Plain, if item.assignee.is_some() { "Reassign" } else { "Assign" }, &ctx.href(&format!("{path}/assignment")), None))
        }
    };
    board_card(&BoardCard {
        id: Some(&anchor),
        href: &ctx.href(&path),
        title: heading(item),
        number: &item.label(),
        badge: ui::severity(item.severity.badge()),
        meta: html! {
            span { (item.site) } " · " (ui::time(item.occurred_at, &clock(item)))
            @if let Some(name) = &item.assignee { " · " (ui::person(name)) }
            @if item.escalated == Some(true) { " " (ui::status("Escalated", Tone::Danger)) }
            @else if item.status == Status::Closed { " " (ui::status("Closed", Tone::Neutral)) }
            " " (state_badge(item))
        },
        actions,
    })
}

/// The buttons that move an incident on from where it is.
pub(super) fn steps(item: &IncidentRow) -> &'static [(&'static str, Status)] {
    if item.escalated == Some(true) {
        return &[("Take up", Status::Active), ("Resolve", Status::Resolved)];
    }
    match item.status {
        Status::New => &[("Take up", Status::Active), ("Resolve", Status::Resolved)],
        Status::Active => &[("Send to review", Status::Review), ("Resolve", Status::Resolved)],
        Status::Review => &[("Resolve", Status::Resolved), ("Back to active", Status::Active)],
        Status::Resolved => &[("Close", Status::Closed), ("Back to active", Status::Active)],
        Status::Closed => &[("Open again", Status::Active)],
    }
}

/// Can it be escalated from where it is?
pub(super) fn can_escalate(item: &IncidentRow) -> bool {
    item.status != Status::Closed && item.status != Status::New && item.escalated == Some(false)
}

fn moves(ctx: &Ctx, item: &IncidentRow, path: &str) -> Markup {
    let version = item.version.unwrap_or_default().to_string();
    html! {
        @for (place, (label, status)) in steps(item).iter().enumerate() {
            (verb(
                ctx,
                if place == 0 { Kind::Quiet } else { Kind::Plain },
                label,
                &format!("{path}/status"),
                &[("status", status.word()), ("version", &version), ("back", "board")],
            ))
        }
        @if can_escalate(item) {
            (verb(ctx, Kind::Plain, "Escalate", &format!("{path}/escalation"), &[("version", &version), ("back", "board")]))
        }
    }
}
