//! Photos and files of records. An attachment has no permission of its own: whoever may see the record sees those of
//! its attachments whose class the plan shows, and whoever may change the record may add to them.
//!
//! A record's feature calls four functions:
//! - with its form: [`prepare`] before the batch (checks, cleans and keeps the contents), [`attach`] inside it;
//! - on its page: [`of`] for what the asker may see, [`section`] to show it.
//!
//! A kind of record is named once, in `parent.rs`. `docs/decisions/0010-what-leaves-with-a-file.md` says what is
//! taken in, what is cleaned and what cannot be.

mod act;
mod content;
mod model;
mod page;
mod parent;
mod query;
mod routes;
#[cfg(test)]
mod samples;
#[cfg(test)]
mod tests;

use web::Feature;

pub(crate) use act::{attach, of, prepare};
pub(crate) use page::section;

/// What attachments add to the program.
pub(crate) fn feature() -> Feature {
    Feature { name: "attachments", routes: routes::routes, open: None, nav: &[] }
}
