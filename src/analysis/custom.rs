//! KPIs that the user defines: what was measured in each phase that one of them asks for.
//!
//! Where the phases lie is known once every episode is decided ([`stretches`]); samples are then counted in any order, by as
//! many readers as there are ([`CustomTally`]), and judged in the end ([`judge`]).

mod judge;
mod stretches;

use hdrhistogram::Histogram;

use super::episode::Decided;
use super::histogram::{durations, merge};
use super::model::Kpi;
use super::spans::{Cursor, Spans};
use super::stores::Span;
use super::timeline::ControlTimeline;
use crate::journal::Micros;
use crate::journal::event::{Canary, KpiRecord, PlanRecord, Request};
use crate::plan::{KpiMetric, KpiPhase};

pub(super) use judge::{judge, unjudged};

/// A figure over a phase, as a journal names them; nothing when this version does not know one of the two words.
fn figure(metric: Option<&str>, phase: Option<&str>) -> Option<(KpiMetric, KpiPhase)> {
    Some((KpiMetric::of(metric?)?, phase.map_or(Some(KpiPhase::Whole), KpiPhase::of)?))
}

/// The phases of scenarios that KPIs ask for.
#[derive(Debug)]
pub(super) struct Asked {
    cells: Vec<Cell>,
    /// Every stretch of every cell.
    spans: Spans,
    /// The same, by index in `spans`.
    stretches: Vec<Stretch>,
    /// When faults acted, in order.
    actions: Vec<Micros>,
    /// A throughput over less than this would be noise.
    least_us: u64,
}

/// One phase of one scenario.
#[derive(Debug)]
struct Cell {
    scenario: String,
    phase: KpiPhase,
    /// In order, and none touches another.
    stretches: Vec<Span>,
}

/// A part of a cell.
#[derive(Debug)]
struct Stretch {
    cell: usize,
    from: Micros,
    /// When the part before it ended; 0 when it is the first.
    after: Micros,
}

/// What one reader counts in each cell.
#[derive(Debug, Clone)]
pub(super) struct CustomTally {
    requests: Cursor,
    /// Canaries stand between the requests, but later: each has its own place.
    canaries: Cursor,
    cells: Vec<Tally>,
}

/// The samples of a cell.
#[derive(Debug, Clone)]
struct Tally {
    /// Of requests that met their contract.
    durations: Histogram<u64>,
    sum_us: u64,
    max_us: u64,
    failed: u64,
    canaries_ok: u64,
    canaries_failed: u64,
}

impl Asked {
    /// The phases that the plan's KPIs ask for. `least_us` is the least time over which a throughput says something.
    pub(super) fn new(
        plan: &PlanRecord,
        control: &ControlTimeline,
        decided: &[Decided],
        read_backs: &[Span],
        least_us: u64,
    ) -> Self {
        let mut cells: Vec<Cell> = Vec::new();
        for scenario in &plan.scenarios {
            let phase_of = |kpi: &KpiRecord| figure(kpi.metric.as_deref(), kpi.phase.as_deref());
            for (_, phase) in scenario.kpis.iter().filter_map(phase_of) {
                if cells.iter().all(|cell| cell.scenario != scenario.name || cell.phase != phase) {
                    let stretches = stretches::of(&scenario.name, phase, control, decided);
                    let stretches = stretches::without(stretches, read_backs);
                    cells.push(Cell { scenario: scenario.name.clone(), phase, stretches });
                }
            }
        }
        let all: Vec<Span> = cells.iter().flat_map(|cell| cell.stretches.iter().copied()).collect();
        let parts = |(cell, of): (usize, &Cell)| {
            let ends = std::iter::once(0).chain(of.stretches.iter().map(|(_, to)| *to));
            let part = |((from, _), after): (&Span, Micros)| Stretch { cell, from: *from, after };
            of.stretches.iter().zip(ends).map(part).collect::<Vec<_>>()
        };
        let stretches = cells.iter().enumerate().flat_map(parts).collect();
        let actions = control.faults.iter().map(|fault| fault.action).collect();
        Self { cells, spans: Spans::new(&all), stretches, actions, least_us }
    }

    /// Visits every cell to which a sample belongs that was under way from `t` to `end`, once.
    fn visit(&self, t: Micros, end: Micros, cursor: &mut Cursor, mut count: impl FnMut(usize)) {
        self.spans.during(t, end, cursor, |index, _| {
            let Stretch { cell, from, after } = self.stretches[index];
            let belongs = match self.cells[cell].phase {
                // What was under way when the effect began has felt it; one that saw two of them counts once.
                KpiPhase::During => after <= t,
                KpiPhase::Before | KpiPhase::After => from <= t && !self.hit(t, end),
                KpiPhase::Recovering | KpiPhase::Whole => from <= t,
            };
            if belongs {
                count(cell);
            }
        });
    }

    /// Whether a fault acted while a sample was under way: what it shows may be the fault's doing.
    fn hit(&self, t: Micros, end: Micros) -> bool {
        let next = self.actions.partition_point(|action| *action < t);
        self.actions.get(next).is_some_and(|action| *action < end)
    }

    fn cell(&self, kpi: &Kpi) -> Option<(KpiMetric, usize)> {
        let (metric, phase) = figure(kpi.metric.as_deref(), kpi.phase.as_deref())?;
        let own = |cell: &Cell| cell.scenario == kpi.scenario && cell.phase == phase;
        Some((metric, self.cells.iter().position(own)?))
    }
}

impl CustomTally {
    pub(super) fn new(asked: &Asked) -> Self {
        let empty = Tally {
            durations: durations(3),
            sum_us: 0,
            max_us: 0,
            failed: 0,
            canaries_ok: 0,
            canaries_failed: 0,
        };
        Self {
            requests: Cursor::default(),
            canaries: Cursor::default(),
            cells: vec![empty; asked.cells.len()],
        }
    }

    /// A user's request that started at `t`.
    pub(super) fn request(&mut self, asked: &Asked, t: Micros, request: &Request<'_>) {
        let Self { requests, cells, .. } = self;
        asked.visit(t, t.saturating_add(request.duration_us), requests, |cell| {
            let tally = &mut cells[cell];
            if request.ok {
                tally.durations.saturating_record(request.duration_us);
                tally.sum_us = tally.sum_us.saturating_add(request.duration_us);
                tally.max_us = tally.max_us.max(request.duration_us);
            } else {
                tally.failed += 1;
            }
        });
    }

    /// A canary that was due at `t`.
    pub(super) fn canary(&mut self, asked: &Asked, t: Micros, canary: &Canary<'_>) {
        let Self { canaries, cells, .. } = self;
        asked.visit(t, t.saturating_add(canary.duration_us), canaries, |cell| {
            let tally = &mut cells[cell];
            if canary.ok { tally.canaries_ok += 1 } else { tally.canaries_failed += 1 }
        });
    }

    /// Adds what another reader of the same run counted.
    pub(super) fn merge(&mut self, other: &Self) {
        for (tally, other) in self.cells.iter_mut().zip(&other.cells) {
            merge(&mut tally.durations, &other.durations);
            tally.sum_us = tally.sum_us.saturating_add(other.sum_us);
            tally.max_us = tally.max_us.max(other.max_us);
            tally.failed += other.failed;
            tally.canaries_ok += other.canaries_ok;
            tally.canaries_failed += other.canaries_failed;
        }
    }
}
