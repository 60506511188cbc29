//! The small commands, one file each.

pub(crate) mod audit;
pub(crate) mod explain;
pub(crate) mod health;
pub(crate) mod organization;
pub(crate) mod roles;
pub(crate) mod routes;
pub(crate) mod verify;
