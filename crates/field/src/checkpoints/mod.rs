//! Checkpoints: places of a site that are scanned on rounds (ROLES.md: Permission list).
//!
//! Each has a code to be put on the wall: drawn, and as a word to be typed where it cannot be read. The drawn one is
//! signed by the installation. Codes are for those who may change checkpoints; whoever walks meets them on the wall.

mod act;
pub(crate) mod code;
mod export;
pub(crate) mod model;
mod page;
pub(crate) mod query;
mod routes;
mod sheet;

pub(crate) use page::lines;

#[cfg(test)]
mod tests;

use access::{Action, Permission, Resource, permission};
use kernel::Portal;
use web::{Door, Feature, Nav};

pub(crate) const VIEW: Permission = permission(Resource::Checkpoint, Action::View);
const CREATE: Permission = permission(Resource::Checkpoint, Action::Create);
pub(crate) const EDIT: Permission = permission(Resource::Checkpoint, Action::Edit);
const DELETE: Permission = permission(Resource::Checkpoint, Action::Delete);
const EXPORT: Permission = permission(Resource::Checkpoint, Action::Export);

const OFFICE: [Door; 2] = [Door::Portal(Portal::Office), Door::Api];

/// What checkpoints add to the program.
pub(crate) fn feature() -> Feature {
    Feature {
        name: "checkpoints",
        routes: routes::routes,
        open: None,
        nav: &[Nav {
            label: "Checkpoints",
            path: "/checkpoints",
            icon: ui::icon::site,
            doors: &[Door::Portal(Portal::Office)],
            any_of: &[VIEW],
            place: 19,
        }],
    }
}
