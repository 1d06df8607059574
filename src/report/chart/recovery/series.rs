//! Episodes as bars, and where the axis ends. Pure.

use super::words::{self, Words};
use crate::analysis::Summary;
use crate::analysis::model::{Episode, Outcome};
use crate::lang::{Arg, Lang, format};
use crate::report::chart::DataTable;
use crate::report::chart::text::{self, float};
use crate::report::view::all_phases;
use crate::report::view::{self, PHASES};

/// How an episode is drawn.
#[derive(Debug, Clone, PartialEq)]
pub(crate) enum Bar {
    /// Its observed phases: place in [`PHASES`], start and end since t0 in µs.
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
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Mark {
    pub(crate) at_us: f64,
    /// What it is.
    pub(crate) text: String,
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
    pub(super) words: Words,
    pub(super) alt: String,
    pub(super) table: DataTable,
}

impl Recovery {
    pub(crate) fn new(summary: &Summary, lang: Lang) -> Self {
        let times: Vec<_> = summary.episodes.iter().filter_map(|e| e.recovery_us).map(float).collect();
        let pass_line = summary
            .kpis
            .iter()
            .filter(|kpi| kpi.id == "mean_recovery_time")
            .map(|kpi| kpi.threshold.limit)
            .min_by(f64::total_cmp);
        #[expect(clippy::cast_precision_loss, reason = "a count of episodes")]
        let mean = (times.len() > 1).then(|| times.iter().sum::<f64>() / times.len() as f64);
        let high_us = axis_end(summary, &times, pass_line);
        let length = |us: f64| Arg::LengthUs(format::micros(us));
        Self {
            rows: summary.episodes.iter().map(|episode| row(episode, lang)).collect(),
            high_us,
            pass_line: pass_line.map(|at_us| Mark {
                at_us,
                text: if at_us <= high_us {
                    lang.say("recovery-pass-line", [("limit", length(at_us))])
                } else {
                    let times = Arg::Number(at_us / high_us);
                    lang.say("recovery-pass-line-far", [("limit", length(at_us)), ("times", times)])
                },
            }),
            mean: mean
                .map(|at_us| Mark { at_us, text: lang.say("recovery-mean", [("mean", length(at_us))]) }),
            words: Words::new(summary, lang),
            alt: words::alt(summary, lang),
            table: words::table(summary, lang),
        }
    }

