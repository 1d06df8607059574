//! In which order the runs of a sweep are made, and from which seed each draws its faults. Pure.

use rand::SeedableRng as _;
use rand::seq::SliceRandom as _;
use rand_chacha::ChaCha8Rng;
use serde::{Deserialize, Serialize};

/// One run of one setting.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub struct Turn {
    /// The place of the setting in the grid.
    pub setting: usize,
    /// Which of its runs, from 0.
    pub repeat: u32,
    /// The run's seed: the same for every setting of a repeat, so that all meet the same faults and can be compared in
    /// pairs, and another one in each repeat.
    pub seed: u64,
}

/// The runs of `settings` settings, `repeats` of each.
///
/// All settings have had as many runs as any other when a repeat ends, in an order of its own in each repeat: a machine
/// that becomes slower with time makes no setting worse than another.
#[must_use]
pub fn turns(settings: usize, repeats: u32, seed: u64) -> Vec<Turn> {
    let mut random = ChaCha8Rng::seed_from_u64(seed);
    let mut turns = Vec::with_capacity(settings * repeats as usize);
    for repeat in 0..repeats {
        let mut order: Vec<_> = (0..settings).collect();
        order.shuffle(&mut random);
        let seed = seed.wrapping_add(repeat.into());
        turns.extend(order.into_iter().map(|setting| Turn { setting, repeat, seed }));
    }
    turns
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    proptest! {
        #[test]
        fn every_setting_has_one_run_in_each_repeat_under_the_repeats_own_faults(
            settings in 1_usize..20, repeats in 1_u32..6, seed: u64
        ) {
            let turns = turns(settings, repeats, seed);
            prop_assert_eq!(turns.len(), settings * repeats as usize);
            for (repeat, of_repeat) in (0..repeats).zip(turns.chunks(settings)) {
                prop_assert!(of_repeat.iter().all(|turn| turn.repeat == repeat));
                prop_assert!(of_repeat.iter().all(|turn| turn.seed == of_repeat[0].seed));
                let mut met: Vec<_> = of_repeat.iter().map(|turn| turn.setting).collect();
                met.sort_unstable();
                prop_assert_eq!(met, (0..settings).collect::<Vec<_>>());
            }
            let mut seeds: Vec<_> = turns.iter().map(|turn| turn.seed).collect();
            seeds.dedup();
            prop_assert_eq!(seeds.len(), repeats as usize);
        }
    }

    #[test]
    fn the_order_is_drawn_from_the_seed_and_is_another_one_in_each_repeat() {
        assert_eq!(turns(8, 3, 5), turns(8, 3, 5));
        assert_ne!(turns(8, 1, 5), turns(8, 1, 6));
        let turns = turns(8, 2, 5);
        let order =
            |repeat: usize| turns[repeat * 8..][..8].iter().map(|turn| turn.setting).collect::<Vec<_>>();
        assert_ne!(order(0), order(1));
    }
}
