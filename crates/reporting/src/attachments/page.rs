//! Pages of attachments, from views alone.

use access::{Facts, FieldClass, Resource};
use maud::{Markup, html};
use ui::{
    Attachment, Card, Choice, Empty, Field, FileField, Form, Kind, button_link, buttons, card,
    form as ui_form, radios, segmented, submit, submit_named,
};
use uuid::Uuid;
use web::Ctx;
use web::input::MOST_FILE;
use web::reply::{Complaints, PageParts};

use super::act::{self, Found};
use super::content::ACCEPT;
use super::model::{AttachmentFilter, AttachmentOut, CLASSES, UploadForm, class_label};
use super::parent::{self, Parent, Record};

/// "Photos and files" as a card of a record's page: what there is, and for those who may change the record the
/// place to hand in more. Nothing at all where there is nothing to see and nothing to add.
pub(crate) fn section(
    ctx: &Ctx,
    resource: Resource,
    record: Uuid,
    facts: &Facts,
    attachments: &[AttachmentOut],
) -> Markup {
    let Some(parent) = parent::of(resource) else { return html! {} };
    let changes = may_change(ctx, parent, facts);
    if attachments.is_empty() && !changes {
        return html! {};
    }
    let path = format!("{}/attachments", parent.path(record));
    let footer = html! {
        @if changes {
            (add(ctx, parent, &path, facts, &UploadForm::default(), &Complaints::default()))
            div.actions { a href=(ctx.href(&format!("{path}?archived=true"))) { "Show files that were put away" } }
        }
    };
    card(
        &Card { title: "Photos and files", id: Some("files"), footer, ..Card::default() },
        html! {
            @if attachments.is_empty() { p.dim { "Nothing was handed in yet. Photos are shown upright and without the place they were taken at." } }
            @else { (tiles(ctx, parent, facts, attachments)) }
        },
    )
}

/// May more be handed in here, as far as the page can know? The state of the record may still refuse.
fn may_change(ctx: &Ctx, parent: &Parent, facts: &Facts) -> bool {
    facts.closed != Some(1) && ctx.plan.check(parent.changes, facts)
}

fn tiles(ctx: &Ctx, parent: &Parent, facts: &Facts, attachments: &[AttachmentOut]) -> Markup {
    let releases = act::may_release(ctx, parent, facts);
    let href = |a: &AttachmentOut, rest: &str| ctx.href(&format!("/attachments/{}{rest}", a.id));
    let places: Vec<(String, Option<String>)> =
        attachments.iter().map(|a| (href(a, ""), a.thumbnail.then(|| href(a, "/thumbnail")))).collect();
    let files: Vec<Attachment<'_>> = attachments
        .iter()
        .zip(&places)
        .map(|(a, (place, small))| Attachment {
            name: &a.name,
            size: a.bytes,
            href: place,
            thumbnail: small.as_deref(),
            note: a.class.map(class_label),
            actions: html! {
                @if let Some(class) = a.class {
                    @if releases && !a.archived {
                        (ui_form(
                            &Form { action: &href(a, "/class"), ..Form::default() },
                            if class == FieldClass::Public {
                                submit_named(Kind::Plain, "Keep inside", "class", FieldClass::Operational.word())
                            } else {
                                submit_named(Kind::Plain, "Show to client", "class", FieldClass::Public.word())
                            },
                        ))
                    }
                    (button_link(Kind::Plain, "Details", &href(a, "/details"), None))
                }
            },
            ..Attachment::default()
        })
        .collect();
    ui::attachments(&files)
}

/// The form that hands in more.
fn add(
    ctx: &Ctx,
    parent: &Parent,
    path: &str,
    facts: &Facts,
    typed: &UploadForm,
    wrong: &Complaints,
) -> Markup {
    let given = act::classes(ctx, parent, facts);
    let choices: Vec<Choice<'_>> = CLASSES
        .iter()
        .filter(|(class, ..)| given.contains(class))
        .map(|(class, label, _)| Choice::new(class.word(), label))
        .collect();
    let chosen = if typed.class.is_blank() { FieldClass::Operational.word() } else { typed.class.as_str() };
    ui_form(
        &Form { action: &ctx.href(path), multipart: true, errors: Some(&wrong.fields), ..Form::default() },
        html! {
            (upload_field("Add photos or files", wrong))
            @if choices.len() > 1 {
                (segmented(&Field::new("class", "Who may see them").value(chosen).required().errors(&wrong.fields), &choices))
            }
            (buttons(submit(Kind::Quiet, "Hand in")))
        },
    )
}

/// The control for files.
fn upload_field(label: &str, wrong: &Complaints) -> Markup {
    let hint = "Photos, PDF, Word, Excel, text, film or sound. The place and the camera's data are taken out of photos.";
    ui::file(&FileField {
        field: Field::new("files", label).hint(hint).errors(&wrong.fields),
        accept: ACCEPT,
        multiple: true,
        max_bytes: Some(MOST_FILE as u64),
        ..FileField::default()
    })
}

