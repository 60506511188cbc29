//! The program as people run it: the real binary, its arguments, its signals, its files; on both engines.

mod backup;
mod commands;
mod demo;
mod import;
mod serve;
mod settings;
mod support;
