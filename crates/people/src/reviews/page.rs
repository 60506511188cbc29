//! Pages of access review, from views alone.

use kernel::id::ReviewId;
use kernel::page::Page;
use kernel::{Audience, Result};
use maud::{Markup, html};
use ui::{
    Card, Choice, Column, Empty, Facet, Field, FilterBar, Form, Kind, Pager, Row, Tab, Table, Tone, alert,
    button_link, buttons, card, checkbox, checkboxes, copyable, date, detail_list, download, empty,
    filter_bar, form as ui_form, form_row, grid, help, number, pager, person, progress, radios, select,
    status, submit, submit_named, table, tabs, text, text_area, time, time_exact,
};
use web::reply::{Complaints, PageParts, complaint};
use web::{Ctx, Text};

use super::model::{
    DecidedOut, Decision, DecisionsForm, ItemFilter, ItemOut, ReviewFilter, ReviewForm, ReviewOut, Scope,
};
use super::{TAKE, act, create};
use crate::members::zone;
use crate::targets::names::{self, Offer};
use crate::words::{audience, count, sentence, with};

/// What "used" means, wherever it is said.
const USED: &str = "A grant counts as used when the person opened something through a door that the role opens, or a token of theirs was used, after the role was given. It does not say which of several roles let them in.";

/// The pages of access review.
pub(super) fn review_tabs(ctx: &Ctx, current: &str) -> Markup {
    let all = [("Campaigns", "/reviews"), ("Leavers", "/reviews/leavers")];
    let all: Vec<(&str, String, bool)> =
        all.into_iter().map(|(label, path)| (label, ctx.href(path), path == current)).collect();
    let all: Vec<Tab<'_>> =
        all.iter().map(|(label, href, here)| Tab { label, href, current: *here, count: None }).collect();
    if ctx.may(TAKE) {
        tabs("Access review", &all)
    } else {
        html! {}
    }
}

fn many(number: i64) -> usize {
    usize::try_from(number).unwrap_or(0)
}

fn state(review: &ReviewOut) -> Markup {
    if review.closed {
        status("Closed", Tone::Success)
    } else if review.overdue {
        status("Overdue", Tone::Danger)
    } else {
        status("Running", Tone::Info)
    }
}

fn far(review: &ReviewOut) -> Markup {
    let all = review.progress.all();
    let done = all - review.progress.open;
    progress("Decided", u64::try_from(done).unwrap_or(0), u64::try_from(all).unwrap_or(0))
}

pub(super) fn list(ctx: &Ctx, filter: &ReviewFilter, reviews: &Page<ReviewOut>) -> Markup {
    let here = ctx.href("/reviews");
    let zone = zone(ctx);
    let closed = if filter.closed { "true" } else { "" };
    let hrefs: Vec<String> = reviews.items.iter().map(|r| ctx.href(&format!("/reviews/{}", r.id))).collect();
    let rows: Vec<Row<'_>> = reviews
        .items
        .iter()
        .zip(&hrefs)
        .map(|(review, href)| Row {
            href: Some(href),
            cells: vec![
                html! { (review.name) },
                html! { (state(review)) @if review.mine && !review.closed { p.hint { "You are asked to decide" } } },
                far(review),
                html! { (act::day(review.due_at, &zone)) },
                html! { @if let Some(by) = &review.created_by { (person(by)) ", " } (time(review.created_at, &zone)) },
            ],
            muted: review.closed,
            ..Row::default()
        })
        .collect();
    let next = reviews.next.as_ref().map(|cursor| with(&here, &[("closed", closed), ("cursor", cursor)]));
    let other = if filter.closed { here.clone() } else { with(&here, &[("closed", "true")]) };
    let start = html! {
        @if ctx.may(TAKE) { (button_link(Kind::Primary, "Start a campaign", &ctx.href("/reviews/new"), Some(ui::icon::plus()))) }
    };
    let body = html! {
        (review_tabs(ctx, "/reviews"))
        p { a href=(other) { @if filter.closed { "Show running campaigns" } @else { "Show closed campaigns" } } }
        @if rows.is_empty() {
            (empty(
                &Empty {
                    icon: ui::icon::shield_check(),
                    title: if filter.closed { "No campaign was closed yet" } else { "No campaign is running" },
                    text: "A campaign lists who holds which role where. Reviewers confirm what is still needed and revoke the rest; at the end a signed record remains.",
                },
                html! {},
            ))
        } @else {
            (table(&Table {
                caption: "Campaigns",
                columns: &[
                    Column::lead("Campaign"),
                    Column::new("State"),
                    Column::new("Progress"),
                    Column::new("Last day"),
                    Column::new("Started").low(),
                ],
                rows: &rows,
                ..Table::default()
            }))
            (pager(&Pager {
                newest: filter.cursor.as_ref().map(|_| here.as_str()),
                next: next.as_deref(),
                showing: &count(reviews.items.len(), "campaign", "campaigns"),
            }))
        }
    };
    ctx.page(PageParts::titled("Access review").actions(start), body)
}

