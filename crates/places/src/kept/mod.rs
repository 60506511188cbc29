//! What all kept things of this area have in common: they are listed by name, have a name that no other record before
//! the same eyes has, and are archived and restored, never deleted (law 8).

mod act;
mod query;
#[cfg(test)]
mod tests;

pub(crate) use act::{Naming, archive, commit_named, free_key};
pub(crate) use query::{BY_NAME, taken};
