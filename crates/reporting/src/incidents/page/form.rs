//! The form: short and with big targets in the field, whole in the office.

use access::{Facts, FieldClass, Resource};
use jiff::tz::TimeZone;
use kernel::{FieldErrors, Portal, Result};
use maud::{Markup, html};
use serde::Deserialize;
use ui::{
    Choice, Empty, Field, FilterBar, Form, Kind, Row, button_link, buttons, date_time, fieldset, filter_bar,
    form as ui_form, form_row, segmented, select, submit, suggest, text, text_area,
};
use web::reply::{Complaints, PageParts};
use web::{Answer, Ctx, Door, Text};

use super::super::model::{IncidentForm, PersonForm};
use super::super::sites::{self, SiteChoice};
use super::super::times::{self, Pass};
use super::super::view::IncidentOut;
use super::super::words::{Part, Severity, Source};
use super::super::{NOTES, types};

/// Where to file.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(default)]
pub(in super::super) struct NewQuery {
    site: String,
    q: String,
}

/// What the form offers, and which parts the person may write.
#[derive(Debug)]
pub(in super::super) struct Parts {
    sites: Vec<SiteChoice>,
    more_sites: bool,
    kinds: Vec<String>,
    workers: Vec<String>,
    for_others: bool,
    notes: bool,
    people: bool,
    location: bool,
    zone: Option<String>,
}

/// The parts of a new incident's form.
pub(in super::super) async fn parts(ctx: &Ctx, site: &Text, search: &str) -> Result<Parts> {
    let page = sites::to_file_at(ctx, search).await?;
    let mut sites = page.items;
    let more_sites = page.next.is_some();
    if let Ok(id) = site.parse::<kernel::id::SiteId>()
        && !sites.iter().any(|s| s.id == id)
        && let Ok((_, place, _)) = sites::place(ctx, site).await
    {
        sites.insert(0, SiteChoice { id, name: place.name, client: place.client, zone: place.zone });
    }
    let for_others = sites::may_file_for_others(ctx);
    let workers = if for_others {
        sites::workers(ctx).await?.iter().map(sites::WorkerChoice::suggestion).collect()
    } else {
        Vec::new()
    };
    let chosen = sites.iter().find(|s| s.id.to_string() == site.as_str());
    let one = if sites.len() == 1 && !more_sites { sites.first() } else { None };
    Ok(Parts {
        zone: chosen.or(one).map(|s| s.zone.clone()),
        sites,
        more_sites,
        kinds: types::names(ctx).await?,
        workers,
        for_others,
        notes: ctx.may(NOTES),
        people: true,
        location: ctx.door != Door::Portal(Portal::Field),
    })
}

/// The parts of the form of an incident that is there.
pub(in super::super) async fn parts_of(ctx: &Ctx, incident: &IncidentOut, facts: &Facts) -> Result<Parts> {
    let shows = |class| ctx.plan.shows(Resource::Incident, class, facts);
    let mut kinds = types::names(ctx).await?;
    if !kinds.contains(&incident.kind) {
        kinds.push(incident.kind.clone());
    }
    Ok(Parts {
        sites: Vec::new(),
        more_sites: false,
        kinds,
        workers: Vec::new(),
        for_others: false,
        notes: shows(FieldClass::Notes),
        people: shows(FieldClass::People),
        location: shows(FieldClass::Location),
        zone: Some(incident.zone.clone()),
    })
}

/// The page for a new incident; with many sites, first the question where.
pub(in super::super) async fn new(ctx: &Ctx, asked: &NewQuery) -> Answer {
    let site = Text(asked.site.clone());
    let parts = parts(ctx, &site, &asked.q).await?;
    if site.is_blank() && (parts.more_sites || !asked.q.is_empty()) {
        return ctx.page_only(|| where_page(ctx, asked, &parts));
    }
    let form = blank(ctx, site, &parts);
    ctx.page_only(|| page(ctx, None, &form, &parts, &Complaints::default()))
}

/// A form before anything was typed: the only site, the present minute on its clock.
fn blank(ctx: &Ctx, site: Text, parts: &Parts) -> IncidentForm {
    let site = match (site.is_blank(), parts.sites.as_slice()) {
        (true, [only]) => Text(only.id.to_string()),
        _ => site,
    };
    // The present minute can be filled in only where the clock is known; left empty it is "now" all the same. In the
    // field the page may be hours old when it is used, so it stays empty there.
    let field = ctx.portal() == Some(kernel::Portal::Field);
    let known = parts.zone.as_deref().filter(|_| !field);
    let (occurred_at, pass) = match known.and_then(|zone| times::zone(zone).ok()) {
        Some(clock) => times::typed(ctx.now(), &clock),
        None => (String::new(), None),
    };
    IncidentForm {
        site,
        occurred_at: Text(occurred_at),
        occurred_pass: Text(pass.map(|p| p.word().to_owned()).unwrap_or_default()),
        once: Text(kernel::text::spoken_reference(20)),
        ..IncidentForm::default()
    }
}

