//! What all connections of a proxy share: the setting, the effects, and the thin line of a limited rate.

use std::num::NonZeroU32;
use std::sync::{Mutex, PoisonError};

use rand::SeedableRng;
use rand_chacha::ChaCha8Rng;
use tokio::sync::watch;

use super::toxic::{Effects, Setting, Toxic};
use crate::clock::Clock;
use crate::journal::Micros;

/// What was done by the toxic of one epoch.
pub(super) type Counted = (u64, Effects);

/// One per proxy.
#[derive(Debug)]
pub(super) struct Shared {
    pub(super) clock: Clock,
    /// `host:port`.
    pub(super) upstream: String,
    pub(super) settings: watch::Sender<Setting>,
    pub(super) effects: watch::Sender<Counted>,
    /// When the limited line is free again.
    free_at: Mutex<Micros>,
    seed: u64,
}

impl Shared {
    pub(super) fn new(clock: Clock, upstream: String, seed: u64) -> Self {
        let (settings, effects) = (watch::Sender::new(Setting::default()), watch::Sender::default());
        Self { clock, upstream, settings, effects, free_at: Mutex::new(0), seed }
    }

    pub(super) fn setting(&self) -> Setting {
        *self.settings.borrow()
    }

    /// Puts `toxic`, or nothing, in force; the epoch that begins.
    pub(super) fn put(&self, toxic: Option<Toxic>) -> u64 {
        let Setting { epoch, cuts, .. } = self.setting();
        let epoch = epoch + 1;
        if toxic.is_some() {
            self.effects.send_replace((epoch, Effects::default()));
            *self.free_at.lock().unwrap_or_else(PoisonError::into_inner) = 0;
        }
        let cuts = cuts + u64::from(toxic.is_some_and(Toxic::cuts));
        self.settings.send_replace(Setting { epoch, toxic, cuts });
        epoch
    }

    /// Counts what the toxic of `epoch` did at `at`; what an earlier one did is no effect of this one.
    pub(super) fn count(&self, epoch: u64, at: Micros, count: impl FnOnce(&mut Effects)) {
        self.effects.send_if_modified(|(current, effects)| {
            let counts = *current == epoch;
            if counts {
                effects.first_us.get_or_insert(at);
                count(effects);
            }
            counts
        });
    }

    /// Reserves the limited line for so many bytes; when they have passed it.
    pub(super) fn reserve(&self, bytes: usize, rate_kib: NonZeroU32) -> Micros {
        let takes = bytes as u64 * 1_000_000 / (u64::from(rate_kib.get()) * 1024);
        let mut free_at = self.free_at.lock().unwrap_or_else(PoisonError::into_inner);
        *free_at = self.clock.now().max(*free_at) + takes;
        *free_at
    }

    /// The draws of connection `number`, the same in every run of one seed.
    pub(super) fn draws(&self, number: u64) -> ChaCha8Rng {
        let mut rng = ChaCha8Rng::seed_from_u64(self.seed);
        rng.set_stream(number);
        rng
    }
}
