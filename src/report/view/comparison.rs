//! What a comparison reads like. Pure.

mod change;

use crate::compare::{ChangeOutcome, Comparison, Metric, Unit, Weight};
use crate::lang::{Arg, Lang, format};
pub(crate) use change::{ChangeMark, ChangeView, changes};

/// What a metric is called, in the middle of a sentence.
pub(crate) fn metric_name(metric: Metric, lang: Lang) -> String {
    lang.text(&format!("metric-{}", metric_code(metric)))
}

fn metric_code(metric: Metric) -> &'static str {
    match metric {
        Metric::RecoveryTime => "recovery_time",
        Metric::Detect => "detect",
        Metric::Restart => "restart",
        Metric::Ready => "ready",
        Metric::Restore => "restore",
        Metric::Recover => "recover",
        Metric::AutoRecoveryRate => "auto_recovery_rate",
        Metric::StateResyncRate => "state_resync_rate",
        Metric::MissedAlerts => "missed_alerts",
        Metric::AlertDelay => "alert_delay",
        Metric::GoodputLost => "goodput_lost",
        Metric::RestartAttempts => "restart_attempts",
        Metric::FailedRequests => "failed_requests",
    }
}

/// A value of a metric.
pub(crate) fn amount(unit: Unit, value: f64) -> String {
    match unit {
        Unit::Us => format::length(format::micros(value)),
        Unit::Ratio => format::ratio(value),
        Unit::Requests | Unit::Attempts => format::number(value),
    }
}

/// A value of a metric, or that there is none.
pub(crate) fn amount_or(unit: Unit, value: Option<f64>, lang: Lang) -> String {
    value.map_or_else(|| lang.text("not-observed"), |value| amount(unit, value))
}

/// A difference with its sign: `+1.2 s`, `−5 points`, `0`.
pub(crate) fn difference(unit: Unit, value: f64, lang: Lang) -> String {
    let size = match unit {
        Unit::Us => format::length(format::micros(value.abs())),
        Unit::Ratio => lang.say("compare-points", [("n", Arg::Number(value.abs() * 100.0))]),
        Unit::Requests | Unit::Attempts => format::number(value.abs()),
    };
    signed(value, size)
}

/// A ratio as a change in per cent: `+100 %` is twice as much.
pub(crate) fn relative(ratio: f64) -> String {
    signed(ratio - 1.0, format!("{} %", format::number((ratio - 1.0).abs() * 100.0)))
}

/// A size with the sign of a value.
pub(crate) fn signed(value: f64, size: String) -> String {
    // A true minus, which is as wide as the plus. What rounds to nothing has no sign.
    match size.trim_start_matches(['0', '.']).chars().next() {
        Some('1'..='9') if value > 0.0 => format!("+{size}"),
        Some('1'..='9') => format!("−{size}"),
        _ => size,
    }
}

/// How many changes have which outcome.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(crate) struct Tally {
    pub(crate) improved: usize,
    pub(crate) regressed: usize,
    pub(crate) unchanged: usize,
    pub(crate) inconclusive: usize,
}

impl Tally {
    pub(crate) fn of(comparison: &Comparison) -> Self {
        let mut tally = Self::default();
        for change in comparison.metrics.iter().flat_map(|metric| &metric.changes) {
            *match change.outcome {
                ChangeOutcome::Improved => &mut tally.improved,
                ChangeOutcome::Regressed => &mut tally.regressed,
                ChangeOutcome::Unchanged => &mut tally.unchanged,
                ChangeOutcome::Inconclusive => &mut tally.inconclusive,
            } += 1;
        }
        tally
    }

