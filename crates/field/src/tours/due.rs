//! What whoever walks sees first: which tours are due, and the walk they are on.

use kernel::Result;
use kernel::page::{Page, PageSize};
use maud::{Markup, html};
use store::listing::Listing;
use ui::{Card, Empty, Form, Kind, Tone, button_link, buttons, card, form as ui_form, status, submit};
use web::Ctx;
use web::reply::{Complaints, PageParts};

use super::model::{DueList, DueOut, Standing, TourOut};
use super::query::{self, TOURS};
use super::{SCAN, VIEW};
use crate::rhythm;

/// So many tours are shown; nobody walks more.
const MOST: u16 = 60;

/// The tours that the asker may walk, those that are due first.
pub(crate) async fn due(ctx: &Ctx) -> Result<DueList> {
    let now = ctx.now();
    let page: Page<TourOut> = Listing::new(&ctx.plan, VIEW, &TOURS)?
        .within(SCAN)
        .is("archived", 0)?
        .rows(PageSize::of(Some(MOST)))
        .page(ctx.store())
        .await?;
    let mut tours = Vec::new();
    for tour in page.items {
        let zone = rhythm::zone(&tour.zone);
        let windows = tour.plan().between(now, now + jiff::Span::new().hours(36), &zone)?;
        let open = windows.iter().find(|window| window.from <= now);
        let next = windows.iter().find(|window| window.from > now);
        let slot = open.map(|window| window.from);
        let (stops, walked) = query::walked(ctx.store(), ctx.who.organization, tour.id, slot).await?;
        let (state, shown) = match (open, next) {
            (Some(open), next) if walked > 0 => (Standing::Done, next.or(Some(open))),
            (Some(open), _) => (Standing::Due, Some(open)),
            (None, Some(next)) => (Standing::Later, Some(next)),
            (None, None) => (Standing::AnyTime, None),
        };
        tours.push(DueOut {
            tour_id: tour.id,
            name: tour.name,
            site: tour.site,
            zone: tour.zone,
            stops,
            state,
            from: shown.map(|window| window.from),
            until: shown.map(|window| window.until),
        });
    }
    tours.sort_by_key(|tour| {
        let rank = match tour.state {
            Standing::Due => 0,
            Standing::AnyTime => 1,
            Standing::Later => 2,
            Standing::Done => 3,
        };
        (rank, tour.until, tour.name.clone())
    });
    let walking = crate::walks::walking(ctx).await?;
    Ok(DueList { walking, tours })
}

fn when(tour: &DueOut) -> Markup {
    let zone = rhythm::zone(&tour.zone);
    html! {
        @match (tour.state, tour.from, tour.until) {
            (Standing::Due, _, Some(until)) => { (status("Due", Tone::Warning)) " until " (ui::time_exact(until, &zone)) }
            (Standing::Done, Some(from), _) => { (status("Walked", Tone::Success)) " next at " (ui::time_exact(from, &zone)) }
            (Standing::Later, Some(from), _) => { (status("Later", Tone::Neutral)) " from " (ui::time_exact(from, &zone)) }
            _ => { (status("Any time", Tone::Info)) }
        }
    }
}

/// The field portal's page of it.
pub(crate) fn page(ctx: &Ctx, list: &DueList, wrong: &Complaints) -> Markup {
    let body = html! {
        (web::reply::complaint(wrong))
        @if let Some(report) = list.walking {
            (card(&Card { title: "You are on a tour", ..Card::default() }, html! {
                (buttons(html! {
                    (button_link(Kind::Primary, "Go on", &ctx.href(&format!("/checkpoint-reports/{report}")), None))
                    (button_link(Kind::Plain, "Scan a code", &ctx.href("/scan"), Some(ui::icon::camera())))
                }))
            }))
        } @else {
            (buttons(button_link(Kind::Plain, "Scan a code", &ctx.href("/scan"), Some(ui::icon::camera()))))
        }
        @if list.tours.is_empty() {
            (ui::empty(
                &Empty {
                    icon: ui::icon::map(),
                    title: "No tours for you",
                    text: "Tours of the sites where you work stand here. A checkpoint can be scanned all the same.",
                },
                html! {},
            ))
        }
        @for tour in &list.tours {
            @let word = uuid::Uuid::new_v4().to_string();
            (card(&Card { title: &tour.name, ..Card::default() }, html! {
                p { (tour.site) ", " (tour.stops) @if tour.stops == 1 { " stop" } @else { " stops" } }
                p { (when(tour)) }
                @if tour.stops > 0 {
                    (ui_form(
                        &Form {
                            action: &ctx.href(&format!("/tours/{}/walks", tour.tour_id)),
                            hidden: &[("word", &word), ("at", ""), ("sent_at", "")],
                            queue: Some(ui::Queue { what: "Start of a tour", now: Some("at") }),
                            ..Form::default()
                        },
                        buttons(submit(if tour.state == Standing::Due { Kind::Primary } else { Kind::Plain }, "Start")),
                    ))
                }
            }))
        }
    };
    ctx.page(PageParts::titled("Tours"), body)
}
