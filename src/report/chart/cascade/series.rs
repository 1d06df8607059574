//! Lanes, faults and alerts in seconds. Pure.

use crate::analysis::Analysis;
use crate::analysis::model::{AlertRole, Lane, LaneState, Outcome};
use crate::lang::format;
use crate::report::view;

/// Every role in the order of the legend.
pub(super) const ROLES: [AlertRole; 5] =
    [AlertRole::Matched, AlertRole::Late, AlertRole::Collateral, AlertRole::Duplicate, AlertRole::False];

/// One module or store.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Row {
    pub(crate) name: String,
    /// Whether anybody told how it was.
    pub(crate) told: bool,
    pub(crate) stretches: Vec<(f64, f64, LaneState)>,
    /// When each fault took effect, and whether it had none.
    pub(crate) faults: Vec<(f64, bool)>,
    pub(crate) alerts: Vec<(f64, AlertRole)>,
}

/// A chain from its first effect to its end.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Span {
    pub(crate) chain: u32,
    pub(crate) from_s: f64,
    pub(crate) to_s: f64,
}

/// The figure.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Cascade {
    pub(crate) rows: Vec<Row>,
    pub(crate) chains: Vec<Span>,
    pub(crate) outages: Vec<(f64, f64)>,
    /// Where the axis begins and ends: the part of the run in which there are chains.
    pub(crate) from_s: f64,
    pub(crate) to_s: f64,
    pub(super) caption: String,
}

impl Cascade {
    /// The figure; absent in a run without chains.
    pub(crate) fn of(analysis: &Analysis) -> Option<Self> {
        let summary = &analysis.summary;
        let from = summary.chains.iter().map(|chain| chain.t0_us).min()?;
        let to = summary.chains.iter().map(|chain| chain.end_us).max()?;
        let air = ((to - from) / 20).clamp(100_000, 1_000_000);
        let last =
            analysis.alerts.iter().map(|alert| alert.t_us).filter(|t| *t <= to.saturating_add(10_000_000));
        let (from, to) = (from.saturating_sub(air), last.fold(to, u64::max).saturating_add(air));
        let spans = summary.chains.iter().map(|chain| Span {
            chain: chain.chain,
            from_s: seconds(chain.t0_us),
            to_s: seconds(chain.end_us),
        });
        Some(Self {
            rows: analysis.lanes.iter().map(|lane| row(analysis, lane, (from, to))).collect(),
            chains: spans.collect(),
            outages: analysis
                .sink_outages
                .iter()
                .filter(|(begun, over)| *begun < to && *over > from)
                .map(|(begun, over)| (seconds(*begun.max(&from)), seconds(*over.min(&to))))
                .collect(),
            from_s: seconds(from),
            to_s: seconds(to),
            caption: format!(
                "{} · {} · run {}",
                view::chains::outcomes(&summary.chains),
                view::outcomes(&summary.episodes),
                summary.run_id
            ),
        })
    }

    /// What the picture shows, for those who do not see it.
    pub(crate) fn alt(&self) -> String {
        let longest = |state: LaneState| {
            let all = self.rows.iter().flat_map(|row| &row.stretches).filter(|(_, _, of)| *of == state);
            let us = all
                .map(|(from, to, _)| (to - from) * 1e6)
                .fold(None, |most: Option<f64>, us| Some(most.map_or(us, |most| most.max(us))));
            us.map_or_else(
                || "never".to_owned(),
                |us| format!("at most {}", format::length(format::micros(us))),
            )
        };
        let outages = match self.outages.len() as u64 {
            0 => String::new(),
            n => format!(" Our own alert sink was closed {}.", format::counted(n, "time", "times")),
        };
        format!(
            "{} over time under {}, with {} and {} marked. Down {} at a time, restarting {}.{outages}",
            format::counted(self.rows.len() as u64, "module or store", "modules and stores"),
            format::counted(self.chains.len() as u64, "chain of faults", "chains of faults"),
            format::counted(self.rows.iter().map(|row| row.faults.len() as u64).sum(), "fault", "faults"),
            format::counted(self.rows.iter().map(|row| row.alerts.len() as u64).sum(), "alert", "alerts"),
            longest(LaneState::Down),
            longest(LaneState::Restarting),
        )
    }
}

fn row(analysis: &Analysis, lane: &Lane, (from, to): (u64, u64)) -> Row {
    let shown = |t: &u64| (from..=to).contains(t);
    let hit = |target: &str| target.split('+').any(|part| part.trim() == lane.name);
    let stretches = lane.stretches.iter().filter(|s| s.from_us < to && s.to_us > from);
    let faults =
        analysis.summary.episodes.iter().filter(|episode| hit(&episode.target) && shown(&episode.t0_us));
    let alerts = analysis.alerts.iter().filter(|alert| alert.module == lane.name && shown(&alert.t_us));
    Row {
        name: lane.name.clone(),
        told: lane.told,
        stretches: stretches
            .map(|s| (seconds(s.from_us.max(from)), seconds(s.to_us.min(to)), s.state))
            .collect(),
        faults: faults.map(|e| (seconds(e.t0_us), e.outcome == Outcome::Void)).collect(),
        alerts: alerts.map(|alert| (seconds(alert.t_us), alert.role)).collect(),
    }
}

/// Whether an alert of this role answers an expectation, in time or not.
pub(super) fn is_expected(role: AlertRole) -> bool {
    matches!(role, AlertRole::Matched | AlertRole::Late)
}

#[expect(clippy::cast_precision_loss, reason = "lengths of a run are far below 2^52")]
fn seconds(us: u64) -> f64 {
    us as f64 / 1e6
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::report::fixture;

    #[test]
    fn the_axis_is_cut_to_the_chains() {
        let cascade = Cascade::of(&fixture::chains(1)).unwrap();
        let chain = &cascade.chains[0];
        assert!(cascade.from_s < chain.from_s && chain.to_s < cascade.to_s);
        assert!(cascade.to_s - cascade.from_s < 4.0, "{cascade:?}");
        let inside = |t: f64| cascade.from_s <= t && t <= cascade.to_s;
        assert!(
            cascade
                .rows
                .iter()
                .flat_map(|row| &row.stretches)
                .all(|(from, to, _)| inside(*from) && inside(*to))
        );
    }

    #[test]
    fn a_fault_on_both_stores_is_marked_in_both_lanes() {
        let mut analysis = fixture::chains(1);
        for name in ["database", "cache"] {
            analysis.lanes.push(Lane { name: name.to_owned(), told: false, stretches: vec![] });
        }
        analysis.summary.episodes[1].target = "database+cache".to_owned();
        let cascade = Cascade::of(&analysis).unwrap();
        let faults: Vec<_> = cascade.rows.iter().rev().take(2).map(|row| row.faults.len()).collect();
        assert_eq!(faults, [1, 1]);
    }
}
