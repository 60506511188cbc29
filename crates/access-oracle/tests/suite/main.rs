//! The access core against the naive oracle, over random worlds.
#![expect(clippy::unwrap_used, clippy::panic, reason = "tests: a broken expectation must stop")]

mod agreement;
mod difference;
mod explanation;
mod giving;
mod laws;
mod literals;
mod properties;
mod roles;
