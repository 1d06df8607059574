//! What the detector and the baseline look at: probes, reduced to what is judged.

use crate::journal::Micros;
use crate::journal::event::{Canary, Health};

/// One canary request.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct CanarySample {
    /// Its intended start.
    pub t: Micros,
    /// From the intended start to the last byte of the answer.
    pub duration_us: u64,
    /// Whether it met its contract.
    pub ok: bool,
}

impl CanarySample {
    /// The sample of a journal line that began at `t`.
    #[must_use]
    pub fn new(t: Micros, canary: &Canary<'_>) -> Self {
        Self { t, duration_us: canary.duration_us, ok: canary.ok }
    }

    /// When its answer was complete.
    #[must_use]
    pub fn end(&self) -> Micros {
        self.t.saturating_add(self.duration_us)
    }
}

/// One poll of the health page.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct HealthSample {
    /// Its start.
    pub t: Micros,
    /// Whether the page said that the system is well.
    pub ok: bool,
}

impl HealthSample {
    /// The sample of a journal line that began at `t`.
    #[must_use]
    pub fn new(t: Micros, health: &Health<'_>) -> Self {
        Self { t, ok: health.ok }
    }
}
