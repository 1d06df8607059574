//! When which module was away, from what the backend says and, failing that, from the health page; and when the
//! stores were, or did not hold everything.

mod stores;

use std::collections::BTreeMap;

use super::timeline::ControlTimeline;
use crate::journal::Micros;
use crate::journal::event::{BackendEvent, ModuleState};
use stores::Stores;

/// A module or a store was away, or the state was not whole.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Downtime {
    pub(super) what: What,
    /// The module or store; `session` where both stores together did not hold everything.
    pub(super) name: String,
    pub(super) from: Micros,
    /// When it was ready again; absent when it never was.
    pub(super) until: Option<Micros>,
}

/// Of what a downtime is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum What {
    /// A module. That one that went away was ever expected back is not known.
    Module,
    /// A store, or what both stores together must hold. It is missing until it is said to be there again.
    State,
}

/// Whether a backend event says that its module goes away.
pub(super) fn goes_away(kind: &str) -> bool {
    matches!(kind, "exited" | "hung" | "stopping" | "start_timeout" | "gave_up")
}

/// Whether a status on the health page means that all is well.
pub(super) fn is_well(status: &str) -> bool {
    matches!(status, "healthy" | "ready" | "running" | "ok" | "up")
}

/// Every downtime of every module and store, in order of its beginning.
///
/// That of a module ends with its next `ready` (or `stable`). When the backend's word is missing, the health page's
/// stands in: the first time that it shows the module well with another process.
pub(super) fn downtimes(control: &ControlTimeline) -> Vec<Downtime> {
    let mut modules: BTreeMap<&str, Module> = BTreeMap::new();
    let mut stores = Stores::default();
    let mut states = control.modules.iter().peekable();
    for event in &control.backend {
        while let Some(state) = states.next_if(|state| state.t < event.t) {
            modules.entry(&state.what.module).or_default().shown(state.t, &state.what);
        }
        if !stores.happened(event.t, &event.what) {
            modules.entry(&event.what.module).or_default().happened(event.t, &event.what);
        }
    }
    for state in states {
        modules.entry(&state.what.module).or_default().shown(state.t, &state.what);
    }
    let mut all: Vec<_> =
        modules.into_iter().flat_map(|(name, module)| module.close(name)).chain(stores.close()).collect();
    all.sort_by_key(|downtime| downtime.from);
    all
}

/// One module while the events go by.
#[derive(Debug, Default)]
struct Module {
    open: Option<Open>,
    over: Vec<(Micros, Option<Micros>)>,
}

/// A downtime whose end was not seen yet.
#[derive(Debug)]
struct Open {
    from: Micros,
    pid: Option<u32>,
    shown_well: Option<Micros>,
}

impl Module {
    fn happened(&mut self, t: Micros, event: &BackendEvent) {
        if goes_away(&event.kind) {
            match &mut self.open {
                // Still the same downtime, unless the page showed the module well in between.
                Some(open) if open.shown_well.is_none() => open.pid = event.pid.or(open.pid),
                _ => {
                    self.end(None);
                    self.open = Some(Open { from: t, pid: event.pid, shown_well: None });
                }
            }
        } else if matches!(event.kind.as_str(), "ready" | "stable") {
            self.end(Some(t));
        }
    }

    fn shown(&mut self, t: Micros, state: &ModuleState) {
        if let Some(open) = &mut self.open
            && is_well(&state.status)
            && state.pid.is_some()
            && state.pid != open.pid
        {
            open.shown_well.get_or_insert(t);
        }
    }

    fn end(&mut self, ready: Option<Micros>) {
        if let Some(open) = self.open.take() {
            self.over.push((open.from, ready.or(open.shown_well)));
        }
    }

    fn close(mut self, name: &str) -> impl Iterator<Item = Downtime> {
        self.end(None);
        let name = name.to_owned();
        self.over.into_iter().map(move |(from, until)| Downtime {
            what: What::Module,
            name: name.clone(),
            from,
            until,
        })
    }
}

#[cfg(test)]
mod tests {
    use super::super::timeline::At;
    use super::*;

    fn check(
        events: &[(Micros, &str, u32)],
        states: &[(Micros, &str, u32)],
        expected: &[(Micros, Option<Micros>)],
    ) {
        let backend = |&(t, kind, pid): &(Micros, &str, u32)| At {
            t,
            what: BackendEvent {
                seq: 0,
                kind: kind.to_owned(),
                module: "session".to_owned(),
                pid: Some(pid),
                attempt: None,
                cause: None,
                resync: None,
            },
        };
        let state = |&(t, status, pid): &(Micros, &str, u32)| At {
            t,
            what: ModuleState {
                module: "session".to_owned(),
                status: status.to_owned(),
                pid: Some(pid),
                restarts: None,
            },
        };
        let mut control = ControlTimeline::default();
        control.backend = events.iter().map(backend).collect();
        control.modules = states.iter().map(state).collect();
        let actual: Vec<_> = downtimes(&control).into_iter().map(|d| (d.from, d.until)).collect();
        assert_eq!(actual, expected);
    }

    #[test]
    fn lasts_from_the_first_sign_to_ready() {
        check(
            &[(10, "hung", 1), (12, "exited", 1), (13, "spawned", 2), (15, "ready", 2)],
            &[],
            &[(10, Some(15))],
        );
        check(&[(10, "exited", 1), (13, "spawned", 2), (20, "exited", 2)], &[], &[(10, None)]);
    }

    #[test]
    fn the_health_page_stands_in_for_a_missing_ready() {
        check(&[(10, "exited", 1)], &[(11, "healthy", 1), (20, "healthy", 2)], &[(10, Some(20))]);
        check(&[(10, "exited", 1), (15, "ready", 2)], &[(20, "healthy", 2)], &[(10, Some(15))]);
        check(
            &[(10, "exited", 1), (30, "exited", 2), (35, "ready", 3)],
            &[(20, "healthy", 2)],
            &[(10, Some(20)), (30, Some(35))],
        );
    }
}
