//! Pages of passdown notes, from views alone.

use access::Facts;
use kernel::Portal;
use kernel::page::Page;
use maud::{Markup, html};
use ui::{
    Card, Choice, Empty, Field, FilterBar, Form, Kind, Pager, Tone, button_link, buttons, card, filter_bar,
    form as ui_form, pager, person, select, status, submit, text_area,
};
use web::Ctx;
use web::reply::{Complaints, PageParts};

use super::model::{NoteFilter, NoteForm, NoteOut, NoteWhole};
use super::{ACKNOWLEDGE, CREATE, DELETE};
use crate::readings::prose;
use crate::sites::SiteChoice;

/// "I have read it", unless that was said, or it is one's own.
fn read(ctx: &Ctx, note: &NoteOut, wrong: Option<&Complaints>) -> Markup {
    let own = note.author_id == ctx.who.membership;
    html! {
        @if let Some(at) = note.read_at {
            p { (status("Read", Tone::Success)) " " span.dim { (ui::time(at, &note.clock())) } }
        } @else if !own && !note.archived && ctx.may(ACKNOWLEDGE) {
            (ui_form(
                &Form {
                    action: &ctx.href(&format!("/passdown/{}/acknowledgement", note.id)),
                    hidden: &[("at", "")],
                    queue: Some(ui::Queue { what: "Passdown note read", now: Some("at") }),
                    errors: wrong.map(|w| &w.fields),
                    ..Form::default()
                },
                buttons(submit(Kind::Plain, "I have read this")),
            ))
        }
    }
}

fn head(note: &NoteOut) -> Markup {
    html! {
        p.dim {
            (person(&note.author)) ", " (ui::time_exact(note.written_at, &note.clock()))
            @if note.archived { " " (status("Archived", Tone::Neutral)) }
        }
    }
}

pub(super) fn list(ctx: &Ctx, filter: &NoteFilter, page: &Page<NoteOut>) -> Markup {
    let field = ctx.portal() == Some(Portal::Field);
    let here = ctx.href("/passdown");
    let query = format!(
        "q={}&site={}&archived={}",
        web::mount::encode(&filter.q),
        web::mount::encode(&filter.site),
        filter.archived
    );
    let next = page.next.as_ref().map(|cursor| format!("{here}?{query}&cursor={cursor}"));
    let body = html! {
        (filter_bar(&FilterBar {
            action: &here,
            search: Some(&filter.q),
            search_label: "Note, site or author",
            hidden: &[("site", &filter.site)],
            actions: html! {
                @if !field {
                    @if filter.archived { a href=(here) { "Current" } } @else { a href=(format!("{here}?archived=true")) { "Archived" } }
                }
            },
            ..FilterBar::default()
        }))
        @if page.items.is_empty() {
            (ui::empty(
                &Empty {
                    icon: ui::icon::report(),
                    title: if filter.archived { "Nothing is archived" } else { "No notes" },
                    text: "What one officer leaves for the next stands here, newest first.",
                },
                html! {},
            ))
        } @else {
            @for note in &page.items {
                (card(&Card { title: &note.site, ..Card::default() }, html! {
                    (head(note))
                    (prose(&note.body))
                    (read(ctx, note, None))
                    @if !field { p { a href=(ctx.href(&format!("/passdown/{}", note.id))) { "Who has read it" } } }
                }))
            }
            (pager(&Pager {
                newest: filter.cursor.as_ref().map(|_| here.as_str()),
                next: next.as_deref(),
                showing: &format!("{} notes", page.items.len()),
            }))
        }
    };
    let actions = html! {
        @if ctx.may(CREATE) {
            (button_link(Kind::Primary, "Leave a note", &ctx.href("/passdown/new"), Some(ui::icon::plus())))
        }
    };
    ctx.page(PageParts::titled("Passdown").actions(actions), body)
}

pub(super) fn show(ctx: &Ctx, whole: &NoteWhole, facts: &Facts, wrong: &Complaints) -> Markup {
    let note = &whole.note;
    let path = format!("/passdown/{}", note.id);
    let office = ctx.portal() == Some(Portal::Office);
    let runs = ctx.plan.check(DELETE, facts);
    let body = html! {
        (web::reply::complaint(wrong))
        (card(&Card::default(), html! { (head(note)) (prose(&note.body)) (read(ctx, note, Some(wrong))) }))
        @if runs && !note.archived {
            (card(&Card { title: "Have not read it", ..Card::default() }, html! {
                @if whole.missing.is_empty() { p.dim { "Everybody who works there has read it." } }
                @else { ul.plain { @for one in &whole.missing { li { (person(&one.name)) } } } }
            }))
        }
        @if !whole.readings.is_empty() {
            (card(&Card { title: "Have read it", ..Card::default() }, html! {
                ul.plain {
                    @for one in &whole.readings {
                        li { (person(&one.name)) " " span.dim { (ui::time_exact(one.at, &note.clock())) } }
                    }
                }
            }))
        }
    };
    let post = |noun: &str, label: &str| {
        ui_form(
            &Form { action: &ctx.href(&format!("{path}/{noun}")), ..Form::default() },
            submit(Kind::Plain, label),
        )
    };
    let actions = html! {
        (ctx.access_button(note.id))
        (ctx.journal_button(note.id, facts))
        @if office && runs {
            @if note.archived { (post("restore", "Restore")) } @else { (post("archive", "Archive")) }
        }
    };
    let title = note.label();
    ctx.page(PageParts::titled(&title).crumb("Passdown", "/passdown").actions(actions), body)
}

pub(super) fn form(ctx: &Ctx, sites: &[SiteChoice], typed: &NoteForm, wrong: &Complaints) -> Markup {
    let ids: Vec<(String, &str)> = sites.iter().map(|s| (s.id.to_string(), s.name.as_str())).collect();
    let choices: Vec<Choice<'_>> = ids.iter().map(|(id, name)| Choice::new(id, name)).collect();
    // Whoever works at one site has nothing to choose.
    let only = match ids.as_slice() {
        [(id, _)] if typed.site.is_blank() => id.as_str(),
        _ => typed.site.as_str(),
    };
    let body = html! {
        (web::reply::complaint(wrong))
        (ui_form(
            &Form {
                action: &ctx.href("/passdown"),
                hidden: &[("written_at", "")],
                queue: Some(ui::Queue { what: "Passdown note", now: Some("written_at") }),
                guard: true,
                errors: Some(&wrong.fields),
                ..Form::default()
            },
            html! {
                (select(&Field::new("site", "Site").value(only).required().errors(&wrong.fields), &choices, Some("Choose")))
                (text_area(&Field::new("body", "What the next one should know").value(typed.body.as_str()).required().errors(&wrong.fields), 8))
                (buttons(html! { (submit(Kind::Primary, "Leave the note")) (button_link(Kind::Quiet, "Cancel", &ctx.href("/passdown"), None)) }))
            },
        ))
    };
    ctx.page(PageParts::titled("Leave a note").crumb("Passdown", "/passdown"), body)
}
