//! Pages of post orders, from views alone.

use access::Facts;
use kernel::Portal;
use kernel::page::Page;
use maud::{Markup, html};
use ui::{
    Card, Choice, Column, Empty, Field, FilterBar, Form, Kind, Pager, Row, Table, Tone, button_link, buttons,
    card, filter_bar, form as ui_form, pager, person, select, split, status, submit, table, text, text_area,
};
use web::Ctx;
use web::reply::{Complaints, PageParts};

use super::model::{OrderFilter, OrderForm, OrderOut, OrderWhole};
use super::{ACKNOWLEDGE, CREATE, DELETE, EDIT};
use crate::readings::prose;
use crate::sites::SiteChoice;

fn zone(name: &str) -> jiff::tz::TimeZone {
    jiff::tz::TimeZone::get(name).unwrap_or(jiff::tz::TimeZone::UTC)
}

/// The asker's own mark, in the field portal: what they still have to read stands out.
fn mark(order: &OrderOut) -> Markup {
    html! {
        @if order.is_read() { (status("Read", Tone::Success)) }
        @else if order.read_edition.is_some() { (status("Changed since you read it", Tone::Warning)) }
        @else { (status("Not read yet", Tone::Warning)) }
    }
}

pub(super) fn list(ctx: &Ctx, filter: &OrderFilter, page: &Page<OrderOut>) -> Markup {
    let field = ctx.portal() == Some(Portal::Field);
    let here = ctx.href("/post-orders");
    let query = format!(
        "q={}&site={}&archived={}",
        web::mount::encode(&filter.q),
        web::mount::encode(&filter.site),
        filter.archived
    );
    let next = page.next.as_ref().map(|cursor| format!("{here}?{query}&cursor={cursor}"));
    let hrefs: Vec<String> = page.items.iter().map(|o| ctx.href(&format!("/post-orders/{}", o.id))).collect();
    let rows: Vec<Row<'_>> = page
        .items
        .iter()
        .zip(&hrefs)
        .map(|(order, href)| {
            let mut cells = vec![
                html! { (order.title) },
                html! { (order.site) },
                html! { "Edition " (order.edition) ", " (ui::time(order.written_at, &zone(&order.zone))) },
            ];
            if field {
                cells.push(mark(order));
            }
            // Kept on the phone: orders are read where there is no signal.
            Row { href: Some(href), keep: field, cells, muted: order.archived, ..Row::default() }
        })
        .collect();
    let mut columns = vec![Column::lead("Order"), Column::new("Site"), Column::new("Since").line()];
    if field {
        columns.push(Column::new("You").plain());
    }
    let body = html! {
        (filter_bar(&FilterBar {
            action: &here,
            search: Some(&filter.q),
            search_label: "Title or site",
            hidden: &[("site", &filter.site)],
            actions: html! {
                @if !field {
                    @if filter.archived { a href=(here) { "In force" } } @else { a href=(format!("{here}?archived=true")) { "Archived" } }
                }
            },
            ..FilterBar::default()
        }))
        @if rows.is_empty() {
            (ui::empty(
                &Empty {
                    icon: ui::icon::file(),
                    title: if filter.archived { "Nothing is archived" } else { "No post orders here" },
                    text: "What is to be done at a site stands here; whoever works there says that they have read it.",
                },
                html! {},
            ))
        } @else {
            (table(&Table { caption: "Post orders", columns: &columns, rows: &rows, ..Table::default() }))
            (pager(&Pager {
                newest: filter.cursor.as_ref().map(|_| here.as_str()),
                next: next.as_deref(),
                showing: &format!("{} orders", page.items.len()),
            }))
        }
    };
    let actions = html! {
        @if !field && ctx.may(CREATE) {
            (button_link(Kind::Primary, "Write an order", &ctx.href("/post-orders/new"), Some(ui::icon::plus())))
        }
    };
    ctx.page(PageParts::titled("Post orders").actions(actions), body)
}

/// Who has read it, and who has not.
fn readers(order: &OrderOut, whole: &OrderWhole) -> Markup {
    let zone = zone(&order.zone);
    html! {
        @if !order.archived {
            (card(&Card { title: "Have not read it", ..Card::default() }, html! {
                @if whole.missing.is_empty() { p.dim { "Everybody who works there has read this edition." } }
                @else {
                    ul.plain {
                        @for one in &whole.missing {
                            li {
                                (person(&one.name))
                                @if let Some(edition) = one.read { " " span.dim { "read edition " (edition) } }
                            }
                        }
                    }
                }
            }))
        }
        @if !whole.readings.is_empty() {
            (card(&Card { title: "Have read it", ..Card::default() }, html! {
                ul.plain {
                    @for one in &whole.readings {
                        li { (person(&one.name)) " " span.dim { "edition " (one.edition) ", " (ui::time_exact(one.at, &zone)) } }
                    }
                }
            }))
        }
    }
}

