//! Pages of the journal, from views alone.

use access::Resource;
use kernel::page::Page;
use maud::{Markup, html};
use ui::{
    Card, Change, Chip, Choice, Column, Empty, Facet, Field, FilterBar, Form, Kind, Pager, Row, Tab, Table,
    Tone, alert, buttons, card, copyable, detail_list, download, empty, filter_bar, form as ui_form, help,
    number, pager, person, submit, table, tabs, time_exact,
};
use web::reply::{Complaints, PageParts};
use web::{Ctx, Text};

use super::model::{KeepingOut, LineFilter, LineOut, RetentionForm, VerificationOut};
use super::{EXPORT, VIEW, tell};
use crate::members::zone;
use crate::words::{count, sentence, with};

/// The pages about the journal.
fn journal_tabs(ctx: &Ctx, current: &str) -> Markup {
    let mut all = vec![("Everything", "/journal"), ("Roles and permissions", "/journal/rights")];
    if ctx.plan.everywhere(VIEW) {
        all.push(("Integrity and keeping", "/journal/keeping"));
    }
    let all: Vec<(&str, String, bool)> =
        all.into_iter().map(|(label, path)| (label, ctx.href(path), path == current)).collect();
    let all: Vec<Tab<'_>> =
        all.iter().map(|(label, href, here)| Tab { label, href, current: *here, count: None }).collect();
    tabs("Journal", &all)
}

/// The address of a page of this list with a filter; `but` leaves a part of it out.
fn address(here: &str, filter: &LineFilter, but: &str, more: &[(&str, &str)]) -> String {
    let mut pairs: Vec<(&str, &str)> = parts(filter).into_iter().filter(|(name, _)| *name != but).collect();
    pairs.extend(more);
    with(here, &pairs)
}

