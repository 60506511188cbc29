//! One incident: the story at the left, facts and acts at the right; for clients a calm page to read.

use access::{Facts, FieldClass, Resource};
use kernel::Result;
use kernel::id::IncidentId;
use maud::{Markup, html};
use ui::{
    Card, Change, Confirm, Kind, Moment, Tone, button_link, buttons, card, confirm, detail_list, split,
    timeline,
};
use web::Ctx;
use web::reply::PageParts;

use super::super::view::{ChangeOut, IncidentOut, IncidentRow};
use super::super::words::{Approval, Status};
use super::super::{APPROVE, ASSIGN, CLOSE, DELETE, PUBLISH, act, history, hooks, times};
use super::board::{can_escalate, steps};
use super::{clock, heading, state, verb};

/// What stands on the page besides the incident itself.
pub(in super::super) struct More {
    history: Vec<ChangeOut>,
    sections: Markup,
    explain: Markup,
}

pub(in super::super) async fn more(ctx: &Ctx, id: IncidentId, facts: &Facts) -> Result<More> {
    Ok(More {
        history: history::read(ctx, id, facts).await?,
        sections: hooks::sections(ctx, id, facts).await?,
        explain: hooks::explain(ctx, id, facts),
    })
}

pub(in super::super) fn page(ctx: &Ctx, incident: &IncidentOut, facts: &Facts, more: &More) -> Markup {
    if ctx.plan.shows(Resource::Incident, FieldClass::Operational, facts) {
        staff(ctx, incident, facts, more)
    } else {
        let title = format!("{} at {}", incident.kind, incident.site);
        let body = html! { (reading(&incident.row)) (more.sections) (more.explain) };
        ctx.page(PageParts::titled(&title).crumb("Incidents", "/incidents"), body)
    }
}

/// Text as it was written, with its line breaks.
fn prose(text: &str) -> Markup {
    html! { @for paragraph in text.split("\n\n").filter(|p| !p.trim().is_empty()) {
        p { @for (at, line) in paragraph.lines().enumerate() { @if at > 0 { br; } (line) } }
    } }
}

/// What the client side reads. The preview before publishing renders this very function.
pub(super) fn reading(row: &IncidentRow) -> Markup {
    let zone = clock(row);
    html! {
        (card(&Card::default(), html! {
            (detail_list(&[
                ("What", html! { (row.kind) }),
                ("Where", html! { (row.site) }),
                ("When", if row.ended_at.is_some() { ui::time_range(row.occurred_at, row.ended_at, &zone) } else { ui::time_exact(row.occurred_at, &zone) }),
                ("Severity", ui::severity(row.severity.badge())),
                ("Status", ui::status(row.status.label(), row.status.tone())),
                ("Reference", html! { code { (row.reference) } }),
            ]))
        }))
        (card(&Card { title: "What happened", ..Card::default() }, html! {
            @if row.public_details.is_empty() { p.dim { "No details were given." } }
            @else { (prose(&row.public_details)) }
        }))
        @if let Some(at) = row.released_at { p.dim { "Published on " (ui::time_exact(at, &zone)) } }
    }
}

fn staff(ctx: &Ctx, incident: &IncidentOut, facts: &Facts, more: &More) -> Markup {
    let path = format!("/incidents/{}", incident.id);
    let version = incident.version.unwrap_or_default().to_string();
    let title = format!("{} {}", incident.row.label(), heading(&incident.row));
    let actions = html! {
        (ctx.journal_button(incident.id, facts))
        @if act::may_edit(ctx, incident, facts).is_ok() {
            (button_link(Kind::Quiet, "Edit", &ctx.href(&format!("{path}/edit")), Some(ui::icon::edit())))
        }
        @if ctx.plan.check(DELETE, facts) { (archive(ctx, incident, &path, &version)) }
    };
    let main = html! {
        @if incident.archived {
            (ui::alert(Tone::Warning, "This incident is archived", html! { p { "It is on no list and on no board, and the client side does not see it." } }))
        }
        (story(incident))
        (involved(incident))
        (more.sections)
        @if !more.history.is_empty() {
            (card(&Card { title: "History", id: Some("history"), ..Card::default() }, told(incident, &more.history)))
        }
    };
    let side = html! {
        (publication(ctx, incident, facts, &path, &version, &more.explain))
        (progress(ctx, incident, facts, &path, &version))
        (card(&Card { title: "Facts", ..Card::default() }, detail_list(&facts_of(incident))))
    };
    ctx.page(PageParts::titled(&title).crumb("Incidents", "/incidents").actions(actions), split(main, side))
}

