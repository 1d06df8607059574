//! The figures on which a scenario is judged, each with what it does and does not show.

mod state;

use super::interval::{self, MeanInterval};
use super::model::{Episode, Kpi, Outcome, Threshold, Verdict};
use super::trial::Trial;
use crate::journal::event::{KpiRecord, PlanRecord};
use crate::lang::{Arg, Sentence, format};

/// Every declared KPI of every scenario; `mean` gives the interval of the mean of times, and `custom` fills in those that the user
/// defines.
pub(super) fn kpis(
    plan: &PlanRecord,
    episodes: &[Episode],
    trials: &[Trial<'_>],
    mean: impl Fn(&str, &[f64]) -> Option<MeanInterval>,
    custom: impl Fn(&mut Kpi),
) -> Vec<Kpi> {
    let mut all = Vec::new();
    for scenario in &plan.scenarios {
        let own: Vec<_> = episodes.iter().filter(|episode| episode.scenario == scenario.name).collect();
        let trials: Vec<_> = trials.iter().copied().filter(|trial| trial.scenario == scenario.name).collect();
        let evidence = Evidence { plan, episodes: &own, trials: &trials, mean: &mean, custom: &custom };
        all.extend(scenario.kpis.iter().map(|declared| evidence.judge(&scenario.name, declared)));
    }
    all
}

/// What one scenario showed.
struct Evidence<'a> {
    plan: &'a PlanRecord,
    /// Every fault, members of chains included: each expects its own alerts.
    episodes: &'a [&'a Episode],
    trials: &'a [Trial<'a>],
    /// The interval of the mean of a scenario's times.
    mean: &'a dyn Fn(&str, &[f64]) -> Option<MeanInterval>,
    custom: &'a dyn Fn(&mut Kpi),
}

