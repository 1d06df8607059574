//! What each module and store did over time: down, restarting, well.

use super::downtime::{goes_away, is_well};
use super::model::{Lane, LaneState, Stretch};
use super::stores::stores_of;
use super::timeline::{At, ControlTimeline};
use crate::journal::Micros;

/// What becomes of a lane.
type Change<'a> = (Micros, &'a str, Option<LaneState>);

/// A lane for everything that was hit or that was away, in the order in which the run first names it. The backend's
/// word is taken; where it says nothing of a module, the health page's.
pub(super) fn lanes(control: &ControlTimeline, end: Micros) -> Vec<Lane> {
    let mut told = Vec::new();
    for At { t, what } in &control.backend {
        let change = match what.kind.as_str() {
            "store_down" => Some(LaneState::Down),
            kind if goes_away(kind) => Some(LaneState::Down),
            "spawned" => Some(LaneState::Restarting),
            "store_up" | "ready" | "stable" => None,
            _ => continue,
        };
        told.push((*t, what.module.as_str(), change));
    }
    let spoken_of = |module: &str| told.iter().any(|(_, name, _)| *name == module);
    let shown = control.modules.iter().filter(|state| !spoken_of(&state.what.module));
    let mut changes: Vec<Change<'_>> = shown
        .map(|At { t, what }| {
            let restarting = matches!(what.status.as_str(), "restarting" | "starting");
            let state = if restarting { LaneState::Restarting } else { LaneState::Down };
            (*t, what.module.as_str(), (!is_well(&what.status)).then_some(state))
        })
        .collect();
    changes.append(&mut told);
    changes.sort_by_key(|(t, _, _)| *t);
    let hit = control.faults.iter().flat_map(|fault| stores_of(&fault.injected.target));
    let mut names: Vec<&str> = Vec::new();
    for name in changes.iter().map(|(_, name, _)| *name).chain(hit) {
        if !names.contains(&name) {
            names.push(name);
        }
    }
    names.into_iter().map(|name| lane(name, &changes, end)).collect()
}

fn lane(name: &str, changes: &[Change<'_>], end: Micros) -> Lane {
    let mut stretches = Vec::new();
    let mut open: Option<(Micros, LaneState)> = None;
    let own = changes.iter().filter(|(_, of, _)| *of == name).map(|(t, _, state)| (*t, *state));
    for (t, state) in own.chain([(end, None)]) {
        if open.map(|(_, state)| state) == state {
            continue;
        }
        if let Some((from_us, state)) = open.filter(|(from, _)| *from < t) {
            stretches.push(Stretch { from_us, to_us: t, state });
        }
        open = state.map(|state| (t, state));
    }
    Lane { name: name.to_owned(), told: changes.iter().any(|(_, of, _)| *of == name), stretches }
}
