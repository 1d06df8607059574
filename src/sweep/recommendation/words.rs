//! What a recommendation says: the steps of the rule in words, and what the data leave open.

use super::Step;
use crate::analysis::Verdict;
use crate::analysis::model::Kpi;
use crate::lang::{Arg, Sentence, format};
use crate::sweep::grid::Setting;
use crate::sweep::standing::Standing;

/// The rule's steps.
pub(super) struct Steps<'a> {
    /// The settings that meet every KPI.
    pub(super) passing: &'a [usize],
    pub(super) fastest: &'a Step,
    pub(super) fewest: &'a Step,
    pub(super) chosen: Option<usize>,
}

/// What is recommended, and why.
pub(super) fn reasons(standings: &[Standing], steps: &Steps<'_>) -> Vec<Sentence> {
    let mut reasons = Vec::new();
    let Some(chosen) = steps.chosen else {
        let open = standings.iter().any(|standing| standing.verdict == Verdict::Inconclusive);
        reasons.push(Sentence::new(if open { "sweep-none-shown" } else { "sweep-none" }));
        reasons.extend(standings.iter().filter_map(falls_short));
        return reasons;
    };
    let standing = &standings[chosen];
    let (trials, runs) = (("trials", standing.trials.into()), ("runs", standing.runs.into()));
    reasons.push(Sentence::with("sweep-chosen", [("setting", name(standing)), trials, runs]));
    if steps.passing.len() == 1 {
        reasons.push(Sentence::with("sweep-only", [("all", standings.len().into())]));
    } else {
        reasons.extend(fastest(standings, steps, chosen));
        reasons.extend(fewest(standings, steps, chosen));
        if steps.fewest.kept.len() > 1 {
            let id = if standing.planned { "sweep-simplest-planned" } else { "sweep-simplest" };
            let others = others(standings, &steps.fewest.kept, chosen);
            reasons.push(Sentence::with(id, [("others", others)]));
        }
    }
    reasons.extend(standings.iter().filter_map(falls_short));
    reasons
}

fn fastest(standings: &[Standing], steps: &Steps<'_>, chosen: usize) -> Option<Sentence> {
    let least = steps.fastest.least?;
    let count = ("passing", steps.passing.len().into());
    let mean =
        |place: usize| ("mean", Arg::LengthUs(format::micros(standings[place].recovery_us.unwrap_or(0.0))));
    let others = others(standings, &steps.fastest.kept, least);
    Some(if least == chosen && steps.fastest.kept.len() == 1 {
        Sentence::with("sweep-fastest", [count, mean(chosen)])
    } else if least == chosen {
        Sentence::with("sweep-fastest-with", [count, mean(chosen), ("others", others)])
    } else {
        let least = [("fastest", name(&standings[least])), ("least", mean(least).1)];
        let [fastest, time] = least;
        Sentence::with("sweep-not-slower", [count, mean(chosen), fastest, time])
    })
}

fn fewest(standings: &[Standing], steps: &Steps<'_>, chosen: usize) -> Option<Sentence> {
    let least = steps.fewest.least.filter(|_| steps.fastest.kept.len() > 1)?;
    let restarts = |place: usize| Arg::Number(standings[place].restarts.unwrap_or(0.0));
    Some(if least == chosen {
        Sentence::with("sweep-fewest", [("restarts", restarts(chosen))])
    } else {
        let other = [("fewest", name(&standings[least])), ("least", restarts(least))];
        let [fewest, least] = other;
        Sentence::with("sweep-no-more", [("restarts", restarts(chosen)), fewest, least])
    })
}

/// How the plan's own setting stands.
pub(super) fn planned(standings: &[Standing], steps: &Steps<'_>) -> Sentence {
    let Some(place) = standings.iter().position(|standing| standing.planned) else {
        return Sentence::new("sweep-planned-absent");
    };
    let standing = &standings[place];
    let time = ("mean", Arg::length_or(standing.recovery_us.map(format::micros)));
    if steps.chosen == Some(place) {
        return Sentence::with("sweep-planned-chosen", [time]);
    }
    let unmet = match standing.verdict {
        Verdict::Pass => None,
        Verdict::Fail => Some("sweep-planned-unmet"),
        Verdict::Inconclusive => Some("sweep-planned-open"),
    };
    if let Some(id) = unmet {
        return Sentence::with(id, [("unmet", kpis(standing, standing.verdict))]);
    }
    let id = if !steps.fastest.kept.contains(&place) {
        "sweep-planned-slower"
    } else if !steps.fewest.kept.contains(&place) {
        "sweep-planned-more"
    } else {
        "sweep-planned-passes"
    };
    let restarts = standing.restarts.map_or_else(|| Sentence::new("not-observed").into(), Arg::Number);
    Sentence::with(id, [time, ("restarts", restarts)])
}

