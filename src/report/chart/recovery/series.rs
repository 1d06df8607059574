//! Episodes as bars, and where the axis ends. Pure.

use crate::analysis::Summary;
use crate::analysis::model::{Episode, Outcome};
use crate::lang::format;
use crate::report::{view, words};

/// How an episode is drawn.
#[derive(Debug, Clone, PartialEq)]
pub(crate) enum Bar {
    /// Its observed phases: place in [`words::PHASES`], start and end since t0 in µs.
    Phases(Vec<(usize, f64, f64)>),
    /// Not recovered: so far in µs, and in words.
    Open(f64, String),
    /// Nothing to measure, and why.
    Nothing(String),
}

/// One episode.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Row {
    pub(crate) name: String,
    pub(crate) bar: Bar,
}

/// A line across the bars.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(crate) struct Mark {
    pub(crate) at_us: f64,
}

/// The figure.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Recovery {
    pub(crate) rows: Vec<Row>,
    /// Where the axis ends, in µs.
    pub(crate) high_us: f64,
    /// The strictest pass line on the mean recovery time.
    pub(crate) pass_line: Option<Mark>,
    /// The mean, when there is more than one recovery.
    pub(crate) mean: Option<Mark>,
    /// Whether stores are among the targets.
    pub(super) with_stores: bool,
    /// What stands below the title.
    pub(super) caption: String,
}

impl Recovery {
    pub(crate) fn new(summary: &Summary) -> Self {
        let rows = summary.episodes.iter().map(row).collect();
        let times: Vec<_> = summary.episodes.iter().filter_map(|e| e.recovery_us).map(float).collect();
        let pass_line = summary
            .kpis
            .iter()
            .filter(|kpi| kpi.id == "mean_recovery_time")
            .map(|kpi| kpi.threshold.limit)
            .min_by(f64::total_cmp);
        #[expect(clippy::cast_precision_loss, reason = "a count of episodes")]
        let mean = (times.len() > 1).then(|| times.iter().sum::<f64>() / times.len() as f64);
        Self {
            rows,
            high_us: axis_end(summary, &times, pass_line),
            pass_line: pass_line.map(|at_us| Mark { at_us }),
            mean: mean.map(|at_us| Mark { at_us }),
            with_stores: summary.episodes.iter().any(Episode::hits_stores),
            caption: format!(
                "{} · started {} · run {}",
                view::outcomes(&summary.episodes),
                summary.started_at,
                summary.run_id
            ),
        }
    }

    /// The pass line when the axis reaches so far.
    pub(super) fn visible_line(&self) -> Option<Mark> {
        self.pass_line.filter(|mark| mark.at_us <= self.high_us)
    }
}

/// The axis fits what recovered, so that a phase of milliseconds can be seen beside a pass line of a minute;
/// the pass line joins when that costs less than half of the width. What never recovered runs off the end.
fn axis_end(summary: &Summary, times: &[f64], pass_line: Option<f64>) -> f64 {
    let longest = times.iter().copied().max_by(f64::total_cmp).filter(|longest| *longest > 0.0);
    let open = summary.episodes.iter().map(|e| float(e.end_us.saturating_sub(e.t0_us))).fold(0.0, f64::max);
    match (longest, pass_line) {
        (Some(longest), Some(line)) if line <= longest * 2.0 => longest.max(line) * 1.12,
        // Room for the figure behind the longest bar.
        (Some(longest), _) => longest * 1.12,
        (None, line) => open.max(line.unwrap_or(0.0)).max(1.0) * 1.12,
    }
}

