//! Which alert answers which expectation: one to one, in time order.
//!
//! Every arrival has exactly one [`AlertRole`]; every expectation is matched, late or missed, or undecided when
//! the run ended before its deadline. The order in which the journal has them plays no part.

mod sink;

use std::cmp::Reverse;
use std::collections::{BTreeMap, BTreeSet};
use std::ops::RangeInclusive;

use super::histogram::nearest_rank;
use super::model::{self, AlertRole, AlertTotals, EpisodeAlerts, Met};
use super::timeline::At;
use crate::journal::Micros;
use crate::journal::event::{AlertExpected, AlertReceived};
pub(super) use sink::SinkOutages;

/// How long after an episode an alert still belongs to it, when the episode expects none.
const DEFAULT_DEADLINE_US: u64 = 10_000_000;

/// An episode as the matcher sees it.
#[derive(Debug, Clone, Copy)]
pub(super) struct Span {
    pub(super) id: u32,
    pub(super) t0: Micros,
    /// An alert from here on may be of this fault: t0, or the action where the proof comes after the effect.
    pub(super) from: Micros,
    pub(super) end: Micros,
    /// A void fault causes nothing, so it expects nothing.
    pub(super) void: bool,
}

/// When the alert about a resync that the scenario asked for is due: it is no false alarm, whatever the episode.
#[derive(Debug, Clone, Copy)]
pub(super) struct Answer {
    pub(super) from: Micros,
    /// When the resync was asked for, or ended; its alert may take [`DEFAULT_DEADLINE_US`] more.
    pub(super) until: Micros,
    pub(super) episode: Option<u32>,
}

/// What became of the alerts.
#[derive(Debug, Clone, Default, PartialEq)]
pub(super) struct Matched {
    /// By index into the arrivals: its role, and the episode to which it belongs.
    pub(super) roles: Vec<(AlertRole, Option<u32>)>,
    /// By episode.
    pub(super) episodes: BTreeMap<u32, EpisodeAlerts>,
    /// What was expected, in order of the episodes, and what became of it.
    pub(super) expectations: Vec<model::Expectation>,
    /// Of the run.
    pub(super) totals: AlertTotals,
    /// Expectations whose deadline the run did not live to see.
    pub(super) undecided: u64,
}

/// An alert that is waited for.
#[derive(Debug, Clone, Copy)]
struct Expectation<'a> {
    from: Micros,
    what: &'a AlertExpected,
    /// With what our own sink's outages add to it.
    deadline: Micros,
}

/// Matches `received` to `expected`. `end` is the last instant that was observed.
pub(super) fn match_alerts(
    expected: &[At<AlertExpected>],
    received: &[At<AlertReceived>],
    spans: &[Span],
    answers: &[Answer],
    outages: &SinkOutages,
    end: Micros,
) -> Matched {
    let void: BTreeSet<u32> = spans.iter().filter(|span| span.void).map(|span| span.id).collect();
    let real = expected.iter().filter(|e| !void.contains(&e.what.episode));
    let mut expectations: Vec<_> = real
        .map(|At { t, what }| Expectation { from: *t, what, deadline: outages.due(*t, what.deadline_us) })
        .collect();
    expectations.sort_by_key(|Expectation { from, what, .. }| {
        (*from, what.episode, what.deadline_us, &what.module, &what.kinds, &what.min_severity)
    });

    let end = received.iter().map(|alert| alert.t).fold(end, Micros::max);
    let (firsts, duplicates) = without_duplicates(received);
    let in_time = pair(&expectations, &firsts, received);
    let left: Vec<_> = (0..expectations.len()).filter(|e| !in_time.contains_key(e)).collect();
    let answering: BTreeSet<_> = in_time.values().collect();
    let unused: Vec<_> = firsts.iter().copied().filter(|a| !answering.contains(a)).collect();
    let open: Vec<_> = left.iter().map(|e| expectations[*e]).collect();
    let late = first_come(&open, &unused, received);

    let mut matched = Matched { roles: vec![(AlertRole::False, None); received.len()], ..Matched::default() };
    for (e, arrival) in &in_time {
        matched.roles[*arrival] = (AlertRole::Matched, Some(expectations[*e].what.episode));
    }
    for (e, arrival) in &late {
        matched.roles[*arrival] = (AlertRole::Late, Some(open[*e].what.episode));
    }
    let used: BTreeSet<_> = late.values().copied().collect();
    let windows = windows(spans, &expectations, outages);
    for arrival in unused.iter().filter(|arrival| !used.contains(arrival)) {
        let alert = &received[*arrival];
        if let Some(answer) = answers.iter().rfind(|answer| answer.is(alert, outages)) {
            matched.roles[*arrival] = (AlertRole::Collateral, answer.episode);
        } else if let Some(id) = enclosing(alert.t, &windows) {
            matched.roles[*arrival] = (AlertRole::Collateral, Some(id));
        }
    }
    for (copy, original) in duplicates {
        matched.roles[copy] = (AlertRole::Duplicate, matched.roles[original].1);
    }
    let mut came: BTreeMap<_, _> = in_time.iter().map(|(e, a)| (*e, Met::InTime(received[*a].t))).collect();
    came.extend(late.iter().map(|(e, a)| (left[*e], Met::Late(received[*a].t))));
    for (index, expectation) in expectations.iter().enumerate() {
        matched.expect(expectation, came.get(&index).copied(), spans, end);
    }
    matched.expectations.sort_by_key(|expectation| expectation.episode);
    matched.count(received, spans);
    matched
}

