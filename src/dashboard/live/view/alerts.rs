//! The alerts of a run as they are sent: those that arrived, and those that did not. Pure.

use crate::analysis::Standing;
use crate::analysis::model::{AlertRole, AlertRow, Expectation, Met};
use crate::dashboard::live::model::{LiveAlert, LiveAlerts, MOST_ALERTS};
use crate::lang::Lang;
use crate::lang::format::length;
use crate::report::view;

pub(super) fn alerts(standing: &Standing, lang: Lang) -> LiveAlerts {
    let totals = &standing.alert_totals;
    let mut last: Vec<_> =
        standing.alerts.iter().map(|alert| arrived(alert, &standing.expectations, lang)).collect();
    last.extend(standing.expectations.iter().filter_map(|expected| absent(expected, lang)));
    last.sort_by_key(|alert| std::cmp::Reverse(alert.t_us));
    last.truncate(MOST_ALERTS);
    LiveAlerts {
        received: totals.received,
        expected: totals.expected,
        matched: totals.matched,
        late: totals.late,
        missed: totals.missed,
        duplicates: totals.duplicates,
        false_alarms: totals.false_alarms,
        last,
    }
}

fn arrived(alert: &AlertRow, expectations: &[Expectation], lang: Lang) -> LiveAlert {
    let answered = |expected: &&Expectation| {
        Some(expected.episode) == alert.episode
            && matches!(expected.met, Met::InTime(t) | Met::Late(t) if t == alert.t_us)
    };
    let role = match alert.role {
        AlertRole::Matched => "matched",
        AlertRole::Late => "late",
        AlertRole::Duplicate => "duplicate",
        AlertRole::Collateral => "collateral",
        AlertRole::False => "false",
    };
    LiveAlert {
        t_us: alert.t_us,
        role: role.to_owned(),
        role_text: view::role(alert.role, lang),
        episode: alert.episode,
        module: alert.module.clone(),
        kind: alert.kind.clone(),
        severity: alert.severity.clone(),
        message: Some(alert.message.clone()),
        delay: matches!(alert.role, AlertRole::Matched | AlertRole::Late)
            .then(|| expectations.iter().find(answered))
            .flatten()
            .map(|expected| length(alert.t_us.saturating_sub(expected.t0_us))),
    }
}

/// One that did not arrive, or not yet.
fn absent(expected: &Expectation, lang: Lang) -> Option<LiveAlert> {
    let (role, text) = match expected.met {
        Met::Missed => ("missing", "live-alert-missing"),
        Met::Undecided => ("awaited", "live-alert-awaited"),
        Met::InTime(_) | Met::Late(_) => return None,
    };
    Some(LiveAlert {
        t_us: expected.deadline_us,
        role: role.to_owned(),
        role_text: lang.text(text),
        episode: Some(expected.episode),
        module: expected.module.clone(),
        kind: expected.kinds.join(", "),
        severity: expected.min_severity.clone(),
        message: None,
        delay: None,
    })
}
