//! The section of a record's page, from views alone.

use access::{Facts, Resource};
use maud::{Markup, html};
use uuid::Uuid;
use web::Ctx;

use super::model::AttachmentOut;

/// "Photos and files" as a card of a record's page: what there is, and for those who may change the record the
/// place to hand in more.
pub(crate) fn section(
    ctx: &Ctx,
    _resource: Resource,
    _record: Uuid,
    _facts: &Facts,
    attachments: &[AttachmentOut],
) -> Markup {
    let hrefs: Vec<String> = attachments.iter().map(|a| ctx.href(&format!("/attachments/{}", a.id))).collect();
    let files: Vec<ui::Attachment<'_>> = attachments
        .iter()
        .zip(&hrefs)
        .map(|(a, href)| ui::Attachment { name: &a.name, size: a.bytes, href, ..ui::Attachment::default() })
        .collect();
    ui::card(
        &ui::Card { title: "Photos and files", id: Some("files"), ..ui::Card::default() },
        html! { (ui::attachments(&files)) },
    )
}
