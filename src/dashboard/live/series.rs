//! What users felt, second by second. Pure, and of bounded memory.

use std::collections::VecDeque;

use hdrhistogram::Histogram;

use super::model::{SECONDS, Series};
use crate::analysis::histogram::{durations, percentile};
use crate::journal::Micros;

const SECOND_US: u64 = 1_000_000;

/// Two digits: what is drawn shows no more, and three would need ten times the memory.
const DIGITS: u8 = 2;

/// Counts requests by the second in which they ended.
#[derive(Debug, Default)]
pub(super) struct Felt {
    /// The second of the first bin.
    from_s: u64,
    bins: VecDeque<Bin>,
}

#[derive(Debug)]
struct Bin {
    ok: u32,
    failed: u32,
    durations: Histogram<u32>,
    /// As it was when it was last asked for, with how many requests there were then.
    p95: (u64, Option<u64>),
}

impl Felt {
    /// Counts a request in. One that ended before the first second that is kept is left out.
    pub(super) fn request(&mut self, t: Micros, duration_us: u64, ok: bool) {
        let second = t.saturating_add(duration_us) / SECOND_US;
        self.reach(second);
        let Some(bin) = second.checked_sub(self.from_s).and_then(|at| self.bins.get_mut(at as usize)) else {
            return;
        };
        *(if ok { &mut bin.ok } else { &mut bin.failed }) += 1;
        bin.durations.saturating_record(duration_us);
    }

    /// Time has come as far as `now`, be there requests or not.
    pub(super) fn until(&mut self, now: Micros) {
        self.reach(now / SECOND_US);
    }

    /// Makes room up to `second`, and lets go of what is too old.
    fn reach(&mut self, second: u64) {
        let first = (second + 1).saturating_sub(SECONDS as u64);
        while self.from_s < first && self.bins.pop_front().is_some() {
            self.from_s += 1;
        }
        if self.bins.is_empty() {
            self.from_s = self.from_s.max(first);
        }
        while self.from_s + (self.bins.len() as u64) <= second {
            self.bins.push_back(Bin { ok: 0, failed: 0, durations: durations(DIGITS), p95: (0, None) });
        }
    }

    /// As it is sent.
    pub(super) fn series(&mut self) -> Series {
        let column = |of: fn(&Bin) -> u32| self.bins.iter().map(of).collect();
        Series {
            from_s: self.from_s,
            ok: column(|bin| bin.ok),
            failed: column(|bin| bin.failed),
            p95_us: self.bins.iter_mut().map(Bin::p95).collect(),
        }
    }
}

impl Bin {
    fn p95(&mut self) -> Option<u64> {
        if self.p95.0 != self.durations.len() {
            self.p95 = (self.durations.len(), percentile(&self.durations, 0.95));
        }
        self.p95.1
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_request_counts_in_the_second_in_which_it_ended() {
        let mut felt = Felt::default();
        felt.request(900_000, 200_000, true);
        felt.request(100_000, 5_000, true);
        felt.request(1_000_000, 4_000_000, false);
        let series = felt.series();
        assert_eq!(series.from_s, 0);
        assert_eq!(series.ok, [1, 1, 0, 0, 0, 0]);
        assert_eq!(series.failed, [0, 0, 0, 0, 0, 1]);
        assert!(series.p95_us[2].is_none(), "no request, no percentile");
        // Two digits: 200 ms within 1 %.
        assert!(series.p95_us[1].unwrap().abs_diff(200_000) <= 2_000, "{:?}", series.p95_us);
    }

    #[test]
    fn the_percentile_follows_what_comes_later() {
        let mut felt = Felt::default();
        felt.request(0, 1_000, true);
        let early = felt.series().p95_us[0].unwrap();
        (0..30).for_each(|_| felt.request(0, 500_000, true));
        assert!(felt.series().p95_us[0].unwrap() > 100 * early);
    }

    #[test]
    fn it_reaches_back_so_far_and_no_farther() {
        let mut felt = Felt::default();
        let last = 10 * SECONDS as u64;
        (0..last).for_each(|second| felt.request(second * SECOND_US, 10, true));
        felt.request(3 * SECOND_US, 10, true);
        let series = felt.series();
        assert_eq!((series.ok.len(), series.failed.len(), series.p95_us.len()), (SECONDS, SECONDS, SECONDS));
        assert_eq!(series.from_s + SECONDS as u64, last);
        assert!(series.ok.iter().all(|n| *n == 1), "what is too old is left out");
    }

    #[test]
    fn a_long_silence_is_empty_seconds_and_no_memory() {
        let mut felt = Felt::default();
        felt.request(0, 10, true);
        felt.until(1_000_000 * SECOND_US);
        let series = felt.series();
        assert_eq!((series.from_s, series.ok.len()), (1_000_001 - SECONDS as u64, SECONDS));
        assert!(series.ok.iter().all(|n| *n == 0));
    }
}
