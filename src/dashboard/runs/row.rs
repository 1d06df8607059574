//! A run in a list, from all that was judged of it. Pure.

use super::model::{RowScenario, RunRow};
use crate::analysis::model::{Kpi, Outcome};
use crate::analysis::{Summary, trial, worst_last};
use crate::compare::policy_fields;
use crate::dashboard::live::model::KpiCell;
use crate::lang::{Lang, format};
use crate::plan::KpiId;
use crate::report::Mark;
use crate::report::view::run_state;

/// The row of a run that stands alone. What its [`setting`](RunRow::setting) is called shows among others only, and whether there is a
/// report its folder says.
pub(super) fn row(id: &str, run: &Summary, lang: Lang) -> RunRow {
    let (trials, censored) = trial::decided(run);
    let scenarios = run.scenarios.iter().map(|scenario| RowScenario {
        name: scenario.name.clone(),
        verdict: Mark::new(scenario.verdict, lang),
    });
    RunRow {
        id: id.to_owned(),
        run_id: run.run_id.clone(),
        started_at: run.started_at.clone(),
        started_at_unix_ms: run.started_at.parse().ok().map(jiff::Timestamp::as_millisecond),
        duration_us: run.duration_us,
        duration: format::length(run.duration_us),
        state: run.state,
        state_text: run_state(run.state, lang),
        verdict: Mark::new(run.verdict, lang),
        scenarios: scenarios.collect(),
        kpis: KpiId::ALL.iter().filter_map(|id| worst(run, *id)).map(|kpi| KpiCell::new(kpi, lang)).collect(),
        labels: run.labels.clone(),
        setting: String::new(),
        policy: policy_fields(run),
        users: run.plan.users,
        trials,
        mean_recovery_us: mean_recovery_us(run),
        censored,
        report: None,
    }
}

/// Of all scenarios that declare a KPI the one in which the run did worst, the first of several.
fn worst(run: &Summary, id: KpiId) -> Option<&Kpi> {
    // One that the user defines may have any name.
    let of = run.kpis.iter().filter(|kpi| kpi.id == id.as_str() && kpi.metric.is_none());
    of.min_by(|a, b| worst_last(b, a))
}