impl Answer {
    fn is(&self, alert: &At<AlertReceived>, outages: &SinkOutages) -> bool {
        matches!(alert.what.kind.as_str(), "state_resynced" | "state_resync_failed")
            && (self.from..=outages.due(self.until, DEFAULT_DEADLINE_US)).contains(&alert.t)
    }
}

impl Matched {
    /// Counts an expectation; one for which nothing came and whose deadline lies beyond the run is undecided.
    fn expect(&mut self, expectation: &Expectation<'_>, came: Option<Met>, spans: &[Span], end: Micros) {
        let Expectation { from, what, deadline } = *expectation;
        let met = came.unwrap_or(if deadline > end { Met::Undecided } else { Met::Missed });
        self.expectations.push(model::Expectation {
            episode: what.episode,
            module: what.module.clone(),
            kinds: what.kinds.clone(),
            min_severity: what.min_severity.clone(),
            t0_us: spans.iter().find(|span| span.id == what.episode).map_or(from, |span| span.t0),
            deadline_us: deadline,
            met,
        });
        if met == Met::Undecided {
            self.undecided += 1;
            return;
        }
        let missed = !matches!(met, Met::InTime(_));
        let episode = self.episodes.entry(what.episode).or_default();
        episode.expected += 1;
        episode.missed += u32::from(missed);
        self.totals.expected += 1;
        self.totals.missed += u64::from(missed);
    }

    fn count(&mut self, received: &[At<AlertReceived>], spans: &[Span]) {
        self.totals.received = received.len() as u64;
        let mut order: Vec<_> = (0..received.len()).collect();
        order.sort_by_key(|arrival| received[*arrival].t);
        for arrival in order {
            let (role, id) = self.roles[arrival];
            let mut nowhere = EpisodeAlerts::default();
            let episode = match id {
                Some(id) => self.episodes.entry(id).or_default(),
                None => &mut nowhere,
            };
            match role {
                AlertRole::Matched => {
                    self.totals.matched += 1;
                    episode.matched += 1;
                    let t0 = spans.iter().find(|span| Some(span.id) == id).map_or(0, |span| span.t0);
                    episode.delay_us.push(received[arrival].t.saturating_sub(t0));
                }
                AlertRole::Late => {
                    self.totals.late += 1;
                    episode.late += 1;
                }
                AlertRole::Duplicate => {
                    self.totals.duplicates += 1;
                    episode.duplicates += 1;
                }
                AlertRole::Collateral => {
                    self.totals.collateral += 1;
                    episode.collateral += 1;
                }
                AlertRole::False => self.totals.false_alarms += 1,
            }
        }
        self.judge();
    }

    /// What the counts say of the sender as a whole. Without a matched or false alert there is no share of them.
    fn judge(&mut self) {
        let mut delays: Vec<u64> =
            self.episodes.values().flat_map(|episode| &episode.delay_us).copied().collect();
        delays.sort_unstable();
        let totals = &mut self.totals;
        totals.recall = share(totals.matched, totals.expected);
        totals.precision = share(totals.matched, totals.matched + totals.false_alarms);
        totals.delay_p50_us = nearest_rank(&delays, 50);
        totals.delay_p95_us = nearest_rank(&delays, 95);
        totals.delay_max_us = delays.last().copied();
    }
}

#[expect(clippy::cast_precision_loss, reason = "counts of a run are far below 2^52")]
fn share(part: u64, whole: u64) -> Option<f64> {
    (whole > 0).then(|| part as f64 / whole as f64)
}

/// The first arrival of each key in time order, and every further one with the first.
fn without_duplicates(received: &[At<AlertReceived>]) -> (Vec<usize>, Vec<(usize, usize)>) {
    let mut order: Vec<_> = (0..received.len()).collect();
    order.sort_by_key(|index| {
        let AlertReceived { key, id, kind, module, severity, message, .. } = &received[*index].what;
        (received[*index].t, key, id, kind, module, severity, message)
    });
    let mut by_key = BTreeMap::new();
    let (mut firsts, mut duplicates) = (Vec::new(), Vec::new());
    for index in order {
        match by_key.get(&received[index].what.key) {
            Some(first) => duplicates.push((index, *first)),
            None => {
                by_key.insert(&received[index].what.key, index);
                firsts.push(index);
            }
        }
    }
    (firsts, duplicates)
}