/// What the form of a campaign offers to choose from.
pub(super) struct Offers {
    clients: Vec<Offer>,
    sites: Vec<Offer>,
    roles: std::sync::Arc<access::Catalogue>,
    reviewers: Vec<create::Reviewer>,
}

impl Offers {
    /// Reads them within the plan.
    ///
    /// # Errors
    /// The store's.
    pub(super) async fn of(ctx: &Ctx) -> Result<Self> {
        let sites = names::offers(ctx, access::Reach::Site).await?;
        Ok(Self {
            clients: names::clients(ctx).await?,
            sites: sites.into_iter().flat_map(|(_, offers)| offers).collect(),
            roles: ctx.roles().await?,
            reviewers: create::eligible(ctx).await?,
        })
    }
}

/// An empty form: everything, two weeks from now, the asker as reviewer.
pub(super) fn blank(ctx: &Ctx) -> ReviewForm {
    let day = ctx.now().to_zoned(zone(ctx)).date();
    let due = day.checked_add(jiff::Span::new().days(14)).unwrap_or(day);
    ReviewForm {
        scope: Text::from(Scope::Everything.word()),
        due: Text(due.to_string()),
        unused_days: Text::from("90"),
        ..ReviewForm::default()
    }
}

fn places(offers: &[Offer]) -> Vec<(String, String, String)> {
    offers
        .iter()
        .filter_map(|offer| {
            let id = offer.word.split_once(':')?.1;
            Some((id.to_owned(), offer.name.clone(), offer.group.clone()))
        })
        .collect()
}

