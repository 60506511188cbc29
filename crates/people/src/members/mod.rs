//! Members: the people of an organization.

pub(crate) mod query;
