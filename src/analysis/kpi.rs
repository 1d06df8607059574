//! The figures on which a scenario is judged, each with what it does and does not show.

mod state;

use super::interval;
use super::model::{Episode, Kpi, Outcome, Threshold, Verdict};
use super::trial::Trial;
use super::words::{percent, percent_below, plural, seconds};
use crate::journal::event::{KpiRecord, PlanRecord};
use crate::lang::Sentence;

/// Every declared KPI of every scenario.
pub(super) fn kpis(plan: &PlanRecord, seed: u64, episodes: &[Episode], trials: &[Trial<'_>]) -> Vec<Kpi> {
    let mut all = Vec::new();
    for scenario in &plan.scenarios {
        let own: Vec<_> = episodes.iter().filter(|episode| episode.scenario == scenario.name).collect();
        let trials: Vec<_> = trials.iter().copied().filter(|trial| trial.scenario == scenario.name).collect();
        let evidence = Evidence { plan, seed, episodes: &own, trials: &trials };
        all.extend(scenario.kpis.iter().map(|declared| evidence.judge(&scenario.name, declared)));
    }
    all
}

/// What one scenario showed.
struct Evidence<'a> {
    plan: &'a PlanRecord,
    seed: u64,
    /// Every fault, members of chains included: each expects its own alerts.
    episodes: &'a [&'a Episode],
    trials: &'a [Trial<'a>],
}

impl Evidence<'_> {
    fn judge(&self, scenario: &str, declared: &KpiRecord) -> Kpi {
        let mut kpi = Kpi {
            id: declared.id.clone(),
            scenario: scenario.to_owned(),
            value: None,
            unit: "ratio".to_owned(),
            numerator: 0,
            denominator: 0,
            excluded: self.trials(Outcome::Void) + self.trials(Outcome::Aborted),
            interval: None,
            bound: None,
            threshold: Threshold { op: declared.op.clone(), limit: declared.limit },
            verdict: Verdict::Inconclusive,
            notes: Vec::new(),
        };
        match declared.id.as_str() {
            "auto_recovery_rate" => self.auto_recovery_rate(&mut kpi),
            "mean_recovery_time" => self.mean_recovery_time(&mut kpi),
            "missed_alerts" => self.missed_alerts(&mut kpi),
            "state_resync_rate" => self.state_resync_rate(&mut kpi),
            _ => say(&mut kpi, "this version does not know the KPI, so nothing is shown"),
        }
        kpi
    }

    fn count(&self, outcome: Outcome) -> u64 {
        self.episodes.iter().filter(|episode| episode.outcome == outcome).count() as u64
    }

    fn trials(&self, outcome: Outcome) -> u64 {
        self.trials.iter().filter(|trial| trial.outcome == outcome).count() as u64
    }

    /// What a trial is called: a chain counts as one, however many episodes it has.
    fn trial(&self) -> &'static str {
        if self.episodes.iter().any(|episode| episode.chain.is_some()) { "trial" } else { "episode" }
    }

    fn auto_recovery_rate(&self, kpi: &mut Kpi) {
        let trials = self.trials.iter().filter(|trial| trial.counts());
        kpi.denominator = trials.clone().count() as u64;
        kpi.numerator = trials.filter(|trial| trial.automatic).count() as u64;
        rate(kpi, self.plan.strict);
        say(kpi, &left_out(self.trials(Outcome::Void), self.trials(Outcome::Aborted)));
    }

    /// One censored episode makes the mean inconclusive, and a fail when even its lower bound (censored at the
    /// deadline) is over the line.
    fn mean_recovery_time(&self, kpi: &mut Kpi) {
        "us".clone_into(&mut kpi.unit);
        let times: Vec<u64> = self.trials.iter().filter_map(|trial| trial.recovery_us).collect();
        let censored = self.trials(Outcome::Censored);
        let recovered = format!("recovered {}", self.trial());
        kpi.excluded += censored;
        kpi.numerator = times.iter().sum();
        kpi.denominator = times.len() as u64;
        kpi.value = mean(kpi.numerator, kpi.denominator);
        let floats: Vec<f64> = times.iter().map(|t| float(*t)).collect();
        let interval = interval::bootstrap_mean(&floats, self.seed);
        kpi.interval = interval.map(|interval| interval.two_sided);
        kpi.bound = interval.map(|i| if kpi.threshold.op == ">=" { i.lower } else { i.upper });

        let note = match (kpi.value, &kpi.interval) {
            (None, _) => format!("no {} recovered", self.trial()),
            (Some(mean), None) => format!(
                "{} over {}; below {} a mean has no interval",
                seconds(mean),
                plural(kpi.denominator, &recovered),
                interval::LEAST_FOR_BOOTSTRAP
            ),
            (Some(mean), Some([low, high])) => format!(
                "{} over {}, 95 % interval {} to {}",
                seconds(mean),
                plural(kpi.denominator, &recovered),
                seconds(*low),
                seconds(*high)
            ),
        };
        say(kpi, &note);
        if censored == 0 {
            decide(kpi, self.plan.strict);
        } else {
            let least = kpi.numerator + censored * self.plan.recovery_deadline_us;
            let least = mean(least, kpi.denominator + censored).unwrap_or(0.0);
            if kpi.threshold.op == "<=" && least > kpi.threshold.limit {
                kpi.verdict = Verdict::Fail;
            }
            say(kpi, &format!("{censored} censored, so the true mean is at least {}", seconds(least)));
        }
        say(kpi, &left_out(self.trials(Outcome::Void), self.trials(Outcome::Aborted)));
    }

    /// A count of this run, not an estimate: it has no interval, and `--strict` asks nothing more of it.
    fn missed_alerts(&self, kpi: &mut Kpi) {
        "count".clone_into(&mut kpi.unit);
        kpi.excluded = self.count(Outcome::Void);
        let sum =
            |of: fn(&Episode) -> u32| self.episodes.iter().map(|episode| u64::from(of(episode))).sum::<u64>();
        kpi.numerator = sum(|episode| episode.alerts.missed);
        kpi.denominator = sum(|episode| episode.alerts.expected);
        if !self.plan.alert_source {
            say(kpi, "no alerts could be received, so nothing is shown");
            return;
        }
        if kpi.denominator == 0 {
            say(kpi, "no alert was expected, so nothing is shown");
            return;
        }
        kpi.value = Some(float(kpi.numerator));
        decide(kpi, false);
        let (missed, expected) = (kpi.numerator, kpi.denominator);
        say(kpi, &format!("{missed} of {} missed", plural(expected, "expected alert")));
        let late = sum(|episode| episode.alerts.late);
        if late > 0 {
            say(kpi, &format!("{late} of them came late"));
        }
        if let (0, Some(bound)) = (missed, interval::upper_bound(missed, expected)) {
            say(
                kpi,
                &format!("up to {} missed in the long run is not excluded (one-sided 95 %)", percent(bound)),
            );
        }
        say(kpi, &self.left_out());
    }

    /// Which episodes do not count.
    fn left_out(&self) -> String {
        left_out(self.count(Outcome::Void), self.count(Outcome::Aborted))
    }
}