/// Over all trials that recovered, a chain being one.
fn mean_recovery_us(run: &Summary) -> Option<u64> {
    let trials = trial::trials(&run.episodes, &run.chains);
    let recovered = trials.iter().filter(|trial| trial.outcome == Outcome::Recovered);
    let times: Vec<u64> = recovered.filter_map(|trial| trial.recovery_us).collect();
    let sum: u128 = times.iter().map(|us| u128::from(*us)).sum();
    u64::try_from(sum.checked_div(times.len() as u128)?).ok()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::analysis::model::{RunState, Verdict};
    use crate::report::fixture;

    fn of(run: &Summary) -> RunRow {
        row("a/b", run, Lang::En)
    }

    fn texts(row: &RunRow) -> Vec<(&str, &str, &str, &str)> {
        row.kpis
            .iter()
            .map(|kpi| (kpi.id.as_str(), kpi.text.as_str(), kpi.line.as_str(), kpi.mark.class))
            .collect()
    }

    #[test]
    fn a_run_reads_as_its_report_does() {
        let row = of(&fixture::failing().summary);
        assert_eq!((row.id.as_str(), row.run_id.as_str()), ("a/b", "20260102-030405-7f3a"));
        assert_eq!(row.started_at_unix_ms, Some(1_767_323_045_678));
        assert_eq!((row.duration.as_str(), row.state), ("80.2 s", RunState::Interrupted));
        assert_eq!((row.state_text.as_str(), row.verdict.said().as_str()), ("interrupted", "✘ fail"));
        assert_eq!(
            texts(&row),
            [
                ("auto_recovery_rate", "50 %", "≥ 95 %", "fail"),
                ("mean_recovery_time", "153 ms", "≤ 60 s", "inconclusive"),
                ("missed_alerts", "1", "= 0", "fail"),
            ]
        );
        // One recovered and one was given up; void and aborted ones are no trials.
        assert_eq!((row.trials, row.censored), (2, 1));
        assert_eq!(row.mean_recovery_us, fixture::failing().summary.episodes[0].recovery_us);
        assert_eq!((row.labels["branch"].as_str(), row.users), ("main", 50));
        assert_eq!(row.scenarios[0].verdict.class, "fail");
    }

    #[test]
    fn its_texts_are_in_the_language_and_its_figures_are_the_same() {
        let run = fixture::failing().summary;
        let (english, japanese) = (of(&run), row("a/b", &run, Lang::Ja));
        assert_eq!((japanese.state_text.as_str(), japanese.verdict.word.as_str()), ("中断", "不合格"));
        assert_eq!(japanese.kpis[0].name, "自動復旧成功率");
        assert_eq!(texts(&english), texts(&japanese));
    }

    #[test]
    fn of_each_kpi_the_scenario_stands_there_in_which_the_run_did_worst() {
        let kpis = fixture::failing().summary.kpis;
        let (rate, mean) = (&kpis[0], &kpis[1]);
        let with = |kpi: &Kpi, scenario: &str, value: Option<f64>, verdict: Verdict| Kpi {
            scenario: scenario.to_owned(),
            value,
            verdict,
            ..kpi.clone()
        };
        for (kpi, all, expected) in [
            // The verdict decides, whatever the values are.
            (rate, vec![("a", Some(0.2), Verdict::Inconclusive), ("b", Some(0.9), Verdict::Fail)], "b"),
            // Of a rate less is worse, of a time more.
            (rate, vec![("a", Some(0.97), Verdict::Pass), ("b", Some(0.96), Verdict::Pass)], "b"),
            (mean, vec![("a", Some(3e6), Verdict::Pass), ("b", Some(2e6), Verdict::Pass)], "a"),
            (mean, vec![("a", None, Verdict::Inconclusive), ("b", Some(2e6), Verdict::Inconclusive)], "b"),
            (mean, vec![("a", Some(2e6), Verdict::Pass), ("b", Some(2e6), Verdict::Pass)], "a"),
        ] {
            let mut run = fixture::passing().summary;
            run.kpis = all.iter().map(|(name, value, verdict)| with(kpi, name, *value, *verdict)).collect();
            let row = of(&run);
            assert_eq!(row.kpis.len(), 1, "{all:?}");
            assert_eq!(row.kpis[0].scenario, expected, "{all:?}");
        }
    }

    #[test]
    fn a_kpi_of_the_users_own_is_none_of_the_four_whatever_it_is_called() {
        let mut run = fixture::custom().summary;
        for kpi in run.kpis.iter_mut().filter(|kpi| kpi.metric.is_some()) {
            "missed_alerts".clone_into(&mut kpi.id);
        }
        let row = of(&run);
        assert_eq!(texts(&row), texts(&of(&fixture::passing().summary)));
    }

    #[test]
    fn a_chain_is_one_trial_and_its_members_are_none() {
        let run = fixture::chains(1).summary;
        let row = of(&run);
        assert!(run.episodes.iter().filter(|episode| episode.chain.is_some()).count() > 1);
        let alone = run.episodes.iter().filter(|episode| episode.chain.is_none() && episode.is_trial());
        let chains = run.chains.iter().filter(|chain| chain.recovery_us.is_some());
        assert!(row.trials < run.episodes.len() as u64);
        let times: Vec<u64> = alone
            .filter_map(|episode| episode.recovery_us)
            .chain(chains.filter_map(|chain| chain.recovery_us))
            .collect();
        assert_eq!(row.mean_recovery_us, Some(times.iter().sum::<u64>() / times.len() as u64));
    }

    #[test]
    fn what_was_not_observed_is_absent() {
        let mut run = fixture::empty().summary;
        "yesterday".clone_into(&mut run.started_at);
        let row = of(&run);
        assert_eq!((row.started_at_unix_ms, row.mean_recovery_us, row.trials), (None, None, 0));
        assert_eq!(row.kpis[1].text, "no data");
        assert!(row.policy.is_empty());
    }
}