pub(super) fn form(ctx: &Ctx, offers: &Offers, typed: &ReviewForm, wrong: &Complaints) -> Markup {
    let errors = &wrong.fields;
    let scopes = [
        Choice::new("everything", "Everything").hint("All roles of the people whose roles you may take."),
        Choice::new("client", "One client").hint("Roles that reach into it, and those of its people."),
        Choice::new("site", "One site"),
        Choice::new("role", "One role"),
        Choice::new("audience", "One side"),
    ];
    let (clients, sites) = (places(&offers.clients), places(&offers.sites));
    let clients: Vec<Choice<'_>> = clients.iter().map(|(id, name, _)| Choice::new(id, name)).collect();
    let sites: Vec<Choice<'_>> =
        sites.iter().map(|(id, name, group)| Choice::new(id, name).group(group)).collect();
    let roles: Vec<Choice<'_>> = offers
        .roles
        .all()
        .map(|role| Choice::new(&role.key, &role.name).group(audience(role.audience)))
        .collect();
    let sides: Vec<Choice<'_>> = Audience::ALL.iter().map(|a| Choice::new(a.word(), audience(*a))).collect();
    let people: Vec<(String, &str, &str)> = offers
        .reviewers
        .iter()
        .map(|one| (one.id.to_string(), one.name.as_str(), audience(one.side)))
        .collect();
    let people: Vec<Choice<'_>> =
        people.iter().map(|(id, name, side)| Choice::new(id, name).hint(side)).collect();
    let chosen: Vec<&str> = typed.reviewers.iter().map(Text::as_str).collect();
    let body = html! {
        (complaint(wrong))
        (ui_form(
            &Form { action: &ctx.href("/reviews"), id: Some("campaign"), errors: Some(errors), guard: true, ..Form::default() },
            html! {
                (text(&Field::new("name", "What is it called?").value(typed.name.as_str()).required().max_length(200).hint("Such as “Autumn 2026”.").errors(errors)))
                (text_area(&Field::new("note", "What reviewers should know").value(typed.note.as_str()).errors(errors), 3))
                (radios(&Field::new("scope", "What is reviewed?").value(typed.scope.as_str()).required().errors(errors), &scopes))
                (form_row(html! {
                    (select(&Field::new("client", "Client").value(typed.client.as_str()).errors(errors), &clients, Some("For “One client”")))
                    (select(&Field::new("site", "Site").value(typed.site.as_str()).errors(errors), &sites, Some("For “One site”")))
                }))
                (form_row(html! {
                    (select(&Field::new("role", "Role").value(typed.role.as_str()).errors(errors), &roles, Some("For “One role”")))
                    (select(&Field::new("audience", "Side").value(typed.audience.as_str()).errors(errors), &sides, Some("For “One side”")))
                }))
                (checkboxes(&Field::new("reviewers", "Who decides?").hint("People who may take roles away. Each decides within their own reach, and nobody on their own roles, so name at least two.").errors(errors), &people, &chosen))
                (form_row(html! {
                    (date(&Field::new("due", "Last day").value(typed.due.as_str()).required().errors(errors)))
                    (number(&Field::new("unused_days", "Propose what was not used for so many days").value(typed.unused_days.as_str()).between("1", "3650").errors(errors)))
                }))
                (help("What counts as used?", html! { p { (USED) } }))
                (buttons(submit(Kind::Primary, "Start the campaign")))
            },
        ))
    };
    ctx.page(PageParts::titled("Start a campaign").crumb("Access review", "/reviews"), body)
}

/// Everything on the page of a campaign.
pub(super) struct Whole<'a> {
    pub(super) review: &'a ReviewOut,
    pub(super) about: &'a str,
    pub(super) filter: &'a ItemFilter,
    pub(super) items: &'a Page<ItemOut>,
    pub(super) decided: Option<&'a DecidedOut>,
    pub(super) typed: &'a DecisionsForm,
}

