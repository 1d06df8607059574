//! The answer at the top of the page: KPIs against their pass lines, and which episodes decided them. Pure.

use serde::Serialize;

use crate::analysis::model::{Episode, Expectation, Kpi, Met, Outcome, ScenarioSummary};
use crate::analysis::{Analysis, Summary, Verdict};
use crate::lang::{Arg, Lang};
use crate::report::view::{self, KpiView, Mark};

/// So many episodes are named beside a KPI that is no pass.
const MOST_NAMED: usize = 8;

/// Why the verdict is no pass.
#[derive(Debug, Serialize)]
pub(super) struct Reason {
    pub(super) text: String,
    /// The episodes that caused it.
    pub(super) culprits: Vec<Culprit>,
    /// How many more there are.
    pub(super) more: Option<String>,
}

/// An episode that kept a KPI from its pass line.
#[derive(Debug, Serialize)]
pub(super) struct Culprit {
    pub(super) episode: u32,
    pub(super) name: String,
    pub(super) why: String,
}

/// The KPIs that are no pass, worst first, each with the episodes that caused it.
pub(super) fn reasons(analysis: &Analysis, lang: Lang) -> Vec<Reason> {
    let summary = &analysis.summary;
    let reason = |kpi: &Kpi| {
        let mut culprits = culprits(kpi, analysis, lang);
        let more = culprits.len().saturating_sub(MOST_NAMED);
        culprits.truncate(MOST_NAMED);
        Reason {
            text: view::reason(kpi, summary, lang),
            culprits,
            more: (more > 0).then(|| lang.say("page-culprits-more", [("n", more.into())])),
        }
    };
    view::unmet(summary).into_iter().map(reason).collect()
}

fn culprits(kpi: &Kpi, analysis: &Analysis, lang: Lang) -> Vec<Culprit> {
    let judge = Judge { kpi, analysis, lang };
    let mut own: Vec<_> =
        analysis.summary.episodes.iter().filter(|episode| episode.scenario == kpi.scenario).collect();
    if kpi.id == "mean_recovery_time" {
        // What never recovered weighs most.
        own.sort_by_key(|episode| std::cmp::Reverse(episode.recovery_us.unwrap_or(u64::MAX)));
    }
    let culprit = |episode: &Episode| {
        Some(Culprit {
            episode: episode.id,
            name: format!("#{} {} {}", episode.id, episode.fault, episode.target),
            why: judge.why(episode)?,
        })
    };
    own.into_iter().filter_map(culprit).collect()
}

/// Says what an episode has to do with a KPI that is no pass.
struct Judge<'a> {
    kpi: &'a Kpi,
    analysis: &'a Analysis,
    lang: Lang,
}

impl Judge<'_> {
    fn why(&self, episode: &Episode) -> Option<String> {
        match self.kpi.id.as_str() {
            "auto_recovery_rate" => self.unhealed(episode),
            "mean_recovery_time" => self.slow(episode),
            "missed_alerts" => self.missed(episode),
            "state_resync_rate" => self.damaged(episode),
            _ => None,
        }
    }

    /// Not recovered, or not by itself.
    fn unhealed(&self, episode: &Episode) -> Option<String> {
        match episode.outcome {
            Outcome::Recovered if episode.automatic => None,
            Outcome::Recovered => Some(self.lang.text("page-why-helped")),
            Outcome::Censored => Some(self.censored(episode)),
            Outcome::Void | Outcome::Aborted => self.uncounted(episode),
        }
    }

    /// An episode that counts for nothing can leave a KPI undecided; it cannot make one fail.
    fn uncounted(&self, episode: &Episode) -> Option<String> {
        let lang = self.lang;
        let meaning = || view::outcome_meaning(episode.outcome, lang);
        (self.kpi.verdict == Verdict::Inconclusive)
            .then(|| view::named(&view::outcome(episode.outcome, lang), &meaning(), lang))
    }

    /// How far it got, and what users saw most.
    fn censored(&self, episode: &Episode) -> String {
        let lang = self.lang;
        let deadline = Arg::LengthUs(self.analysis.summary.plan.recovery_deadline_us);
        let mut parts = vec![lang.say("page-why-censored", [("deadline", deadline)])];
        parts.push(match view::observed(&episode.phases_us).last() {
            Some(last) => lang.say(
                "page-why-reached",
                [("phase", view::phase_meaning(last.index, episode.hits_stores(), lang).into())],
            ),
            None => lang.text("page-why-unnoticed"),
        });
        if let Some((cause, n)) = episode.failure_causes.first() {
            parts.push(lang.say("page-why-cause", [("cause", cause.into()), ("n", (*n).into())]));
        }
        view::semicolons(&parts, lang)
    }

    fn slow(&self, episode: &Episode) -> Option<String> {
        match (episode.outcome, episode.recovery_us) {
            (Outcome::Recovered, Some(us)) => {
                #[expect(clippy::cast_precision_loss, reason = "compared with a line of whole milliseconds")]
                let over = us as f64 > self.kpi.threshold.limit;
                over.then(|| self.lang.say("page-why-slow", [("length", Arg::LengthUs(us))]))
            }
            (Outcome::Censored, _) => Some(self.censored(episode)),
            _ => None,
        }
    }

    /// Which alerts did not come, or not in time.
    fn missed(&self, episode: &Episode) -> Option<String> {
        if episode.alerts.missed == 0 {
            return None;
        }
        let own = self.analysis.expectations.iter().filter(|expected| expected.episode == episode.id);
        let missed: Vec<_> = own
            .filter_map(|expected| {
                let alert = expected_name(expected, self.lang);
                let us = |from: u64, to: u64| Arg::LengthUs(to.saturating_sub(from));
                match expected.met {
                    Met::Missed => Some(self.lang.say(
                        "page-why-missed",
                        [("alert", alert.into()), ("length", us(expected.t0_us, expected.deadline_us))],
                    )),
                    Met::Late(at) => Some(self.lang.say(
                        "page-why-late",
                        [("alert", alert.into()), ("length", us(expected.deadline_us, at))],
                    )),
                    Met::InTime(_) | Met::Undecided => None,
                }
            })
            .collect();
        if missed.is_empty() {
            let args = [("n", episode.alerts.missed.into()), ("expected", episode.alerts.expected.into())];
            return Some(self.lang.say("page-why-alerts", args));
        }
        Some(view::semicolons(&missed, self.lang))
    }

    /// What is wrong with the state, or why nobody knows.
    fn damaged(&self, episode: &Episode) -> Option<String> {
        if !episode.hits_stores() {
            return None;
        }
        if !episode.is_trial() {
            return self.uncounted(episode);
        }
        let state = episode.state.as_ref().filter(|state| state.resynced != Some(true))?;
        let mut parts = vec![view::state::whole_because(state, self.lang)];
        let damaged = state.read_back.map_or(0, |read| read.newly_damaged);
        parts.extend(view::counted([(damaged, "page-why-damaged")], self.lang));
        Some(view::semicolons(&parts, self.lang))
    }
}

