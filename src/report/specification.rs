//! What a run shows of each part of R-v0.2's permanent specification: retries, alert rule, State Resync, monitoring. Pure.
//!
//! The plan asks for these to be put into words *from the results*. What a run does not show is absent here, and the
//! planned value stays.

use std::collections::BTreeMap;

use crate::analysis::Analysis;
use crate::analysis::model::{AlertRole, Episode, Outcome};

/// The plan's number of retries.
pub(crate) const PLANNED_RETRIES: u64 = 3;

/// The plan's alert rule: the failure in a row at which the critical alert goes out.
pub(crate) const PLANNED_ALERT: u64 = 4;

/// The fault that asks for a restart: the module has not failed by itself.
const ASKED_FOR: &str = "restart";

/// The alerts about a module that fails again and again, as the backend names them.
const REPEATED: [&str; 2] = ["repeated_failures", "recovery_exhausted"];

/// What a run shows.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Shown {
    pub(crate) retries: Retries,
    pub(crate) alert: AlertRule,
    pub(crate) resync: Resync,
    pub(crate) monitoring: Monitoring,
}

/// How often a failed module had to be restarted.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(crate) struct Retries {
    /// `max_retries` of the target's policy.
    pub(crate) in_force: Option<u64>,
    /// How many episodes of failed modules recovered, by the number of restarts that it took.
    pub(crate) attempts: BTreeMap<u32, u64>,
    /// How often a policy was exhausted.
    pub(crate) exhausted: u64,
}

impl Retries {
    /// The largest number of failures in a row that was survived: each was answered by a restart.
    pub(crate) fn survived(&self) -> Option<u32> {
        self.attempts.last_key_value().map(|(attempts, _)| *attempts)
    }

    /// As planned, unless the run shows that it takes more.
    pub(crate) fn proposed(&self) -> u64 {
        PLANNED_RETRIES.max(self.survived().map_or(0, u64::from))
    }
}

/// When somebody is told.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(crate) struct AlertRule {
    /// `alert_after` of the target's policy.
    pub(crate) in_force: Option<u64>,
    /// Expected alerts, and those of them that came in time.
    pub(crate) expected: u64,
    /// See `expected`.
    pub(crate) matched: u64,
    /// From the first failure of a module that fails again and again to the critical alert, shortest first.
    pub(crate) critical_us: Vec<u64>,
}

impl AlertRule {
    /// As planned; where more retries are proposed, still the first failure after them at the latest.
    pub(crate) fn proposed(retries: u64) -> u64 {
        PLANNED_ALERT.max(retries + 1)
    }
}

/// When the state counts as restored.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(crate) struct Resync {
    /// Store episodes of which it is known whether the state came back by itself.
    pub(crate) decided: u64,
    /// Those of them after which it did.
    pub(crate) whole: u64,
    /// How long that took from the end of the fault on, shortest first.
    pub(crate) took_us: Vec<u64>,
}

/// How the target is watched.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(crate) struct Monitoring {
    /// The settings of the target's policy that matter here, by name, as it gives them.
    pub(crate) settings: Vec<(&'static str, String)>,
    /// From the fault's effect until the target noticed, shortest first.
    pub(crate) noticed_us: Vec<u64>,
    /// Alerts for which there was no reason.
    pub(crate) false_alarms: u64,
}

impl Shown {
    pub(crate) fn of(analysis: &Analysis) -> Self {
        let policy = analysis.summary.plan.policy.as_ref();
        let number = |name: &str| policy.and_then(|policy| policy.get(name)?.as_u64());
        let alerts = &analysis.summary.alerts;
        Self {
            retries: Retries { in_force: number("max_retries"), ..retries(analysis) },
            alert: AlertRule {
                in_force: number("alert_after"),
                expected: alerts.expected,
                matched: alerts.matched,
                critical_us: critical(analysis),
            },
            resync: resync(&analysis.summary.episodes),
            monitoring: monitoring(analysis, policy),
        }
    }
}

/// The shortest, the middle and the longest of lengths in order; absent without any.
pub(crate) fn spread(sorted_us: &[u64]) -> Option<[u64; 3]> {
    Some([*sorted_us.first()?, *sorted_us.get((sorted_us.len() - 1) / 2)?, *sorted_us.last()?])
}

fn retries(analysis: &Analysis) -> Retries {
    let failed = |episode: &&Episode| !episode.hits_stores() && episode.fault != ASKED_FOR;
    let recovered = analysis.summary.episodes.iter().filter(failed);
    let recovered = recovered.filter(|episode| episode.outcome == Outcome::Recovered && episode.automatic);
    let mut attempts = BTreeMap::new();
    for n in recovered.filter_map(|episode| episode.restart_attempts) {
        *attempts.entry(n).or_default() += 1;
    }
    let exhausted = analysis
        .alerts
        .iter()
        .filter(|alert| alert.kind == "recovery_exhausted" && alert.role != AlertRole::Duplicate)
        .count() as u64;
    Retries { in_force: None, attempts, exhausted }
}