/// The form's values for an incident that is there.
pub(in super::super) fn filled(incident: &IncidentOut) -> IncidentForm {
    let clock = times::zone(&incident.zone).unwrap_or(TimeZone::UTC);
    let local = |at: Option<kernel::Timestamp>| match at {
        Some(at) => {
            let (text, pass) = times::typed(at, &clock);
            (Text(text), Text(pass.map(|p| p.word().to_owned()).unwrap_or_default()))
        }
        None => (Text::default(), Text::default()),
    };
    let text = |value: &Option<String>| Text(value.clone().unwrap_or_default());
    let number = |value: Option<f64>| Text(value.map(|v| v.to_string()).unwrap_or_default());
    let (occurred_at, occurred_pass) = local(Some(incident.occurred_at));
    let (ended_at, ended_pass) = local(incident.ended_at);
    let (reported_at, reported_pass) = local(incident.reported_at);
    IncidentForm {
        site: Text(incident.site_id.to_string()),
        kind: Text(incident.kind.clone()),
        severity: incident.severity.word().into(),
        source: incident.source.map(|s| s.word().into()).unwrap_or_default(),
        title: text(&incident.title),
        narrative: text(&incident.narrative),
        place: text(&incident.place),
        latitude: number(incident.latitude),
        longitude: number(incident.longitude),
        occurred_at,
        occurred_pass,
        ended_at,
        ended_pass,
        reported_at,
        reported_pass,
        public_details: Text(incident.public_details.clone()),
        internal_notes: text(&incident.internal_notes),
        people: incident
            .people
            .iter()
            .flatten()
            .map(|p| PersonForm {
                name: Text(p.name.clone()),
                part: p.part.word().into(),
                contact: Text(p.contact.clone()),
                note: Text(p.note.clone()),
            })
            .collect(),
        version: Text(incident.version.unwrap_or_default().to_string()),
        ..IncidentForm::default()
    }
}

/// Where did it happen? For people with more sites than fit in a list.
fn where_page(ctx: &Ctx, asked: &NewQuery, parts: &Parts) -> Markup {
    let here = ctx.href("/incidents/new");
    let hrefs: Vec<String> = parts.sites.iter().map(|s| format!("{here}?site={}", s.id)).collect();
    let rows: Vec<Row<'_>> = parts
        .sites
        .iter()
        .zip(&hrefs)
        .map(|(site, href)| Row {
            href: Some(href),
            keep: true,
            cells: vec![html! { (site.name) }, html! { (site.client) }],
            ..Row::default()
        })
        .collect();
    let body = html! {
        (filter_bar(&FilterBar { action: &here, search: Some(&asked.q), search_label: "Find the site", ..FilterBar::default() }))
        @if rows.is_empty() {
            (ui::empty(&Empty { icon: ui::icon::site(), title: "No site is called that", text: "Search for a part of its name." }, html! {}))
        } @else {
            (ui::table(&ui::Table {
                caption: "Sites",
                columns: &[ui::Column::lead("Site"), ui::Column::new("Client")],
                rows: &rows,
                ..ui::Table::default()
            }))
            @if parts.more_sites { p.dim { "There are more; search for the one you mean." } }
        }
    };
    ctx.page(PageParts::titled("Where did it happen?").crumb("Incidents", "/incidents"), body)
}