fn archive(ctx: &Ctx, incident: &IncidentOut, path: &str, version: &str) -> Markup {
    if incident.archived {
        return verb(ctx, Kind::Quiet, "Restore", &format!("{path}/restore"), &[("version", version)]);
    }
    confirm(&Confirm {
        id: "archive",
        label: "Archive",
        icon: Some(ui::icon::archive()),
        kind: Kind::Plain,
        title: "Archive this incident?",
        text: "It leaves all lists, and the client side no longer sees it. It can be restored; then publish it again if clients should read it.",
        action: &ctx.href(&format!("{path}/archive")),
        hidden: &[("version", version)],
        reason: Some("Reason"),
        submit: "Archive",
        ..Confirm::default()
    })
}

fn story(incident: &IncidentOut) -> Markup {
    html! {
        @if let Some(narrative) = &incident.narrative {
            (card(&Card { title: "What happened", ..Card::default() }, prose(narrative)))
        }
        (card(&Card { title: "Public details", ..Card::default() }, html! {
            @if incident.public_details.is_empty() {
                p.dim { "Nothing is written for the client yet. Published like this, they read type, severity, status, time and site." }
            } @else { (prose(&incident.public_details)) }
        }))
        @if let Some(notes) = incident.internal_notes.as_deref().filter(|notes| !notes.is_empty()) {
            (card(&Card { title: "Internal notes", ..Card::default() }, prose(notes)))
        }
    }
}

fn involved(incident: &IncidentOut) -> Markup {
    let Some(people) = incident.people.as_deref().filter(|people| !people.is_empty()) else {
        return html! {};
    };
    let columns = [
        ui::Column::lead("Name"),
        ui::Column::new("Part"),
        ui::Column::new("Contact"),
        ui::Column::new("Note"),
    ];
    let rows: Vec<ui::Row<'_>> = people
        .iter()
        .map(|person| ui::Row {
            cells: vec![
                ui::person(&person.name),
                html! { (person.part.label()) },
                html! { (person.contact) },
                html! { (person.note) },
            ],
            ..ui::Row::default()
        })
        .collect();
    card(
        &Card { title: "People involved", flush: true, ..Card::default() },
        ui::table(&ui::Table {
            caption: "People involved",
            columns: &columns,
            rows: &rows,
            ..ui::Table::default()
        }),
    )
}

/// The one question about an incident: does the client see it, and what can I do about it?
fn publication(
    ctx: &Ctx,
    incident: &IncidentOut,
    facts: &Facts,
    path: &str,
    version: &str,
    explain: &Markup,
) -> Markup {
    let Some((word, tone)) = state(&incident.row) else { return html! {} };
    let zone = clock(&incident.row);
    let (publish, approve) = (ctx.plan.check(PUBLISH, facts), ctx.plan.check(APPROVE, facts));
    let released = incident.visibility == Some(access::Visibility::Released);
    let shared = incident.visibility == Some(access::Visibility::Submitted);
    let waiting = incident.approval == Some(Approval::No);
    card(
        &Card { title: "What the client sees", ..Card::default() },
        html! {
            p { (ui::status(word, tone)) }
            @if let Some(at) = incident.released_at {
                p.dim { "Published on " (ui::time_exact(at, &zone)) @if let Some(who) = &incident.released_by { " by " (ui::person(who)) } }
            } @else if waiting {
                p.dim { "The site asks for approval before the client side sees or is mailed anything." }
            } @else if shared {
                p.dim { "Only client accounts with \"share all incident reports\" see it already." }
            } @else {
                p.dim { "Nobody outside the organization sees it." }
            }
            (buttons(html! {
                @if approve && waiting && !incident.archived {
                    (verb(ctx, Kind::Primary, "Approve", &format!("{path}/approval"), &[("version", version)]))
                }
                @if publish && !incident.archived {
                    @if released {
                        (button_link(Kind::Quiet, "See what they see", &ctx.href(&format!("{path}/publication")), Some(ui::icon::eye())))
                        (take_back(ctx, path, version, "Unpublish", "They stop seeing it with their next click. Nothing is sent. It can be published again."))
                    } @else {
                        (button_link(if waiting { Kind::Quiet } else { Kind::Primary }, "Preview and publish", &ctx.href(&format!("{path}/publication")), Some(ui::icon::publish())))
                        @if shared {
                            (take_back(ctx, path, version, "Hold back", "Client accounts that share all incidents stop seeing it, too, until somebody publishes it."))
                        }
                    }
                }
            }))
            (explain)
        },
    )
}

