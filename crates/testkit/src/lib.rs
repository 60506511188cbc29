//! What tests need and the program does not: throw-away databases, stores on every engine.

pub mod postgres;
mod stores;

pub use stores::{Schema, TestStore, engines, engines_with, postgres_store, sqlite_fresh, sqlite_store};

#[cfg(feature = "app")]
pub mod app;
#[cfg(feature = "app")]
pub mod mail;
#[cfg(feature = "app")]
pub use app::{Actor, Answered, TestApp, apps};
