//! Several runs of one plan, judged as one.

use super::kpi::kpis;
use super::model::{Episode, Kpi, Summary};
use super::trial::trials;

/// Every KPI over the trials of all runs, as it is judged over those of one: twice three of three is six of six. The plan, and
/// the seed of the resamples, are those of the first run; without a run there is no KPI.
#[must_use]
pub fn pooled_kpis(runs: &[&Summary]) -> Vec<Kpi> {
    let Some(first) = runs.first() else { return Vec::new() };
    let episodes: Vec<Episode> = runs.iter().flat_map(|run| run.episodes.iter().cloned()).collect();
    // The numbers of episodes begin anew in each run, and no KPI asks for them.
    let trials: Vec<_> = runs.iter().flat_map(|run| trials(&run.episodes, &run.chains)).collect();
    kpis(&first.plan, first.seed, &episodes, &trials)
}

#[cfg(test)]
mod tests {
    use super::*;
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
}
