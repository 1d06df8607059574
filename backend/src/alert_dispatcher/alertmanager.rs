//! An alert in the form in which Alertmanager notifies its webhook receivers (payload version 4).
//!
//! Every alert is a notification of its own, with status `firing`, also the good news (`module_recovered`,
//! `state_resynced`): what is sent here happened at one moment, and nothing of it is a condition that lasts until it is
//! resolved. So a receiver counts exactly what was sent, and `endsAt` is Go's zero time, as for any alert that fires.

use serde::Serialize;
use sha2::{Digest as _, Sha256};

use super::alert::Alert;
use crate::module::hex;

const VERSION: &str = "4";
const STATUS: &str = "firing";
/// The name of the receiver, which Alertmanager takes from its configuration.
const RECEIVER: &str = "fault-recovery-manager";
/// "Not ended": Go's zero time.
const NEVER: &str = "0001-01-01T00:00:00Z";

/// The body of one delivery.
#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct Notification<'a> {
    version: &'static str,
    group_key: String,
    truncated_alerts: u64,
    status: &'static str,
    receiver: &'static str,
    group_labels: Labels<'a>,
    common_labels: Labels<'a>,
    common_annotations: Annotations<'a>,
    #[serde(rename = "externalURL")]
    external_url: &'a str,
    alerts: [Firing<'a>; 1],
}

/// What an alert is about. Alerts that share these are one alert to Alertmanager.
#[derive(Clone, Copy, Debug, Serialize)]
struct Labels<'a> {
    alertname: &'a str,
    module: &'a str,
    severity: &'a str,
}

/// What an alert says. Annotations are texts.
#[derive(Clone, Debug, Serialize)]
struct Annotations<'a> {
    summary: &'a str,
    description: &'a str,
    id: String,
    idempotency_key: &'a str,
}

#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
struct Firing<'a> {
    status: &'static str,
    labels: Labels<'a>,
    annotations: Annotations<'a>,
    starts_at: &'a str,
    ends_at: &'static str,
    #[serde(rename = "generatorURL")]
    generator_url: String,
    fingerprint: String,
}

impl<'a> Notification<'a> {
    /// `alert` as a notification; `api` is where the manager's own API is.
    pub(super) fn new(alert: &'a Alert, api: &'a str) -> Self {
        let labels = Labels { alertname: &alert.kind, module: &alert.module, severity: &alert.severity };
        let annotations = Annotations {
            summary: &alert.message,
            description: &alert.message,
            id: alert.id.to_string(),
            idempotency_key: &alert.idempotency_key,
        };
        let group_key = format!(
            "{{}}:{{alertname={:?}, module={:?}, severity={:?}}}",
            labels.alertname, labels.module, labels.severity
        );
        let firing = Firing {
            status: STATUS,
            labels,
            annotations: annotations.clone(),
            starts_at: &alert.at,
            ends_at: NEVER,
            generator_url: format!("{api}/api/alerts?after={}&limit=1", alert.id - 1),
            fingerprint: hex(&Sha256::digest(&group_key)[..8]),
        };
        Self {
            version: VERSION,
            group_key,
            truncated_alerts: 0,
            status: STATUS,
            receiver: RECEIVER,
            group_labels: labels,
            common_labels: labels,
            common_annotations: annotations,
            external_url: api,
            alerts: [firing],
        }
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn has_every_member_that_a_receiver_of_alertmanager_expects() {
        let alert = Alert {
            id: 7,
            idempotency_key: "k7".to_owned(),
            severity: "warning".to_owned(),
            kind: "module_crashed".to_owned(),
            module: "session".to_owned(),
            message: "ended unexpectedly with signal 9".to_owned(),
            at: "2023-11-14T22:13:20.000001Z".to_owned(),
            at_us: 0,
        };
        let labels = json!({"alertname": "module_crashed", "module": "session", "severity": "warning"});
        let annotations = json!({
            "summary": alert.message, "description": alert.message, "id": "7", "idempotency_key": "k7",
        });
        let body = serde_json::to_value(Notification::new(&alert, "http://127.0.0.1:8000")).unwrap();
        let fingerprint = body["alerts"][0]["fingerprint"].as_str().unwrap();
        assert_eq!(fingerprint.len(), 16);
        let expected = json!({
            "version": "4",
            "groupKey": "{}:{alertname=\"module_crashed\", module=\"session\", severity=\"warning\"}",
            "truncatedAlerts": 0,
            "status": "firing",
            "receiver": "fault-recovery-manager",
            "groupLabels": labels,
            "commonLabels": labels,
            "commonAnnotations": annotations,
            "externalURL": "http://127.0.0.1:8000",
            "alerts": [{
                "status": "firing",
                "labels": labels,
                "annotations": annotations,
                "startsAt": "2023-11-14T22:13:20.000001Z",
                "endsAt": "0001-01-01T00:00:00Z",
                "generatorURL": "http://127.0.0.1:8000/api/alerts?after=6&limit=1",
                "fingerprint": fingerprint,
            }],
        });
        assert_eq!(body, expected);
    }
}