/// The largest one-to-one assignment of arrivals to expectations, both taken in time order: expectation → arrival.
///
/// Time order alone would be enough if all expectations took the same kinds. As they may not, an expectation
/// that finds its alerts taken asks their holders for another one (augmenting paths), so that none is
/// called missed because of the order in which they were asked.
///
/// Where not all can be met, the later ones are: an alert that never came is missed by the expectation that it was for,
/// and not by the last of those after it, each of which would have taken the next one's.
fn pair(
    expectations: &[Expectation<'_>],
    arrivals: &[usize],
    received: &[At<AlertReceived>],
) -> BTreeMap<usize, usize> {
    let candidates: Vec<Vec<usize>> = expectations
        .iter()
        .map(|e| {
            let from = arrivals.partition_point(|a| received[*a].t < e.from);
            let until = arrivals.partition_point(|a| received[*a].t <= e.deadline);
            let fits = |a: &usize| satisfies(e, &received[*a].what);
            arrivals[from..until].iter().copied().filter(fits).collect()
        })
        .collect();
    let assigned = |order: &mut dyn Iterator<Item = usize>| {
        let mut holder = BTreeMap::new();
        for expectation in order {
            assign(expectation, &candidates, &mut holder, &mut BTreeSet::new());
        }
        holder
    };
    // Who is met once, is met: asked for another alert, nobody is left with none.
    let met: BTreeSet<_> = assigned(&mut (0..expectations.len()).rev()).into_values().collect();
    let holder = assigned(&mut met.into_iter());
    holder.into_iter().map(|(arrival, expectation)| (expectation, arrival)).collect()
}

fn assign(
    expectation: usize,
    candidates: &[Vec<usize>],
    holder: &mut BTreeMap<usize, usize>,
    asked: &mut BTreeSet<usize>,
) -> bool {
    let free = candidates[expectation].iter().find(|arrival| !holder.contains_key(arrival));
    if let Some(arrival) = free {
        holder.insert(*arrival, expectation);
        return true;
    }
    for arrival in &candidates[expectation] {
        if asked.insert(*arrival) && assign(holder[arrival], candidates, holder, asked) {
            holder.insert(*arrival, expectation);
            return true;
        }
    }
    false
}

/// For each expectation in time order the first alert after its deadline that no other has taken. The verdict does
/// not depend on it: late is missed.
fn first_come(
    expectations: &[Expectation<'_>],
    arrivals: &[usize],
    received: &[At<AlertReceived>],
) -> BTreeMap<usize, usize> {
    // Arrivals stand in time order, and where that ties in an order that does not depend on the journal's.
    let mut free: BTreeSet<usize> = (0..arrivals.len()).collect();
    let mut taken = BTreeMap::new();
    for (index, expectation) in expectations.iter().enumerate() {
        let late = arrivals.partition_point(|arrival| received[*arrival].t <= expectation.deadline);
        let fits = |place: &usize| satisfies(expectation, &received[arrivals[*place]].what);
        if let Some(first) = free.range(late..).copied().find(fits) {
            free.remove(&first);
            taken.insert(index, arrivals[first]);
        }
    }
    taken
}

fn satisfies(expectation: &Expectation<'_>, alert: &AlertReceived) -> bool {
    expectation.what.module == alert.module
        && expectation.what.kinds.contains(&alert.kind)
        && rank(&alert.severity) >= rank(&expectation.what.min_severity)
}

fn rank(severity: &str) -> u8 {
    match severity {
        "critical" => 2,
        "warning" => 1,
        _ => 0,
    }
}

/// An episode and the time in which an alert belongs to it.
type Window = (u32, RangeInclusive<Micros>);

/// From the beginning of each episode to its end and the deadline of its alerts, the youngest first.
fn windows(spans: &[Span], expectations: &[Expectation<'_>], outages: &SinkOutages) -> Vec<Window> {
    let mut grace: BTreeMap<u32, u64> = BTreeMap::new();
    for Expectation { what, .. } in expectations {
        let longest = grace.entry(what.episode).or_default();
        *longest = what.deadline_us.max(*longest);
    }
    let window = |span: &Span| {
        let grace = grace.get(&span.id).copied().unwrap_or(DEFAULT_DEADLINE_US);
        (span.id, span.from..=outages.due(span.end, grace))
    };
    let mut windows: Vec<_> = spans.iter().map(window).collect();
    windows.sort_by_key(|(id, window)| Reverse((*window.start(), *id)));
    windows
}

/// The youngest episode into which `t` falls.
fn enclosing(t: Micros, windows: &[Window]) -> Option<u32> {
    windows.iter().find(|(_, window)| window.contains(&t)).map(|(id, _)| *id)
}

#[cfg(test)]
mod tests;
