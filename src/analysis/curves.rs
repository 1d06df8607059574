//! What users and canaries felt around each episode, in bins of which one begins at its t0.

use super::histogram::nearest_rank;
use super::load::round_length;
use super::model::{Curve, CurveBin, Episode, MOST_CURVES, Outcome};
use super::stores::{Span, covered};
use crate::journal::Micros;
use crate::journal::event::{Canary, PlanRecord};

/// Bins of a curve, at most.
const MOST_BINS: u64 = 120;

/// A curve shows so much before t0 and after the end, or a fifth of what lies between when that is more.
const MARGIN_US: u64 = 1_000_000;

/// Where the curve of an episode lies. How far it reaches is known when every episode is decided, and not before.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Window {
    pub(super) episode: u32,
    from: Micros,
    bin_us: u64,
    bins: usize,
}

/// The shortest bin that says something of a load like the planned one: users who think so long between two requests ask
/// so many times in it, and a rate over less would be noise.
pub(super) fn least_bin_us(plan: &PlanRecord) -> u64 {
    const REQUESTS: u64 = 10;
    (plan.think_time_us * REQUESTS).div_ceil(u64::from(plan.users.max(1)))
}

/// The windows of the episodes that have a curve, in order of the episodes, in a run that ends at `run_end`. A fault
/// without effect has none. No bin is shorter than `least_us`.
pub(super) fn windows<'a>(
    episodes: impl Iterator<Item = &'a Episode>,
    run_end: Micros,
    least_us: u64,
) -> Vec<Window> {
    let felt: Vec<_> = episodes.filter(|episode| episode.outcome != Outcome::Void).collect();
    let told = most_telling(&felt, MOST_CURVES).into_iter();
    let windows = told.map(|episode| Window::around(episode, &felt, run_end, least_us));
    windows.filter(|window| window.bins > 0).collect()
}

/// Those that did not recover, then the slowest, `most` of them, in the order in which they stood.
pub(crate) fn most_telling<'a>(episodes: &[&'a Episode], most: usize) -> Vec<&'a Episode> {
    let mut order: Vec<_> = (0..episodes.len()).collect();
    // The sort is stable, so that of equals the earlier one stays.
    order.sort_by_key(|index| {
        let Episode { outcome, t0_us, end_us, .. } = episodes[*index];
        (*outcome == Outcome::Recovered, std::cmp::Reverse(end_us - t0_us))
    });
    order.truncate(most);
    order.sort_unstable();
    order.into_iter().map(|index| episodes[index]).collect()
}

impl Window {
    /// Around an episode; nothing of one that was over before it, nor of one that began after it.
    fn around(episode: &Episode, all: &[&Episode], run_end: Micros, least_us: u64) -> Self {
        let (t0, end) = (episode.t0_us, episode.end_us);
        let margin = MARGIN_US.max((end - t0) / 5);
        // Without itself: an episode without length neither follows nor precedes itself.
        let others = || all.iter().filter(|other| other.id != episode.id);
        let before = others().map(|other| other.end_us).filter(|end| *end <= t0).max().unwrap_or(0);
        let from = before.max(t0.saturating_sub(margin));
        let next = others().map(|other| other.t0_us).filter(|t0| *t0 >= end).min().unwrap_or(run_end);
        let to = next.min(run_end).min(end.saturating_add(margin)).max(t0);
        let bin_us = round_length(((end - t0) + 2 * margin).max(least_us * MOST_BINS), MOST_BINS);
        // What fills no bin at either end is left out: a rate over part of a bin would look like a dip.
        let lead = (t0 - from) / bin_us;
        let bins = usize::try_from(lead + (to - t0) / bin_us).unwrap_or(0);
        Self { episode: episode.id, from: t0 - lead * bin_us, bin_us, bins }
    }

    /// From the beginning of its first bin to the end of its last.
    pub(super) fn span(&self) -> Span {
        (self.from, self.from + self.bin_us * self.bins as u64)
    }
}

/// Counts for one curve what one reader meets.
#[derive(Debug, Clone)]
pub(super) struct CurveTally {
    window: Window,
    bins: Vec<BinTally>,
}

#[derive(Debug, Clone, Default)]
struct BinTally {
    ok: u64,
    failed: u64,
    failed_canaries: u64,
    /// Durations of the successful ones, in no order: as many as are due in a bin.
    canaries: Vec<u64>,
}

impl CurveTally {
    pub(super) fn new(window: Window) -> Self {
        Self { window, bins: vec![BinTally::default(); window.bins] }
    }

    /// A user's request that ended at `t`, within the window; `held` says that users were held still then.
    pub(super) fn request(&mut self, t: Micros, ok: bool, held: bool) {
        if let Some(bin) = self.bin(t) {
            bin.ok += u64::from(ok && !held);
            bin.failed += u64::from(!ok);
        }
    }

    /// A canary that was due at `t`, within the window.
    pub(super) fn canary(&mut self, t: Micros, canary: &Canary<'_>) {
        let Some(bin) = self.bin(t) else { return };
        if canary.ok {
            bin.canaries.push(canary.duration_us);
        } else {
            bin.failed_canaries += 1;
        }
    }

    /// Adds what another reader met of the same curve.
    pub(super) fn merge(&mut self, other: &Self) {
        for (bin, other) in self.bins.iter_mut().zip(&other.bins) {
            bin.ok += other.ok;
            bin.failed += other.failed;
            bin.failed_canaries += other.failed_canaries;
            bin.canaries.extend_from_slice(&other.canaries);
        }
    }

    /// The curve; `read_backs` says when users were held still.
    pub(super) fn curve(self, read_backs: &[Span]) -> Curve {
        let Window { episode, from, bin_us, .. } = self.window;
        let starts = (0u64..).map(|index| from + index * bin_us);
        let bins = starts.zip(self.bins).map(|(start, mut bin)| {
            bin.canaries.sort_unstable();
            CurveBin {
                ok: bin.ok,
                failed: bin.failed,
                p95_us: nearest_rank(&bin.canaries, 95),
                failed_canaries: bin.failed_canaries,
                held_us: covered(read_backs, start, start + bin_us),
            }
        });
        Curve { episode, from_us: from, bin_us, bins: bins.collect() }
    }

    fn bin(&mut self, t: Micros) -> Option<&mut BinTally> {
        let index = t.checked_sub(self.window.from)? / self.window.bin_us;
        self.bins.get_mut(usize::try_from(index).ok()?)
    }
}
