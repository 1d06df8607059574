//! When has the system recovered? An incremental *reach and hold* detector.
//!
//! **Recovered** is the intended start `w` of the first canary, not before t0, that opens a window
//! `[w, w + hold)` in which the success ratio of the canaries is at least the floor, the 95th percentile of the
//! successful ones is at most the limit, every poll of the health page is OK (and there is at least one), and
//! nothing that had to be well was known not to be ([`Detector::unwell`]).
//!
//! Three refinements of the definition's letter, each so that the figure cannot flatter:
//! - The canary that opens the window is itself good: successful and within the limit. An instant at which a
//!   canary failed or hung is no recovery, although the window's tolerance (1 point, 5 %) would admit it.
//! - The percentile is that of the *successful* canaries, as the baseline's is, and failures are judged by the
//!   success floor alone. So a fast failure cannot lower the percentile, and a target that fails 6 % of the time
//!   even in its baseline is not for ever "slow".
//! - A window is decided only when a canary and a poll at or after its end were seen: an unfinished window is
//!   no recovery.
//!
//! The same code judges live and offline.

use std::collections::VecDeque;

use super::model::Baseline;
use super::sample::{CanarySample, HealthSample};
use crate::journal::Micros;

/// Rounding slack of a ratio, so that 198 of 200 meets a floor of 1.00 − 0.01.
const RATIO_SLACK: f64 = 1e-9;

/// What must hold, and for how long.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Criterion {
    /// How long the system must stay well.
    pub hold_us: u64,
    /// Least share of successful canaries.
    pub success_floor: f64,
    /// Greatest 95th percentile of the successful canaries.
    pub p95_limit_us: u64,
    /// Whether the health page is judged as well.
    pub health: bool,
}

impl Criterion {
    /// As well as before: success within one point of the baseline, and a 95th percentile of at most
    /// max(1.25 × baseline, baseline + 20 ms).
    #[must_use]
    pub fn from_baseline(baseline: &Baseline, hold_us: u64) -> Self {
        let p95 = baseline.p95_us;
        Self {
            hold_us,
            success_floor: baseline.success_ratio - 0.01,
            p95_limit_us: p95.saturating_add((p95 / 4).max(20_000)),
            health: true,
        }
    }
}

/// A probe as the detector keeps it.
#[derive(Debug, Clone, Copy)]
struct Mark {
    t: Micros,
    failed: bool,
    slow: bool,
}

/// Probes from the candidate window's start on, with counts of those inside it.
#[derive(Debug, Clone, Default)]
struct Window {
    marks: VecDeque<Mark>,
    inside: usize,
    failed: usize,
    slow: usize,
}

impl Window {
    fn pop_front(&mut self) {
        if let Some(mark) = self.marks.pop_front()
            && self.inside > 0
        {
            self.inside -= 1;
            self.failed -= usize::from(mark.failed);
            self.slow -= usize::from(mark.slow);
        }
    }

    fn drop_before(&mut self, t: Micros) {
        while self.marks.front().is_some_and(|mark| mark.t < t) {
            self.pop_front();
        }
    }

    /// Moves the window's end forward to `end`; it never moves back.
    fn reach(&mut self, end: Micros) {
        while let Some(mark) = self.marks.get(self.inside).filter(|mark| mark.t < end) {
            self.inside += 1;
            self.failed += usize::from(mark.failed);
            self.slow += usize::from(mark.slow);
        }
    }
}

/// Finds the recovery of one episode while its probes stream by.
///
/// Feed canaries in order of intended start and polls in order of start (see
/// [`Reorder`](super::reorder::Reorder)); the two streams need not be in step. Each probe costs amortised
/// constant time, and memory is bounded by the probes of one hold (while [`blocked`](Self::blocked): by those since the
/// system has looked well).
///
/// ```
/// use goose_recovery::analysis::detector::{Criterion, Detector};
/// use goose_recovery::analysis::sample::{CanarySample, HealthSample};
///
/// let criterion = Criterion { hold_us: 50, success_floor: 0.99, p95_limit_us: 5, health: true };
/// let mut detector = Detector::new(100, criterion);
/// for t in (100..=200).step_by(10) {
///     detector.canary(CanarySample { t, duration_us: 1, ok: t >= 130 });
///     detector.health(HealthSample { t, ok: true });
/// }
/// assert_eq!(detector.recovered(), Some(130));
/// ```
#[derive(Debug, Clone)]
pub struct Detector {
    criterion: Criterion,
    not_before: Micros,
    blocked: bool,
    unwell: Vec<(Micros, Micros)>,
    canaries: Window,
    polls: Window,
    last_canary: Option<Micros>,
    last_poll: Option<Micros>,
    recovered: Option<Micros>,
}

