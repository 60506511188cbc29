//! Chance that can be repeated: the same seed and the same place give the same throws, on every machine.

/// A run of throws (SplitMix64). Not for secrets.
#[derive(Clone, Debug)]
pub(crate) struct Dice(u64);

const STEP: u64 = 0x9e37_79b9_7f4a_7c15;

impl Dice {
    /// The throws of one place of a world. Places do not depend on each other, so any part can be made alone.
    pub(crate) fn of(seed: u64, kind: u64, place: u64) -> Self {
        let mut dice = Self(seed ^ kind.wrapping_mul(0xd6e8_feb8_6659_fd93));
        let mixed = dice.bits() ^ place.wrapping_mul(STEP);
        Self(mixed)
    }

    /// Sixty-four bits.
    pub(crate) fn bits(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(STEP);
        let mut z = self.0;
        z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        z ^ (z >> 31)
    }

    /// A number below `most`; 0 for 0.
    pub(crate) fn below(&mut self, most: usize) -> usize {
        let most = most as u64;
        // The high half of a product: close enough to even for any list there is here.
        usize::try_from((u128::from(self.bits()) * u128::from(most)) >> 64).unwrap_or(0)
    }

    /// A number from one to the other, both included.
    pub(crate) fn between(&mut self, least: i64, most: i64) -> i64 {
        let width = usize::try_from(most.saturating_sub(least).saturating_add(1)).unwrap_or(1);
        least + i64::try_from(self.below(width)).unwrap_or(0)
    }

    /// True so many times in a hundred.
    pub(crate) fn chance(&mut self, percent: usize) -> bool {
        self.below(100) < percent
    }

    /// One of a list; none of an empty one.
    pub(crate) fn pick<'t, T>(&mut self, list: &'t [T]) -> Option<&'t T> {
        let at = self.below(list.len());
        list.get(at)
    }

    /// The place of one of several weights.
    pub(crate) fn weighted(&mut self, weights: impl Iterator<Item = u32> + Clone) -> usize {
        let total: u32 = weights.clone().sum();
        let mut left = self.between(1, i64::from(total.max(1)));
        for (place, weight) in weights.enumerate() {
            left -= i64::from(weight);
            if left <= 0 {
                return place;
            }
        }
        0
    }

    /// An id that follows from the throws, shaped like any random one.
    pub(crate) fn uuid(&mut self) -> uuid::Uuid {
        let bits = (u128::from(self.bits()) << 64) | u128::from(self.bits());
        uuid::Builder::from_random_bytes(bits.to_be_bytes()).into_uuid()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn throws_repeat_and_places_differ() {
        let throw =
            |seed, place| (0..4).scan(Dice::of(seed, 1, place), |d, _| Some(d.bits())).collect::<Vec<_>>();
        assert_eq!(throw(7, 3), throw(7, 3));
        assert_ne!(throw(7, 3), throw(7, 4));
        assert_ne!(throw(7, 3), throw(8, 3));
    }

    #[test]
    fn throws_are_about_even_and_within_bounds() {
        let mut dice = Dice::of(1, 1, 1);
        let mut seen = [0u32; 6];
        for _ in 0..6000 {
            let n = dice.between(1, 6);
            seen[usize::try_from(n - 1).unwrap()] += 1;
        }
        assert!(seen.iter().all(|n| (900..1100).contains(n)), "{seen:?}");
        assert_eq!(dice.below(0), 0);
        assert!(dice.pick::<u8>(&[]).is_none());
        assert_eq!(dice.weighted([0, 5, 0].into_iter()), 1);
    }
}
