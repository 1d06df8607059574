//! Each scenario with its KPIs, episodes and chains; then all KPIs in one table. Pure.

use super::document::Align;
use super::{Inline, Report};
use crate::analysis::model::{Kpi, ScenarioSummary};
use crate::lang::{Arg, format};
use crate::report::view::chains::ChainView;
use crate::report::view::{self, KpiView, Mark};

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
        let mut columns = self.columns(&["term-scenario"]);
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
        let said = KpiView::new(kpi, self.lang);
        self.say(
            "md-missed",
            [
                ("scenario", kpi.scenario.as_str().into()),
                ("kpi", said.name.into()),
                ("value", said.value.into()),
                ("line", said.line.into()),
                ("verdict", said.mark.said().into()),
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
        let verdict = Inline::bold(&Mark::new(scenario.verdict, self.lang).said())
            .then(" (")
            .and(&Inline::text(&view::chains::trials(self.summary(), scenario, self.lang)))
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
            let said = KpiView::new(kpi, self.lang);
            let evidence = view::semicolons(&said.notes, self.lang);
            Inline::text(&said.name).then(&self.colon()).and(&Inline::text(&evidence))
        });
        let evidence: Vec<_> = evidence.collect();
        self.document.table(&columns, rows);
        self.document.items(evidence);
    }

    fn kpi_columns(&self) -> Vec<(String, Align)> {
        self.columns(&[
            "md-kpi",
            ">md-value",
            "term-pass-line",
            "md-counted",
            "term-interval",
            "term-verdict",
        ])
    }

    fn kpi_row(&self, kpi: &Kpi) -> Vec<Inline> {
        let said = KpiView::new(kpi, self.lang);
        let cells = [said.name, said.value, said.line, said.counted, said.interval, said.mark.said()];
        cells.iter().map(|cell| Inline::text(cell)).collect()
    }

    fn chains(&mut self, scenario: &str) {
        let mut own = view::chains::chains(self.summary(), self.lang);
        own.retain(|chain| chain.scenario == scenario);
        if own.is_empty() {
            return;
        }
        let columns = self.columns(&[
            ">term-chain",
            "md-members",
            "md-overlap",
            "term-outcome",
            ">md-recovery",
            "md-collateral",
            "md-dependency-exits",
        ]);
        let rows: Vec<_> = own.iter().take(MOST_CHAINS).map(|chain| self.chain(chain)).collect();
        self.heading(4, "heading-chains");
        self.document.table(&columns, rows);
        self.left_out(own.len(), MOST_CHAINS);
    }

    fn chain(&self, chain: &ChainView) -> Vec<Inline> {
        let members: Vec<_> = chain
            .members
            .iter()
            .map(|member| {
                let args = [
                    ("id", Arg::Count(member.id.into())),
                    ("fault", (&member.fault).into()),
                    ("target", (&member.target).into()),
                    ("after", (&member.offset).into()),
                    ("ready", (&member.ready).into()),
                ];
                self.lang.say("md-member", args)
            })
            .collect();
        let members =
            if members.is_empty() { self.lang.text("none") } else { view::semicolons(&members, self.lang) };
        let cells = [
            &chain.chain.to_string(),
            &members,
            &chain.overlapped,
            &chain.outcome,
            &chain.recovery,
            &chain.collateral,
            &chain.dependency_exits,
        ];
        cells.map(|cell| Inline::text(cell)).to_vec()
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
        let in_time = Inline::text(&view::of(alerts.matched, alerts.expected, lang));
        let delays = view::alerts::delays(alerts, lang);
        let mut facts = vec![
            ("md-alerts-in-time", in_time),
            ("role-late", count(alerts.late)),
            ("md-alerts-missed", count(alerts.missed)),
            ("md-alerts-duplicate", count(alerts.duplicates)),
            ("role-collateral", count(alerts.collateral)),
            ("md-alerts-false", count(alerts.false_alarms)),
            ("md-alerts-recall", share(alerts.recall)),
            ("md-alerts-precision", share(alerts.precision)),
            ("md-alerts-delay", Inline::text(&delays)),
        ];
        if alerts.sink_closed_us > 0 {
            facts.push(("md-alerts-sink-closed", Inline::text(&format::length(alerts.sink_closed_us))));
        }
        self.heading(3, "heading-alerts");
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
