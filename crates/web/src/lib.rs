//! One request, from the door to the reply.
//!
//! A feature names its routes once ([`Route`]); the mount decides through which doors they are reached. A handler
//! is one expression over an `act` function; the door decides whether the answer is a page or JSON. Nothing here
//! knows a feature.

pub mod app;
pub mod canary;
pub mod change;
pub mod context;
pub mod crowd;
pub mod csv;
mod etag;
mod frame;
pub mod gallery;
mod guard;
pub mod identity;
pub mod input;
pub mod journal;
pub mod mount;
pub mod notices;
pub mod openapi;
pub mod picture;
pub mod pocket;
pub mod preview;
pub mod problem;
mod reads;
mod recent;
pub mod reply;
pub mod route;
pub mod search;
pub mod xlsx;

pub use app::{App, Config, RecordPage};
pub use context::{Ctx, Door, Hat, Logo, Seen, Who};
pub use input::{Body, Input, Path, Query, Text, Upload, Visitor};
pub use problem::Failure;
pub use reply::Reply;
pub use route::{Feature, Nav, Record, Route};
pub use search::{Hit, Search};

/// What handlers answer.
pub type Answer = Result<Reply, Failure>;