fn asked(filter: &ItemFilter) -> [(&'static str, &str); 3] {
    [
        ("q", filter.q.as_str()),
        ("decision", filter.decision.as_str()),
        ("proposed", if filter.proposed { "true" } else { "" }),
    ]
}

/// Back to the same grants after decisions.
pub(super) fn back(id: ReviewId, filter: &ItemFilter) -> String {
    with(&format!("/reviews/{id}"), &asked(filter))
}

pub(super) fn show(ctx: &Ctx, whole: &Whole<'_>, wrong: &Complaints) -> Markup {
    let review = whole.review;
    let path = format!("/reviews/{}", review.id);
    let file = |format: &str| {
        let mut pairs = asked(whole.filter).to_vec();
        pairs.push(("format", format));
        with(&ctx.href(&format!("{path}/export")), &pairs)
    };
    let actions = html! {
        (download("CSV", &file("csv"), None))
        (download("JSON", &file("jsonl"), None))
    };
    let body = html! {
        (complaint(wrong))
        @if let Some(decided) = whole.decided { (refused(decided)) }
        @if review.closed { (signed(ctx, review)) }
        @else if review.overdue { (alert(Tone::Danger, "The last day is over", html! { p { "What is open is still open. Decide, or close the campaign and say why it stays undecided." } })) }
        @if review.mine && !review.closed && review.progress.open > 0 {
            (alert(Tone::Info, &format!("{} still open", count(many(review.progress.open), "grant is", "grants are")), html! {
                p { "Confirm what the person still needs, revoke the rest. You cannot decide on your own roles." }
            }))
        }
        (far(review))
        (filters(ctx, whole))
        (grants(ctx, whole, wrong))
        (grid(html! {
            (card(&Card { title: "Campaign", ..Card::default() }, facts(ctx, whole)))
            @if act::manages(ctx, review) { (managing(ctx, review, wrong)) }
        }))
    };
    let parts = PageParts::titled(&review.name).crumb("Access review", "/reviews").actions(actions);
    ctx.page(parts, body)
}

fn refused(decided: &DecidedOut) -> Markup {
    let title =
        format!("{} decided, {} not", count(many(decided.done), "grant", "grants"), decided.refused.len());
    alert(
        Tone::Warning,
        &title,
        html! {
            ul { @for one in &decided.refused {
                li { @if let Some(name) = &one.member_name { (person(name)) ": " } (sentence(&one.why)) }
            } }
        },
    )
}

fn signed(ctx: &Ctx, review: &ReviewOut) -> Markup {
    let zone = zone(ctx);
    alert(
        Tone::Success,
        "This campaign was closed and signed off",
        html! {
            p {
                @if let Some(by) = &review.closed_by { "By " (person(by)) @if let Some(roles) = &review.closed_as { ", " (roles) } ", " }
                @if let Some(at) = review.closed_at { "on " (time_exact(at, &zone)) }
                "."
            }
            @if let Some(note) = review.closing_note.as_ref().filter(|note| !note.is_empty()) { p { "“" (note) "”" } }
            @if let Some(seal) = &review.seal { p { "Seal over every decision, also kept in the journal: " (copyable(seal)) } }
        },
    )
}

fn facts(ctx: &Ctx, whole: &Whole<'_>) -> Markup {
    let zone = zone(ctx);
    let review = whole.review;
    let p = review.progress;
    let mut shown = vec![
        ("State", state(review)),
        ("About", html! { (sentence(whole.about)) }),
        ("Last day", html! { (act::day(review.due_at, &zone)) }),
        (
            "Decided",
            html! { (p.confirmed) " confirmed, " (p.revoked) " revoked, " (p.other) " otherwise, " (p.open) " open" },
        ),
        (
            "Started",
            html! { @if let Some(by) = &review.created_by { (person(by)) ", " } (time_exact(review.created_at, &zone)) },
        ),
    ];
    if !review.note.is_empty() {
        shown.push(("Note", html! { (review.note) }));
    }
    html! {
        (detail_list(&shown))
        (help("What counts as used?", html! { p { (USED) " Proposed for removal is what was not used for " (review.unused_days) " days when the campaign was started, what had ended, and what deactivated people hold." } }))
    }
}

fn managing(ctx: &Ctx, review: &ReviewOut, wrong: &Complaints) -> Markup {
    let zone = zone(ctx);
    let path = format!("/reviews/{}", review.id);
    html! {
        (card(
            &Card {
                title: "Reviewers",
                id: Some("people"),
                actions: html! { @if !review.closed { (button_link(Kind::Plain, "Change", &ctx.href(&format!("{path}/reviewers")), None)) } },
                ..Card::default()
            },
            html! {
                ul.plain { @for one in review.reviewers.iter().flatten() {
                    li { (person(&one.name)) @if let Some(at) = one.reminded_at { p.hint { "asked or reminded " (time(at, &zone)) } } }
                } }
                @if !review.closed {
                    (ui_form(&Form { action: &ctx.href(&format!("{path}/reminders")), id: Some("remind"), ..Form::default() },
                        buttons(submit(Kind::Quiet, "Remind now"))))
                    p.hint { "Goes to those who can still decide on something, once a day at most. By itself the program reminds three days before the last day and every three days after." }
                }
            },
        ))
        @if !review.closed {
            (card(&Card { title: "Close", id: Some("close"), ..Card::default() }, html! {
                p.hint { "Nothing can be decided afterwards. Every decision is sealed, and the record stays." }
                (ui_form(
                    &Form { action: &ctx.href(&format!("{path}/closing")), id: Some("closing"), errors: Some(&wrong.fields), ..Form::default() },
                    html! {
                        (text_area(&Field::new("note", "What you sign").hint(if review.progress.open > 0 { "Some grants are open: say why they stay undecided." } else { "Everything was decided." }).errors(&wrong.fields), 2))
                        (buttons(submit(Kind::Danger, "Close and sign off")))
                    },
                ))
            }))
        }
    }
}

fn filters(ctx: &Ctx, whole: &Whole<'_>) -> Markup {
    let here = ctx.href(&format!("/reviews/{}", whole.review.id));
    let decisions: Vec<Choice<'_>> = Decision::ALL.iter().map(|d| Choice::new(d.word(), d.label())).collect();
    let proposals = [Choice::new("true", "Proposed for removal")];
    let chosen = [whole.filter.decision.as_str()];
    let chosen: &[&str] = if whole.filter.decision.is_empty() { &[] } else { &chosen };
    let facets = [
        Facet { name: "decision", label: "Decision", choices: &decisions, chosen, single: true },
        Facet {
            name: "proposed",
            label: "Proposal",
            choices: &proposals,
            chosen: if whole.filter.proposed { &["true"] } else { &[] },
            single: false,
        },
    ];
    let links = html! {
        a href=(with(&here, &[("decision", "open")])) { "Open" }
        a href=(with(&here, &[("proposed", "true")])) { "Proposed for removal" }
        a href=(here) { "All" }
    };
    filter_bar(&FilterBar {
        action: &here,
        search: Some(&whole.filter.q),
        search_label: "Person or role",
        facets: &facets,
        actions: links,
        ..FilterBar::default()
    })
}

fn decision(item: &ItemOut, zone: &jiff::tz::TimeZone) -> Markup {
    let tone = match item.decision {
        Decision::Open => Tone::Info,
        Decision::Confirmed => Tone::Success,
        Decision::Revoked => Tone::Danger,
        Decision::Gone | Decision::Undecided => Tone::Neutral,
    };
    html! {
        (status(item.decision.label(), tone))
        @if let Some(at) = item.decided_at {
            p.hint { @if let Some(by) = &item.decided_by { (person(by)) ", " } (time(at, zone)) }
        }
        @if !item.reason.is_empty() { p.hint { "“" (item.reason) "”" } }
    }
}

fn row(ctx: &Ctx, item: &ItemOut) -> Row<'static> {
    let zone = zone(ctx);
    let box_id = format!("item-{}", item.id);
    let name = format!("{}, {}", item.member_name, item.role_name);
    Row {
        cells: vec![
            html! {
                @if item.may_decide {
                    span.choice {
                        input type="checkbox" id=(box_id) name="items" value=(item.id);
                        label for=(box_id) { (person(&item.member_name)) }
                    }
                } @else { (person(&item.member_name)) }
                p.hint { a href=(ctx.href(&format!("/members/{}", item.member))) { "Their page" } }
            },
            html! { (item.role_name) p.hint { (item.place) } @if let Some(until) = item.until { p.hint { "until " (time_exact(until, &zone)) } } },
            html! { (time(item.given_at, &zone)) @if let Some(by) = item.given_by.as_ref().filter(|by| !by.is_empty()) { p.hint { "by " (person(by)) } } },
            html! {
                @if let Some(at) = item.used_at { (time(at, &zone)) } @else { span.dim { "Not since" } }
                @if !item.proposed.is_empty() { p.hint { (status(&item.proposed, Tone::Warning)) } }
            },
            decision(item, &zone),
            html! {
                @if item.may_decide {
                    div.actions {
                        button.btn type="submit" name="one" value=(format!("confirm:{}", item.id)) aria-label=(format!("Confirm: {name}")) { span { "Confirm" } }
                        button.btn.plain type="submit" name="one" value=(format!("revoke:{}", item.id)) aria-label=(format!("Revoke: {name}")) { span { "Revoke" } }
                    }
                }
            },
        ],
        muted: !matches!(item.decision, Decision::Open | Decision::Confirmed),
        ..Row::default()
    }
}