fn row(episode: &Episode) -> Row {
    let word = words::outcome(episode.outcome);
    let so_far = episode.end_us.saturating_sub(episode.t0_us);
    let bar = match (episode.outcome, episode.recovery_us) {
        (Outcome::Recovered, Some(total)) => Bar::Phases(phases(episode, total)),
        (Outcome::Void, _) => Bar::Nothing(format!("{word}: the fault had no confirmed effect")),
        (Outcome::Censored, _) => {
            Bar::Open(float(so_far), format!("{word}: not recovered within {}", format::length(so_far)))
        }
        (Outcome::Aborted | Outcome::Recovered, _) => {
            Bar::Open(float(so_far), format!("{word} after {}", format::length(so_far)))
        }
    };
    Row { name: format!("#{} {} {}", episode.id, episode.fault, episode.target), bar }
}

/// The observed phases end to end.
fn phases(episode: &Episode, total: u64) -> Vec<(usize, f64, f64)> {
    let mut start = 0;
    let mut bars = Vec::new();
    for phase in view::observed(&episode.phases_us) {
        bars.push((phase.index, float(start), float(start + phase.us)));
        start += phase.us;
    }
    if bars.is_empty() {
        // Recovered, and nobody saw a phase end: it is all one.
        bars.push((words::PHASES.len() - 1, 0.0, float(total)));
    }
    bars
}

#[expect(clippy::cast_precision_loss, reason = "a picture is coarser than 2^-53")]
fn float(n: u64) -> f64 {
    n as f64
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::report::fixture;

    #[test]
    fn observed_phases_stand_end_to_end_and_reach_the_recovery_time() {
        let analysis = fixture::passing();
        let recovery = Recovery::new(&analysis.summary);
        for (row, episode) in recovery.rows.iter().zip(&analysis.summary.episodes) {
            let Bar::Phases(phases) = &row.bar else { panic!("{row:?}") };
            assert!(phases.windows(2).all(|pair| pair[0].2 == pair[1].1));
            assert_eq!(phases.last().unwrap().2, episode.recovery_us.unwrap() as f64);
            // No store was hit, so there is no phase "restore".
            assert_eq!(phases.iter().map(|(index, ..)| *index).collect::<Vec<_>>(), [0, 1, 2, 4]);
        }
    }

    #[test]
    fn what_did_not_recover_says_so_in_words() {
        let rows = Recovery::new(&fixture::failing().summary).rows;
        assert!(matches!(&rows[1].bar, Bar::Nothing(text) if text.starts_with("void")), "{rows:?}");
        assert!(
            matches!(&rows[2].bar, Bar::Open(us, text) if *us == 60e6 && text == "censored: not recovered within 60 s")
        );
        assert!(matches!(&rows[3].bar, Bar::Open(_, text) if text == "aborted after 1.2 s"), "{rows:?}");
    }

    #[test]
    fn the_axis_fits_what_recovered_and_the_pass_line_when_it_is_near() {
        let mut summary = fixture::passing().summary;
        let longest = summary.episodes.iter().filter_map(|e| e.recovery_us).max().unwrap() as f64;
        assert_eq!(Recovery::new(&summary).high_us, longest * 1.12);
        assert_eq!(Recovery::new(&summary).visible_line(), None);
        for kpi in &mut summary.kpis {
            if kpi.id == "mean_recovery_time" {
                kpi.threshold.limit = longest * 1.5;
            }
        }
        assert_eq!(Recovery::new(&summary).visible_line(), Some(Mark { at_us: longest * 1.5 }));
        // Nothing recovered: the axis reaches the pass line.
        summary.episodes.iter_mut().for_each(|e| (e.outcome, e.recovery_us) = (Outcome::Censored, None));
        assert!(Recovery::new(&summary).visible_line().is_some());
    }

    #[test]
    fn a_recovery_without_observed_phases_is_one_bar() {
        let mut summary = fixture::passing().summary;
        summary.episodes[0].phases_us = crate::analysis::model::Phases::default();
        let Bar::Phases(phases) = &Recovery::new(&summary).rows[0].bar.clone() else { panic!() };
        assert_eq!(phases.len(), 1);
        assert_eq!(phases[0].0, 4);
    }
}