fn left_out(void: u64, aborted: u64) -> String {
    match (void, aborted) {
        (0, 0) => String::new(),
        (void, 0) => format!("{void} void left out"),
        (0, aborted) => format!("{aborted} aborted left out"),
        (void, aborted) => format!("{void} void and {aborted} aborted left out"),
    }
}

/// Fills in a proportion, its intervals and what they show.
fn rate(kpi: &mut Kpi, strict: bool) {
    let (n, of) = (kpi.numerator, kpi.denominator);
    kpi.value = mean(n, of);
    kpi.interval = interval::clopper_pearson(n, of);
    let at_least = kpi.threshold.op != "<=";
    kpi.bound = if at_least { interval::lower_bound(n, of) } else { interval::upper_bound(n, of) };
    let Some(bound) = kpi.bound else {
        say(kpi, "no episode was decided, so nothing is shown");
        return;
    };
    decide(kpi, strict);
    let limit = kpi.threshold.limit;
    if !at_least {
        say(kpi, &format!("{n} of {of}: at most {} with 95 % confidence (one-sided)", percent(bound)));
        return;
    }
    let bound_text = if bound < limit { percent_below(bound, limit) } else { percent(bound) };
    say(kpi, &format!("{n} of {of}: at least {bound_text} with 95 % confidence (one-sided)"));
    if let Some(needed) = interval::trials_to_show(limit).filter(|_| n == of && bound < limit) {
        say(kpi, &format!("{needed} of {needed} would show {}", percent(limit)));
    }
}

/// Adds to the note.
fn say(kpi: &mut Kpi, what: &str) {
    if !what.is_empty() {
        kpi.notes.push(Sentence::verbatim(what));
    }
}

/// Judges the value; with `strict` also that the bound clears the line.
fn decide(kpi: &mut Kpi, strict: bool) {
    let Threshold { op, limit } = &kpi.threshold;
    let meets = |value: f64| match op.as_str() {
        ">=" => Some(value >= *limit),
        "<=" => Some(value <= *limit),
        "=" => Some((value - limit).abs() < 1e-9),
        _ => None,
    };
    kpi.verdict = match kpi.value.and_then(meets) {
        None => Verdict::Inconclusive,
        Some(false) => Verdict::Fail,
        Some(true) if !strict => Verdict::Pass,
        Some(true) => match kpi.bound.and_then(meets) {
            Some(true) => Verdict::Pass,
            Some(false) | None => Verdict::Inconclusive,
        },
    };
}

fn mean(sum: u64, count: u64) -> Option<f64> {
    (count > 0).then(|| float(sum) / float(count))
}

#[expect(clippy::cast_precision_loss, reason = "counts and sums of a run are far below 2^52")]
fn float(n: u64) -> f64 {
    n as f64
}

#[cfg(test)]
mod tests;