fn take_back(ctx: &Ctx, path: &str, version: &str, label: &str, text: &str) -> Markup {
    let title = format!("{label}?");
    let look = ctx.href(&format!("{path}/unpublication/preview"));
    confirm(&Confirm {
        id: "unpublish",
        label,
        icon: Some(ui::icon::unpublish()),
        kind: Kind::Quiet,
        title: &title,
        text,
        action: &ctx.href(&format!("{path}/unpublication")),
        hidden: &[("version", version)],
        reason: Some("Reason"),
        submit: label,
        look: (ctx.portal() == Some(kernel::Portal::Office)).then_some(look.as_str()),
        ..Confirm::default()
    })
}

fn progress(ctx: &Ctx, incident: &IncidentOut, facts: &Facts, path: &str, version: &str) -> Markup {
    let row = &incident.row;
    let moves = ctx.plan.check(CLOSE, facts) && !incident.archived;
    let assigns = ctx.plan.check(ASSIGN, facts) && !incident.archived && row.status != Status::Closed;
    let people = ctx.plan.shows(Resource::Incident, FieldClass::People, facts);
    card(
        &Card { title: "Progress", ..Card::default() },
        html! {
            p {
                (ui::status(row.status.label(), row.status.tone())) " " (ui::severity(row.severity.badge()))
                @if row.escalated == Some(true) { " " (ui::status("Escalated", Tone::Danger)) }
            }
            @if people {
                p {
                    @if let Some(name) = &row.assignee { "Assigned to " (ui::person(name)) }
                    @else { span.dim { "Assigned to nobody" } }
                }
            }
            (buttons(html! {
                @if moves {
                    @for (label, status) in steps(row) {
                        (verb(ctx, Kind::Quiet, label, &format!("{path}/status"), &[("status", status.word()), ("version", version)]))
                    }
                    @if can_escalate(row) {
                        (verb(ctx, Kind::Quiet, "Escalate", &format!("{path}/escalation"), &[("version", version)]))
                    }
                    @if matches!(row.status, Status::New | Status::Active | Status::Review) {
                        (verb(ctx, Kind::Plain, "Close", &format!("{path}/status"), &[("status", "closed"), ("version", version)]))
                    }
                }
                @if assigns {
                    (button_link(Kind::Quiet, if row.assignee.is_some() { "Reassign" } else { "Assign" }, &ctx.href(&format!("{path}/assignment")), Some(ui::icon::person())))
                }
            }))
        },
    )
}