pub(super) fn show(ctx: &Ctx, whole: &OrderWhole, facts: &Facts, wrong: &Complaints) -> Markup {
    let order = &whole.order;
    let path = format!("/post-orders/{}", order.id);
    let office = ctx.portal() == Some(Portal::Office);
    let may = |permission| ctx.plan.check(permission, facts);
    let writes = may(EDIT);
    let zone = zone(&order.zone);
    let edition = order.edition.to_string();
    let main = html! {
        (card(&Card::default(), html! {
            p.dim {
                (order.site) " · edition " (order.edition) ", " (ui::time_exact(order.written_at, &zone)) ", by " (person(&order.written_by))
                @if order.archived { " " (status("Archived", Tone::Neutral)) }
            }
            (prose(&order.body))
        }))
        @if may(ACKNOWLEDGE) && !writes && !order.archived {
            @if order.is_read() {
                @if let Some(at) = order.read_at { p { (status("Read", Tone::Success)) " You read this edition " (ui::time(at, &zone)) "." } }
            } @else {
                (ui_form(
                    &Form {
                        action: &ctx.href(&format!("{path}/acknowledgement")),
                        hidden: &[("edition", &edition), ("at", "")],
                        queue: Some(ui::Queue { what: "Post order read", now: Some("at") }),
                        errors: Some(&wrong.fields),
                        ..Form::default()
                    },
                    buttons(submit(Kind::Primary, "I have read this")),
                ))
            }
        }
        @for earlier in &whole.editions {
            (ui::fold(
                &format!("Edition {}, until then", earlier.edition),
                html! {
                    p.dim { (earlier.title) ", " (ui::time_exact(earlier.at, &zone)) ", by " (person(&earlier.by)) }
                    (prose(&earlier.body))
                },
            ))
        }
    };
    let body = html! {
        (web::reply::complaint(wrong))
        @if writes { (split(main, readers(order, whole))) } @else { (main) }
    };
    let post = |noun: &str, label: &str| {
        ui_form(
            &Form { action: &ctx.href(&format!("{path}/{noun}")), ..Form::default() },
            submit(Kind::Plain, label),
        )
    };
    let actions = html! {
        (ctx.access_button(order.id))
        (ctx.journal_button(order.id, facts))
        @if office && may(DELETE) {
            @if order.archived { (post("restore", "Restore")) } @else { (post("archive", "Archive")) }
        }
        @if office && writes && !order.archived {
            (button_link(Kind::Primary, "New edition", &ctx.href(&format!("{path}/edit")), Some(ui::icon::edit())))
        }
    };
    ctx.page(PageParts::titled(&order.title).crumb("Post orders", "/post-orders").actions(actions), body)
}

/// The form's values for what is there.
pub(super) fn filled(order: &OrderOut) -> OrderForm {
    OrderForm {
        site: order.site_id.to_string().into(),
        title: order.title.as_str().into(),
        body: order.body.as_str().into(),
        version: order.version.to_string().into(),
    }
}

pub(super) fn form(
    ctx: &Ctx,
    order: Option<&OrderOut>,
    sites: &[SiteChoice],
    typed: &OrderForm,
    wrong: &Complaints,
) -> Markup {
    let path = order.map_or_else(|| "/post-orders".to_owned(), |o| format!("/post-orders/{}", o.id));
    let ids: Vec<(String, &str)> = sites.iter().map(|s| (s.id.to_string(), s.name.as_str())).collect();
    let choices: Vec<Choice<'_>> = ids.iter().map(|(id, name)| Choice::new(id, name)).collect();
    let hidden: &[(&str, &str)] = &[("version", typed.version.as_str())];
    let body = html! {
        (web::reply::complaint(wrong))
        @if order.is_some() { p { "This becomes a new edition: whoever works there is asked to read it again. The editions before stay." } }
        (ui_form(
            &Form {
                action: &ctx.href(&path),
                hidden: if order.is_some() { hidden } else { &[] },
                guard: true,
                errors: Some(&wrong.fields),
                ..Form::default()
            },
            html! {
                @if order.is_none() {
                    (select(&Field::new("site", "Site").value(typed.site.as_str()).required().errors(&wrong.fields), &choices, Some("Choose")))
                }
                (text(&Field::new("title", "What it is about").value(typed.title.as_str()).required().max_length(120).errors(&wrong.fields)))
                (text_area(&Field::new("body", "What is to be done").value(typed.body.as_str()).required().errors(&wrong.fields), 16))
                (buttons(html! { (submit(Kind::Primary, if order.is_some() { "Put in force" } else { "Save" })) (button_link(Kind::Quiet, "Cancel", &ctx.href(&path), None)) }))
            },
        ))
    };
    let title = if order.is_some() { "New edition" } else { "Write a post order" };
    let mut parts = PageParts::titled(title).crumb("Post orders", "/post-orders");
    if let Some(order) = order {
        parts = parts.crumb(order.title.clone(), path.clone());
    }
    ctx.page(parts, body)
}