impl Detector {
    /// Watches for a recovery at `t0` or later.
    #[must_use]
    pub fn new(t0: Micros, criterion: Criterion) -> Self {
        Self {
            criterion,
            not_before: t0,
            blocked: false,
            unwell: Vec::new(),
            canaries: Window::default(),
            polls: Window::default(),
            last_canary: None,
            last_poll: None,
            recovered: None,
        }
    }

    /// Takes the next canary in order of intended start. One that is older than its predecessor is passed over.
    pub fn canary(&mut self, sample: CanarySample) {
        if self.recovered.is_some() || self.last_canary.is_some_and(|last| sample.t < last) {
            return;
        }
        self.last_canary = Some(sample.t);
        let slow = sample.ok && sample.duration_us > self.criterion.p95_limit_us;
        self.canaries.marks.push_back(Mark { t: sample.t, failed: !sample.ok, slow });
        self.advance();
    }

    /// Takes the next poll in order of start. One that is older than its predecessor is passed over.
    pub fn health(&mut self, sample: HealthSample) {
        if self.recovered.is_some() || self.last_poll.is_some_and(|last| sample.t < last) {
            return;
        }
        self.last_poll = Some(sample.t);
        self.polls.marks.push_back(Mark { t: sample.t, failed: !sample.ok, slow: false });
        self.advance();
    }

    /// The system cannot count as recovered before `t`: state restored, the end of the fault. A decision that
    /// was already taken stands; use [`blocked`](Self::blocked) while such a mark is outstanding.
    pub fn not_before(&mut self, t: Micros) {
        self.not_before = self.not_before.max(t);
        self.advance();
    }

    /// In `[from, until)` something was known not to be well, such as a module between its exit and its `ready`:
    /// no window may touch it. So a module that crashes again within the hold breaks the hold, even when its
    /// restart is too fast for the probes to see.
    pub fn unwell(&mut self, from: Micros, until: Micros) {
        if until > self.not_before {
            self.unwell.push((from, until));
        }
        self.advance();
    }

    /// While blocked nothing is decided: a mark that is needed is outstanding, such as the `ready` of a module
    /// that was seen to exit. Report the mark by [`unwell`](Self::unwell) or [`not_before`](Self::not_before)
    /// before unblocking.
    pub fn blocked(&mut self, blocked: bool) {
        self.blocked = blocked;
        self.advance();
    }

    /// The instant of recovery, once a whole window has been held.
    #[must_use]
    pub fn recovered(&self) -> Option<Micros> {
        self.recovered
    }

    /// Decides every window that can be decided.
    fn advance(&mut self) {
        while self.recovered.is_none() {
            let Some(start) = self.candidate() else { return };
            let end = start.saturating_add(self.criterion.hold_us);
            if !self.seen_through(end) {
                return;
            }
            if let Some(until) = self.unwell_in(start, end) {
                self.not_before = until;
                continue;
            }
            self.canaries.reach(end);
            self.polls.reach(end);
            if !self.holds() {
                self.canaries.pop_front();
            } else if self.blocked {
                return;
            } else {
                self.recovered = Some(start);
                self.canaries = Window::default();
                self.polls = Window::default();
            }
        }
    }

    /// The start of the earliest window that may still hold; forgets what lies before it.
    fn candidate(&mut self) -> Option<Micros> {
        while let Some(front) = self.canaries.marks.front() {
            if front.t >= self.not_before && !front.failed && !front.slow {
                break;
            }
            self.canaries.pop_front();
        }
        let candidate = self.canaries.marks.front().map(|mark| mark.t);
        // The next candidate is not before the newest canary, so older polls will never be asked for.
        if let Some(from) = candidate.or(self.last_canary) {
            self.polls.drop_before(from);
        }
        candidate
    }

    fn seen_through(&self, end: Micros) -> bool {
        self.last_canary.is_some_and(|t| t >= end)
            && (!self.criterion.health || self.last_poll.is_some_and(|t| t >= end))
    }

    /// The latest end of what was unwell in `[start, end)`.
    fn unwell_in(&self, start: Micros, end: Micros) -> Option<Micros> {
        self.unwell
            .iter()
            .filter(|(from, until)| *from < end && *until > start)
            .map(|(_, until)| *until)
            .max()
    }

    fn holds(&self) -> bool {
        let all = self.canaries.inside;
        let ok = all - self.canaries.failed;
        #[expect(clippy::cast_precision_loss, reason = "counts of one hold are far below 2^52")]
        let enough = ok as f64 >= (self.criterion.success_floor - RATIO_SLACK) * all as f64;
        // Nearest rank: p95 <= limit exactly when at most ok − ⌈0.95 ok⌉ values lie above the limit.
        let fast = self.canaries.slow <= ok - (95 * ok).div_ceil(100);
        let healthy = !self.criterion.health || (self.polls.inside > 0 && self.polls.failed == 0);
        enough && fast && healthy
    }
}

#[cfg(test)]
mod tests;
