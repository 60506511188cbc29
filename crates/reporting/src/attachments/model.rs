//! What an attachment is to whoever sees it, and what may be said about one.

use access::FieldClass;
use kernel::Timestamp;
use kernel::id::AttachmentId;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use web::Text;

/// Who sees a file's name, class and times.
pub(super) const ABOUT: FieldClass = FieldClass::Operational;
/// Who sees who handed it in.
pub(super) const BY: FieldClass = FieldClass::People;
/// Who may have the untouched original: its metadata can tell where it was taken.
pub(super) const ORIGINAL: FieldClass = FieldClass::Location;

/// The classes a file can have, in the order of the form, with what people read of them.
pub(super) const CLASSES: &[(FieldClass, &str, &str)] = &[
    (FieldClass::Operational, "Staff", "Everybody on staff who may see the record. Clients never see it."),
    (
        FieldClass::Public,
        "Staff and client",
        "The client sees it too, as soon as the record is released to them.",
    ),
    (FieldClass::People, "Names people", "Only staff who may see who was involved."),
    (FieldClass::Notes, "Internal", "Only staff who read internal notes."),
];

/// What a class is called.
pub(super) fn class_label(class: FieldClass) -> &'static str {
    CLASSES.iter().find(|(known, ..)| *known == class).map_or("Staff", |(_, label, _)| label)
}

/// The form that goes with files.
#[derive(Clone, Debug, Default, Deserialize, Serialize, JsonSchema)]
#[serde(default, deny_unknown_fields)]
pub(crate) struct UploadForm {
    /// `operational` (as when left out), `public`, `people` or `notes`.
    pub(crate) class: Text,
}

/// Who may see a file.
#[derive(Clone, Debug, Default, Deserialize, Serialize, JsonSchema)]
#[serde(default, deny_unknown_fields)]
pub(crate) struct ClassForm {
    /// `operational`, `public`, `people` or `notes`.
    pub(crate) class: Text,
}

/// Which files are wanted.
#[derive(Clone, Debug, Default, Deserialize, JsonSchema)]
#[serde(default)]
pub(crate) struct AttachmentFilter {
    /// Those put away instead of the others; for whoever may change the record.
    pub(crate) archived: bool,
}

/// A photo or file as it is seen. What the asker gets is the cleaned content: upright, without positions and names
/// in its metadata.
#[derive(Clone, Debug, Serialize, JsonSchema)]
pub(crate) struct AttachmentOut {
    /// Its id; the content is at `/attachments/{id}`.
    pub(crate) id: AttachmentId,
    /// As handed in; outsiders get a neutral one, because a name can name a person.
    pub(crate) name: String,
    /// Who may see it, among those who may see the record. Staff only.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) class: Option<FieldClass>,
    /// The type of the content, as found in it.
    pub(crate) media_type: String,
    /// Size in bytes of what is downloaded.
    pub(crate) bytes: u64,
    /// Pixels across, of a picture held upright.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) width: Option<u32>,
    /// Pixels down.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) height: Option<u32>,
    /// Is there a small picture at `/attachments/{id}/thumbnail`?
    pub(crate) thumbnail: bool,
    /// Is there an untouched original at `/attachments/{id}/original` for this person?
    pub(crate) original: bool,
    /// When the camera says the picture was taken. Staff only.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) taken_at: Option<Timestamp>,
    /// When it was handed in. Staff only.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) added_at: Option<Timestamp>,
    /// Who handed it in, for those who may see people.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) added_by: Option<String>,
    /// Put away?
    pub(crate) archived: bool,
}
