//! The second evaluator. Random worlds ([`World`]), three evaluators that must agree on every decision in them (the `access`
//! core, the [`naive`] oracle, and Cedar over [`to_cedar`]'s export), and what the tests need to run, shrink and
//! count them. Of the product only the leak test that customers run depends on this crate, to compare with [`naive`].
//!
//! | variable | meaning |
//! |---|---|
//! | `BAILIWICK_WORLDS` | how many random worlds each property sees (2000) |
//! | `BAILIWICK_SEED` | the first world's seed (0); a failure names the seed that repeats it |
//! | `BAILIWICK_MUTANTS` | set to 1: also run the planted bugs, minutes of builds |
#![expect(
    clippy::panic,
    clippy::indexing_slicing,
    reason = "a crate of tests: a broken expectation must stop"
)]

mod cedar;
pub mod dice;
mod generate;
pub mod limits;
pub mod naive;
mod run;
mod shrink;
mod world;

pub use cedar::{Cedar, to_cedar};
pub use dice::Dice;
pub use generate::{custom_role, generate, random_assignment, random_facts};
pub use run::{Coverage, for_worlds, interesting, world_count};
pub use world::{Member, Place, Record, Tenant, World};
