//! Photos and files of records. An attachment has no permission of its own: whoever may see the record sees those of
//! its attachments whose class the plan shows, and whoever may change the record may add to them.
//!
//! A record's feature calls four functions:
//! - with its form: [`prepare`] before the batch (checks, cleans and keeps the contents), [`attach`] inside it;
//! - on its page: [`of`] for what the asker may see, [`section`] to show it.

mod act;
mod model;
mod page;
mod query;

use web::Feature;

pub(crate) use act::{Prepared, attach, of, prepare};
pub(crate) use model::AttachmentOut;
pub(crate) use page::section;

/// What attachments add to the program.
pub(crate) fn feature() -> Feature {
    Feature { name: "attachments", routes: Vec::new, open: None, nav: &[] }
}
