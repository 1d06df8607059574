//! Expected alerts as delays over the run's time, and the alerts that nobody expected. Pure.

use crate::analysis::Analysis;
use crate::analysis::model::{AlertRole, Expectation, Met};
use crate::lang::{Arg, Lang, format};
use crate::report::chart::text::{float, seconds};
use crate::report::chart::{Column, DataTable};

/// From so many times the shortest delay on the axis is logarithmic.
const LOG_FROM: f64 = 20.0;

/// What nobody expected, in the order of the strip.
pub(super) const UNEXPECTED: [AlertRole; 3] = [AlertRole::Duplicate, AlertRole::Collateral, AlertRole::False];

/// What became of an expected alert.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Fate {
    InTime,
    Late,
    Missed,
    Undecided,
}

impl Fate {
    /// Every one in the order of the legend.
    pub(super) const ALL: [Self; 4] = [Self::InTime, Self::Late, Self::Missed, Self::Undecided];

    fn of(met: Met) -> Self {
        match met {
            Met::InTime(_) => Self::InTime,
            Met::Late(_) => Self::Late,
            Met::Missed => Self::Missed,
            Met::Undecided => Self::Undecided,
        }
    }

    fn id(self) -> &'static str {
        match self {
            Self::InTime => "alert-fate-in-time",
            Self::Late => "alert-fate-late",
            Self::Missed => "alert-fate-missed",
            Self::Undecided => "alert-fate-undecided",
        }
    }
}

/// One expected alert.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(crate) struct Mark {
    /// When the fault took effect, in seconds since the run began.
    pub(crate) t0_s: f64,
    /// From there to its arrival; to its deadline when it did not come.
    pub(crate) delay_us: f64,
    /// From there to its deadline.
    pub(crate) deadline_us: f64,
    pub(crate) fate: Fate,
}

/// The figure.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Alerts {
    pub(crate) marks: Vec<Mark>,
    /// By the place of the role in [`UNEXPECTED`]: when each came, in seconds.
    pub(crate) strip: [Vec<f64>; 3],
    /// When our own sink was closed, in seconds.
    pub(crate) outages: Vec<(f64, f64)>,
    /// Where the run ends, in seconds.
    pub(super) end_s: f64,
    /// Where the axis of delays begins and ends, in µs, and whether it is logarithmic.
    pub(super) axis: (f64, f64, bool),
    pub(super) words: Words,
    alt: String,
    rows: DataTable,
}

/// What stands in the picture.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Words {
    pub(super) title: String,
    pub(super) caption: String,
    pub(super) nothing: String,
    pub(super) x: String,
    pub(super) y: String,
    /// In the order of [`Fate::ALL`], each with its count.
    pub(super) fates: [String; 4],
    pub(super) deadline: String,
    pub(super) sink_closed: String,
    /// In the order of [`UNEXPECTED`].
    pub(super) strip: [String; 3],
    pub(super) unexpected: String,
}

impl Alerts {
    pub(crate) fn new(analysis: &Analysis, lang: Lang) -> Self {
        let marks: Vec<_> = analysis.expectations.iter().map(mark).collect();
        let strip = UNEXPECTED.map(|role| {
            let own = analysis.alerts.iter().filter(|alert| alert.role == role);
            own.map(|alert| seconds(alert.t_us)).collect::<Vec<_>>()
        });
        let last = strip.iter().flatten().copied().fold(seconds(analysis.summary.duration_us), f64::max);
        let axis = axis(&marks);
        Self {
            axis,
            end_s: marks.iter().map(|mark| mark.t0_s).fold(last, f64::max),
            outages: analysis.sink_outages.iter().map(|(from, to)| (seconds(*from), seconds(*to))).collect(),
            words: words(analysis, &marks, axis.2, lang),
            alt: alt(analysis, &marks, &strip, lang),
            rows: table(&analysis.expectations, lang),
            marks,
            strip,
        }
    }

    pub(super) fn has(&self, fate: Fate) -> bool {
        self.marks.iter().any(|mark| mark.fate == fate)
    }

    pub(super) fn in_words(&self) -> String {
        self.alt.clone()
    }

    pub(super) fn rows(&self) -> DataTable {
        self.rows.clone()
    }
}

