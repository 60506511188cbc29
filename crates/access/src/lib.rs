//! Who may do what, and why.
//!
//! A closed vocabulary in code; roles, assignments and switches as data. Per membership they compile into a
//! [`Plan`]: per permission a list of [`Arm`]s, "dimension IN ids AND literal AND literal". Check, listing,
//! predicate, projection and explanation all fold over the same arms. The crate does no IO and knows no engine;
//! `store` turns arms into SQL.
//!
//! Architecture invariant: an empty list of arms, ids or targets means *nothing*, never *everything*.

mod catalogue;
mod ceiling;
mod class;
mod compile;
mod difference;
mod explain;
mod fact;
mod grants;
mod permit;
mod plan;
mod role;
pub mod sentence;
mod verdict;
mod vocabulary;

pub use catalogue::{Catalogue, OwnRole, makes_sense};
pub use class::FieldClass;
pub use compile::{Assignment, Authority, Target};
pub use difference::{Difference, Shift};
pub use explain::{Outcome, Trace, Way, who};
pub use fact::{Column, Dimension, Facts, Literal, Visibility};
pub use grants::{
    Excess, Giver, Hierarchy, Refusal, may_assign, may_give, may_manage, may_write_role, roles_fit,
    still_administered,
};
pub use permit::Permit;
pub use plan::{Arm, Because, Held, Plan, Sight, Suppressed};
pub use role::{
    Condition, Grant, Reach, Role, Roles, built_in, by_key, read_grants, write_grants, write_role,
};
pub use verdict::{Said, Verdict};
pub use vocabulary::{
    Action, Event, Feature, FeatureSet, Permission, Resource, Switch, SwitchSet, permission,
};
