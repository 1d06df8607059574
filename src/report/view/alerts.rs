//! What the alerts of a run read like. Pure.

use super::{commas, counted, of, semicolons};
use crate::analysis::model::AlertTotals;
use crate::lang::format::ratio;
use crate::lang::{Arg, Lang};

/// The share of the expected alerts that came in time.
pub(crate) fn recall(alerts: &AlertTotals, lang: Lang) -> String {
    alerts.recall.map_or_else(|| lang.text("alerts-recall-none"), ratio)
}

/// The share of those that came for a reason.
pub(crate) fn precision(alerts: &AlertTotals, lang: Lang) -> String {
    alerts.precision.map_or_else(|| lang.text("alerts-precision-none"), ratio)
}

/// How long after t0 the matched ones came.
pub(crate) fn delays(alerts: &AlertTotals, lang: Lang) -> String {
    let (Some(p50), Some(max)) = (alerts.delay_p50_us, alerts.delay_max_us) else {
        return lang.text("alerts-delays-none");
    };
    let args = [
        ("p50", Arg::LengthUs(p50)),
        ("p95", Arg::length_or(alerts.delay_p95_us)),
        ("max", Arg::LengthUs(max)),
    ];
    lang.say("alerts-delays", args)
}

/// All of them in one line.
pub(crate) fn totals(alerts: &AlertTotals, lang: Lang) -> String {
    if alerts.expected == 0 && alerts.received == 0 {
        return lang.text("alerts-none");
    }
    let in_time = of(alerts.matched, alerts.expected, lang);
    let mut counts = vec![lang.say("alerts-in-time", [("count", in_time.into())])];
    let besides = [
        (alerts.late, "alerts-late"),
        (alerts.duplicates, "alerts-duplicate"),
        (alerts.collateral, "alerts-collateral"),
        (alerts.false_alarms, "alerts-false"),
    ];
    counts.extend(counted(besides, lang));
    let mut parts = vec![commas(&counts, lang)];
    if let (Some(recall), Some(precision)) = (alerts.recall, alerts.precision) {
        let args = [("recall", Arg::Share(recall)), ("precision", Arg::Share(precision))];
        parts.push(lang.say("alerts-rates", args));
    }
    if alerts.delay_p50_us.is_some() {
        parts.push(lang.say("alerts-delay", [("delays", delays(alerts, lang).into())]));
    }
    if alerts.sink_closed_us > 0 {
        let length = Arg::LengthUs(alerts.sink_closed_us);
        parts.push(lang.say("alerts-sink-closed", [("length", length)]));
    }
    semicolons(&parts, lang)
}
