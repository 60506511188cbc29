//! Random choices that are the same for the same seed on every machine and in every version.

/// A SplitMix64 generator.
#[derive(Clone, Debug)]
pub struct Dice(u64);

/// Mixes a number thoroughly; equal numbers mix alike.
#[must_use]
pub const fn mix(number: u64) -> u64 {
    let mut z = number.wrapping_add(0x9e37_79b9_7f4a_7c15);
    z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
    z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
    z ^ (z >> 31)
}

impl Dice {
    /// Dice that fall as the seed says.
    #[must_use]
    pub const fn new(seed: u64) -> Self {
        Self(seed)
    }

    /// Any number.
    pub fn number(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        mix(self.0)
    }

    /// A number from 0 to below `end`.
    ///
    /// # Panics
    /// When `end` is 0.
    pub fn below(&mut self, end: usize) -> usize {
        (self.number() % end as u64) as usize
    }

    /// A number from `least` to `most`, both included.
    pub fn between(&mut self, least: usize, most: usize) -> usize {
        least + self.below(most - least + 1)
    }

    /// True in so many of a hundred throws.
    pub fn chance(&mut self, percent: usize) -> bool {
        self.below(100) < percent
    }

    /// One of them.
    ///
    /// # Panics
    /// When there are none.
    pub fn pick<'a, T>(&mut self, from: &'a [T]) -> &'a T {
        &from[self.below(from.len())]
    }

    /// One of them, or `None` when there are none or in so many of a hundred throws.
    pub fn maybe<T: Copy>(&mut self, none: usize, from: &[T]) -> Option<T> {
        if from.is_empty() || self.chance(none) { None } else { Some(*self.pick(from)) }
    }

    /// Each of them in so many of a hundred throws.
    pub fn some<T: Copy>(&mut self, percent: usize, from: &[T]) -> Vec<T> {
        from.iter().copied().filter(|_| self.chance(percent)).collect()
    }
}
