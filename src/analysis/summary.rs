//! Puts together what the three passes found.

use std::collections::BTreeMap;

use super::alerts::{Matched, SinkOutages, Span, match_alerts};
use super::caveats::{Hidden, caveats};
use super::chains::chains;
use super::custom::{self, CustomTally};
use super::downtime::downtimes;
use super::episode::Decided;
use super::histogram::lag;
use super::interval;
use super::interval::bootstrap_mean;
use super::kpi::kpis;
use super::lanes::lanes;
use super::load::LoadTally;
use super::model::{
    AlertRow, Analysis, Curve, Episode, Harness, Kpi, LossRate, Outcome, Resyncs, SUMMARY_SCHEMA, StoreRow,
    Summary,
};
use super::notes::notes;
use super::requests::Found;
use super::resyncs::Told;
use super::thresholds::failed;
use super::timeline::ControlTimeline;
use super::trial::trials;
use super::verdict::{overall, scenarios};
use crate::journal::Micros;
use crate::journal::event::Ledger;
use crate::lang::Lang;

/// Everything that a report shows. `episodes` lack only their alerts.
pub(super) fn analysis(
    found: &Found,
    mut episodes: Vec<Episode>,
    curves: Vec<Curve>,
    load: &LoadTally,
    custom: &CustomTally,
    unreadable_lines: u64,
) -> Analysis {
    let control = &found.control;
    let end = control.end.max(load.last());
    let told = Told::of_run(control);
    let spans: Vec<_> = episodes.iter().zip(&found.decided).map(|(e, d)| span(e, d.action)).collect();
    let outages = SinkOutages::new(control.sink_outages.clone());
    let mut matched =
        match_alerts(&control.expected, &control.received, &spans, &told.answers(), &outages, end);
    matched.totals.sink_closed_us = outages.total_us();
    for episode in &mut episodes {
        episode.alerts = matched.episodes.get(&episode.id).cloned().unwrap_or_default();
    }
    let state = control.state();
    let chains = chains(control, &found.decided, &downtimes(control));
    let trials = trials(&episodes, &chains);
    let measured = |kpi: &mut Kpi| custom::judge(&found.asked, custom, &episodes, kpi);
    let kpis =
        kpis(&found.run.plan, &episodes, &trials, |_, times| bootstrap_mean(times, found.run.seed), measured);
    let scenarios = scenarios(&found.run.plan, &kpis, &trials, state, |name| control.finished(name));
    let ledger = control.ledger.filter(|ledger| ledger.acknowledged + ledger.indeterminate > 0);
    let ledger =
        ledger.map(|ledger| Ledger { replayed: told.replayed().filter(|_| has_resyncs(&told)), ..ledger });
    let mut summary = Summary {
        schema: SUMMARY_SCHEMA,
        run_id: found.run.run.clone(),
        verdict: overall(&scenarios, state),
        state,
        state_detail: control.state_detail().map(|detail| detail.read(Lang::En)),
        started_at: found.run.started_at.clone(),
        duration_us: end,
        seed: found.run.seed,
        labels: found.run.labels.clone(),
        plan: *found.run.plan.clone(),
        scenarios,
        kpis,
        stores: store_rows(&episodes),
        resyncs: resyncs(&told, &episodes),
        episodes,
        chains,
        alerts: matched.totals.clone(),
        loss: ledger.as_ref().and_then(loss),
        ledger,
        load: load.load(),
        harness: harness(found, unreadable_lines),
        environment: found.run.environment.clone(),
        caveats: Vec::new(),
    };
    let remark = |d: &Decided| Some((d.episode.id, d.remark.clone()?));
    let hidden = Hidden {
        detail: control.state_detail(),
        undecided_alerts: matched.undecided,
        late_probes: found.too_late,
        remarks: found.decided.iter().filter_map(remark).collect(),
        offset: control.offset(),
        alignment: control.alignment,
        option_notices: control.option_notices.clone(),
        failed_thresholds: control.goose_metrics.as_deref().map_or_else(Vec::new, failed),
    };
    summary.caveats = caveats(&summary, &hidden);
    Analysis {
        summary,
        timeline: load.timeline(),
        alerts: alert_rows(control, &matched),
        lanes: lanes(control, end),
        sink_outages: outages.all().to_vec(),
        read_backs: found.read_backs.clone(),
        curves,
        expectations: matched.expectations.clone(),
        notes: notes(found, &matched),
        goose_metrics: control.goose_metrics.clone(),
    }
}

/// An episode as the matcher of alerts sees it.
pub(super) fn span(episode: &Episode, action: Micros) -> Span {
    Span {
        id: episode.id,
        t0: episode.t0_us,
        from: if episode.hits_stores() { action.min(episode.t0_us) } else { episode.t0_us },
        end: episode.end_us,
        void: episode.outcome == Outcome::Void,
    }
}

/// Whether the run tells of any resync.
fn has_resyncs(told: &Told<'_>) -> bool {
    !told.asked.is_empty() || told.counts().automatic.is_some_and(|automatic| automatic.begun > 0)
}

fn resyncs(told: &Told<'_>, episodes: &[Episode]) -> Option<Resyncs> {
    (has_resyncs(told) || episodes.iter().any(Episode::hits_stores)).then(|| told.counts())
}

fn loss(ledger: &Ledger) -> Option<LossRate> {
    // Of what nobody read, nobody knows whether it is lost.
    let (lost, read) = (ledger.lost, ledger.acknowledged.saturating_sub(ledger.never_read));
    let upper_bound = interval::upper_bound(lost, read)?;
    #[expect(clippy::cast_precision_loss, reason = "counts of a run are far below 2^52")]
    let rate = lost as f64 / read as f64;
    Some(LossRate { lost, read, rate, upper_bound })
}

/// Store episodes by target and kind of fault.
fn store_rows(episodes: &[Episode]) -> Vec<StoreRow> {
    let mut rows: BTreeMap<(&str, &str), StoreRow> = BTreeMap::new();
    for episode in episodes.iter().filter(|episode| episode.hits_stores()) {
        let row = rows.entry((&episode.target, &episode.fault)).or_insert_with(|| StoreRow {
            target: episode.target.clone(),
            fault: episode.fault.clone(),
            ..StoreRow::default()
        });
        let Some(state) = episode.state.as_ref().filter(|_| episode.is_trial()) else {
            row.left_out += 1;
            continue;
        };
        row.episodes += 1;
        row.resynced += u64::from(state.resynced == Some(true));
        row.unknown += u64::from(state.resynced.is_none());
        add(&mut row.newly_damaged, state.read_back.map(|read| read.newly_damaged));
        add(&mut row.spooled, state.spooled);
        add(&mut row.replayed, state.replayed);
    }
    rows.into_values().collect()
}

/// Adds what is known; of nothing known the sum is not known either.
fn add(sum: &mut Option<u64>, more: Option<u64>) {
    if let Some(more) = more {
        *sum = Some(sum.unwrap_or(0) + more);
    }
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

/// Every alert that arrived, in order of arrival.
pub(super) fn alert_rows(control: &ControlTimeline, matched: &Matched) -> Vec<AlertRow> {
    let mut rows: Vec<_> = control
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
