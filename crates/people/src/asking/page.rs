//! Pages of access requests, from views alone.

use kernel::page::Page;
use maud::{Markup, html};
use ui::{
    Card, Choice, Column, Empty, Field, Form, Kind, Pager, Row, Tab, Table, Tone, buttons, card, detail_list,
    empty, form as ui_form, pager, radios, submit, table, tabs, text, text_area,
};
use web::Ctx;
use web::reply::{Complaints, PageParts, complaint};

use super::model::{AnswerForm, AskForm, Mine, RequestFilter, RequestOut, State};
use crate::explain::{self, Why};
use crate::members::zone;
use crate::words;

fn state(state: State) -> Markup {
    match state {
        State::Open => ui::status("Waits for an answer", Tone::Info),
        State::Granted => ui::status("Granted", Tone::Success),
        State::Declined => ui::status("Declined", Tone::Neutral),
    }
}

pub(super) fn ask(ctx: &Ctx, typed: &AskForm, mine: &[Mine], wrong: &Complaints, sent: bool) -> Markup {
    let zone = zone(ctx);
    let rows: Vec<Row<'_>> = mine
        .iter()
        .map(|one| Row {
            cells: vec![
                html! { (one.path) },
                html! { (state(one.state)) @if !one.answer.is_empty() { p.hint { (one.answer) } } },
                ui::time(one.created_at, &zone),
            ],
            ..Row::default()
        })
        .collect();
    let body = html! {
        @if sent { (ui::alert(Tone::Success, "Your request is on its way to somebody who can grant it.", html! { p { "You get a mail with the answer. If there is nothing at that address, the answer says so." } })) }
        (complaint(wrong))
        (ui_form(
            &Form { action: &ctx.href("/ask"), errors: Some(&wrong.fields), labels: &[("path", "Address"), ("note", "What do you need it for?")], ..Form::default() },
            html! {
                (text(&Field::new("path", "Address").value(typed.path.as_str()).required().max_length(300).hint("The page that would not open, or what you look for in words.").errors(&wrong.fields)))
                (text_area(&Field::new("note", "What do you need it for?").value(typed.note.as_str()).required().max_length(500).errors(&wrong.fields), 3))
                (buttons(submit(Kind::Primary, "Ask for access")))
            },
        ))
        @if !rows.is_empty() {
            (card(&Card { title: "Your requests", flush: true, ..Card::default() }, table(&Table {
                caption: "Your requests",
                columns: &[Column::lead("Address"), Column::new("Answer"), Column::new("Asked")],
                rows: &rows,
                ..Table::default()
            })))
        }
    };
    ctx.page(PageParts::titled("Ask for access"), body)
}

pub(super) fn list(ctx: &Ctx, filter: &RequestFilter, requests: &Page<RequestOut>) -> Markup {
    let zone = zone(ctx);
    let here = ctx.href("/requests");
    let all: Vec<(&str, &str, String)> = [("Open", ""), ("Granted", "granted"), ("Declined", "declined")]
        .map(|(label, word)| (label, word, words::with(&here, &[("state", word)])))
        .into();
    let chosen = if filter.state == "open" { "" } else { filter.state.as_str() };
    let all: Vec<Tab<'_>> = all
        .iter()
        .map(|(label, word, href)| Tab { label, href, current: *word == chosen, count: None })
        .collect();
    let hrefs: Vec<String> =
        requests.items.iter().map(|r| ctx.href(&format!("/requests/{}", r.id))).collect();
    let rows: Vec<Row<'_>> = requests
        .items
        .iter()
        .zip(&hrefs)
        .map(|(request, href)| Row {
            href: Some(href),
            cells: vec![
                ui::person(&request.name),
                html! { (request.path) p.hint { (request.note) } },
                ui::time(request.created_at, &zone),
            ],
            ..Row::default()
        })
        .collect();
    let next =
        requests.next.as_ref().map(|cursor| words::with(&here, &[("state", chosen), ("cursor", cursor)]));
    let body = html! {
        (tabs("Access requests", &all))
        @if rows.is_empty() {
            (empty(&Empty { icon: ui::icon::lock(), title: "No requests", text: "When a page does not open for somebody, they can ask for access. The request comes to those who can give them a role." }, html! {}))
        } @else {
            (table(&Table {
                caption: "Access requests",
                columns: &[Column::lead("Who"), Column::new("Asks to see"), Column::new("When")],
                rows: &rows,
                ..Table::default()
            }))
            (pager(&Pager { newest: filter.cursor.as_ref().map(|_| here.as_str()), next: next.as_deref(), showing: &words::count(requests.items.len(), "request", "requests") }))
        }
    };
    ctx.page(PageParts::titled("Access requests"), body)
}

pub(super) fn show(
    ctx: &Ctx,
    request: &RequestOut,
    between: Option<&(String, Why)>,
    typed: &AnswerForm,
    wrong: &Complaints,
) -> Markup {
    let zone = zone(ctx);
    let version = request.version.to_string();
    let person = ctx.href(&format!("/members/{}", request.membership));
    let body = html! {
        (card(&Card { title: "What is asked", ..Card::default() }, detail_list(&[
            ("Who", html! { a href=(person) { (ui::person(&request.name)) } @if !request.roles.is_empty() { ", " (request.roles) } }),
            ("Address", html! { (request.path) }),
            ("For", html! { (request.note) }),
            ("When", ui::time(request.created_at, &zone)),
            ("State", html! { (state(request.state)) @if !request.decided_by.is_empty() { " by " bdi { (request.decided_by) } } }),
        ])))
        @match between {
            Some((label, why)) => { p { "At that address: " bdi { (label) } } (explain::answer(ctx, why)) }
            None => { (ui::alert(Tone::Info, "There is no such record.", html! { p { "Nothing that you may see is at that address. It may be a page that the person's roles do not open." } })) }
        }
        @if request.state == State::Open && request.membership != ctx.who.membership {
            (complaint(wrong))
            (ui_form(
                &Form { action: &ctx.href(&format!("/requests/{}", request.id)), hidden: &[("version", &version)], errors: Some(&wrong.fields), labels: &[("decision", "Answer"), ("note", "Note")], ..Form::default() },
                html! {
                    (radios(&Field::new("decision", "Answer").value(typed.decision.as_str()).required().errors(&wrong.fields), &[
                        Choice::new("granted", "Granted: they can see it now"),
                        Choice::new("declined", "Declined"),
                    ]))
                    (text(&Field::new("note", "Note").value(typed.note.as_str()).max_length(500).hint("The person reads it.").errors(&wrong.fields)))
                    (buttons(submit(Kind::Primary, "Answer")))
                },
            ))
        }
    };
    ctx.page(PageParts::titled("Access request").crumb("Access requests", "/requests"), body)
}