    /// The class of the verdict, as style sheets know it.
    pub(crate) fn class(self) -> &'static str {
        match (self.regressed, self.improved) {
            (0, 0) => "inconclusive",
            (0, _) => "pass",
            _ => "fail",
        }
    }

    /// What it comes to, in a sentence.
    pub(crate) fn headline(self, lang: Lang) -> String {
        let args = [("improved", self.improved.into()), ("regressed", self.regressed.into())];
        lang.say(
            match (self.regressed, self.improved) {
                (0, 0) => "compare-headline-none",
                (0, _) => "compare-headline-improved",
                _ => "compare-headline-regressed",
            },
            args,
        )
    }

    /// Of how many metrics and changes that is.
    pub(crate) fn said(self, metrics: usize, lang: Lang) -> String {
        let questions = self.improved + self.regressed + self.unchanged + self.inconclusive;
        lang.say(
            "compare-tally",
            [
                ("questions", questions.into()),
                ("metrics", metrics.into()),
                ("improved", self.improved.into()),
                ("regressed", self.regressed.into()),
                ("unchanged", self.unchanged.into()),
                ("inconclusive", self.inconclusive.into()),
            ],
        )
    }
}

/// What is claimed, in a sentence without a full stop.
pub(crate) fn claim(change: &ChangeView, lang: Lang) -> String {
    let args = [
        ("metric", (&change.metric).into()),
        ("side", (&change.side).into()),
        ("baseline", (&change.baseline).into()),
        ("value", (&change.value).into()),
        ("scenario", (&change.scenario).into()),
    ];
    lang.say("compare-claim", args)
}

/// Which sides a comparison has, of how many runs and trials.
pub(crate) fn line(comparison: &Comparison, lang: Lang) -> String {
    let sides = &comparison.sides;
    let args = [
        ("sides", sides.len().into()),
        ("runs", sides.iter().map(|side| side.runs.len()).sum::<usize>().into()),
        ("trials", sides.iter().map(|side| side.trials).sum::<u64>().into()),
        ("baseline", sides.first().map_or("", |side| side.label.as_str()).into()),
    ];
    lang.say("compare-line", args)
}

/// What a difference between runs does to the comparison.
pub(crate) fn weight(weight: Weight, lang: Lang) -> String {
    lang.text(match weight {
        Weight::Compared => "compare-weight-compared",
        Weight::Noted => "compare-weight-noted",
        Weight::Meaningless => "compare-weight-meaningless",
    })
}

/// How it was decided, sentence by sentence.
pub(crate) fn method(comparison: &Comparison, lang: Lang) -> Vec<String> {
    let counts = [
        ("resamples", comparison.resamples.into()),
        // A name, not a number of things: its digits are not grouped.
        ("seed", comparison.seed.to_string().into()),
    ];
    let error = Arg::Share(1.0 - comparison.confidence);
    vec![
        lang.say("compare-changes-meaning", [("noise", Arg::Share(comparison.noise))]),
        lang.text("compare-method-unit"),
        lang.say("compare-method-intervals", counts),
        lang.say("compare-method-correction", [("questions", comparison.questions.into()), ("error", error)]),
    ]
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn differences_have_a_sign_and_what_rounds_to_nothing_has_none() {
        for (unit, value, expected) in [
            (Unit::Us, 1_200_000.0, "+1.2 s"),
            (Unit::Us, -153_000.0, "−153 ms"),
            (Unit::Ratio, -0.05, "−5 points"),
            (Unit::Attempts, 0.0, "0"),
            (Unit::Requests, 0.001, "0"),
        ] {
            assert_eq!(difference(unit, value, Lang::En), expected);
        }
        assert_eq!((relative(2.0).as_str(), relative(0.5).as_str()), ("+100 %", "−50 %"));
        assert_eq!(relative(1.0), "0 %");
    }

    #[test]
    fn every_metric_and_outcome_has_a_name_in_each_language() {
        for lang in Lang::ALL {
            for metric in Metric::ALL {
                assert!(!metric_name(metric, lang).contains('⟦'), "{metric:?}");
            }
            for outcome in [
                ChangeOutcome::Improved,
                ChangeOutcome::Regressed,
                ChangeOutcome::Unchanged,
                ChangeOutcome::Inconclusive,
            ] {
                assert!(!ChangeMark::new(outcome, lang).said().contains('⟦'));
            }
        }
    }
}
