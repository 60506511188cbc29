//! What an attachment is to whoever sees it.

use access::FieldClass;
use kernel::Timestamp;
use kernel::id::AttachmentId;
use schemars::JsonSchema;
use serde::Serialize;

/// A photo or file as it is seen. What the asker gets is the cleaned content: upright, without positions and names
/// in its metadata.
#[derive(Clone, Debug, Serialize, JsonSchema)]
pub struct AttachmentOut {
    /// Its id; the content is at `/attachments/{id}`.
    pub id: AttachmentId,
    /// As handed in; outsiders get a neutral one, because a name can name a person.
    pub name: String,
    /// Who may see it besides those who may see the record. Staff only.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub class: Option<FieldClass>,
    /// The type of the content, as found in it.
    pub media_type: String,
    /// Size of the cleaned content in bytes.
    pub bytes: u64,
    /// Pixels across, of a picture held upright.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub width: Option<u32>,
    /// Pixels down.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub height: Option<u32>,
    /// Is there a small picture at `/attachments/{id}/thumbnail`?
    pub thumbnail: bool,
    /// Is there an untouched original at `/attachments/{id}/original` for this person?
    pub original: bool,
    /// When the camera says the picture was taken. Staff only.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub taken_at: Option<Timestamp>,
    /// When it was handed in. Staff only.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub added_at: Option<Timestamp>,
    /// Who handed it in, for those who may see people.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub added_by: Option<String>,
    /// Put away?
    pub archived: bool,
}