fn critical(analysis: &Analysis) -> Vec<u64> {
    let repeated = analysis
        .alerts
        .iter()
        .filter(|alert| REPEATED.contains(&alert.kind.as_str()) && alert.role == AlertRole::Matched);
    let delays = repeated.filter_map(|alert| {
        let episode = analysis.summary.episodes.iter().find(|episode| Some(episode.id) == alert.episode)?;
        Some(alert.t_us.saturating_sub(episode.t0_us))
    });
    sorted(delays)
}

fn resync(episodes: &[Episode]) -> Resync {
    let states: Vec<_> = episodes
        .iter()
        .filter(|episode| episode.is_trial())
        .filter_map(|episode| episode.state.as_ref())
        .filter(|state| state.resynced.is_some())
        .collect();
    let whole = || states.iter().filter(|state| state.resynced == Some(true));
    Resync {
        decided: states.len() as u64,
        whole: whole().count() as u64,
        took_us: sorted(whole().filter_map(|state| state.resync_us)),
    }
}

fn monitoring(analysis: &Analysis, policy: Option<&serde_json::Value>) -> Monitoring {
    const SETTINGS: [&str; 4] = ["heartbeat", "heartbeat_misses", "start_timeout", "stable_after"];
    let setting = |name: &'static str| {
        let value = policy?.get(name)?;
        Some((name, value.as_str().map_or_else(|| value.to_string(), str::to_owned)))
    };
    let episodes = analysis.summary.episodes.iter().filter(|episode| episode.is_trial());
    Monitoring {
        settings: SETTINGS.into_iter().filter_map(setting).collect(),
        noticed_us: sorted(episodes.filter_map(|episode| episode.phases_us.detect)),
        false_alarms: analysis.summary.alerts.false_alarms,
    }
}

fn sorted(lengths: impl Iterator<Item = u64>) -> Vec<u64> {
    let mut lengths: Vec<_> = lengths.collect();
    lengths.sort_unstable();
    lengths
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;
    use crate::report::fixture;

    #[test]
    fn restarts_are_counted_by_episode_and_the_most_in_a_row_is_what_was_survived() {
        let mut analysis = fixture::passing();
        analysis.summary.plan.policy =
            Some(json!({"max_retries": 3, "alert_after": 4, "heartbeat": "200ms"}));
        analysis.summary.episodes[1].restart_attempts = Some(3);
        let shown = Shown::of(&analysis);
        assert_eq!(shown.retries.attempts, BTreeMap::from([(1, 2), (3, 1)]));
        assert_eq!((shown.retries.survived(), shown.retries.proposed()), (Some(3), 3));
        assert_eq!((shown.retries.in_force, shown.alert.in_force), (Some(3), Some(4)));
        assert_eq!(shown.monitoring.settings, [("heartbeat", "200ms".to_owned())]);
        assert_eq!(shown.monitoring.noticed_us, [4_900; 3]);
    }

    #[test]
    fn more_retries_are_proposed_only_when_more_were_needed() {
        let with = |survived| Retries { attempts: BTreeMap::from([(survived, 1)]), ..Retries::default() };
        assert_eq!(with(5).proposed(), 5);
        assert_eq!(AlertRule::proposed(with(5).proposed()), 6);
        assert_eq!((Retries::default().survived(), Retries::default().proposed()), (None, 3));
        assert_eq!(AlertRule::proposed(3), 4);
    }

    #[test]
    fn a_restart_that_was_asked_for_is_no_failure_and_a_helped_recovery_none_of_its_own() {
        let mut analysis = fixture::passing();
        analysis.summary.episodes[0].fault = "restart".to_owned();
        analysis.summary.episodes[1].automatic = false;
        analysis.summary.episodes[2].outcome = Outcome::Censored;
        assert_eq!(Shown::of(&analysis).retries.attempts, BTreeMap::new());
    }

    #[test]
    fn an_exhausted_policy_and_its_critical_alert_are_seen() {
        let mut analysis = fixture::failing();
        let alert = analysis.alerts.iter_mut().find(|alert| alert.episode == Some(3)).unwrap();
        (alert.kind, alert.t_us) = ("recovery_exhausted".to_owned(), 16_700_000);
        let shown = Shown::of(&analysis);
        assert_eq!((shown.retries.exhausted, shown.alert.critical_us.as_slice()), (1, [700_000].as_slice()));
        // A late one has not told in time.
        let alert = analysis.alerts.iter_mut().find(|alert| alert.kind == "recovery_exhausted").unwrap();
        alert.role = AlertRole::Late;
        assert!(Shown::of(&analysis).alert.critical_us.is_empty());
    }

    #[test]
    fn only_decided_outages_say_something_of_the_resync() {
        let resync = Shown::of(&fixture::broken_stores()).resync;
        assert_eq!((resync.decided, resync.whole, resync.took_us.len()), (3, 1, 1));
        assert_eq!(Shown::of(&fixture::passing()).resync, Resync::default());
    }

    #[test]
    fn a_spread_of_nothing_is_nothing() {
        assert_eq!(spread(&[]), None);
        assert_eq!(spread(&[7]), Some([7, 7, 7]));
        assert_eq!(spread(&[1, 2, 3, 9]), Some([1, 2, 9]));
    }
}