/// What the data do not decide.
pub(super) fn undecided(standings: &[Standing], steps: &Steps<'_>) -> Vec<Sentence> {
    let mut undecided = Vec::new();
    if let Some(chosen) = steps.chosen {
        if steps.fastest.kept.len() > 1 {
            let others = others(standings, &steps.fastest.kept, chosen);
            undecided.push(Sentence::with(
                "sweep-open-faster",
                [("setting", name(&standings[chosen])), ("others", others)],
            ));
        }
        undecided.extend(standings[chosen].kpis.iter().filter_map(|kpi| not_shown(kpi, &standings[chosen])));
    }
    let open = standings.iter().filter(|standing| standing.verdict == Verdict::Inconclusive);
    undecided.extend(open.map(|standing| {
        let kpis = kpis(standing, Verdict::Inconclusive);
        Sentence::with("sweep-open-kpis", [("setting", name(standing)), ("kpis", kpis)])
    }));
    undecided
}

/// Combinations that no backend takes, when there are any.
#[must_use]
pub fn impossible(settings: &[Setting]) -> Option<Sentence> {
    let names = Arg::List(settings.iter().map(|setting| setting.to_string().into()).collect());
    let args = [("settings", names), ("count", settings.len().into())];
    (!settings.is_empty()).then(|| Sentence::with("sweep-open-impossible", args))
}

/// That a setting has `missing` runs less than `planned`, when it has.
#[must_use]
pub fn missing(setting: &Setting, missing: u64, planned: u64) -> Option<Sentence> {
    let args =
        [("setting", setting.to_string().into()), ("runs", missing.into()), ("planned", planned.into())];
    (missing > 0).then(|| Sentence::with("sweep-open-failed", args))
}

/// A rate that passes, but that so few trials do not show with 95 % confidence.
fn not_shown(kpi: &Kpi, standing: &Standing) -> Option<Sentence> {
    let bound = kpi.bound.filter(|bound| kpi.unit == "ratio" && *bound < kpi.threshold.limit)?;
    Some(Sentence::with(
        "sweep-open-rate",
        [
            ("setting", name(standing)),
            ("kpi", kpi_name(kpi)),
            ("scenario", (&kpi.scenario).into()),
            ("bound", Arg::Share(bound)),
            ("limit", Arg::Share(kpi.threshold.limit)),
            ("trials", kpi.denominator.into()),
        ],
    ))
}

/// Which KPIs a setting misses; nothing of one that misses none, or of which it is not decided.
fn falls_short(standing: &Standing) -> Option<Sentence> {
    let args = [("setting", name(standing)), ("unmet", kpis(standing, Verdict::Fail))];
    (standing.verdict == Verdict::Fail).then(|| Sentence::with("sweep-unmet", args))
}

/// The KPIs of a verdict, each with what it is and what it had to be.
fn kpis(standing: &Standing, verdict: Verdict) -> Arg {
    let say = |kpi: &Kpi| {
        let op = Arg::Text(match kpi.threshold.op.as_str() {
            ">=" => "≥".to_owned(),
            "<=" => "≤".to_owned(),
            other => other.to_owned(),
        });
        let limit = in_unit(kpi, kpi.threshold.limit);
        let args =
            [("kpi", kpi_name(kpi)), ("scenario", (&kpi.scenario).into()), ("op", op), ("limit", limit)];
        let [name, scenario, op, limit] = args;
        Arg::from(match kpi.value {
            Some(value) => {
                Sentence::with("sweep-kpi", [name, scenario, op, limit, ("value", in_unit(kpi, value))])
            }
            None => Sentence::with("sweep-kpi-no-data", [name, scenario, op, limit]),
        })
    };
    let with = standing.kpis.iter().filter(|kpi| kpi.verdict == verdict).map(say).collect::<Vec<_>>();
    if with.is_empty() { Sentence::new("sweep-no-trial").into() } else { Arg::List(with) }
}

fn in_unit(kpi: &Kpi, value: f64) -> Arg {
    match kpi.unit.as_str() {
        "us" => Arg::LengthUs(format::micros(value)),
        "ratio" => Arg::Share(value),
        "per_s" => format::value("per_s", value).into(),
        _ => Arg::Number(value),
    }
}

fn kpi_name(kpi: &Kpi) -> Arg {
    const KNOWN: [&str; 4] =
        ["auto_recovery_rate", "state_resync_rate", "mean_recovery_time", "missed_alerts"];
    if KNOWN.contains(&kpi.id.as_str()) {
        Sentence::new(&format!("sweep-kpi-{}", kpi.id)).into()
    } else {
        // One that the user defines goes by its name, or else by its expression.
        (&kpi.id).into()
    }
}

fn name(standing: &Standing) -> Arg {
    standing.setting.to_string().into()
}

fn others(standings: &[Standing], places: &[usize], but: usize) -> Arg {
    let others = places.iter().filter(|place| **place != but);
    Arg::List(others.map(|place| name(&standings[*place])).collect())
}
