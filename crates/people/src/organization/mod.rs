//! The organization's own settings.

pub(crate) mod query;
