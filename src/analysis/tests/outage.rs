//! A store episode in the making.

use super::scene::{MS, Scene};
use crate::journal::event::{
    Action, AlertExpected, AlertReceived, BackendEvent, EpisodeClosed, FaultConfirmed, FaultEnded,
    FaultInjected, KpiRecord, Ledger, ResyncRecord,
};

/// Everything goes well unless something is changed. Instants are ms since the action.
///
/// The stores are away from 20 to 1100, the backend sees it at 30, and 1150 that they answer; the automatic resync
/// ends at 1200, and at 1210 all is whole. At 5000 a resync is forced, and from 6100 to 6400 everything is read.
#[derive(Debug, Clone)]
pub(super) struct Outage {
    pub(super) id: u32,
    pub(super) t_ms: u64,
    pub(super) fault: &'static str,
    pub(super) target: &'static str,
    /// Outcome of the automatic resync and when it ends; none begins when absent.
    pub(super) automatic: Option<(&'static str, u64)>,
    /// When the state is whole; absent when it never is.
    pub(super) restored: Option<u64>,
    /// Status of the answer to the forced resync; absent when none was asked for.
    pub(super) forced: Option<u16>,
    pub(super) events: bool,
    pub(super) ledger: Option<Ledger>,
}

/// What a read-back shows when all is well.
pub(super) fn whole(acknowledged: u64, spooled: u64) -> Ledger {
    Ledger {
        acknowledged,
        stable: acknowledged,
        newly_damaged: Some(0),
        spooled: Some(spooled),
        compared: Some(50),
        cache_differs: Some(0),
        ..Ledger::default()
    }
}

impl Outage {
    pub(super) fn at(id: u32, t_ms: u64) -> Self {
        Self {
            id,
            t_ms,
            fault: "store-kill",
            target: "database",
            automatic: Some(("succeeded", 1_200)),
            restored: Some(1_210),
            forced: Some(200),
            events: true,
            ledger: Some(whole(900, 40)),
        }
    }

    fn stores(&self) -> Vec<&'static str> {
        self.target.split('+').collect()
    }

    fn event(
        &self,
        scene: Scene,
        after_ms: u64,
        kind: &str,
        module: &str,
        resync: Option<ResyncRecord>,
    ) -> Scene {
        if !self.events {
            return scene;
        }
        let cause = match kind {
            "store_down" => Some("connection refused".to_owned()),
            "resync_started" if after_ms < 4_000 => Some("automatic".to_owned()),
            "resync_started" => Some("requested".to_owned()),
            _ => resync.as_ref().map(|resync| resync.trigger.clone()),
        };
        let (kind, module, seq) = (kind.to_owned(), module.to_owned(), self.t_ms + after_ms);
        scene.at(
            self.t_ms + after_ms,
            BackendEvent { seq, kind, module, pid: None, attempt: None, cause, resync },
        )
    }

    fn resync(&self, trigger: &str, outcome: &str, replayed: u64) -> ResyncRecord {
        ResyncRecord {
            id: format!("{trigger}-{}", self.id),
            trigger: trigger.to_owned(),
            outcome: outcome.to_owned(),
            replayed,
            rebuilt: 3,
            repaired: 0,
            mismatches: 0,
            duration_ms: 40,
            reason: None,
        }
    }

    fn expects(&self, scene: Scene, after_ms: u64, module: &str, kind: &str, severity: &str) -> Scene {
        let expected = AlertExpected {
            episode: self.id,
            module: module.to_owned(),
            kinds: vec![kind.to_owned()],
            min_severity: severity.to_owned(),
            deadline_us: 10_000 * MS,
        };
        scene.at(self.t_ms + after_ms, expected)
    }

    fn alert(&self, scene: Scene, after_ms: u64, module: &str, kind: &str, severity: &str) -> Scene {
        let key = format!("{}-{after_ms}-{module}", self.id);
        let alert = AlertReceived {
            id: key.clone(),
            key,
            severity: severity.to_owned(),
            kind: kind.to_owned(),
            module: module.to_owned(),
            message: String::new(),
            raised_at: None,
        };
        scene.at(self.t_ms + after_ms, alert)
    }

