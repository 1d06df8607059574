//! The third pass over the journal: what users felt, and what the canaries felt around the episodes.

use std::collections::BTreeMap;
use std::sync::Arc;

use super::curves::{CurveTally, Window, least_bin_us, windows};
use super::custom::{Asked, CustomTally};
use super::episode::{Decided, decide};
use super::load::LoadTally;
use super::model::{Analysis, Baseline, Episode, Outcome};
use super::probes::ProbePass;
use super::spans::{Cursor, Spans};
use super::stores::{Span, covered, inside};
use super::summary;
use super::timeline::ControlTimeline;
use crate::journal::Micros;
use crate::journal::event::{Canary, Event, Line, Request, RunStarted};

/// Different causes of failure that an episode counts; the rest are counted together.
const MOST_CAUSES: usize = 64;

/// Causes of failure that an episode shows.
const SHOWN_CAUSES: usize = 8;

/// Where causes beyond [`MOST_CAUSES`] are counted.
const OTHER_CAUSES: &str = "other causes";

/// Takes the requests of users, and the canaries once more: the third pass. Only now is it known around which
/// instants the canaries are shown.
///
/// Lines may come in any order, so several readers can share the work: [`fork`](Self::fork) one pass for each
/// part of the journal and [`merge`](Self::merge) them in the end.
#[derive(Debug)]
pub struct RequestPass {
    found: Arc<Found>,
    cursor: Cursor,
    /// Canaries stand between the requests, but later: each has its own place.
    canary_cursor: Cursor,
    load: LoadTally,
    custom: CustomTally,
    episodes: Vec<EpisodeTally>,
    /// Successful requests in each baseline.
    baselines: Vec<u64>,
    curves: Vec<CurveTally>,
    unreadable_lines: u64,
}

/// What the first two passes found.
#[derive(Debug)]
pub(super) struct Found {
    pub(super) run: RunStarted,
    pub(super) control: ControlTimeline,
    pub(super) decided: Vec<Decided>,
    pub(super) canaries: u64,
    pub(super) polls: u64,
    pub(super) too_late: u64,
    /// When users were held still, in order.
    pub(super) read_backs: Vec<Span>,
    /// Different baselines, by their extent.
    baselines: Vec<(Micros, Micros)>,
    /// Over what the user's own KPIs are taken.
    pub(super) asked: Asked,
    /// Where the curves lie.
    windows: Vec<Window>,
    /// Episodes, then baselines, then windows.
    spans: Spans,
}

#[derive(Debug, Clone, Default)]
struct EpisodeTally {
    requests: u64,
    failed: u64,
    /// Requests that met their contract and whose answer came inside, and in no read-back.
    good: u64,
    first_failure: Option<Micros>,
    last_failure: Option<Micros>,
    causes: BTreeMap<String, u64>,
}

impl RequestPass {
    pub(super) fn new(probes: ProbePass) -> Self {
        let ProbePass { control, run, watches, canaries, polls, too_late, read_backs, .. } = probes;
        let decided: Vec<_> = watches.iter().map(|watch| decide(watch, &control, &run.plan)).collect();
        let mut baselines: Vec<_> =
            decided.iter().filter_map(|d| d.episode.baseline.as_ref().map(extent)).collect();
        baselines.sort_unstable();
        baselines.dedup();
        // A void episode is no time of trouble: its span is empty.
        let episode = |Decided { episode, .. }: &Decided| match episode.outcome {
            Outcome::Void => (episode.t0_us, episode.t0_us),
            Outcome::Recovered | Outcome::Censored | Outcome::Aborted => (episode.t0_us, episode.end_us),
        };
        let least_us = least_bin_us(&run.plan);
        let windows = windows(decided.iter().map(|decided| &decided.episode), control.end, least_us);
        let asked = Asked::new(&run.plan, &control, &decided, &read_backs, least_us);
        let shown = windows.iter().map(Window::span);
        let intervals: Vec<_> =
            decided.iter().map(episode).chain(baselines.iter().copied()).chain(shown).collect();
        let load = LoadTally::new(control.end);
        let spans = Spans::new(&intervals);
        Self::empty(
            Arc::new(Found {
                run,
                control,
                decided,
                canaries,
                polls,
                too_late,
                read_backs,
                asked,
                baselines,
                windows,
                spans,
            }),
            load,
        )
    }

