//! Password resets by mail.

pub(crate) mod query;
