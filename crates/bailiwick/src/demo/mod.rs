//! `bailiwick demo`.

mod dice;
mod names;
mod story;