fn grants(ctx: &Ctx, whole: &Whole<'_>, wrong: &Complaints) -> Markup {
    let (review, items) = (whole.review, whole.items);
    if items.items.is_empty() {
        return empty(
            &Empty {
                icon: ui::icon::shield_check(),
                title: "No grants here",
                text: "Nothing fits the filter, or you may not see the people whose grants these are.",
            },
            html! {},
        );
    }
    let rows: Vec<Row<'_>> = items.items.iter().map(|item| row(ctx, item)).collect();
    let listed = table(&Table {
        caption: "Grants in this campaign",
        columns: &[
            Column::lead("Person"),
            Column::new("Role, where"),
            Column::new("Given").low(),
            Column::new("Last used"),
            Column::new("Decision"),
            Column::actions(),
        ],
        rows: &rows,
        ..Table::default()
    });
    let decidable: Vec<&ItemOut> = items.items.iter().filter(|item| item.may_decide).collect();
    let here = ctx.href(&format!("/reviews/{}", review.id));
    let action = with(&format!("{here}/decisions"), &asked(whole.filter));
    let mut pairs = asked(whole.filter).to_vec();
    let next = items.next.as_ref().map(|cursor| {
        pairs.push(("cursor", cursor.as_str()));
        with(&here, &pairs)
    });
    let first = with(&here, &asked(whole.filter));
    html! {
        @if decidable.is_empty() { (listed) } @else {
            (ui_form(
                &Form { action: &action, id: Some("decisions"), errors: Some(&wrong.fields), ..Form::default() },
                html! {
                    (text(&Field::new("reason", "Reason").value(whole.typed.reason.as_str()).max_length(1000).hint("Needed to revoke; the journal keeps it.").errors(&wrong.fields)))
                    (listed)
                    @for item in &decidable { input type="hidden" name="shown" value=(item.id); }
                    (checkbox(&Field::new("all_shown", "All that are shown on this page and open to you"), false))
                    (buttons(html! {
                        (submit_named(Kind::Primary, "Confirm the chosen", "decision", "confirm"))
                        (submit_named(Kind::Danger, "Revoke the chosen", "decision", "revoke"))
                    }))
                },
            ))
        }
        (pager(&Pager {
            newest: whole.filter.cursor.as_ref().map(|_| first.as_str()),
            next: next.as_deref(),
            showing: &count(items.items.len(), "grant", "grants"),
        }))
    }
}