/// An alert that is due, by the kinds that will do and its module.
pub(super) fn expected_name(expected: &Expectation, lang: Lang) -> String {
    let kinds = expected.kinds.join(" / ");
    lang.say("page-alert-of", [("kind", kinds.into()), ("module", (&expected.module).into())])
}

/// The KPIs of several scenarios at a glance.
#[derive(Debug, Serialize)]
pub(super) struct Matrix {
    pub(super) columns: Vec<String>,
    pub(super) rows: Vec<MatrixRow>,
}

/// One scenario.
#[derive(Debug, Serialize)]
pub(super) struct MatrixRow {
    pub(super) name: String,
    pub(super) mark: Mark,
    pub(super) trials: String,
    /// One for each column; none where the scenario does not declare the KPI.
    pub(super) cells: Vec<Option<MatrixCell>>,
}

/// One KPI of one scenario.
#[derive(Debug, Serialize)]
pub(super) struct MatrixCell {
    pub(super) value: String,
    pub(super) mark: Mark,
}

/// The overview, when there is more than one scenario.
pub(super) fn matrix(summary: &Summary, lang: Lang) -> Option<Matrix> {
    if summary.scenarios.len() < 2 {
        return None;
    }
    let mut columns: Vec<&Kpi> = Vec::new();
    for kpi in &summary.kpis {
        if columns.iter().all(|column| column.id != kpi.id) {
            columns.push(kpi);
        }
    }
    let cell = |scenario: &ScenarioSummary, id: &str| {
        let mut kpis = summary.kpis.iter();
        let kpi = kpis.find(|kpi| kpi.scenario == scenario.name && kpi.id == id)?;
        let KpiView { value, mark, .. } = KpiView::new(kpi, lang);
        Some(MatrixCell { value, mark })
    };
    let row = |scenario: &ScenarioSummary| MatrixRow {
        name: scenario.name.clone(),
        mark: Mark::new(scenario.verdict, lang),
        trials: view::chains::trials(summary, scenario, lang),
        cells: columns.iter().map(|kpi| cell(scenario, &kpi.id)).collect(),
    };
    Some(Matrix {
        columns: columns.iter().map(|kpi| view::kpi_name(*kpi, lang)).collect(),
        rows: summary.scenarios.iter().map(row).collect(),
    })
}

/// The KPIs of one scenario.
#[derive(Debug, Serialize)]
pub(super) struct ScenarioCards {
    pub(super) name: String,
    pub(super) mark: Mark,
    pub(super) trials: String,
    pub(super) cards: Vec<Card>,
}

/// One KPI.
#[derive(Debug, Serialize)]
pub(super) struct Card {
    pub(super) kpi: KpiView,
    pub(super) gauge: Option<Gauge>,
}

/// A rate, its interval and its pass line on a scale from 0 to 100.
#[derive(Debug, Serialize)]
pub(super) struct Gauge {
    pub(super) value: f64,
    pub(super) low: f64,
    pub(super) width: f64,
    pub(super) line: f64,
}