    fn empty(found: Arc<Found>, load: LoadTally) -> Self {
        Self {
            cursor: Cursor::default(),
            canary_cursor: Cursor::default(),
            load,
            custom: CustomTally::new(&found.asked),
            episodes: vec![EpisodeTally::default(); found.decided.len()],
            baselines: vec![0; found.baselines.len()],
            curves: found.windows.iter().copied().map(CurveTally::new).collect(),
            unreadable_lines: 0,
            found,
        }
    }

    /// An empty pass over the same run, for another part of the journal.
    #[must_use]
    pub fn fork(&self) -> Self {
        Self::empty(Arc::clone(&self.found), LoadTally::new(self.found.control.end))
    }

    /// Adds what a [`fork`](Self::fork) has counted.
    pub fn merge(&mut self, other: &Self) {
        self.load.merge(&other.load);
        self.custom.merge(&other.custom);
        self.unreadable_lines += other.unreadable_lines;
        for (tally, other) in self.episodes.iter_mut().zip(&other.episodes) {
            tally.merge(other);
        }
        for (ok, other) in self.baselines.iter_mut().zip(&other.baselines) {
            *ok += other;
        }
        for (curve, other) in self.curves.iter_mut().zip(&other.curves) {
            curve.merge(other);
        }
    }

    /// Takes the next line in any order; all but requests and canaries are passed over.
    pub fn line(&mut self, line: &Line<'_>) {
        match &line.event {
            Event::Request(request) => self.request(line.t, request),
            Event::Canary(canary) => self.canary(line.t, canary),
            _ => {}
        }
    }

    /// Takes the next request in any order. It belongs to every episode that it touches: one that was under way
    /// when the fault struck has felt it as well.
    pub fn request(&mut self, t: Micros, request: &Request<'_>) {
        let ended_us = t.saturating_add(request.duration_us);
        let Self { found, cursor, load, custom, episodes, baselines, curves, .. } = self;
        let mut in_episode = false;
        let held = inside(&found.read_backs, ended_us);
        let (first_baseline, first_curve) = (episodes.len(), episodes.len() + baselines.len());
        found.spans.during(t, ended_us, cursor, |index, ended| {
            if index < first_baseline {
                in_episode = true;
                episodes[index].add(ended_us, ended && !held, request);
            } else if index < first_curve {
                baselines[index - first_baseline] += u64::from(request.ok && ended && !held);
            } else if ended {
                curves[index - first_curve].request(ended_us, request.ok, held);
            }
        });
        load.add(t, request, in_episode);
        custom.request(&found.asked, t, request);
    }

    /// Takes the next canary in any order.
    pub fn canary(&mut self, t: Micros, canary: &Canary<'_>) {
        let Self { found, canary_cursor, custom, episodes, baselines, curves, .. } = self;
        let first_curve = episodes.len() + baselines.len();
        found.spans.during(t, t, canary_cursor, |index, _| {
            if let Some(curve) = index.checked_sub(first_curve) {
                curves[curve].canary(t, canary);
            }
        });
        custom.canary(&found.asked, t, canary);
    }

    /// Tells how many lines of the run the reader could not read, a torn last line apart.
    pub fn unreadable_lines(&mut self, lines: u64) {
        self.unreadable_lines += lines;
    }

