//! Several runs of one plan, judged as one.

use std::cmp::Ordering;

use super::interval::bootstrap_mean;
use super::kpi::kpis;
use super::model::{Episode, Kpi, Summary};
use super::trial::trials;
use crate::lang::Sentence;

/// Every KPI over the trials of all runs, as it is judged over those of one: twice three of three is six of six. The plan, and
/// the seed of the resamples, are those of the first run; without a run there is no KPI.
#[must_use]
pub fn pooled_kpis(runs: &[&Summary]) -> Vec<Kpi> {
    let Some(first) = runs.first() else { return Vec::new() };
    let episodes: Vec<Episode> = runs.iter().flat_map(|run| run.episodes.iter().cloned()).collect();
    // The numbers of episodes begin anew in each run, and no KPI asks for them.
    let trials: Vec<_> = runs.iter().flat_map(|run| trials(&run.episodes, &run.chains)).collect();
    kpis(
        &first.plan,
        &episodes,
        &trials,
        |_, times| bootstrap_mean(times, first.seed),
        |kpi| of_worst_run(runs, kpi),
    )
}

/// A KPI that the user defines has to be met by each run: a summary does not keep the samples, and a percentile of
/// percentiles is none. It stays undecided where a run does not have it.
fn of_worst_run(runs: &[&Summary], kpi: &mut Kpi) {
    let own = |run: &&Summary| {
        run.kpis.iter().find(|own| own.id == kpi.id && own.scenario == kpi.scenario).cloned()
    };
    let Some(measured) = runs.iter().map(own).collect::<Option<Vec<_>>>() else {
        return kpi.notes.push(Sentence::new("kpi-note-unknown"));
    };
    if let Some(worst) = measured.into_iter().max_by(worst_last) {
        *kpi = worst;
    }
    if runs.len() > 1 {
        kpi.notes.push(Sentence::with("sweep-worst-run", [("runs", runs.len().into())]));
    }
}

/// Orders the same KPI of several runs or scenarios. A verdict weighs more than a value, and a value more than none: it says how bad
/// things are.
pub(crate) fn worst_last(a: &Kpi, b: &Kpi) -> Ordering {
    let sign = if a.threshold.op.starts_with('>') { -1.0 } else { 1.0 };
    let badness = |kpi: &Kpi| kpi.value.map_or(f64::NEG_INFINITY, |value| sign * value);
    a.verdict.cmp(&b.verdict).then(badness(a).total_cmp(&badness(b)))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::analysis::Verdict;
    use crate::journal::event::KpiRecord;
    use crate::report::fixture;

    #[test]
    fn runs_taken_together_count_as_one_run_with_all_their_trials() {
        let (good, bad) = (fixture::passing().summary, fixture::failing().summary);
        let rate = |runs: &[&Summary]| {
            let kpis = pooled_kpis(runs);
            let rate = kpis.into_iter().find(|kpi| kpi.id == "auto_recovery_rate").unwrap();
            (rate.numerator, rate.denominator, rate.excluded)
        };
        assert_eq!(rate(&[&good]), (3, 3, 0));
        assert_eq!(rate(&[&good, &good]), (6, 6, 0));
        assert_eq!(rate(&[&good, &bad]), (4, 5, 2));
        let own: Vec<_> = pooled_kpis(&[&good]).iter().map(|kpi| kpi.verdict).collect();
        assert_eq!(own, good.kpis.iter().map(|kpi| kpi.verdict).collect::<Vec<_>>());
        assert!(pooled_kpis(&[]).is_empty());
    }

    #[test]
    fn a_kpi_of_the_users_own_is_that_of_the_worst_run() {
        let run = |measured: Option<(f64, Verdict)>| {
            let mut run = fixture::passing().summary;
            let mut record = KpiRecord::new("slow", "<", 2e6);
            (record.metric, record.phase) = (Some("p95".to_owned()), Some("during".to_owned()));
            let mut kpi = run.kpis[1].clone();
            (kpi.id, kpi.metric, kpi.phase) =
                (record.id.clone(), record.metric.clone(), record.phase.clone());
            kpi.threshold.op = "<".to_owned();
            run.plan.scenarios[0].kpis.push(record);
            if let Some((value, verdict)) = measured {
                (kpi.value, kpi.verdict) = (Some(value), verdict);
                run.kpis.push(kpi);
            }
            run
        };
        let pooled = |runs: &[Summary]| {
            let kpis = pooled_kpis(&runs.iter().collect::<Vec<_>>());
            let kpi = kpis.last().unwrap();
            (kpi.value, kpi.verdict, kpi.notes.last().unwrap().text.clone())
        };
        let [fast, slow] = [1e6, 1.5e6].map(|value| run(Some((value, Verdict::Pass))));
        let (missed, lacks) = (run(Some((3e6, Verdict::Fail))), run(None));
        let (value, verdict, note) = pooled(&[slow.clone(), fast.clone()]);
        assert_eq!((value, verdict), (Some(1.5e6), Verdict::Pass));
        assert_eq!(note, "the worst of 2 runs");
        assert_eq!(pooled(&[fast.clone(), missed, slow]).1, Verdict::Fail);
        assert_eq!(pooled(&[fast, lacks]).1, Verdict::Inconclusive);
    }
}
