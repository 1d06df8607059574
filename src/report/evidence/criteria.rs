//! The plan's acceptance criteria, one by one. Pure.

use super::{Criterion, Finding};
use crate::analysis::model::{Episode, Kpi, RunState, ScenarioSummary, Summary};
use crate::analysis::{Analysis, Verdict};
use crate::lang::{Arg, Sentence, format};
use crate::plan::{KpiLine, ScenarioKind};
use crate::report::specification::Shown;
use crate::report::view;

/// The plan's scenarios: letter, script, and the pass lines on which it is judged.
const SCENARIOS: [(&str, ScenarioKind, &[KpiLine]); 3] = [
    ("A", ScenarioKind::SingleModule, &KpiLine::MODULE_CRASH),
    ("B", ScenarioKind::DbRedisDown, &KpiLine::STORE_OUTAGE),
    ("C", ScenarioKind::Cascade, &KpiLine::MODULE_CRASH),
];

/// Every criterion in the order of the plan.
pub(super) fn all(analysis: &Analysis) -> Vec<Criterion> {
    let summary = &analysis.summary;
    let mut all = Vec::new();
    for (letter, kind, lines) in SCENARIOS {
        all.extend(lines.iter().map(|line| of_kpi(summary, letter, kind.as_str(), line)));
        if kind == ScenarioKind::DbRedisDown {
            all.push(real_stores(summary, letter, kind.as_str()));
        }
    }
    all.extend(specification(analysis));
    all.push(logs(summary));
    // What a run that broke off seems to show, it does not show in whole.
    if summary.state != RunState::Completed {
        for criterion in all.iter_mut().filter(|criterion| criterion.result == Finding::Met) {
            (criterion.result, criterion.reason) =
                (Finding::NotTested, Sentence::new("evidence-interrupted"));
        }
    }
    all
}

/// That a scenario meets one of its pass lines.
fn of_kpi(summary: &Summary, letter: &str, scenario: &str, line: &KpiLine) -> Criterion {
    let id = line.id.as_str();
    let unit = match id {
        "mean_recovery_time" => "us",
        "missed_alerts" => "count",
        _ => "ratio",
    };
    let text = Sentence::with(
        "evidence-kpi",
        [
            ("letter", letter.into()),
            ("scenario", scenario.into()),
            ("kpi", Sentence::new(&format!("kpi-{id}")).into()),
            ("line", view::pass_line(line.id.op(), line.limit, unit).into()),
        ],
    );
    let found = summary.kpis.iter().position(|kpi| kpi.scenario == scenario && kpi.id == id);
    let own = summary.scenarios.iter().find(|own| own.name == scenario);
    let (result, reason) = match (found.map(|index| &summary.kpis[index]), own) {
        (Some(kpi), Some(own)) => judged(kpi, own, line),
        (None, Some(_)) => (Finding::NotTested, Sentence::new("evidence-not-declared")),
        (_, None) => (Finding::NotTested, Sentence::new("evidence-not-run")),
    };
    let proof = found.map(|index| format!("summary.json#/kpis/{index}")).into_iter().collect();
    Criterion { id: format!("{}-{id}", letter.to_lowercase()), text, result, reason, proof }
}

fn judged(kpi: &Kpi, scenario: &ScenarioSummary, line: &KpiLine) -> (Finding, Sentence) {
    let value = || {
        let value = kpi.value.map(|value| format::value(&kpi.unit, value));
        let value = value.map_or_else(|| Sentence::new("no-data").into(), Arg::from);
        let counted = [("value", value), ("n", kpi.numerator.into()), ("of", kpi.denominator.into())];
        Sentence::with(if kpi.unit == "us" { "evidence-mean" } else { "evidence-value" }, counted)
    };
    match kpi.verdict {
        Verdict::Fail => (Finding::NotMet, value()),
        // Another line was asked for, and a looser one proves nothing.
        Verdict::Pass if !as_strict(kpi, line) => (Finding::NotTested, Sentence::new("evidence-looser-line")),
        Verdict::Pass if scenario.trials == 0 || scenario.verdict == Verdict::Inconclusive => {
            (Finding::NotTested, undecided(kpi))
        }
        Verdict::Pass => (Finding::Met, value()),
        Verdict::Inconclusive => (Finding::NotTested, undecided(kpi)),
    }
}

