//! What the forms for other places say of a figure, in a language: Markdown, JUnit, the summary of a CI job. Pure.

use crate::analysis::Verdict;
use crate::analysis::model::{
    AlertTotals, Episode, EpisodeAlerts, Kpi, Outcome, RunState, ScenarioSummary, Summary,
};
use crate::lang::{Arg, Lang, format};
use crate::report::view;

/// One KPI of one scenario.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct KpiPhrases {
    pub(crate) name: String,
    pub(crate) value: String,
    /// `≥ 95 %`
    pub(crate) line: String,
    /// `3 of 3`; of a mean, of how many.
    pub(crate) counted: String,
    pub(crate) interval: String,
    /// What it does and does not show.
    pub(crate) evidence: String,
    /// Symbol and word.
    pub(crate) verdict: String,
}

impl KpiPhrases {
    pub(crate) fn new(kpi: &Kpi, lang: Lang) -> Self {
        let unit = kpi.unit.as_str();
        let n = Arg::Count(kpi.denominator);
        let notes: Vec<_> = kpi.notes.iter().map(|note| lang.read(note)).collect();
        let between = |[low, high]: [f64; 2]| {
            let (low, high) = (format::value(unit, low), format::value(unit, high));
            lang.say("md-from-to", [("low", low.into()), ("high", high.into())])
        };
        Self {
            name: kpi_name(&kpi.id, lang),
            value: kpi.value.map_or_else(|| lang.text("no-data"), |value| format::value(unit, value)),
            line: pass_line(&kpi.threshold.op, kpi.threshold.limit, unit),
            counted: match unit {
                "us" => lang.say("md-mean-of", [("n", n)]),
                _ => lang.say("md-n-of", [("n", kpi.numerator.into()), ("of", n)]),
            },
            interval: kpi.interval.map_or_else(|| lang.text("md-none"), between),
            evidence: view::semicolons(&notes, lang),
            verdict: verdict(kpi.verdict, lang),
        }
    }
}

/// `≥ 95 %`
pub(crate) fn pass_line(op: &str, limit: f64, unit: &str) -> String {
    let op = match op {
        ">=" => "≥",
        "<=" => "≤",
        other => other,
    };
    format!("{op} {}", format::value(unit, limit))
}

/// What a KPI is called; one that this version does not know goes by its id.
pub(crate) fn kpi_name(id: &str, lang: Lang) -> String {
    match id {
        "auto_recovery_rate" | "state_resync_rate" | "mean_recovery_time" | "missed_alerts" => {
            lang.text(&format!("kpi-{id}"))
        }
        other => other.to_owned(),
    }
}

/// Symbol and word of a verdict: never colour alone.
pub(crate) fn verdict(verdict: Verdict, lang: Lang) -> String {
    let (symbol, id) = match verdict {
        Verdict::Pass => ("✔", "verdict-pass"),
        Verdict::Fail => ("✘", "verdict-fail"),
        Verdict::Inconclusive => ("?", "verdict-inconclusive"),
    };
    format!("{symbol} {}", lang.text(id))
}

/// The answer to the run's question.
pub(crate) fn headline(verdict: Verdict, lang: Lang) -> String {
    lang.text(match verdict {
        Verdict::Pass => "headline-pass",
        Verdict::Fail => "headline-fail",
        Verdict::Inconclusive => "headline-inconclusive",
    })
}

/// How a run ended, with the reason.
pub(crate) fn state(summary: &Summary, lang: Lang) -> String {
    let word = lang.text(match summary.state {
        RunState::Completed => "run-completed",
        RunState::Interrupted => "run-interrupted",
        RunState::Aborted => "run-aborted",
        RunState::Failed => "run-failed",
    });
    match &summary.state_detail {
        Some(detail) => lang.say("md-because", [("what", word.into()), ("why", detail.into())]),
        None => word,
    }
}

/// One word for an outcome.
pub(crate) fn outcome(outcome: Outcome, lang: Lang) -> String {
    lang.text(match outcome {
        Outcome::Recovered => "outcome-recovered",
        Outcome::Censored => "outcome-censored",
        Outcome::Void => "outcome-void",
        Outcome::Aborted => "outcome-aborted",
    })
}

/// What that word means.
pub(crate) fn outcome_meaning(outcome: Outcome, lang: Lang) -> String {
    lang.text(match outcome {
        Outcome::Recovered => "outcome-recovered-meaning",
        Outcome::Censored => "outcome-censored-meaning",
        Outcome::Void => "outcome-void-meaning",
        Outcome::Aborted => "outcome-aborted-meaning",
    })
}

/// [`outcome`], and whether somebody helped.
pub(crate) fn outcome_of(outcome: Outcome, automatic: bool, lang: Lang) -> String {
    let word = self::outcome(outcome, lang);
    if outcome == Outcome::Recovered && !automatic {
        return lang.say("md-because", [("what", word.into()), ("why", lang.text("md-helped").into())]);
    }
    word
}

/// The alerts of an episode that were expected.
pub(crate) fn alerts(alerts: &EpisodeAlerts, lang: Lang) -> String {
    match (alerts.expected, alerts.late) {
        (0, _) => lang.text("md-none-due"),
        (expected, late) => {
            let counted = lang.say("md-n-of", [("n", alerts.matched.into()), ("of", expected.into())]);
            if late == 0 {
                return counted;
            }
            lang.say("md-alerts-late", [("counted", counted.into()), ("late", late.into())])
        }
    }
}

/// How long after the effect the alerts came that were expected and in time.
pub(crate) fn alert_delays(alerts: &AlertTotals, lang: Lang) -> Option<String> {
    let (p50, p95, max) = (alerts.delay_p50_us?, alerts.delay_p95_us, alerts.delay_max_us);
    let args = [("p50", Arg::LengthUs(p50)), ("p95", Arg::length_or(p95)), ("max", Arg::length_or(max))];
    Some(lang.say("md-alert-delays", args))
}

/// How many trials a scenario had; where chains are among them, a chain counts as one.
pub(crate) fn trials(scenario: &ScenarioSummary, lang: Lang) -> String {
    lang.say("md-trials", [("n", scenario.trials.into())])
}

/// From t0 until the target itself was ready: the phases up to that mark.
pub(crate) fn ready_us(episode: &Episode) -> Option<u64> {
    let phases = &episode.phases_us;
    Some(phases.ready? + phases.detect.unwrap_or(0) + phases.restart.unwrap_or(0))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::report::fixture;

    #[test]
    fn a_kpi_reads_in_each_language() {
        let summary = fixture::failing().summary;
        let said = KpiPhrases::new(&summary.kpis[0], Lang::En);
        assert_eq!(
            (said.value.as_str(), said.line.as_str(), said.counted.as_str(), said.verdict.as_str()),
            ("50 %", "≥ 95 %", "1 of 2", "✘ fail")
        );
        let said = KpiPhrases::new(&summary.kpis[0], Lang::Ja);
        assert_eq!((said.value.as_str(), said.verdict.as_str()), ("50 %", "✘ 不合格"));
    }

    #[test]
    fn what_has_no_data_says_so() {
        let said = KpiPhrases::new(&fixture::empty().summary.kpis[1], Lang::En);
        assert_eq!((said.value.as_str(), said.interval.as_str()), ("no data", "none"));
    }

    #[test]
    fn a_kpi_of_another_version_goes_by_its_id() {
        assert_eq!(kpi_name("goodput_lost", Lang::Ja), "goodput_lost");
    }
}