impl Evidence<'_> {
    fn judge(&self, scenario: &str, declared: &KpiRecord) -> Kpi {
        let mut kpi = Kpi {
            id: declared.id.clone(),
            name: declared.name.clone(),
            metric: declared.metric.clone(),
            phase: declared.phase.clone(),
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
        if declared.metric.is_some() {
            // What it leaves out are samples, not trials.
            kpi.excluded = 0;
            (self.custom)(&mut kpi);
            return kpi;
        }
        match declared.id.as_str() {
            "auto_recovery_rate" => self.auto_recovery_rate(&mut kpi),
            "mean_recovery_time" => self.mean_recovery_time(&mut kpi),
            "missed_alerts" => self.missed_alerts(&mut kpi),
            "state_resync_rate" => self.state_resync_rate(&mut kpi),
            _ => kpi.notes.push(Sentence::new("kpi-note-unknown")),
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
    fn kind(&self) -> (&'static str, Arg) {
        let chained = self.episodes.iter().any(|episode| episode.chain.is_some());
        ("kind", if chained { "trial" } else { "episode" }.into())
    }

    fn auto_recovery_rate(&self, kpi: &mut Kpi) {
        let trials = self.trials.iter().filter(|trial| trial.counts());
        kpi.denominator = trials.clone().count() as u64;
        kpi.numerator = trials.filter(|trial| trial.automatic).count() as u64;
        rate(kpi, self.plan.strict);
        left_out(kpi, self.trials(Outcome::Void), self.trials(Outcome::Aborted));
    }

    /// One censored episode makes the mean inconclusive, and a fail when even its lower bound (censored at the
    /// deadline) is over the line.
    fn mean_recovery_time(&self, kpi: &mut Kpi) {
        "us".clone_into(&mut kpi.unit);
        let times: Vec<u64> = self.trials.iter().filter_map(|trial| trial.recovery_us).collect();
        let censored = self.trials(Outcome::Censored);
        kpi.excluded += censored;
        kpi.numerator = times.iter().sum();
        kpi.denominator = times.len() as u64;
        kpi.value = mean(kpi.numerator, kpi.denominator);
        let floats: Vec<f64> = times.iter().map(|t| float(*t)).collect();
        let interval = (self.mean)(&kpi.scenario, &floats);
        kpi.interval = interval.map(|interval| interval.two_sided);
        kpi.bound = interval.map(|i| if kpi.threshold.op == ">=" { i.lower } else { i.upper });

        kpi.notes.push(self.mean_note(kpi));
        if censored == 0 {
            decide(kpi, self.plan.strict);
        } else {
            let least = kpi.numerator + censored * self.plan.recovery_deadline_us;
            let least = mean(least, kpi.denominator + censored).unwrap_or(0.0);
            if kpi.threshold.op == "<=" && least > kpi.threshold.limit {
                kpi.verdict = Verdict::Fail;
            }
            let least = ("least", length(least));
            kpi.notes.push(Sentence::with("kpi-note-censored", [("censored", censored.into()), least]));
        }
        left_out(kpi, self.trials(Outcome::Void), self.trials(Outcome::Aborted));
    }

    /// The mean, and how sure it is.
    fn mean_note(&self, kpi: &Kpi) -> Sentence {
        let Some(mean) = kpi.value else {
            return Sentence::with("kpi-note-none-recovered", [self.kind()]);
        };
        let (mean, trials) = (("mean", length(mean)), ("trials", kpi.denominator.into()));
        match kpi.interval {
            Some([low, high]) => {
                let (low, high) = (("low", length(low)), ("high", length(high)));
                Sentence::with("kpi-note-mean", [mean, self.kind(), trials, low, high])
            }
            None => {
                let least = ("least", interval::LEAST_FOR_BOOTSTRAP.into());
                Sentence::with("kpi-note-mean-of-few", [mean, self.kind(), trials, least])
            }
        }
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
            kpi.notes.push(Sentence::new("kpi-note-no-alert-source"));
            return;
        }
        if kpi.denominator == 0 {
            kpi.notes.push(Sentence::new("kpi-note-no-alert-expected"));
            return;
        }
        kpi.value = Some(float(kpi.numerator));
        decide(kpi, false);
        let (missed, expected) = (kpi.numerator, kpi.denominator);
        let counts = [("missed", missed.into()), ("expected", expected.into())];
        kpi.notes.push(Sentence::with("kpi-note-missed", counts));
        let late = sum(|episode| episode.alerts.late);
        if late > 0 {
            kpi.notes.push(Sentence::with("kpi-note-late", [("late", late.into())]));
        }
        if let (0, Some(bound)) = (missed, interval::upper_bound(missed, expected)) {
            kpi.notes.push(Sentence::with("kpi-note-missed-bound", [("bound", Arg::Share(bound))]));
        }
        self.left_out(kpi);
    }

    /// Which episodes do not count.
    fn left_out(&self, kpi: &mut Kpi) {
        left_out(kpi, self.count(Outcome::Void), self.count(Outcome::Aborted));
    }
}

pub(super) fn left_out(kpi: &mut Kpi, void: u64, aborted: u64) {
    for (id, trials) in [("kpi-note-void", void), ("kpi-note-aborted", aborted)] {
        if trials > 0 {
            kpi.notes.push(Sentence::with(id, [("trials", trials.into())]));
        }
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
        kpi.notes.push(Sentence::new("kpi-note-undecided"));
        return;
    };
    decide(kpi, strict);
    let limit = kpi.threshold.limit;
    let missed = at_least && bound < limit;
    let share = if missed { format::ratio_below(bound, limit).into() } else { Arg::Share(bound) };
    let id = if at_least { "kpi-note-at-least" } else { "kpi-note-at-most" };
    kpi.notes.push(Sentence::with(id, [("n", n.into()), ("of", of.into()), ("bound", share)]));
    if let Some(needed) = interval::trials_to_show(limit).filter(|_| n == of && missed) {
        let would_show = [("needed", needed.into()), ("limit", Arg::Share(limit))];
        kpi.notes.push(Sentence::with("kpi-note-would-show", would_show));
    }
}

/// A length in µs that was computed as a float.
fn length(us: f64) -> Arg {
    Arg::LengthUs(format::micros(us))
}

/// Judges the value; with `strict` also that the bound clears the line.
pub(super) fn decide(kpi: &mut Kpi, strict: bool) {
    let Threshold { op, limit } = &kpi.threshold;
    let meets = |value: f64| match op.as_str() {
        ">=" => Some(value >= *limit),
        "<=" => Some(value <= *limit),
        "<" => Some(value < *limit),
        ">" => Some(value > *limit),
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

pub(super) fn mean(sum: u64, count: u64) -> Option<f64> {
    (count > 0).then(|| float(sum) / float(count))
}

#[expect(clippy::cast_precision_loss, reason = "counts and sums of a run are far below 2^52")]
pub(super) fn float(n: u64) -> f64 {
    n as f64
}

#[cfg(test)]
mod tests;