    /// Adds the episode.
    pub(super) fn play(&self, scene: Scene) -> Scene {
        let scene = self.faulted(scene);
        let scene = self.resynced(scene);
        let scene = self.forced(scene);
        self.read_back(scene)
    }

    fn faulted(&self, mut scene: Scene) -> Scene {
        let (id, t) = (self.id, self.t_ms);
        let injected = FaultInjected {
            episode: id,
            scenario: "single-module".to_owned(),
            fault: self.fault.to_owned(),
            target: self.target.to_owned(),
            pid: None,
            chain: None,
            lasts_us: None,
        };
        scene = scene.at(t, injected);
        for store in self.stores() {
            scene = self.expects(scene, 0, store, "store_unavailable", "warning");
        }
        let evidence = "no answer on a connection that was open".to_owned();
        scene = scene.at(t + 20, FaultConfirmed { episode: id, evidence });
        scene = scene.outage(t + 20, t + 1_100);
        for (store, after) in self.stores().into_iter().zip([0, 10]) {
            scene = self.event(scene, 30 + after, "store_down", store, None);
            scene = self.alert(scene, 50 + after, store, "store_unavailable", "warning");
        }
        scene = self.expects(scene, 1_000, "session", "state_resynced", "info");
        scene.at(t + 1_100, FaultEnded { episode: id, undo_us: Some((t + 1_000) * MS) })
    }

    fn resynced(&self, mut scene: Scene) -> Scene {
        for (store, after) in self.stores().into_iter().zip([0, 10]) {
            scene = self.event(scene, 1_140 + after, "store_up", store, None);
        }
        if let Some((outcome, ended)) = self.automatic {
            scene = self.event(scene, ended - 40, "resync_started", "session", None);
            let report = self.resync("automatic", outcome, 38);
            scene = self.event(scene, ended, "resync_finished", "session", Some(report));
            scene = self.alert(scene, ended + 20, "session", "state_resynced", "info");
        }
        if let Some(restored) = self.restored {
            scene = scene.unhealthy(self.t_ms + 20, self.t_ms + restored);
            scene = self.event(scene, restored, "stores_restored", "session", None);
        }
        scene
    }

    fn forced(&self, mut scene: Scene) -> Scene {
        let Some(status) = self.forced else { return scene };
        let done = (status < 300).then(|| self.resync("requested", "succeeded", 2));
        if let Some(report) = &done {
            scene = self.event(scene, 4_960, "resync_started", "session", None);
            scene = self.event(scene, 4_999, "resync_finished", "session", Some(report.clone()));
            scene = self.alert(scene, 5_030, "session", "state_resynced", "info");
        }
        let action = Action {
            episode: Some(self.id),
            what: "POST /api/recovery/state_resync".to_owned(),
            scripted: true,
            status: Some(status),
            resync: done,
        };
        scene.at(self.t_ms + 5_000, action)
    }

    fn read_back(&self, scene: Scene) -> Scene {
        let t = self.t_ms;
        let scene = scene.at(
            t + 6_000,
            EpisodeClosed { episode: self.id, outcome: "recovered".to_owned(), recovered_us: None },
        );
        let Some(ledger) = self.ledger else { return scene };
        let held_from_us = Some((t + 6_100) * MS);
        scene.at(t + 6_400, Ledger { episode: Some(self.id), held_from_us, ..ledger })
    }
}

/// A run whose scenario stops stores and is judged on all four KPIs.
pub(super) fn stores(scene: Scene) -> Scene {
    scene.plan(|plan| {
        let scenario = &mut plan.scenarios[0];
        scenario.fault = "store-kill,store-pause".to_owned();
        scenario.outage_us = Some(1_000 * MS);
        scenario.resync_grace_us = Some(3_800 * MS);
        let rate = KpiRecord::new("state_resync_rate", ">=", 0.9);
        scenario.kpis.insert(1, rate);
    })
}