fn parts(filter: &LineFilter) -> [(&'static str, &str); 7] {
    [
        ("q", &filter.q),
        ("person", &filter.person),
        ("record", &filter.record),
        ("action", &filter.action),
        ("resource", &filter.resource),
        ("from", &filter.from),
        ("until", &filter.until),
    ]
}

fn chips(here: &str, filter: &LineFilter, lines: &Page<LineOut>) -> Vec<(String, String)> {
    parts(filter)
        .into_iter()
        .filter(|(name, value)| !value.is_empty() && *name != "q")
        .map(|(name, value)| {
            let first = lines.items.first();
            let said = match name {
                "person" => format!("Done by {}", first.map_or(value, |line| line.who.as_str())),
                "record" => format!("About {}", first.map_or(value, |line| line.label.as_str())),
                "action" => format!("Action: {}", value.replace('_', " ")),
                "resource" => format!("Kind: {}", tell::noun(value)),
                "from" => format!("From {value}"),
                _ => format!("Until {value}"),
            };
            (said, address(here, filter, name, &[]))
        })
        .collect()
}

fn filters(ctx: &Ctx, here: &str, filter: &LineFilter, rights: bool, lines: &Page<LineOut>) -> Markup {
    let nouns: Vec<(&str, String)> =
        Resource::ALL.iter().map(|r| (r.word(), tell::label(&tell::noun(r.word())))).collect();
    let kinds: Vec<Choice<'_>> = nouns.iter().map(|(word, noun)| Choice::new(word, noun)).collect();
    let chosen = [filter.resource.as_str()];
    let chosen: &[&str] = if filter.resource.is_empty() { &[] } else { &chosen };
    let facets = [Facet { name: "resource", label: "Kind", choices: &kinds, chosen, single: true }];
    let chips = chips(here, filter, lines);
    let chips: Vec<Chip<'_>> = chips.iter().map(|(label, href)| Chip { label, remove_href: href }).collect();
    let hidden: Vec<(&str, &str)> = parts(filter)
        .into_iter()
        .filter(|(name, value)| matches!(*name, "person" | "record" | "action") && !value.is_empty())
        .collect();
    let path = if rights { "/journal/rights/export" } else { "/journal/export" };
    let file = |format: &str| address(&ctx.href(path), filter, "", &[("format", format)]);
    let actions = html! {
        details.facet name="facet" {
            summary.btn { span { "Dates" } (ui::icon::chevron_down()) }
            fieldset.facet-panel {
                legend.unseen { "Dates" }
                (ui::date(&Field::new("from", "From").value(&filter.from)))
                (ui::date(&Field::new("until", "Until").value(&filter.until)))
            }
        }
        @if ctx.may(EXPORT) {
            (download("CSV", &file("csv"), None))
            (download("JSON", &file("jsonl"), None))
        }
    };
    filter_bar(&FilterBar {
        action: here,
        search: Some(&filter.q),
        search_label: "Record or person",
        facets: &facets,
        chips: &chips,
        clear_href: here,
        hidden: &hidden,
        actions,
    })
}

pub(super) fn list(ctx: &Ctx, filter: &LineFilter, rights: bool, lines: &Page<LineOut>) -> Markup {
    let path = if rights { "/journal/rights" } else { "/journal" };
    let here = ctx.href(path);
    let next = lines.next.as_ref().map(|cursor| address(&here, filter, "", &[("cursor", cursor)]));
    let first = address(&here, filter, "", &[]);
    let body = html! {
        (journal_tabs(ctx, path))
        (filters(ctx, &here, filter, rights, lines))
        @if lines.items.is_empty() {
            (empty(
                &Empty {
                    icon: ui::icon::history(),
                    title: "No lines here",
                    text: "Every change is written down when it is made: who, acting as which role, what it was before and after, and from where. You see the lines about records that you may see.",
                },
                html! {},
            ))
        } @else {
            (table_of(ctx, filter, &here, lines))
            (pager(&Pager {
                newest: filter.cursor.as_ref().map(|_| first.as_str()),
                next: next.as_deref(),
                showing: &count(lines.items.len(), "line", "lines"),
            }))
        }
    };
    ctx.page(PageParts::titled("Journal"), body)
}

fn table_of(ctx: &Ctx, filter: &LineFilter, here: &str, lines: &Page<LineOut>) -> Markup {
    let zone = zone(ctx);
    let rows: Vec<Row<'_>> = lines
        .items
        .iter()
        .map(|line| Row {
            cells: vec![
                html! {
                    (sentence(&line.sentence))
                    @if !line.reason.is_empty() { p.hint { "“" (line.reason) "”" } }
                    (changes(line))
                },
                record(ctx, filter, here, line),
                who(filter, here, line),
                time_exact(line.at, &zone),
                html! { (line.address) },
            ],
            ..Row::default()
        })
        .collect();
    table(&Table {
        caption: "Lines of the journal, newest first",
        columns: &[
            Column::lead("What"),
            Column::new("Record"),
            Column::new("Who, acting as"),
            Column::new("When"),
            Column::new("From").low(),
        ],
        rows: &rows,
        ..Table::default()
    })
}

fn changes(line: &LineOut) -> Markup {
    let parts: Vec<Change<'_>> = line
        .changes
        .iter()
        .map(|part| Change { label: &part.part, before: &part.before, after: &part.after })
        .collect();
    html! {
        @match parts.len() {
            0 => {}
            1..=2 => (ui::changes(&parts)),
            many => (help(&format!("{many} parts"), ui::changes(&parts))),
        }
    }
}

fn record(ctx: &Ctx, filter: &LineFilter, here: &str, line: &LineOut) -> Markup {
    html! {
        @match &line.path {
            Some(path) => a href=(ctx.href(path)) { bdi { (line.label) } },
            None => bdi { (line.label) },
        }
        @if let Some(record) = line.record.as_ref().filter(|record| **record != filter.record && record.contains('_')) {
            p.hint { a href=(with(here, &[("record", record)])) { "Only this one" } }
        }
    }
}

fn who(filter: &LineFilter, here: &str, line: &LineOut) -> Markup {
    let id = line.membership.map(|id| id.to_string());
    html! {
        @match id.filter(|id| *id != filter.person) {
            Some(id) => a href=(with(here, &[("person", &id)])) { (person(&line.who)) },
            None => (person(&line.who)),
        }
        @if !line.roles.is_empty() { p.hint { (line.roles) } }
    }
}

/// The form's value for the setting that holds.
pub(super) fn filled(kept: &KeepingOut) -> RetentionForm {
    RetentionForm { days: Text(kept.days.map(|days| days.to_string()).unwrap_or_default()) }
}

pub(super) fn keeping(
    ctx: &Ctx,
    kept: &KeepingOut,
    found: Option<&VerificationOut>,
    typed: &RetentionForm,
    wrong: &Complaints,
) -> Markup {
    let zone = zone(ctx);
    let held = match kept.days {
        Some(days) => format!("{days} days"),
        None => "For good".to_owned(),
    };
    let facts = [
        ("Lines are kept", html! { (held) }),
        (
            "Removed so far",
            html! {
                @if let (Some(through), Some(at)) = (kept.removed_through, kept.removed_at) {
                    "Lines 1 to " (through) ", last on " (time_exact(at, &zone))
                } @else { "Nothing" }
            },
        ),
    ];
    let body = html! {
        (journal_tabs(ctx, "/journal/keeping"))
        (web::reply::complaint(wrong))
        (card(&Card { title: "Is the journal whole?", id: Some("verification"), ..Card::default() }, html! {
            p { "Each line is sealed over the line before it. A walk over the chain finds the first line that was changed, added or taken out behind the program's back. The command “bailiwick audit verify” does the same." }
            @if let Some(found) = found { (verdict(found)) }
            (ui_form(
                &Form { action: &ctx.href("/journal/verification"), id: Some("verify"), stay: false, ..Form::default() },
                buttons(submit(Kind::Quiet, "Check the whole journal")),
            ))
        }))
        (card(&Card { title: "How long it is kept", id: Some("retention"), ..Card::default() }, html! {
            (detail_list(&facts))
            @if kept.may_change {
                (ui_form(
                    &Form { action: &ctx.href("/journal/retention"), id: Some("retention-form"), errors: Some(&wrong.fields), ..Form::default() },
                    html! {
                        (number(&Field::new("days", "Days to keep").value(typed.days.as_str()).between("90", "36525").hint("At least 90. Leave it empty to keep everything. Who read a record is kept as long. What is older is removed once a day; the rest stays verifiable, and the removal is a line of the journal.").errors(&wrong.fields)))
                        (buttons(submit(Kind::Quiet, "Save")))
                    },
                ))
            }
        }))
    };
    ctx.page(PageParts::titled("Journal"), body)
}

fn verdict(found: &VerificationOut) -> Markup {
    match (&found.broken, found.lines, &found.hash) {
        (Some(why), ..) => alert(Tone::Danger, "The journal is broken", html! { p { (sentence(why)) } }),
        (None, Some(lines), Some(hash)) => alert(
            Tone::Success,
            &format!(
                "Unbroken: {} checked",
                count(usize::try_from(lines).unwrap_or(usize::MAX), "line", "lines")
            ),
            html! {
                p { "The newest line is number " (found.head.unwrap_or_default()) ". Keep its hash somewhere else: it proves later that nothing before it was changed." }
                p { (copyable(hash)) }
            },
        ),
        _ => html! {},
    }
}