fn facts_of(incident: &IncidentOut) -> Vec<(&'static str, Markup)> {
    let zone = clock(&incident.row);
    let row = &incident.row;
    let mut facts = vec![
        ("Type", html! { (row.kind) }),
        ("Site", html! { (row.site) }),
        ("Client", html! { @if let Some(client) = &row.client { (client) } }),
        (
            "Occurred",
            if row.ended_at.is_some() {
                ui::time_range(row.occurred_at, row.ended_at, &zone)
            } else {
                ui::time_exact(row.occurred_at, &zone)
            },
        ),
    ];
    if let Some(at) = incident.reported_at {
        facts.push(("Reported", ui::time_exact(at, &zone)));
    }
    facts.push(("Clock", html! { (row.zone) }));
    if let Some(place) = incident.place.as_deref().filter(|place| !place.is_empty()) {
        facts.push(("Place", html! { (place) }));
    }
    if let (Some(latitude), Some(longitude)) = (incident.latitude, incident.longitude) {
        facts.push(("Position", html! { span.number { (format!("{latitude:.6}, {longitude:.6}")) } }));
    }
    if let Some(source) = row.source {
        facts.push(("Source", html! { (source.label()) }));
    }
    if let Some(author) = &row.author {
        let role = incident.author_role.as_deref().filter(|role| !role.is_empty());
        facts.push((
            "Reported by",
            html! { (ui::person(author)) @if let Some(role) = role { " " span.dim { (role) } } },
        ));
    }
    if let Some(typed) = &incident.filed_by {
        facts.push(("Typed by", ui::person(typed)));
    }
    if let Some(approval) = row.approval {
        facts.push((
            "Approved",
            html! {
                (approval.label())
                @if let Some(at) = incident.approved_at { ", " (ui::time_exact(at, &zone)) }
                @if let Some(who) = &incident.approved_by { " by " (ui::person(who)) }
            },
        ));
    }
    facts.push(("Reference", html! { (ui::copyable(&row.reference)) }));
    facts
}

/// What a change is called.
fn act_words(action: &str) -> (&'static str, Tone) {
    match action {
        "file" => ("reported this incident", Tone::Neutral),
        "edit" => ("changed it", Tone::Neutral),
        "approve" => ("approved it", Tone::Success),
        "publish" => ("published it", Tone::Success),
        "unpublish" => ("took it back from the client side", Tone::Warning),
        "escalate" => ("escalated it", Tone::Danger),
        "resolve" => ("resolved it", Tone::Success),
        "close" => ("closed it", Tone::Neutral),
        "reopen" => ("opened it again", Tone::Warning),
        "move" => ("moved it along", Tone::Info),
        "assign" => ("assigned it", Tone::Info),
        "archive" => ("archived it", Tone::Warning),
        "restore" => ("restored it", Tone::Info),
        "attach" => ("added files", Tone::Info),
        "show_file" => ("showed a file to the client side", Tone::Success),
        "hide_file" => ("took a file back from the client side", Tone::Warning),
        "reclass_file" => ("changed who may see a file", Tone::Info),
        "archive_file" => ("put a file away", Tone::Warning),
        "restore_file" => ("took a file back from the archive", Tone::Info),
        _ => ("did something", Tone::Neutral),
    }
}

/// A field's name in words.
fn part(field: &str) -> String {
    let words = field.replace('_', " ");
    let mut letters = words.chars();
    letters.next().map_or_else(String::new, |first| first.to_uppercase().chain(letters).collect())
}

fn told(incident: &IncidentOut, history: &[ChangeOut]) -> Markup {
    let zone = clock(&incident.row);
    // Instants are kept exact; people read them on the site's clock.
    let shown = |value: &str| match value.parse::<kernel::Timestamp>() {
        Ok(at) => times::typed(at, &zone).0.replace('T', " "),
        Err(_) => value.replace('_', " "),
    };
    let fields: Vec<Vec<(String, String, String)>> = history
        .iter()
        .map(|change| {
            change
                .fields
                .iter()
                .map(|f| {
                    let timely = f.field.ends_with("_at");
                    let word = matches!(
                        f.field.as_str(),
                        "status" | "severity" | "source" | "visibility" | "approval"
                    );
                    let value = |v: &str| if timely || word { shown(v) } else { v.to_owned() };
                    (part(&f.field), value(&f.before), value(&f.after))
                })
                .collect()
        })
        .collect();
    let changes: Vec<Vec<Change<'_>>> = fields
        .iter()
        .map(|all| all.iter().map(|(label, before, after)| Change { label, before, after }).collect())
        .collect();
    let moments: Vec<Moment<'_>> = history
        .iter()
        .zip(&changes)
        .map(|(change, changes)| {
            let (what, tone) = act_words(&change.action);
            Moment {
                who: change.who.as_deref().unwrap_or("Somebody"),
                role: change.role.as_deref().filter(|role| !role.is_empty()),
                what,
                when: ui::time_exact(change.at, &zone),
                icon: ui::icon::dot(),
                tone,
                changes,
                note: (!change.reason.is_empty()).then_some(change.reason.as_str()),
            }
        })
        .collect();
    timeline(&moments)
}
