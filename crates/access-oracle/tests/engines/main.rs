//! The same decisions as SQL, on both engines: what a listing gives is what `check` lets through, page by page,
//! masked field by field, counted and filtered; and nothing of it depends on what is hidden.
#![expect(clippy::unwrap_used, reason = "tests: a broken expectation must stop")]
#![expect(clippy::print_stdout, reason = "how much was tried belongs in the output")]

mod interference;
mod listing;
mod shelf;
