//! The values every other crate speaks in.
//!
//! Nothing here reads a file, a socket or a table. The crate is small on purpose: an edit here rebuilds the
//! world.

pub mod actor;
pub mod clock;
pub mod error;
pub mod geo;
pub mod id;
pub mod local;
pub mod page;
pub mod secret;
pub mod text;

pub use actor::{Audience, Portal};
pub use clock::{Clock, Timestamp};
pub use error::{Error, FieldErrors, Result};
pub use id::Id;
