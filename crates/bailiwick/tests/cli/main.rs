//! The program as people run it: the real binary, its arguments, its signals, its files; on both engines.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::print_stdout,
    clippy::disallowed_methods,
    reason = "test code: a broken arrangement should stop the test loudly"
)]

mod backup;
mod commands;
mod demo;
mod import;
mod mail;
mod serve;
mod settings;
mod support;
