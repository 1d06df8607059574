//! Puts together what the three passes found.

use super::alerts::{Matched, Span, match_alerts};
use super::caveats::{Hidden, caveats};
use super::histogram::lag;
use super::kpi::kpis;
use super::load::LoadTally;
use super::model::{AlertRow, Analysis, Episode, Harness, Outcome, SUMMARY_SCHEMA, Summary};
use super::notes::notes;
use super::requests::Found;
use super::verdict::{overall, scenarios};

/// Everything that a report shows. `episodes` lack only their alerts.
pub(super) fn analysis(
    found: &Found,
    mut episodes: Vec<Episode>,
    load: &LoadTally,
    unreadable_lines: u64,
) -> Analysis {
    let control = &found.control;
    let end = control.end.max(load.last());
    let spans: Vec<_> = episodes.iter().map(span).collect();
    let matched = match_alerts(&control.expected, &control.received, &spans, end);
    for episode in &mut episodes {
        episode.alerts = matched.episodes.get(&episode.id).cloned().unwrap_or_default();
    }
    let state = control.state();
    let kpis = kpis(&found.run.plan, found.run.seed, &episodes);
    let scenarios = scenarios(&found.run.plan, &kpis, &episodes, state, &control.finished_scenarios);
    let mut summary = Summary {
        schema: SUMMARY_SCHEMA,
        run_id: found.run.run.clone(),
        verdict: overall(&scenarios, state),
        state,
        state_detail: control.state_detail(),
        started_at: found.run.started_at.clone(),
        duration_us: end,
        seed: found.run.seed,
        labels: found.run.labels.clone(),
        plan: found.run.plan.clone(),
        scenarios,
        kpis,
        episodes,
        alerts: matched.totals.clone(),
        ledger: control.ledger.filter(|ledger| ledger.acknowledged + ledger.indeterminate > 0),
        load: load.load(),
        harness: harness(found, unreadable_lines),
        environment: found.run.environment.clone(),
        caveats: Vec::new(),
    };
    let remark = |d: &super::episode::Decided| Some((d.episode.id, d.remark.clone()?));
    let hidden = Hidden {
        undecided_alerts: matched.undecided,
        late_probes: found.too_late,
        remarks: found.decided.iter().filter_map(remark).collect(),
    };
    summary.caveats = caveats(&summary, &hidden);
    Analysis {
        summary,
        timeline: load.timeline(),
        alerts: alert_rows(found, &matched),
        notes: notes(found, &matched),
        goose_metrics: control.goose_metrics.clone(),
    }
}

fn span(episode: &Episode) -> Span {
    Span { id: episode.id, t0: episode.t0_us, end: episode.end_us, void: episode.outcome == Outcome::Void }
}

fn harness(found: &Found, unreadable_lines: u64) -> Harness {
    let (journal_stalls, journal_stalled_us) =
        found.control.finished.as_ref().map_or((0, 0), |f| (f.journal_stalls, f.journal_stalled_us));
    Harness {
        lag: found.control.lag.iter().map(|(thread, histogram)| (thread.clone(), lag(histogram))).collect(),
        journal_stalls,
        journal_stalled_us,
        unreadable_lines,
        canaries: found.canaries,
        health_polls: found.polls,
    }
}

fn alert_rows(found: &Found, matched: &Matched) -> Vec<AlertRow> {
    let mut rows: Vec<_> = found
        .control
        .received
        .iter()
        .zip(&matched.roles)
        .map(|(alert, (role, episode))| AlertRow {
            t_us: alert.t,
            severity: alert.what.severity.clone(),
            kind: alert.what.kind.clone(),
            module: alert.what.module.clone(),
            message: alert.what.message.clone(),
            role: *role,
            episode: *episode,
        })
        .collect();
    rows.sort_by_key(|row| row.t_us);
    rows
}
