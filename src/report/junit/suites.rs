//! What a run makes of each test case. Pure.

use super::{Case, CaseResult, Suite};
use crate::analysis::model::{Episode, Kpi, Outcome, RunState, Summary};
use crate::analysis::{Analysis, Verdict};
use crate::lang::{Lang, format};
use crate::report::view::{self, KpiView};

/// So many notes of an episode are in the output; `index.html` has all.
const MOST_NOTES: usize = 50;

/// One suite per scenario, in order; what belongs to none that was planned has one as well.
pub(super) fn suites(analysis: &Analysis, lang: Lang) -> Vec<Suite> {
    let summary = &analysis.summary;
    let planned = summary.scenarios.iter().map(|scenario| &scenario.name);
    let judged = summary.kpis.iter().map(|kpi| &kpi.scenario);
    let broken = summary.episodes.iter().map(|episode| &episode.scenario);
    let mut names: Vec<&String> = Vec::new();
    for name in planned.chain(judged).chain(broken) {
        if !names.contains(&name) {
            names.push(name);
        }
    }
    let of = Source { analysis, lang };
    names.into_iter().map(|name| of.suite(name)).collect()
}

struct Source<'a> {
    analysis: &'a Analysis,
    lang: Lang,
}

impl Source<'_> {
    fn suite(&self, scenario: &str) -> Suite {
        let summary = &self.analysis.summary;
        let kpis: Vec<_> = summary.kpis.iter().filter(|kpi| kpi.scenario == scenario).collect();
        let episodes: Vec<_> =
            summary.episodes.iter().filter(|episode| episode.scenario == scenario).collect();
        let mut cases: Vec<_> = kpis.iter().map(|kpi| self.kpi(kpi)).collect();
        cases.extend(episodes.iter().map(|episode| self.episode(episode)));
        // A name must not be empty.
        let name = if scenario.trim().is_empty() { "?" } else { scenario };
        Suite {
            name: name.to_owned(),
            timestamp: timestamp(&summary.started_at),
            properties: properties(summary),
            cases,
            output: self.output(&kpis, &episodes),
        }
    }

    fn kpi(&self, kpi: &Kpi) -> Case {
        let (summary, lang) = (&self.analysis.summary, self.lang);
        let said = KpiView::new(kpi, lang);
        let own = summary.scenarios.iter().find(|scenario| scenario.name == kpi.scenario);
        let whole = own.is_some_and(|own| own.verdict != Verdict::Inconclusive);
        let evidence = view::semicolons(&said.notes, lang);
        let missed = lang.say(
            "ci-missed",
            [
                ("kpi", said.name.into()),
                ("value", said.value.into()),
                ("line", said.line.into()),
                ("counted", said.counted.into()),
            ],
        );
        let result = match kpi.verdict {
            Verdict::Fail => CaseResult::Failed { kind: "kpi", message: missed, details: evidence },
            // A scenario that broke off shows nothing by what it had seen until then.
            Verdict::Pass if summary.state != RunState::Completed && !whole => {
                CaseResult::Skipped { message: view::ended(summary, lang) }
            }
            Verdict::Pass => CaseResult::Passed,
            Verdict::Inconclusive => {
                let why = if evidence.is_empty() { view::headline(kpi.verdict, lang) } else { evidence };
                CaseResult::Skipped { message: why }
            }
        };
        Case {
            class: format!("goose-recovery.{}.kpis", kpi.scenario),
            name: kpi.id.clone(),
            time_us: 0,
            result,
        }
    }

    fn episode(&self, episode: &Episode) -> Case {
        let lang = self.lang;
        let said = || {
            let (word, meaning) =
                (view::outcome(episode.outcome, lang), view::outcome_meaning(episode.outcome, lang));
            view::with_detail(&word, &meaning, lang)
        };
        let result = match episode.outcome {
            Outcome::Recovered => CaseResult::Passed,
            Outcome::Censored => CaseResult::Failed {
                kind: "censored",
                message: said(),
                details: self.story(episode).join("\n"),
            },
            Outcome::Void | Outcome::Aborted => CaseResult::Skipped { message: said() },
        };
        Case {
            class: format!("goose-recovery.{}.episodes", episode.scenario),
            name: title(episode),
            time_us: episode.recovery_us.unwrap_or_else(|| episode.end_us.saturating_sub(episode.t0_us)),
            result,
        }
    }

    fn output(&self, kpis: &[&Kpi], episodes: &[&Episode]) -> String {
        let mut lines: Vec<_> = kpis
            .iter()
            .map(|kpi| {
                let said = KpiView::new(kpi, self.lang);
                let evidence = view::semicolons(&said.notes, self.lang);
                format!("{}: {} ({}): {evidence}", kpi.id, said.value, said.line)
            })
            .collect();
        for episode in episodes {
            lines.push(String::new());
            lines.push(title(episode));
            lines.extend(self.story(episode).into_iter().map(|line| format!("  {line}")));
        }
        let caveats = &self.analysis.summary.caveats;
        if !caveats.is_empty() {
            lines.extend([String::new(), self.lang.text("ci-caveats")]);
            lines.extend(caveats.iter().map(|caveat| format!("  {}", self.lang.read(caveat))));
        }
        lines.join("\n")
    }

    /// What is known of an episode: outcome, evidence, and its events in order.
    fn story(&self, episode: &Episode) -> Vec<String> {
        let lang = self.lang;
        let mut lines = vec![view::outcome_of(episode.outcome, episode.automatic, lang)];
        lines.extend(episode.evidence.clone());
        let mut notes = self.analysis.notes.iter().filter(|note| note.episode == episode.id);
        lines.extend(
            notes
                .by_ref()
                .take(MOST_NOTES)
                .map(|note| format!("{} {}", format::instant(note.t_us), lang.read(&note.text))),
        );
        let more = notes.count();
        if more > 0 {
            lines.push(lang.say("ci-more-notes", [("n", more.into())]));
        }
        lines
    }
}

/// What an episode is called in every language: CI compares runs by it.
fn title(episode: &Episode) -> String {
    format!("episode {}: {} {}", episode.id, episode.fault, episode.target)
}

/// What tells this run from another.
fn properties(summary: &Summary) -> Vec<(String, String)> {
    let text = |name: &str, value: &str| (name.to_owned(), value.to_owned());
    let mut all = vec![
        text("run_id", &summary.run_id),
        text("seed", &summary.seed.to_string()),
        text("started_at", &summary.started_at),
        text("base_url", &summary.plan.base_url),
        text("stores", summary.plan.stores.as_deref().unwrap_or_default()),
        text("goose_recovery", &summary.environment.goose_recovery),
    ];
    all.extend(summary.labels.iter().map(|(key, value)| (format!("label.{key}"), value.clone())));
    all
}

/// `2026-01-02T03:04:05`, UTC: what `JUnit.xsd` takes.
fn timestamp(started_at: &str) -> String {
    let at: jiff::Timestamp = started_at.parse().unwrap_or(jiff::Timestamp::UNIX_EPOCH);
    at.strftime("%Y-%m-%dT%H:%M:%S").to_string()
}