    /// The pass line when the axis reaches so far.
    pub(super) fn visible_line(&self) -> Option<&Mark> {
        self.pass_line.as_ref().filter(|mark| mark.at_us <= self.high_us)
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

fn row(episode: &Episode, lang: Lang) -> Row {
    let so_far = episode.end_us.saturating_sub(episode.t0_us);
    let open = |id: &str| {
        let word = view::outcome(episode.outcome, lang).into();
        lang.say(id, [("outcome", word), ("after", Arg::LengthUs(so_far))])
    };
    let bar = match (episode.outcome, episode.recovery_us) {
        (Outcome::Recovered, Some(total)) => Bar::Phases(phases(episode, total)),
        (Outcome::Void, _) => Bar::Nothing(
            lang.say("recovery-void", [("outcome", view::outcome(episode.outcome, lang).into())]),
        ),
        (Outcome::Censored, _) => Bar::Open(float(so_far), open("recovery-censored")),
        (Outcome::Aborted | Outcome::Recovered, _) => Bar::Open(float(so_far), open("recovery-aborted")),
    };
    Row { name: text::name(episode), bar }
}

/// The observed phases end to end.
fn phases(episode: &Episode, total: u64) -> Vec<(usize, f64, f64)> {
    let mut start = 0;
    let mut bars = Vec::new();
    for (index, us) in all_phases(&episode.phases_us).into_iter().enumerate() {
        let Some(us) = us else { continue };
        bars.push((index, float(start), float(start + us)));
        start += us;
    }
    if bars.is_empty() {
        // Recovered, and nobody saw a phase end: it is all one.
        bars.push((PHASES.len() - 1, 0.0, float(total)));
    }
    bars
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::report::fixture;

    #[test]
    fn observed_phases_stand_end_to_end_and_reach_the_recovery_time() {
        let analysis = fixture::passing();
        let recovery = Recovery::new(&analysis.summary, Lang::En);
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
        let rows = Recovery::new(&fixture::failing().summary, Lang::En).rows;
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
        assert_eq!(Recovery::new(&summary, Lang::En).high_us, longest * 1.12);
        assert_eq!(Recovery::new(&summary, Lang::En).visible_line(), None);
        for kpi in &mut summary.kpis {
            if kpi.id == "mean_recovery_time" {
                kpi.threshold.limit = longest * 1.5;
            }
        }
        assert_eq!(
            Recovery::new(&summary, Lang::En).visible_line().map(|mark| mark.at_us),
            Some(longest * 1.5)
        );
        // Nothing recovered: the axis reaches the pass line.
        summary.episodes.iter_mut().for_each(|e| (e.outcome, e.recovery_us) = (Outcome::Censored, None));
        assert!(Recovery::new(&summary, Lang::En).visible_line().is_some());
    }

    #[test]
    fn a_recovery_without_observed_phases_is_one_bar() {
        let mut summary = fixture::passing().summary;
        summary.episodes[0].phases_us = crate::analysis::model::Phases::default();
        let Bar::Phases(phases) = &Recovery::new(&summary, Lang::En).rows[0].bar.clone() else { panic!() };
        assert_eq!(phases.len(), 1);
        assert_eq!(phases[0].0, 4);
    }

    #[test]
    fn the_pass_line_says_where_it_is_also_when_it_is_far_off() {
        let mut summary = fixture::passing().summary;
        let text = |summary: &Summary| Recovery::new(summary, Lang::En).pass_line.unwrap().text;
        assert!(
            text(&summary).starts_with("pass line 60 s (mean) is far to the right:"),
            "{}",
            text(&summary)
        );
        for kpi in &mut summary.kpis {
            kpi.threshold.limit = 200_000.0;
        }
        assert_eq!(text(&summary), "pass line 200 ms (mean)");
    }

    #[test]
    fn the_table_says_what_nobody_observed_and_when_failures_were_seen() {
        let recovery = Recovery::new(&fixture::failing().summary, Lang::En);
        assert_eq!(recovery.table.rows[0][10..], ["182", "1.2 … 151", "171", "64"]);
        assert_eq!(
            recovery.table.rows[1][5..],
            [["not observed"; 6].as_slice(), &["none", "0", "0"]].concat()
        );
        assert_eq!(recovery.table.rows[2][4..8], ["censored", "4.8", "2400", "not observed"]);
    }

    #[test]
    fn only_where_the_harness_ended_a_fault_is_there_a_column_for_it() {
        let column = |summary: &Summary| {
            let table = Recovery::new(summary, Lang::En).table;
            table.columns.iter().position(|(name, _)| name == "recovery from the fault's end (ms)")
        };
        assert_eq!(column(&fixture::passing().summary), None);
        let stores = fixture::broken_stores().summary;
        let place = column(&stores).unwrap();
        let rows = Recovery::new(&stores, Lang::En).table.rows;
        assert_eq!(rows[2][place], "not observed");
        assert_eq!(rows[0][place], text::ms(stores.episodes[0].recovery_from_end_us.unwrap()));
    }

    #[test]
    fn those_who_do_not_see_it_hear_the_span_of_the_times() {
        let alt = |summary: &Summary| Recovery::new(summary, Lang::En).alt;
        let said = alt(&fixture::passing().summary);
        assert!(said.contains("3 episodes: 3 recovered; recovery took 1") && said.contains(" to "), "{said}");
        assert!(!alt(&fixture::failing().summary).contains(" ms to "));
        assert_eq!(alt(&fixture::empty().summary), "No data: no episode recovered (0 episodes).");
    }
}
