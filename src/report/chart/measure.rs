//! What the metrics of a comparison are called and how their values read. Pure.

use crate::compare::{ChangeOutcome, Metric, Unit};
use crate::lang::{Arg, Lang, format};

/// The metric's name with what its mean is taken over.
pub(super) fn name(metric: Metric, lang: Lang) -> String {
    lang.text(match metric {
        Metric::RecoveryTime => "metric-recovery_time",
        Metric::Detect => "metric-detect",
        Metric::Restart => "metric-restart",
        Metric::Ready => "metric-ready",
        Metric::Restore => "metric-restore",
        Metric::Recover => "metric-recover",
        Metric::AutoRecoveryRate => "metric-auto_recovery_rate",
        Metric::StateResyncRate => "metric-state_resync_rate",
        Metric::MissedAlerts => "metric-missed_alerts",
        Metric::AlertDelay => "metric-alert_delay",
        Metric::GoodputLost => "metric-goodput_lost",
        Metric::RestartAttempts => "metric-restart_attempts",
        Metric::FailedRequests => "metric-failed_requests",
    })
}

/// Which way is better, with an arrow that points there on a level axis.
pub(super) fn better(higher: bool, lang: Lang) -> String {
    lang.text(if higher { "metric-more-is-better" } else { "metric-less-is-better" })
}

/// What is claimed.
pub(super) fn outcome(outcome: ChangeOutcome, lang: Lang) -> String {
    lang.text(match outcome {
        ChangeOutcome::Improved => "change-improved",
        ChangeOutcome::Unchanged => "change-unchanged",
        ChangeOutcome::Inconclusive => "change-inconclusive",
        ChangeOutcome::Regressed => "change-regressed",
    })
}

/// A value with its unit.
pub(super) fn value(unit: Unit, value: f64, lang: Lang) -> String {
    match unit {
        Unit::Us => format::length(format::micros(value)),
        Unit::Ratio => format::ratio(value),
        Unit::Requests => lang.say("metric-requests", [("n", Arg::Number(value))]),
        Unit::Attempts => lang.say("metric-restarts", [("n", Arg::Number(value))]),
    }
}

/// [`value`], or that nobody observed it.
pub(super) fn value_or(unit: Unit, of: Option<f64>, lang: Lang) -> String {
    of.map_or_else(|| lang.text("not-observed"), |of| value(unit, of, lang))
}

/// A difference of two values with its sign and unit; of proportions in percentage points.
pub(super) fn difference(unit: Unit, of: f64, lang: Lang) -> String {
    let size = match unit {
        Unit::Ratio => lang.say("metric-points", [("n", Arg::Number(of.abs() * 100.0))]),
        Unit::Us | Unit::Requests | Unit::Attempts => value(unit, of.abs(), lang),
    };
    sign(of, &size)
}

/// A ratio as a change in per cent: `+25 %`, `−50 %`.
pub(super) fn change(ratio: f64) -> String {
    let percent = (ratio - 1.0) * 100.0;
    sign(percent, &format!("{} %", format::number(percent.abs())))
}

/// A difference of proportions in percentage points without their name: `+10`, `−5`.
pub(super) fn points(difference: f64) -> String {
    let points = difference * 100.0;
    sign(points, &format::number(points.abs()))
}

/// What is 0, or reads like it, needs no sign.
fn sign(of: f64, size: &str) -> String {
    let nothing = size.chars().filter(char::is_ascii_digit).all(|digit| digit == '0');
    match of {
        _ if nothing => size.to_owned(),
        of if of < 0.0 => format!("−{size}"),
        _ => format!("+{size}"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn changes_have_a_sign_and_nothing_has_none() {
        for (ratio, expected) in
            [(1.0, "0 %"), (0.5, "−50 %"), (2.0, "+100 %"), (1.000_01, "0 %"), (0.0, "−100 %")]
        {
            assert_eq!(change(ratio), expected, "{ratio}");
        }
        assert_eq!((points(0.1), points(-0.052), points(0.0)), ("+10".into(), "−5.2".into(), "0".into()));
        assert_eq!(difference(Unit::Us, -1_500.0, Lang::En), "−1.5 ms");
        assert_eq!(difference(Unit::Ratio, 0.25, Lang::En), "+25 points");
        assert_eq!(value(Unit::Requests, 88.4, Lang::En), "88.4 requests");
    }

    #[test]
    fn every_metric_and_outcome_has_a_name_of_its_own() {
        for lang in Lang::ALL {
            let names: std::collections::BTreeSet<_> =
                Metric::ALL.map(|metric| name(metric, lang)).into_iter().collect();
            assert_eq!(names.len(), Metric::ALL.len());
        }
    }
}