/// Whether the line on which the run was judged is the plan's, or a stricter one.
fn as_strict(kpi: &Kpi, line: &KpiLine) -> bool {
    let (asked, planned) = (kpi.threshold.limit, line.limit);
    kpi.threshold.op == line.id.op()
        && match line.id.op() {
            ">=" => asked >= planned,
            _ => asked <= planned,
        }
}

fn undecided(kpi: &Kpi) -> Sentence {
    let notes: Vec<Arg> = kpi.notes.iter().map(|note| note.clone().into()).collect();
    if notes.is_empty() {
        return Sentence::new("evidence-undecided");
    }
    Sentence::with("evidence-undecided-because", [("why", Arg::List(notes))])
}

/// That PostgreSQL and Redis were stopped, and not something that stands for them.
fn real_stores(summary: &Summary, letter: &str, scenario: &str) -> Criterion {
    let stores = summary.plan.stores.as_deref().unwrap_or_default();
    // How `Stores::description` names servers: the run's own by product, others by URL.
    let real = |names: [&str; 2]| names.iter().any(|name| stores.contains(name));
    let real = real(["PostgreSQL", "postgres"]) && real(["Redis", "redis:"]);
    let hit = |store: &str| {
        let own = |episode: &&Episode| episode.scenario == scenario && episode.hits_stores();
        let decided = summary.episodes.iter().filter(own).filter(|episode| episode.is_trial());
        decided.filter(|episode| episode.target.split('+').any(|target| target == store)).count()
    };
    let (database, cache) = (hit("database"), hit("cache"));
    let outages = [("database", Arg::from(database)), ("cache", cache.into()), ("stores", stores.into())];
    let (result, reason) = if summary.scenarios.iter().all(|own| own.name != scenario) {
        (Finding::NotTested, Sentence::new("evidence-not-run"))
    } else if !real {
        let which =
            if stores.is_empty() { Sentence::new("evidence-stores-unknown").into() } else { stores.into() };
        (Finding::NotTested, Sentence::with("evidence-other-stores", [("stores", which)]))
    } else if database == 0 || cache == 0 {
        (Finding::NotTested, Sentence::with("evidence-stores-not-both", outages))
    } else {
        (Finding::Met, Sentence::with("evidence-stores-both", outages))
    };
    Criterion {
        id: format!("{}-real_stores", letter.to_lowercase()),
        text: Sentence::with(
            "evidence-real-stores",
            [("letter", letter.into()), ("scenario", scenario.into())],
        ),
        result,
        reason,
        proof: vec!["summary.json#/plan/stores".to_owned(), "summary.json#/stores".to_owned()],
    }
}

/// That the permanent specification is put into words, from results. The words are in `report.md`.
fn specification(analysis: &Analysis) -> [Criterion; 3] {
    let shown = Shown::of(analysis);
    let retries: u64 = shown.retries.attempts.values().sum();
    let (alerts, resyncs) = (shown.alert.matched, shown.resync.decided);
    let criterion = |part: &str, n: u64| Criterion {
        id: format!("specification-{part}"),
        text: Sentence::new(&format!("evidence-specification-{part}")),
        result: if n > 0 { Finding::Met } else { Finding::NotTested },
        reason: if n > 0 {
            Sentence::with(&format!("evidence-specification-{part}-from"), [("n", n.into())])
        } else {
            Sentence::new("evidence-specification-nothing-measured")
        },
        proof: vec!["report.md".to_owned()],
    };
    [criterion("retries", retries), criterion("alert", alerts), criterion("resync", resyncs)]
}

/// That the logs are whole: the report is there when this is read.
fn logs(summary: &Summary) -> Criterion {
    let unreadable = summary.harness.unreadable_lines;
    let (result, reason) = match summary.state {
        RunState::Completed if unreadable == 0 => (Finding::Met, Sentence::new("evidence-logs-whole")),
        RunState::Completed => {
            (Finding::NotMet, Sentence::with("evidence-logs-unreadable", [("n", unreadable.into())]))
        }
        RunState::Interrupted | RunState::Aborted | RunState::Failed => {
            (Finding::NotTested, Sentence::new("evidence-interrupted"))
        }
    };
    Criterion {
        id: "logs-and-report".to_owned(),
        text: Sentence::new("evidence-logs"),
        result,
        reason,
        proof: ["summary.json#/harness", "report.md", "index.html"].map(str::to_owned).to_vec(),
    }
}
