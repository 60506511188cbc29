//! What happened, told by the people on site: incidents, their photos and files, and who can see them.

#![expect(clippy::needless_pass_by_value, reason = "markup and drafts are handed over whole")]

mod attachments;
mod home;
mod incidents;
mod passdown;
mod post_orders;
mod query;
mod readers;
mod readings;
pub mod setup;
mod sites;
#[cfg(test)]
mod trial;

/// The capabilities of this area.
#[must_use]
pub fn features() -> Vec<web::Feature> {
    vec![
        home::feature(),
        incidents::feature(),
        attachments::feature(),
        readers::feature(),
        post_orders::feature(),
        passdown::feature(),
    ]
}