    /// Everything has been read.
    #[must_use]
    pub fn finish(mut self) -> Analysis {
        let curves = std::mem::take(&mut self.curves);
        let goodput = |baseline: &Baseline| {
            let index = self.found.baselines.binary_search(&extent(baseline)).ok()?;
            let held_us = covered(&self.found.read_backs, baseline.from_us, baseline.to_us);
            per_second(self.baselines[index], baseline.to_us - baseline.from_us - held_us)
        };
        let felt = |(decided, tally): (&Decided, &EpisodeTally)| {
            let mut episode = decided.episode.clone();
            if let Some(baseline) = &mut episode.baseline {
                baseline.goodput_per_s = goodput(baseline);
            }
            let held_us = covered(&self.found.read_backs, episode.t0_us, episode.end_us);
            tally.fill(&mut episode, held_us);
            episode
        };
        let episodes = self.found.decided.iter().zip(&self.episodes).map(felt).collect();
        let curves = curves.into_iter().map(|tally| tally.curve(&self.found.read_backs)).collect();
        summary::analysis(&self.found, episodes, curves, &self.load, &self.custom, self.unreadable_lines)
    }
}

impl EpisodeTally {
    fn add(&mut self, t: Micros, ended: bool, request: &Request<'_>) {
        self.requests += 1;
        if request.ok {
            self.good += u64::from(ended);
            return;
        }
        self.failed += 1;
        self.first_failure = Some(self.first_failure.map_or(t, |first| first.min(t)));
        self.last_failure = self.last_failure.max(Some(t));
        match (&request.error, request.status) {
            (Some(error), _) => self.blame(error, 1),
            (None, Some(status)) => self.blame(&format!("HTTP {status}"), 1),
            (None, None) => self.blame("no answer", 1),
        }
    }

    fn blame(&mut self, cause: &str, times: u64) {
        if let Some(count) = self.causes.get_mut(cause) {
            *count += times;
            return;
        }
        let cause = if self.causes.len() < MOST_CAUSES { cause } else { OTHER_CAUSES };
        *self.causes.entry(cause.to_owned()).or_default() += times;
    }

    fn merge(&mut self, other: &Self) {
        self.requests += other.requests;
        self.failed += other.failed;
        self.good += other.good;
        self.first_failure = self.first_failure.into_iter().chain(other.first_failure).min();
        self.last_failure = self.last_failure.max(other.last_failure);
        other.causes.iter().for_each(|(cause, times)| self.blame(cause, *times));
    }

    /// `held_us` of the episode no user was at work: there is no goodput to lose.
    fn fill(&self, episode: &mut Episode, held_us: u64) {
        episode.requests = self.requests;
        episode.failed_requests = self.failed;
        episode.first_failure_us = self.first_failure.map(|t| t.saturating_sub(episode.t0_us));
        episode.last_failure_us = self.last_failure.map(|t| t.saturating_sub(episode.t0_us));
        let mut causes: Vec<_> = self.causes.iter().map(|(cause, times)| (cause.clone(), *times)).collect();
        // Most frequent first; in order of name where that ties, as the map gives them.
        causes.sort_by_key(|(_, times)| std::cmp::Reverse(*times));
        causes.truncate(SHOWN_CAUSES);
        episode.failure_causes = causes;
        if episode.outcome != Outcome::Void {
            let expected = episode.baseline.as_ref().and_then(|baseline| baseline.goodput_per_s);
            #[expect(clippy::cast_precision_loss, reason = "counts and lengths of a run are far below 2^52")]
            let lost = |per_s: f64| {
                let length_s = (episode.end_us - episode.t0_us - held_us) as f64 / 1e6;
                (per_s * length_s - self.good as f64).max(0.0)
            };
            episode.goodput_lost_requests = expected.map(lost);
        }
    }
}

fn extent(baseline: &Baseline) -> (Micros, Micros) {
    (baseline.from_us, baseline.to_us)
}

#[expect(clippy::cast_precision_loss, reason = "counts and lengths of a run are far below 2^52")]
fn per_second(count: u64, length_us: u64) -> Option<f64> {
    (length_us > 0).then(|| count as f64 * 1e6 / length_us as f64)
}