/// The files of a record on a page of their own: without scripts, for what was put away, and for a refusal.
pub(super) fn list(
    ctx: &Ctx,
    parent: &Parent,
    record: &Record,
    files: &[AttachmentOut],
    asked: &AttachmentFilter,
    typed: &UploadForm,
    wrong: &Complaints,
) -> Markup {
    let home = parent.path(record.id);
    let path = format!("{home}/attachments");
    let empty = if asked.archived {
        Empty {
            icon: ui::icon::file(),
            title: "Nothing was put away",
            text: "A file that was handed in by mistake can be put away. It is kept, and can be taken back here.",
        }
    } else {
        Empty {
            icon: ui::icon::file(),
            title: "No photos or files",
            text: "What is handed in with the report, or afterwards, is shown here.",
        }
    };
    let body = html! {
        (web::reply::complaint(wrong))
        @if files.is_empty() { (ui::empty(&empty, html! {})) }
        @else { (tiles(ctx, parent, &record.facts, files)) }
        @if !asked.archived && may_change(ctx, parent, &record.facts) {
            (add(ctx, parent, &path, &record.facts, typed, wrong))
        }
    };
    let title = if asked.archived { "Files put away" } else { "Photos and files" };
    ctx.page(
        PageParts::titled(title)
            .crumb(parent.home.1, parent.home.0)
            .crumb(record.label.as_str(), home.as_str()),
        body,
    )
}

/// What is known of one file, and what can be done with it.
pub(super) fn show(ctx: &Ctx, found: &Found, wrong: &Complaints) -> Markup {
    let Found { parent, record, out, .. } = found;
    let path = format!("/attachments/{}", out.id);
    let zone = jiff::tz::TimeZone::get(&record.zone).unwrap_or(jiff::tz::TimeZone::UTC);
    let mut facts =
        vec![("Type", html! { (out.media_type) }), ("Size", html! { (ui::panel::bytes(out.bytes)) })];
    if let (Some(width), Some(height)) = (out.width, out.height) {
        facts.push(("Pixels", html! { (width) " × " (height) }));
    }
    if let Some(at) = out.taken_at {
        facts.push(("Taken, says the camera", ui::time_exact(at, &zone)));
    }
    if let Some(at) = out.added_at {
        facts.push(("Handed in", ui::time_exact(at, &zone)));
    }
    if let Some(by) = &out.added_by {
        facts.push(("Handed in by", ui::person(by)));
    }
    let main = html! {
        (web::reply::complaint(wrong))
        @if out.thumbnail {
            p { a href=(ctx.href(&path)) data-plain { img src=(ctx.href(&format!("{path}/thumbnail"))) alt=(out.name) decoding="async"; } }
        }
        (ui::detail_list(&facts))
        (buttons(html! {
            (ui::download("Download", &ctx.href(&path), None))
            @if out.original {
                (ui::download("Original", &ctx.href(&format!("{path}/original")), Some("as it came, with the place it was taken at")))
            }
        }))
    };
    let side = html! {
        @if let Some(class) = out.class { (choose(ctx, found, class, &path, wrong)) }
        @if may_change(ctx, parent, &record.facts) {
            @let (label, noun) = if out.archived { ("Take back", "restore") } else { ("Put away", "archive") };
            (ui_form(&Form { action: &ctx.href(&format!("{path}/{noun}")), id: Some("archive"), ..Form::default() }, submit(Kind::Quiet, label)))
        }
    };
    let home = parent.path(record.id);
    ctx.page(
        PageParts::titled(&out.name)
            .crumb(parent.home.1, parent.home.0)
            .crumb(record.label.as_str(), home.as_str()),
        ui::split(main, side),
    )
}

/// Who may see a file, to be chosen by those who may.
fn choose(ctx: &Ctx, found: &Found, class: FieldClass, path: &str, wrong: &Complaints) -> Markup {
    let Found { parent, record, out, .. } = found;
    let given = act::classes(ctx, parent, &record.facts);
    // Whether the client sees it is theirs to choose who release; the rest belongs to those who change the record.
    let stays = class == FieldClass::Public && !given.contains(&FieldClass::Public);
    let mays = may_change(ctx, parent, &record.facts) || act::may_release(ctx, parent, &record.facts);
    if stays || !mays || out.archived {
        return ui::detail_list(&[("Who may see it", html! { (class_label(class)) })]);
    }
    let choices: Vec<Choice<'_>> = CLASSES
        .iter()
        .filter(|(known, ..)| given.contains(known))
        .map(|(known, label, hint)| Choice::new(known.word(), label).hint(hint))
        .collect();
    ui_form(
        &Form { action: &ctx.href(&format!("{path}/class")), errors: Some(&wrong.fields), ..Form::default() },
        html! {
            (radios(&Field::new("class", "Who may see it").value(class.word()).required().errors(&wrong.fields), &choices))
            @if act::is_document(out) {
                (ui::alert(
                    ui::Tone::Warning,
                    "Documents leave as they came",
                    html! { p { "Their text and properties can name people. Look through it before you show it to the client." } },
                ))
            }
            (buttons(submit(Kind::Primary, "Save")))
        },
    )
}