/// The form, for a new incident or one that is there.
pub(in super::super) fn page(
    ctx: &Ctx,
    incident: Option<&IncidentOut>,
    typed: &IncidentForm,
    parts: &Parts,
    wrong: &Complaints,
) -> Markup {
    let (title, path) = match incident {
        Some(incident) => ("Change this incident", format!("/incidents/{}", incident.id)),
        None => ("Report an incident", "/incidents".to_owned()),
    };
    if incident.is_none() && parts.sites.is_empty() {
        return ctx.page(
            PageParts::titled(title),
            ui::empty(
                &Empty {
                    icon: ui::icon::site(),
                    title: "There is no site to report for",
                    text: "You report for the sites that are assigned to you. Ask your supervisor to assign you to one.",
                },
                html! {},
            ),
        );
    }
    let field = ctx.door == Door::Portal(Portal::Field);
    let hidden = [("version", typed.version.as_str()), ("once", typed.once.as_str())];
    let hidden: Vec<(&str, &str)> = hidden.into_iter().filter(|(_, value)| !value.is_empty()).collect();
    let errors = &wrong.fields;
    let body = html! {
        (web::reply::complaint(wrong))
        @if let Some(incident) = incident { (notice(incident)) }
        (ui_form(
            &Form {
                action: &ctx.href(&path),
                hidden: &hidden,
                multipart: incident.is_none(),
                guard: true,
                queue: incident
                    .is_none()
                    .then_some(ui::Queue { what: "Incident report", now: Some("occurred_at") }),
                errors: Some(errors),
                labels: LABELS,
                ..Form::default()
            },
            html! {
                (what(incident, typed, parts, errors, field))
                (when(typed, parts, errors, field || incident.is_none()))
                (words(typed, parts, errors, field))
                @if incident.is_none() { (files(errors, field)) }
                @if parts.people { (people(typed, errors, if field { 1 } else { 2 })) }
                @if !field { (rest(typed, parts, errors)) }
                (buttons(html! {
                    (submit(Kind::Primary, if incident.is_some() { "Save" } else { "Hand in" }))
                    (button_link(Kind::Quiet, "Cancel", &ctx.href(&path), None))
                }))
            },
        ))
    };
    let parts = PageParts::titled(title).crumb("Incidents", "/incidents");
    ctx.page(parts, body)
}

const LABELS: &[(&str, &str)] = &[
    ("kind", "Type"),
    ("title", "What happened, in one line"),
    ("narrative", "The full story"),
    ("occurred_at", "When it happened"),
    ("ended_at", "When it ended"),
    ("reported_at", "When it was reported"),
    ("people", "People involved"),
    ("reported_by", "On behalf of"),
];

fn notice(incident: &IncidentOut) -> Markup {
    if incident.visibility == Some(access::Visibility::Released) {
        ui::alert(
            ui::Tone::Warning,
            "This incident is published",
            html! { p { "What you change in type, severity, times and public details is what clients read from then on." } },
        )
    } else {
        html! {}
    }
}

fn what(
    incident: Option<&IncidentOut>,
    typed: &IncidentForm,
    parts: &Parts,
    errors: &FieldErrors,
    field: bool,
) -> Markup {
    let ids: Vec<String> = parts.sites.iter().map(|s| s.id.to_string()).collect();
    let sites: Vec<Choice<'_>> = parts
        .sites
        .iter()
        .zip(&ids)
        .map(|(site, id)| {
            let choice = Choice::new(id, &site.name);
            if site.client.is_empty() { choice } else { choice.group(&site.client) }
        })
        .collect();
    let kinds: Vec<Choice<'_>> = parts.kinds.iter().map(|k| Choice::new(k, k)).collect();
    let severities: Vec<Choice<'_>> =
        Severity::ALL.iter().map(|s| Choice::new(s.word(), s.label())).collect();
    let suggestions: Vec<&str> = parts.workers.iter().map(String::as_str).collect();
    html! {
        @if incident.is_none() {
            (select(&Field::new("site", "Site").value(typed.site.as_str()).required().errors(errors), &sites, (sites.len() > 1).then_some("Choose the site")))
        }
        @if parts.for_others {
            (suggest(
                &Field::new("reported_by", "On behalf of")
                    .value(typed.reported_by.as_str())
                    .hint("The worker the report came from. Leave it empty when it is your own.")
                    .errors(errors),
                &suggestions,
            ))
        }
        (select(&Field::new("kind", "Type").value(typed.kind.as_str()).required().errors(errors), &kinds, Some("Choose a type")))
        (segmented(&Field::new("severity", "Severity").value(typed.severity.as_str()).required().errors(errors), &severities))
        (text(
            &Field::new("title", "What happened, in one line")
                .value(typed.title.as_str()).required().max_length(200).errors(errors),
        ))
        (text_area(
            &Field::new("narrative", "The full story")
                .value(typed.narrative.as_str())
                .hint("For your own organization: what you saw, did and were told, in order.")
                .required().max_length(20_000).errors(errors),
            if field { 6 } else { 8 },
        ))
    }
}

/// A moment: the local time, and which of the two where the clock showed it twice.
fn moment(field: &Field<'_>, pass_name: &str, pass: &Text, zone: &str) -> Markup {
    let twice = field.errors.iter().any(|message| message.contains("happened twice")) || !pass.is_blank();
    let choices = [
        Choice::new(Pass::First.word(), "The first, before the clock was put back"),
        Choice::new(Pass::Second.word(), "The second, after it"),
    ];
    html! {
        (date_time(field, zone))
        @if twice { (select(&Field::new(pass_name, "Which of the two").value(pass.as_str()), &choices, Some("It happened once"))) }
    }
}

