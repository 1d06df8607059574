//! Each scenario with its KPIs, episodes and chains; then all KPIs in one table. Pure.

use super::document::Align;
use super::{Inline, Report};
use crate::analysis::model::{ChainSummary, Episode, Kpi, ScenarioSummary};
use crate::lang::{Arg, format};
use crate::report::phrases::{self, KpiPhrases};
use crate::report::view;

/// So many chains of a scenario have a row; `summary.json` has all.
const MOST_CHAINS: usize = 40;

impl Report<'_> {
    pub(super) fn results(&mut self) {
        self.heading(2, "md-results");
        for scenario in &self.summary().scenarios {
            self.scenario(scenario);
        }
        self.state();
        self.alerts();
    }

    /// All KPIs, every scenario.
    pub(super) fn kpis(&mut self) {
        let mut columns = self.columns(&["md-scenario"]);
        columns.extend(self.kpi_columns());
        let row = |kpi: &Kpi| {
            let mut row = vec![Inline::text(&kpi.scenario)];
            row.extend(self.kpi_row(kpi));
            row
        };
        let rows: Vec<_> = self.summary().kpis.iter().map(row).collect();
        self.heading(2, "md-kpis");
        if rows.is_empty() {
            return self.paragraph("no-data");
        }
        self.document.table(&columns, rows);
    }

    /// Why a KPI keeps the verdict from being a pass.
    pub(super) fn missed(&self, kpi: &Kpi) -> Inline {
        let said = KpiPhrases::new(kpi, self.lang);
        self.say(
            "md-missed",
            [
                ("scenario", kpi.scenario.as_str().into()),
                ("kpi", said.name.into()),
                ("value", said.value.into()),
                ("line", said.line.into()),
                ("verdict", said.verdict.into()),
            ],
        )
    }

    fn scenario(&mut self, scenario: &ScenarioSummary) {
        let name = scenario.name.as_str();
        let title =
            self.lang.say("md-scenario-title", [("letter", letter(name).into()), ("name", name.into())]);
        let title = if letter(name).is_empty() { name.to_owned() } else { title };
        let kpis: Vec<_> = self.summary().kpis.iter().filter(|kpi| kpi.scenario == name).collect();
        let episodes: Vec<_> =
            self.summary().episodes.iter().filter(|episode| episode.scenario == name).collect();
        let planned = self.planned(name);
        let verdict = Inline::bold(&phrases::verdict(scenario.verdict, self.lang))
            .then(" (")
            .and(&Inline::text(&phrases::trials(scenario, self.lang)))
            .then(")");
        self.document.heading(3, &title);
        self.document.paragraph(&verdict);
        self.document.paragraph(&planned);
        self.scenario_kpis(&kpis);
        self.episodes(&episodes);
        self.outages(&episodes);
        self.chains(name);
    }

    /// What was to be done.
    fn planned(&self, name: &str) -> Inline {
        let Some(plan) = self.summary().plan.scenarios.iter().find(|plan| plan.name == name) else {
            return self.text("no-data");
        };
        let planned = self.say(
            "md-planned",
            [
                ("fault", plan.fault.as_str().into()),
                ("iterations", plan.iterations.into()),
                ("pause", Arg::LengthUs(plan.pause_us)),
            ],
        );
        match plan.outage_us {
            Some(outage) => {
                planned.then(" ").and(&self.say("md-planned-outage", [("outage", Arg::LengthUs(outage))]))
            }
            None => planned,
        }
    }

    fn scenario_kpis(&mut self, kpis: &[&Kpi]) {
        if kpis.is_empty() {
            return self.paragraph("md-no-kpi");
        }
        let columns = self.kpi_columns();
        let rows: Vec<_> = kpis.iter().map(|kpi| self.kpi_row(kpi)).collect();
        let evidence = kpis.iter().map(|kpi| {
            let said = KpiPhrases::new(kpi, self.lang);
            Inline::text(&said.name).then(&self.colon()).and(&Inline::text(&said.evidence))
        });
        let evidence: Vec<_> = evidence.collect();
        self.document.table(&columns, rows);
        self.document.items(evidence);
    }

    fn kpi_columns(&self) -> Vec<(String, Align)> {
        self.columns(&["md-kpi", ">md-value", "md-pass-line", "md-counted", "md-interval", "md-verdict"])
    }

    fn kpi_row(&self, kpi: &Kpi) -> Vec<Inline> {
        let said = KpiPhrases::new(kpi, self.lang);
        let cells = [said.name, said.value, said.line, said.counted, said.interval, said.verdict];
        cells.iter().map(|cell| Inline::text(cell)).collect()
    }

    fn chains(&mut self, scenario: &str) {
        let own = self.summary().chains.iter().filter(|chain| chain.scenario == scenario);
        let own: Vec<_> = own.collect();
        if own.is_empty() {
            return;
        }
        let columns = self.columns(&[
            ">md-chain",
            "md-members",
            "md-overlap",
            "md-outcome",
            ">md-recovery",
            "md-collateral",
            "md-dependency-exits",
        ]);
        let rows: Vec<_> = own.iter().take(MOST_CHAINS).map(|chain| self.chain(chain)).collect();
        self.heading(4, "md-chains");
        self.document.table(&columns, rows);
        self.left_out(own.len(), MOST_CHAINS);
    }

    fn chain(&self, chain: &ChainSummary) -> Vec<Inline> {
        let lang = self.lang;
        let members = self.summary().episodes.iter().filter(|episode| chain.episodes.contains(&episode.id));
        let member = |episode: &Episode| {
            let after = episode.t0_us.saturating_sub(chain.t0_us);
            let args = [
                ("id", Arg::Count(episode.id.into())),
                ("fault", episode.fault.as_str().into()),
                ("target", episode.target.as_str().into()),
                ("after", Arg::LengthUs(after)),
                ("ready", Arg::length_or(phrases::ready_us(episode))),
            ];
            lang.say("md-member", args)
        };
        let collateral = chain.collateral.iter().map(|skipped| {
            lang.say(
                "md-because",
                [("what", skipped.target.as_str().into()), ("why", skipped.reason.as_str().into())],
            )
        });
        let exits = chain.dependency_exits.iter().map(|exit| {
            format!("{} (+{})", exit.module, format::length(exit.at_us.saturating_sub(chain.t0_us)))
        });
        let overlapped = match chain.overlapped {
            Some(true) => lang.text("md-yes"),
            Some(false) => lang.text("md-no"),
            None => lang.text("not-observed"),
        };
        let cells = [
            chain.chain.to_string(),
            self.none_or(members.map(member)),
            overlapped,
            phrases::outcome_of(chain.outcome, chain.automatic, lang),
            lang.length_or(chain.recovery_us),
            self.none_or(collateral),
            self.none_or(exits),
        ];
        cells.iter().map(|cell| Inline::text(cell)).collect()
    }

    fn none_or(&self, all: impl Iterator<Item = String>) -> String {
        let all: Vec<_> = all.collect();
        if all.is_empty() { self.lang.text("md-none") } else { view::semicolons(&all, self.lang) }
    }

    /// That a table does not have all rows.
    pub(super) fn left_out(&mut self, all: usize, shown: usize) {
        if all > shown {
            let text = self.say("md-rows-left-out", [("n", (all - shown).into())]);
            let file = self.file("summary.json");
            self.document.paragraph(&text.then(" ").and(&file));
        }
    }

    fn alerts(&mut self) {
        let (alerts, lang) = (&self.summary().alerts, self.lang);
        let count = |n: u64| Inline::text(&format::count(n));
        let share =
            |share: Option<f64>| Inline::text(&share.map_or_else(|| lang.text("no-data"), format::ratio));
        let in_time = self.say("md-n-of", [("n", alerts.matched.into()), ("of", alerts.expected.into())]);
        let delays = phrases::alert_delays(alerts, lang).unwrap_or_else(|| lang.text("no-data"));
        let mut facts = vec![
            ("md-alerts-in-time", in_time),
            ("md-alerts-were-late", count(alerts.late)),
            ("md-alerts-missed", count(alerts.missed)),
            ("md-alerts-duplicate", count(alerts.duplicates)),
            ("md-alerts-collateral", count(alerts.collateral)),
            ("md-alerts-false", count(alerts.false_alarms)),
            ("md-alerts-recall", share(alerts.recall)),
            ("md-alerts-precision", share(alerts.precision)),
            ("md-alerts-delay", Inline::text(&delays)),
        ];
        if alerts.sink_closed_us > 0 {
            facts.push(("md-alerts-sink-closed", Inline::text(&format::length(alerts.sink_closed_us))));
        }
        self.heading(3, "md-alerts");
        self.facts(facts);
    }
}

/// The plan's letter of a scenario.
fn letter(name: &str) -> &'static str {
    match name {
        "single-module" => "A",
        "db-redis-down" => "B",
        "cascade" => "C",
        _ => "",
    }
}
