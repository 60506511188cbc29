//! What happened, told by the people on site: incidents, their photos and files, and who can see them.

mod attachments;
mod home;
mod incidents;
pub mod setup;

/// The capabilities of this area.
#[must_use]
pub fn features() -> Vec<web::Feature> {
    vec![home::feature(), incidents::feature(), attachments::feature()]
}