/// Every scenario with its KPIs.
pub(super) fn scenarios(summary: &Summary, lang: Lang) -> Vec<ScenarioCards> {
    let cards = |name: &str| {
        let kpis = summary.kpis.iter().filter(|kpi| kpi.scenario == name);
        kpis.map(|kpi| Card { kpi: KpiView::new(kpi, lang), gauge: gauge(kpi) }).collect()
    };
    let scenario = |scenario: &ScenarioSummary| ScenarioCards {
        name: scenario.name.clone(),
        mark: Mark::new(scenario.verdict, lang),
        trials: view::chains::trials(summary, scenario, lang),
        cards: cards(&scenario.name),
    };
    summary.scenarios.iter().map(scenario).collect()
}

fn gauge(kpi: &Kpi) -> Option<Gauge> {
    let percent = |share: f64| (share.clamp(0.0, 1.0) * 1_000.0).round() / 10.0;
    let value = kpi.value.filter(|_| kpi.unit == "ratio")?;
    let [low, high] = kpi.interval.unwrap_or([value, value]);
    Some(Gauge {
        value: percent(value),
        low: percent(low),
        width: percent(high - low),
        line: percent(kpi.threshold.limit),
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::analysis::model::Expectation;
    use crate::report::fixture;

    fn whys(analysis: &Analysis, kpi: usize) -> Vec<(u32, String)> {
        let reasons = reasons(analysis, Lang::En);
        reasons[kpi].culprits.iter().map(|culprit| (culprit.episode, culprit.why.clone())).collect()
    }

    #[test]
    fn an_unrecovered_episode_is_named_with_how_far_it_got() {
        let why = whys(&fixture::failing(), 0);
        assert_eq!(why.len(), 1, "void and aborted ones make no rate fail: {why:?}");
        assert_eq!(why[0].0, 3);
        for said in ["60 s", "detected → restarted", "503 Service Unavailable: module session is failed"] {
            assert!(why[0].1.contains(said), "{said}: {why:?}");
        }
    }

    #[test]
    fn a_missed_alert_is_named_with_its_module() {
        let mut analysis = fixture::failing();
        let expected = |met| Expectation {
            episode: 3,
            module: "session".to_owned(),
            kinds: vec!["module_crashed".to_owned()],
            min_severity: "warning".to_owned(),
            t0_us: 16_000_000,
            deadline_us: 26_000_000,
            met,
        };
        analysis.expectations.clear();
        assert_eq!(whys(&analysis, 1), [(3, "1 of 2 expected alerts missed".to_owned())]);
        analysis.expectations = vec![expected(Met::InTime(16_009_400)), expected(Met::Late(28_500_000))];
        assert_eq!(whys(&analysis, 1)[0].1, "module_crashed of session came 2.5 s after its deadline");
        analysis.expectations[1].met = Met::Missed;
        assert_eq!(whys(&analysis, 1)[0].1, "module_crashed of session did not come within 10 s");
    }

    #[test]
    fn a_damaged_entry_is_named_with_its_episode() {
        let analysis = fixture::broken_stores();
        let why = whys(&analysis, 1);
        assert_eq!(why.iter().map(|(id, _)| *id).collect::<Vec<_>>(), [2, 3]);
        assert!(why[0].1.contains("3 entries"), "{why:?}");
    }

    #[test]
    fn only_so_many_are_named_and_the_rest_are_counted() {
        let mut analysis = fixture::many(20);
        let summary = &mut analysis.summary;
        for kpi in summary.kpis.iter_mut().filter(|kpi| kpi.id == "mean_recovery_time") {
            (kpi.threshold.limit, kpi.verdict) = (1_000.0, Verdict::Fail);
        }
        let reasons = reasons(&analysis, Lang::En);
        assert_eq!(reasons[0].culprits.len(), MOST_NAMED);
        assert_eq!(reasons[0].more.as_deref(), Some("12 more episodes"));
        // The slowest come first: every ninth one is slow.
        assert_eq!(reasons[0].culprits[0].episode % 9, 0);
    }

    #[test]
    fn only_a_rate_has_a_gauge() {
        let scenarios = scenarios(&fixture::passing().summary, Lang::En);
        let gauges: Vec<_> = scenarios[0].cards.iter().map(|card| card.gauge.is_some()).collect();
        assert_eq!(gauges, [true, false, false]);
    }

    #[test]
    fn several_scenarios_have_an_overview_in_which_an_undeclared_kpi_is_absent() {
        let mut summary = fixture::broken_stores().summary;
        assert!(matrix(&summary, Lang::En).is_none());
        let other = fixture::passing().summary;
        summary.scenarios.push(ScenarioSummary { name: "other".to_owned(), ..other.scenarios[0].clone() });
        summary.kpis.extend(other.kpis.into_iter().map(|kpi| Kpi { scenario: "other".to_owned(), ..kpi }));
        let matrix = matrix(&summary, Lang::En).unwrap();
        assert_eq!(matrix.columns.len(), 4);
        let declared: Vec<Vec<_>> =
            matrix.rows.iter().map(|row| row.cells.iter().map(Option::is_some).collect()).collect();
        assert_eq!(declared, [[true; 4], [true, false, true, true]]);
    }
}
