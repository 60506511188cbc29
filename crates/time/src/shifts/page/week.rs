//! The week: a line for each site or worker, a column for each day. On a phone each line is a card.

use maud::{Markup, html};
use ui::{
    Choice, Column, Empty, Facet, FilterBar, Form, Kind, Row, Stat, Tab, Table, button_link, filter_bar,
    form as ui_form, stats, submit, table,
};
use web::Ctx;
use web::reply::PageParts;

use super::super::act::WeekOut;
use super::super::model::WeekFilter;
use super::super::view::ShiftOut;
use super::super::{ASSIGN, CREATE, EXPORT, PUBLISH, SETTINGS};
use crate::choices::SiteChoice;
use crate::week::{self, Week};

pub(in crate::shifts) fn page(ctx: &Ctx, asked: &WeekFilter, sites: &[SiteChoice], out: &WeekOut) -> Markup {
    let week = out.week.unwrap_or_else(|| Week::at(ctx.now(), &week::zone(&ctx.who.zone)));
    let here = ctx.href("/shifts/week");
    let link = |week: Week, by: &str, site: &str| {
        format!("{here}?week={}&by={by}&site={}", week.monday(), web::mount::encode(site))
    };
    let by = if asked.by == "worker" { "worker" } else { "site" };
    let (last, next) = (link(week.moved(-1), by, &asked.site), link(week.moved(1), by, &asked.site));
    let this = link(Week::at(ctx.now(), &week::zone(&ctx.who.zone)), by, &asked.site);
    let (per_site, per_worker) = (link(week, "site", &asked.site), link(week, "worker", &asked.site));
    let ids: Vec<(String, &str)> = sites.iter().map(|s| (s.id.to_string(), s.name.as_str())).collect();
    let choices: Vec<Choice<'_>> = std::iter::once(Choice::new("", "All sites"))
        .chain(ids.iter().map(|(id, name)| Choice::new(id, name)))
        .collect();
    let monday = week.monday().to_string();
    let counts = [
        out.lines.iter().map(|l| l.shifts.len()).sum::<usize>().to_string(),
        out.open.to_string(),
        out.drafts.to_string(),
    ];
    let body = html! {
        (ui::tabs(
            "How the week is shown",
            &[
                Tab { label: "By site", href: &per_site, current: by == "site", ..Tab::default() },
                Tab { label: "By worker", href: &per_worker, current: by == "worker", ..Tab::default() },
            ],
        ))
        (filter_bar(&FilterBar {
            action: &here,
            facets: &[Facet { name: "site", label: "Site", choices: &choices, chosen: &[asked.site.as_str()], single: true }],
            hidden: &[("week", &monday), ("by", by)],
            actions: html! {
                (button_link(Kind::Plain, "Week before", &last, Some(ui::icon::chevron_left())))
                (button_link(Kind::Plain, "This week", &this, None))
                (button_link(Kind::Plain, "Week after", &next, Some(ui::icon::chevron_right())))
            },
            ..FilterBar::default()
        }))
        (stats(&[
            Stat { label: "Shifts", value: &counts[0], ..Stat::default() },
            Stat { label: "Nobody has", value: &counts[1], ..Stat::default() },
            Stat { label: "Drafts", value: &counts[2], ..Stat::default() },
        ]))
        @if out.cut { (ui::alert(ui::Tone::Warning, "There are more shifts than fit; choose a site.", html! {})) }
        @if out.lines.is_empty() {
            (ui::empty(
                &Empty {
                    icon: ui::icon::calendar(),
                    title: "Nothing is planned for this week",
                    text: "Plan a shift, copy another week, or use a template.",
                },
                html! {},
            ))
        } @else {
            (grid(ctx, week, by, out))
        }
        p.hint {
            "Times are on the clock of each site. "
            @if ctx.may(SETTINGS) { a href=(ctx.href("/shifts/policy")) { "Rules of the schedule" } " · " }
            @if ctx.may(ASSIGN) { a href=(ctx.href("/shifts/bans")) { "Bans" } " · " }
            a href=(ctx.href("/shifts")) { "All shifts as a list" }
            @if ctx.may(EXPORT) { " · " a href=(ctx.href("/shifts/export")) download data-plain { "Export as CSV" } }
        }
    };
    let actions = html! {
        @if out.drafts > 0 && ctx.may(PUBLISH) {
            (ui_form(
                &Form {
                    action: &ctx.href("/shifts/publication"),
                    hidden: &[("week", &monday), ("site", &asked.site)],
                    ..Form::default()
                },
                submit(Kind::Plain, if out.drafts == 1 { "Publish 1 draft" } else { "Publish the drafts" }),
            ))
        }
        @if ctx.may(CREATE) {
            (button_link(Kind::Plain, "Copy a week", &ctx.href(&format!("/shifts/plan?from={monday}&to={}&site={}", week.moved(1).monday(), asked.site)), Some(ui::icon::copy())))
            (button_link(Kind::Primary, "Plan a shift", &ctx.href(&format!("/shifts/new?site={}&starts_at={monday}T08:00", asked.site)), Some(ui::icon::plus())))
        }
    };
    let title = format!("Week of {}", week.monday().strftime("%-d %B %Y"));
    ctx.page(PageParts::titled(&title).actions(actions), body)
}

fn grid(ctx: &Ctx, week: Week, by: &str, out: &WeekOut) -> Markup {
    let days = week.days();
    let heads: Vec<String> = days.iter().map(|d| d.strftime("%a %-d").to_string()).collect();
    let mut columns = vec![Column::lead(if by == "worker" { "Worker" } else { "Site" })];
    columns.extend(heads.iter().map(|head| Column::new(head)));
    columns.push(Column::number("Paid hours"));
    let rows: Vec<Row<'_>> = out
        .lines
        .iter()
        .map(|line| {
            let mut cells = vec![html! { (line.name) }];
            for day in days {
                let of_day: Vec<&ShiftOut> = line.shifts.iter().filter(|s| s.day() == day).collect();
                cells.push(html! {
                    @if of_day.is_empty() { span.dim { "–" } }
                    @for shift in of_day { (cell(ctx, by, shift)) }
                });
            }
            cells.push(html! { (week::hours(line.minutes)) });
            Row { cells, ..Row::default() }
        })
        .collect();
    table(&Table { caption: "The week", columns: &columns, rows: &rows, ..Table::default() })
}

fn cell(ctx: &Ctx, by: &str, shift: &ShiftOut) -> Markup {
    let who = if by == "worker" {
        shift.site.clone()
    } else {
        shift.worker.clone().filter(|w| !w.is_empty()).unwrap_or_else(|| "Open".to_owned())
    };
    html! {
        div.planned {
            a href=(ctx.href(&format!("/shifts/{}", shift.id))) { (shift.clock()) }
            span { bdi { (who) } @if !shift.post.is_empty() { span.dim { " " (shift.post) } } }
            span.planned-state { (super::badge(shift)) }
        }
    }
}
