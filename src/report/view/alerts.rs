//! What the alerts of a run read like. Pure.

use crate::analysis::model::AlertTotals;
use crate::lang::format::{count, length, length_or, ratio};

/// The share of the expected alerts that came in time.
pub(crate) fn recall(alerts: &AlertTotals) -> String {
    alerts.recall.map_or_else(|| "no data: none was expected".to_owned(), ratio)
}

/// The share of those that came for a reason.
pub(crate) fn precision(alerts: &AlertTotals) -> String {
    alerts.precision.map_or_else(|| "no data: none was matched or false".to_owned(), ratio)
}

/// How long after t0 the matched ones came.
pub(crate) fn delays(alerts: &AlertTotals) -> String {
    match (alerts.delay_p50_us, alerts.delay_max_us) {
        (Some(p50), Some(max)) => {
            format!("p50 {}, p95 {}, max {}", length(p50), length_or(alerts.delay_p95_us), length(max))
        }
        _ => "no data: none was matched".to_owned(),
    }
}

/// All of them in one line.
pub(crate) fn totals(alerts: &AlertTotals) -> String {
    if alerts.expected == 0 && alerts.received == 0 {
        return "no data: none was expected and none came".to_owned();
    }
    let mut text = format!("{} of {} expected in time", count(alerts.matched), count(alerts.expected));
    for (n, what) in [
        (alerts.late, "late"),
        (alerts.duplicates, "duplicate"),
        (alerts.collateral, "collateral"),
        (alerts.false_alarms, "false"),
    ] {
        if n > 0 {
            text.extend([", ", &count(n), " ", what]);
        }
    }
    if let (Some(recall), Some(precision)) = (alerts.recall, alerts.precision) {
        text.extend(["; recall ", &ratio(recall), ", precision ", &ratio(precision)]);
    }
    if alerts.delay_p50_us.is_some() {
        text.extend(["; delay ", &delays(alerts)]);
    }
    if alerts.sink_closed_us > 0 {
        text.extend(["; our own sink was closed for ", &length(alerts.sink_closed_us)]);
    }
    text
}
