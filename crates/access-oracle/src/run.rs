//! Running a property over many worlds, shrinking what fails, and counting what was seen, so that a run that tests
//! nothing cannot pass.

use std::collections::BTreeMap;
use std::fmt::Debug;

use access::Permission;

use crate::dice::{Dice, mix};
use crate::generate::generate;
use crate::shrink::shrink;
use crate::world::{Member, World};

fn number(variable: &str, default: u64) -> u64 {
    match std::env::var(variable) {
        Ok(text) => text.parse().unwrap_or_else(|_| panic!("{variable} must be a number")),
        Err(_) => default,
    }
}

/// How many worlds a property that sees one in `share` should see.
#[must_use]
pub fn world_count(share: u64) -> u64 {
    (number("BAILIWICK_WORLDS", 2000) / share).max(1)
}

/// Holds a property against one in `share` of the worlds. It gets dice of its own, the same for the same world.
///
/// # Panics
/// With the smallest world found that breaks it.
pub fn for_worlds(share: u64, property: impl Fn(&World, &mut Dice) -> Result<(), String>) {
    let first = number("BAILIWICK_SEED", 0);
    for seed in first..first + world_count(share) {
        let world = generate(seed);
        let holds = |world: &World| property(world, &mut Dice::new(mix(world.seed ^ 0x5eed)));
        if let Err(first) = holds(&world) {
            let (small, message) = shrink(world, first, &holds);
            panic!(
                "{message}\n\nThe smallest world found that breaks it; BAILIWICK_SEED={seed} repeats it.\n{small:#?}"
            );
        }
    }
}

/// Permissions worth trying on a member: some of those its roles grant and some others; always the same ones.
#[must_use]
pub fn interesting(world: &World, member: &Member, most: u64) -> Vec<Permission> {
    let mut granted: Vec<Permission> =
        member.assignments.iter().flat_map(|a| a.role.grants.iter().map(|g| g.permission)).collect();
    granted.sort_unstable();
    granted.dedup();
    let lot = |p: &Permission, salt: u64| {
        mix(world.seed ^ mix(p.index() as u64 ^ salt) ^ member.id.uuid().as_u128() as u64)
    };
    let one_in = (granted.len() as u64 / most).max(1);
    let mut chosen: Vec<Permission> =
        granted.into_iter().filter(|p| lot(p, 1).is_multiple_of(one_in)).collect();
    chosen.extend(Permission::all().filter(|p| lot(p, 2).is_multiple_of(Permission::COUNT as u64)));
    chosen.sort_unstable();
    chosen.dedup();
    chosen
}

/// What a run has seen: how often each thing came out true, and how often false.
#[derive(Debug, Default)]
pub struct Coverage {
    counts: BTreeMap<String, [u64; 2]>,
    yes: u64,
    all: u64,
}

impl Coverage {
    /// Notes an outcome under a word.
    pub fn note(&mut self, word: &impl Debug, outcome: bool) {
        self.counts.entry(format!("{word:?}")).or_default()[usize::from(outcome)] += 1;
    }

    /// Notes a decision.
    pub fn decision(&mut self, allowed: bool) {
        self.all += 1;
        self.yes += u64::from(allowed);
    }

    /// How many decisions there were.
    #[must_use]
    pub fn decisions(&self) -> u64 {
        self.all
    }

    /// The share of decisions that allowed, in percent.
    #[must_use]
    pub fn allow_rate(&self) -> f64 {
        100.0 * self.yes as f64 / self.all.max(1) as f64
    }

    /// Those of these words that did not come out both ways.
    pub fn one_sided<T: Debug>(&self, words: impl IntoIterator<Item = T>) -> Vec<String> {
        words
            .into_iter()
            .map(|word| format!("{word:?}"))
            .filter(|word| !self.counts.get(word).is_some_and(|[no, yes]| *no > 0 && *yes > 0))
            .collect()
    }

    /// Those of these words that never came out true.
    pub fn unseen<T: Debug>(&self, words: impl IntoIterator<Item = T>) -> Vec<String> {
        words
            .into_iter()
            .map(|word| format!("{word:?}"))
            .filter(|word| self.counts.get(word).is_none_or(|[_, yes]| *yes == 0))
            .collect()
    }
}
