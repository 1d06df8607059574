//! goose's own thresholds, as its metrics tell of them.

use serde::Deserialize;

use super::model::Analysis;

/// A threshold that failed.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
pub struct FailedThreshold {
    /// The rule, such as `p95<500ms`.
    pub rule: String,
    /// What was observed, in goose's words.
    pub observed: String,
}

/// What of goose's metrics matters here.
#[derive(Deserialize)]
struct Metrics {
    #[serde(default)]
    thresholds: Vec<Judged>,
}

#[derive(Deserialize)]
struct Judged {
    #[serde(flatten)]
    threshold: FailedThreshold,
    passed: bool,
}

/// The thresholds given to goose that failed; none where goose's metrics are missing.
#[must_use]
pub fn failed_thresholds(analysis: &Analysis) -> Vec<FailedThreshold> {
    analysis.goose_metrics.as_deref().map_or_else(Vec::new, failed)
}

/// Those of goose's metrics.
pub(super) fn failed(metrics: &str) -> Vec<FailedThreshold> {
    let judged = serde_json::from_str::<Metrics>(metrics).map_or_else(|_| Vec::new(), |all| all.thresholds);
    judged.into_iter().filter(|judged| !judged.passed).map(|judged| judged.threshold).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_what_failed_is_told() {
        let metrics = r#"{"hash":1,"thresholds":[
            {"rule":"p95<1s","observed":"3ms","value":3.0,"passed":true,"aborted":false},
            {"rule":"error-rate<1%","observed":"7%","value":7.0,"passed":false,"aborted":false}]}"#;
        let expected = FailedThreshold { rule: "error-rate<1%".to_owned(), observed: "7%".to_owned() };
        assert_eq!(failed(metrics), [expected]);
        assert_eq!((failed("{}"), failed("no JSON")), (Vec::new(), Vec::new()));
    }
}
