//! goose's own metrics, as far as the page shows them. Pure.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use crate::lang::format::{count, length};
use crate::lang::{Arg, Lang};

/// So many kinds of requests have a row; the file beside the page has all.
const MOST_ROWS: usize = 40;

/// goose's metrics of a run.
#[derive(Debug, Serialize)]
pub(super) struct GooseView {
    pub(super) line: String,
    pub(super) rows: Vec<GooseRow>,
    /// How many rows more there are.
    pub(super) more: Option<String>,
}

/// One kind of request.
#[derive(Debug, Serialize)]
pub(super) struct GooseRow {
    pub(super) name: String,
    pub(super) succeeded: String,
    pub(super) failed: String,
    /// Shortest, mean and longest duration.
    pub(super) times: [String; 3],
}

/// The part of goose's `GooseMetrics` that is shown; what another version lacks is zero.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
struct Metrics {
    /// In seconds.
    duration: u64,
    maximum_users: u64,
    /// By method and name.
    requests: BTreeMap<String, Requests>,
}

#[derive(Debug, Default, Deserialize)]
#[serde(default)]
struct Requests {
    success_count: u64,
    fail_count: u64,
    raw_data: Times,
}

#[derive(Debug, Default, Deserialize)]
#[serde(default)]
struct Times {
    minimum_time_us: u64,
    maximum_time_us: u64,
    total_time_us: u64,
    counter: u64,
}

/// What goose gave, when it is what we know.
pub(super) fn view(metrics: &str, lang: Lang) -> Option<GooseView> {
    let metrics: Metrics = serde_json::from_str(metrics).ok()?;
    let args = [
        ("users", metrics.maximum_users.into()),
        ("length", Arg::LengthUs(metrics.duration.saturating_mul(1_000_000))),
        ("kinds", metrics.requests.len().into()),
    ];
    let more = metrics.requests.len().saturating_sub(MOST_ROWS);
    Some(GooseView {
        line: lang.say("page-goose-line", args),
        rows: metrics.requests.iter().take(MOST_ROWS).map(|(name, of)| row(name, of, lang)).collect(),
        more: (more > 0).then(|| lang.say("page-goose-more", [("n", more.into())])),
    })
}

fn row(name: &str, requests: &Requests, lang: Lang) -> GooseRow {
    let Times { minimum_time_us, maximum_time_us, total_time_us, counter } = requests.raw_data;
    let mean = total_time_us.checked_div(counter);
    let timed = |us: u64| mean.map_or_else(|| lang.text("no-data"), |_| length(us));
    GooseRow {
        name: name.to_owned(),
        succeeded: count(requests.success_count),
        failed: count(requests.fail_count),
        times: [timed(minimum_time_us), timed(mean.unwrap_or(0)), timed(maximum_time_us)],
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_kind_of_request_has_a_row_with_its_times() {
        let metrics = r#"{"hash": 1, "duration": 19, "maximum_users": 50, "requests": {
            "GET /a": {"path": "/a", "method": "GET", "success_count": 90, "fail_count": 10, "raw_data":
                {"times_us": {}, "minimum_time_us": 400, "maximum_time_us": 90000, "total_time_us": 150000, "counter": 100}},
            "POST /b": {"success_count": 0, "fail_count": 0}}}"#;
        let view = view(metrics, Lang::En).unwrap();
        assert_eq!(view.rows[0].times, ["400 µs", "1.5 ms", "90 ms"]);
        assert_eq!((view.rows[0].succeeded.as_str(), view.rows[0].failed.as_str()), ("90", "10"));
        assert_eq!(view.rows[1].times, ["no data"; 3], "nothing was timed, which is not 0 ms");
        assert!(view.line.contains("50") && view.line.contains("19 s"), "{}", view.line);
    }

    #[test]
    fn what_is_no_metrics_has_no_view_and_what_is_much_is_cut() {
        assert!(view("[1, 2", Lang::En).is_none());
        assert!(view(r#"{"requests": 7}"#, Lang::En).is_none());
        let names: BTreeMap<_, _> =
            (0..MOST_ROWS + 3).map(|n| (format!("GET /{n}"), serde_json::json!({}))).collect();
        let much = view(&serde_json::json!({ "requests": names }).to_string(), Lang::En).unwrap();
        assert_eq!((much.rows.len(), much.more.as_deref()), (MOST_ROWS, Some("3 more kinds of requests")));
    }
}