fn when(typed: &IncidentForm, parts: &Parts, errors: &FieldErrors, short: bool) -> Markup {
    let zone = parts.zone.as_deref().unwrap_or("on the site's clock");
    let reported_typed = !typed.reported_at.is_blank() || !errors.of("reported_at").is_empty();
    html! {
        (form_row(html! {
            @let occurred = Field::new("occurred_at", "When it happened").value(typed.occurred_at.as_str()).errors(errors);
            @let occurred = if typed.version.is_blank() { occurred.hint("Left empty: now") } else { occurred.required() };
            (moment(&occurred, "occurred_pass", &typed.occurred_pass, zone))
            (moment(&Field::new("ended_at", "When it ended").value(typed.ended_at.as_str()).errors(errors), "ended_pass", &typed.ended_pass, zone))
            @if !short || reported_typed {
                (moment(&Field::new("reported_at", "When it was reported").value(typed.reported_at.as_str()).errors(errors), "reported_pass", &typed.reported_pass, zone))
            }
        }))
    }
}

fn words(typed: &IncidentForm, parts: &Parts, errors: &FieldErrors, field: bool) -> Markup {
    html! {
        (text(&Field::new("place", "Where exactly").value(typed.place.as_str()).max_length(200).errors(errors)))
        (text_area(
            &Field::new("public_details", "Public details")
                .value(typed.public_details.as_str())
                .hint("What the client reads once this is published. No names of guards, nothing internal.")
                .max_length(5_000).errors(errors),
            if field { 3 } else { 4 },
        ))
        @if parts.notes {
            (text_area(
                &Field::new("internal_notes", "Internal notes")
                    .value(typed.internal_notes.as_str())
                    .hint("Never leaves the organization.")
                    .max_length(10_000).errors(errors),
                3,
            ))
        }
    }
}

/// Photos from the spot; more can be added later by those who may change the incident.
fn files(errors: &FieldErrors, field: bool) -> Markup {
    ui::file(&ui::FileField {
        field: Field::new("files", "Photos and files").errors(errors),
        accept: "image/*,application/pdf",
        multiple: true,
        camera: field,
        max_bytes: u64::try_from(web::input::MOST_FILE).ok(),
    })
}

fn people(typed: &IncidentForm, errors: &FieldErrors, spare: usize) -> Markup {
    let mut rows = typed.all_people();
    rows.extend(std::iter::repeat_with(PersonForm::default).take(spare));
    let parts: Vec<Choice<'_>> = Part::ALL.iter().map(|p| Choice::new(p.word(), p.label())).collect();
    html! {
        (fieldset("People involved", Some("Witnesses, victims, suspects. Rows without a name are left out; save to get more rows."), html! {
            @for message in errors.of("people") { p.error id="f-people" { (message) } }
            @for (at, person) in rows.iter().enumerate() {
                @let ids = ["name", "part", "contact", "note"].map(|name| format!("f-person-{name}-{at}"));
                @let [name, part, contact, note] = &ids;
                (form_row(html! {
                    (text(&Field::new("person_name", "Name").id(name).value(person.name.as_str()).max_length(200)))
                    (select(&Field::new("person_part", "Part").id(part).value(if person.part.is_blank() { Part::Witness.word() } else { person.part.as_str() }).required(), &parts, None))
                    (text(&Field::new("person_contact", "Contact").id(contact).value(person.contact.as_str()).max_length(200)))
                    (text(&Field::new("person_note", "Note").id(note).value(person.note.as_str()).max_length(1_000)))
                }))
            }
        }))
    }
}

fn rest(typed: &IncidentForm, parts: &Parts, errors: &FieldErrors) -> Markup {
    let sources: Vec<Choice<'_>> = Source::ALL.iter().map(|s| Choice::new(s.word(), s.label())).collect();
    html! {
        (form_row(html! {
            (select(&Field::new("source", "Source").value(typed.source.as_str()).errors(errors), &sources, Some("By the kind of site")))
            @if parts.location {
                (text(&Field::new("latitude", "Latitude").value(typed.latitude.as_str()).input_mode("decimal").errors(errors)))
                (text(&Field::new("longitude", "Longitude").value(typed.longitude.as_str()).input_mode("decimal").errors(errors)))
            }
        }))
    }
}