/// From t0 to its arrival; absent when it did not come.
fn delay(expectation: &Expectation) -> Option<u64> {
    match expectation.met {
        // One that is about a store may come before the proof that the store is away.
        Met::InTime(t) | Met::Late(t) => Some(t.saturating_sub(expectation.t0_us)),
        Met::Missed | Met::Undecided => None,
    }
}

fn allowed(expectation: &Expectation) -> u64 {
    expectation.deadline_us.saturating_sub(expectation.t0_us)
}

fn mark(expectation: &Expectation) -> Mark {
    let deadline = allowed(expectation);
    Mark {
        t0_s: seconds(expectation.t0_us),
        delay_us: float(delay(expectation).unwrap_or(deadline)),
        deadline_us: float(deadline),
        fate: Fate::of(expectation.met),
    }
}

fn axis(marks: &[Mark]) -> (f64, f64, bool) {
    let all = || marks.iter().flat_map(|mark| [mark.delay_us, mark.deadline_us]);
    let longest = all().fold(1.0, f64::max);
    let shortest = all().filter(|us| *us > 0.0).fold(longest, f64::min);
    if longest >= shortest * LOG_FROM {
        (shortest * 0.9, longest * 1.3, true)
    } else {
        (0.0, longest * 1.1, false)
    }
}

fn count(marks: &[Mark], fate: Fate) -> usize {
    marks.iter().filter(|mark| mark.fate == fate).count()
}

fn words(analysis: &Analysis, marks: &[Mark], log: bool, lang: Lang) -> Words {
    let summary = &analysis.summary;
    let counted = |fate: Fate| {
        let what = lang.text(fate.id()).into();
        lang.say("alert-delay-counted", [("what", what), ("n", count(marks, fate).into())])
    };
    Words {
        title: lang.text("alert-delay-title"),
        caption: lang.say(
            "alert-delay-caption",
            [
                ("n", marks.len().into()),
                ("started", (&summary.started_at).into()),
                ("run", (&summary.run_id).into()),
            ],
        ),
        nothing: lang.text("alert-delay-nothing"),
        x: lang.text("alert-delay-x"),
        y: lang.text(if log { "alert-delay-y-log" } else { "alert-delay-y" }),
        fates: Fate::ALL.map(counted),
        deadline: lang.text("alert-delay-deadline"),
        sink_closed: lang.text("alert-delay-sink-closed"),
        strip: UNEXPECTED.map(|role| lang.text(role_id(role))),
        unexpected: lang.text("alert-delay-unexpected"),
    }
}

fn alt(analysis: &Analysis, marks: &[Mark], strip: &[Vec<f64>; 3], lang: Lang) -> String {
    if marks.is_empty() {
        return lang.text("alert-delay-alt-nothing");
    }
    let mut delays: Vec<_> =
        marks.iter().filter(|mark| mark.fate == Fate::InTime).map(|m| m.delay_us).collect();
    delays.sort_by(f64::total_cmp);
    let length = |us: Option<&f64>| Arg::length_or(us.map(|us| format::micros(*us)));
    let [duplicates, collateral, false_alarms] = strip;
    let mut text = lang.say(
        "alert-delay-alt",
        [
            ("n", marks.len().into()),
            ("in-time", count(marks, Fate::InTime).into()),
            ("shortest", length(delays.first())),
            ("longest", length(delays.last())),
            ("late", count(marks, Fate::Late).into()),
            ("missed", count(marks, Fate::Missed).into()),
            ("undecided", count(marks, Fate::Undecided).into()),
            ("duplicates", duplicates.len().into()),
            ("collateral", collateral.len().into()),
            ("false-alarms", false_alarms.len().into()),
        ],
    );
    if !analysis.sink_outages.is_empty() {
        let closed: u64 = analysis.sink_outages.iter().map(|(from, to)| to - from).sum();
        let times = analysis.sink_outages.len().into();
        let outages = lang.say("alert-delay-alt-closed", [("n", times), ("length", Arg::LengthUs(closed))]);
        text.push_str(&outages);
    }
    text
}