pub(super) fn reviewers(
    ctx: &Ctx,
    review: &ReviewOut,
    all: &[create::Reviewer],
    wrong: &Complaints,
) -> Markup {
    let path = format!("/reviews/{}", review.id);
    let people: Vec<(String, &str, &str)> =
        all.iter().map(|one| (one.id.to_string(), one.name.as_str(), audience(one.side))).collect();
    let people: Vec<Choice<'_>> =
        people.iter().map(|(id, name, side)| Choice::new(id, name).hint(side)).collect();
    let now: Vec<String> = review.reviewers.iter().flatten().map(|one| one.membership.to_string()).collect();
    let now: Vec<&str> = now.iter().map(String::as_str).collect();
    let body = html! {
        (complaint(wrong))
        (ui_form(
            &Form { action: &ctx.href(&format!("{path}/reviewers")), errors: Some(&wrong.fields), ..Form::default() },
            html! {
                (checkboxes(&Field::new("reviewers", "Who decides?").hint("What somebody decided already stays when they are no longer named. Whoever is added gets the letter with the next reminder.").errors(&wrong.fields), &people, &now))
                (buttons(submit(Kind::Primary, "Save")))
            },
        ))
    };
    let parts = PageParts::titled("Reviewers").crumb("Access review", "/reviews").crumb(&review.name, path);
    ctx.page(parts, body)
}
