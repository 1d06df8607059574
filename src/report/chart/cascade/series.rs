//! Lanes, faults and alerts in seconds. Pure.

use super::events;
use super::words::{self, Words};
use crate::analysis::Analysis;
use crate::analysis::model::{AlertRole, Lane, LaneState, Outcome};
use crate::lang::Lang;
use crate::report::chart::DataTable;
use crate::report::chart::text::seconds;

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
    pub(crate) name: String,
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
    pub(super) words: Words,
    pub(super) alt: String,
    pub(super) table: DataTable,
}

impl Cascade {
    /// The figure; absent in a run without chains.
    pub(crate) fn of(analysis: &Analysis, lang: Lang) -> Option<Self> {
        let summary = &analysis.summary;
        let (from, to) = shown(analysis)?;
        let spans = summary.chains.iter().map(|chain| Span {
            name: lang.say("cascade-chain", [("chain", chain.chain.into())]),
            from_s: seconds(chain.t0_us),
            to_s: seconds(chain.end_us),
        });
        let rows: Vec<_> = analysis.lanes.iter().map(|lane| row(analysis, lane, (from, to))).collect();
        let outages: Vec<_> = analysis
            .sink_outages
            .iter()
            .filter(|(begun, over)| *begun < to && *over > from)
            .map(|(begun, over)| (seconds(*begun.max(&from)), seconds(*over.min(&to))))
            .collect();
        Some(Self {
            chains: spans.collect(),
            from_s: seconds(from),
            to_s: seconds(to),
            words: Words::new(summary, lang),
            alt: words::alt(&rows, summary.chains.len(), outages.len(), lang),
            table: events::table(analysis, (from, to), lang),
            rows,
            outages,
        })
    }
}

/// The part of the run in which there are chains, with some air and with the alerts that followed soon.
fn shown(analysis: &Analysis) -> Option<(u64, u64)> {
    let chains = &analysis.summary.chains;
    let from = chains.iter().map(|chain| chain.t0_us).min()?;
    let to = chains.iter().map(|chain| chain.end_us).max()?;
    let air = ((to - from) / 20).clamp(100_000, 1_000_000);
    let soon = to.saturating_add(10_000_000);
    let last = analysis.alerts.iter().map(|alert| alert.t_us).filter(|t| *t <= soon).fold(to, u64::max);
    Some((from.saturating_sub(air), last.saturating_add(air)))
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

#[cfg(test)]
mod tests {
    use super::*;
    use crate::report::fixture;

    #[test]
    fn the_axis_is_cut_to_the_chains() {
        let cascade = Cascade::of(&fixture::chains(1), Lang::En).unwrap();
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
        let cascade = Cascade::of(&analysis, Lang::En).unwrap();
        let faults: Vec<_> = cascade.rows.iter().rev().take(2).map(|row| row.faults.len()).collect();
        assert_eq!(faults, [1, 1]);
    }

    #[test]
    fn those_who_do_not_see_it_hear_how_long_modules_were_away() {
        let alt = Cascade::of(&fixture::chains(1), Lang::En).unwrap().alt;
        for said in [
            "3 modules and stores over time under 1 chain of faults",
            "Longest time down: 245 ms;",
            "sink was closed once",
        ] {
            assert!(alt.contains(said), "{alt}");
        }
        let mut analysis = fixture::chains(1);
        analysis.lanes.iter_mut().for_each(|lane| lane.stretches.clear());
        let alt = Cascade::of(&analysis, Lang::En).unwrap().alt;
        assert!(alt.contains("Longest time down: none;"), "{alt}");
    }
}