/// A row for each expected alert.
fn table(expectations: &[Expectation], lang: Lang) -> DataTable {
    let columns = [
        ("term-episode", Column::Episode),
        ("alert-delay-column-module", Column::Text),
        ("alert-delay-column-kinds", Column::Text),
        ("alert-delay-column-severity", Column::Text),
        ("alert-delay-column-t0", Column::Figure),
        ("alert-delay-column-fate", Column::Text),
        ("alert-delay-column-delay", Column::Figure),
        ("alert-delay-column-deadline", Column::Figure),
    ];
    let mut table = DataTable::new(columns.map(|(id, kind)| (lang.text(id), kind)));
    let ms = |us: u64| format::number(float(us) / 1e3);
    table.rows = expectations
        .iter()
        .map(|expectation| {
            vec![
                expectation.episode.to_string(),
                expectation.module.clone(),
                expectation.kinds.join(", "),
                expectation.min_severity.clone(),
                format!("{:.3}", seconds(expectation.t0_us)),
                lang.text(Fate::of(expectation.met).id()),
                delay(expectation).map_or_else(|| "–".to_owned(), ms),
                ms(allowed(expectation)),
            ]
        })
        .collect();
    table
}

fn role_id(role: AlertRole) -> &'static str {
    match role {
        AlertRole::Matched => "role-matched",
        AlertRole::Late => "role-late",
        AlertRole::Duplicate => "role-duplicate",
        AlertRole::Collateral => "role-collateral",
        AlertRole::False => "role-false",
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::report::fixture;

    fn of(analysis: &Analysis) -> Alerts {
        Alerts::new(analysis, Lang::En)
    }

    #[test]
    fn every_expectation_is_a_mark_at_its_t0_with_its_delay() {
        let analysis = fixture::passing();
        let alerts = of(&analysis);
        let expected: Vec<_> = analysis.summary.episodes.iter().map(|e| e.t0_us as f64 / 1e6).collect();
        assert_eq!(alerts.marks.iter().map(|mark| mark.t0_s).collect::<Vec<_>>(), expected);
        assert!(alerts.marks.iter().all(|mark| mark.fate == Fate::InTime && mark.delay_us == 9_400.0));
        assert_eq!(alerts.strip.each_ref().map(Vec::len), [0, 3, 0]);
        let (low, high, log) = alerts.axis;
        // 9.4 ms beside 10 s.
        assert!(low < 9_400.0 && high > 10e6 && log);
    }

    #[test]
    fn what_did_not_come_stands_at_its_deadline() {
        let analysis = fixture::all_fates();
        let alerts = of(&analysis);
        let fates: Vec<_> = alerts.marks.iter().map(|mark| mark.fate).collect();
        assert_eq!(fates[..4], [Fate::InTime, Fate::Late, Fate::Missed, Fate::Undecided]);
        for mark in &alerts.marks {
            match mark.fate {
                Fate::InTime => assert!(mark.delay_us <= mark.deadline_us),
                Fate::Late => assert!(mark.delay_us > mark.deadline_us),
                Fate::Missed | Fate::Undecided => assert_eq!(mark.delay_us, mark.deadline_us),
            }
        }
        assert_eq!(alerts.strip.each_ref().map(Vec::len), [1, 8, 1]);
        assert_eq!(alerts.outages, [(5.9, 6.2)]);
        assert!(
            alerts.alt.contains("1 late") && alerts.alt.contains("closed 1 time, for 300 ms"),
            "{}",
            alerts.alt
        );
    }

    #[test]
    fn delays_of_one_size_are_on_an_even_axis() {
        let mut analysis = fixture::passing();
        for expectation in &mut analysis.expectations {
            expectation.deadline_us = expectation.t0_us + 30_000;
        }
        let (low, high, log) = of(&analysis).axis;
        assert!(low == 0.0 && high > 30_000.0 && !log);
    }

    #[test]
    fn the_table_says_what_became_of_each() {
        let table = of(&fixture::all_fates()).rows;
        assert!(table.rows.iter().all(|row| row.len() == table.columns.len()));
        let fates: Vec<_> = table.rows.iter().map(|row| (row[5].as_str(), row[6].as_str())).collect();
        assert_eq!(
            fates[..4],
            [("in time", "9.4"), ("late", "12\u{202f}000"), ("missed", "–"), ("not decided", "–")]
        );
    }

    #[test]
    fn without_an_expected_alert_it_says_so_in_words() {
        let alerts = of(&fixture::empty());
        assert_eq!(alerts.alt, "No data: no alert was expected.");
        assert_eq!(alerts.words.nothing, "no data: no alert was expected");
        assert_eq!(alerts.rows.rows.len(), 0);
    }
}
