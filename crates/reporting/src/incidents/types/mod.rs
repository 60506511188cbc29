//! The organization's list of types of incident. Incidents keep the word they were filed under; the list is what
//! can be chosen now.

mod act;
mod model;
mod query;

pub(super) use act::{add, all, check, names, rename, set_archived};
pub(super) use model::TypeId;
pub use model::{TypeForm, TypeOut};
