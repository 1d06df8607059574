//! What senders of alerts post: the bundled backend's own JSON, Alertmanager's webhook payload (version 4), or a message for people
//! as Slack takes it.
//!
//! They are told apart by shape: a payload of Alertmanager has `alerts`, an alert of the backend has `kind`, a message has `text`,
//! `attachments` or `blocks`. One that is none of them is refused as a whole, with the reason, so that a misconfigured sender is seen and nothing is taken by halves.

use serde::Deserialize;
use serde_json::Value;

use super::text::{Message, TextRule};
use super::{MAX_ALERTS, cut};
use crate::journal::event::AlertReceived;

/// The version of Alertmanager's payload that is understood; there has been no other for years.
const ALERTMANAGER_VERSION: &str = "4";

/// Why a body was refused.
#[derive(Debug, thiserror::Error)]
pub(in crate::watch) enum PayloadError {
    /// No JSON, or not of the shape that was recognised.
    #[error("not an alert: {0}")]
    Shape(#[from] serde_json::Error),
    /// JSON of no known shape.
    #[error(
        "not an alert: post an object with `kind` and `severity`, Alertmanager's webhook payload, or a message with `text`"
    )]
    Unknown,
    /// Alertmanager's payload in another version.
    #[error("not an alert: version {0} of Alertmanager's payload is not known, only \"4\" is")]
    Version(String),
    /// More alerts than one payload may hold.
    #[error("{0} alerts in one payload are too many: send at most {MAX_ALERTS}")]
    TooMany(usize),
    /// An alert that could not be told from its own copy.
    #[error("alert {0} of the payload has neither a fingerprint nor the annotation idempotency_key")]
    NoKey(usize),
}

/// An alert as the bundled backend's dispatcher sends it.
#[derive(Debug, Deserialize)]
struct Own {
    #[serde(default)]
    id: Value,
    idempotency_key: Option<String>,
    severity: String,
    kind: String,
    module: Option<String>,
    #[serde(default)]
    message: String,
    at: Option<String>,
}

/// One element of Alertmanager's `alerts`. What is not read here may be anything.
#[derive(Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
struct Firing {
    status: Status,
    labels: Labels,
    #[serde(default)]
    annotations: Annotations,
    #[serde(default)]
    starts_at: String,
    fingerprint: Option<String>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "lowercase")]
enum Status {
    Firing,
    Resolved,
}

#[derive(Debug, Deserialize)]
struct Labels {
    alertname: String,
    /// Customary, but not every rule has one; without it the alert is of no severity.
    #[serde(default)]
    severity: String,
    #[serde(default)]
    module: String,
}

#[derive(Debug, Default, Deserialize)]
struct Annotations {
    id: Option<String>,
    idempotency_key: Option<String>,
    summary: Option<String>,
    description: Option<String>,
    message: Option<String>,
}

/// The alerts in `body`; `header` is the request's `Idempotency-Key`, which Alertmanager does not send; messages are read by `rule`.
///
/// # Errors
/// [`PayloadError`] says what is wrong; then nothing of the body counts.
pub(in crate::watch) fn alerts(
    body: &[u8],
    header: Option<&str>,
    rule: &TextRule,
) -> Result<Vec<AlertReceived>, PayloadError> {
    let mut payload: Value = serde_json::from_slice(body)?;
    if let Some(alerts) = payload.get_mut("alerts").map(Value::take) {
        let version = payload.get("version").unwrap_or(&Value::Null);
        if version != ALERTMANAGER_VERSION {
            return Err(PayloadError::Version(cut(version.to_string())));
        }
        return of_alertmanager(alerts);
    }
    if payload.get("kind").is_none() {
        if !Message::is_like(&payload) {
            return Err(PayloadError::Unknown);
        }
        let message: Message = serde_json::from_value(payload)?;
        // A message that is sent twice without a key cannot be told from two.
        let key = header
            .map_or_else(|| format!("message-{:016x}", rand::random::<u64>()), |key| cut(key.to_owned()));
        return Ok(vec![message.alert(rule, key)]);
    }
    Ok(vec![of_backend(serde_json::from_value(payload)?, header)])
}

fn of_backend(own: Own, header: Option<&str>) -> AlertReceived {
    let id = match own.id {
        Value::String(id) => id,
        other => other.to_string(),
    };
    let key = own.idempotency_key.or(header.map(str::to_owned));
    AlertReceived {
        key: cut(key.unwrap_or_else(|| id.clone())),
        id: cut(id),
        severity: cut(own.severity),
        kind: cut(own.kind),
        module: cut(own.module.unwrap_or_default()),
        message: cut(own.message),
        raised_at: own.at.map(cut),
    }
}

fn of_alertmanager(alerts: Value) -> Result<Vec<AlertReceived>, PayloadError> {
    let count = alerts.as_array().map_or(0, Vec::len);
    if count > MAX_ALERTS {
        return Err(PayloadError::TooMany(count));
    }
    let alerts: Vec<Firing> = serde_json::from_value(alerts)?;
    // That a condition is over is no alert: nobody is to be told of a fault by it, and nobody expects it. (The bundled
    // backend's good news are alerts of their own, and fire.)
    let firing = alerts.into_iter().enumerate().filter(|(_, alert)| alert.status == Status::Firing);
    firing.map(|(index, alert)| alert.received(index + 1)).collect()
}

impl Firing {
    /// Alert `number` of its payload, as it is journalled.
    fn received(self, number: usize) -> Result<AlertReceived, PayloadError> {
        let Self { labels, annotations, starts_at, fingerprint, .. } = self;
        // Alertmanager repeats what goes on firing: the same labels since the same instant are the same alert.
        let of_fingerprint =
            fingerprint.as_ref().map(|fingerprint| format!("{fingerprint} {starts_at} firing"));
        let key = annotations.idempotency_key.or(of_fingerprint).ok_or(PayloadError::NoKey(number))?;
        let message = annotations.summary.or(annotations.description).or(annotations.message);
        Ok(AlertReceived {
            id: cut(annotations.id.or(fingerprint).unwrap_or_else(|| key.clone())),
            key: cut(key),
            severity: cut(labels.severity),
            kind: cut(labels.alertname),
            module: cut(labels.module),
            message: cut(message.unwrap_or_default()),
            raised_at: (!starts_at.is_empty()).then(|| cut(starts_at)),
        })
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;
    use serde_json::json;

    use super::super::MAX_TEXT;
    use super::*;

    fn of(payload: &Value) -> Result<Vec<AlertReceived>, String> {
        alerts(payload.to_string().as_bytes(), None, &TextRule::default()).map_err(|error| error.to_string())
    }

    fn alertmanager(alerts: &Value) -> Value {
        json!({ "version": "4", "groupKey": "{}:{}", "truncatedAlerts": 0, "status": "firing",
            "receiver": "r", "groupLabels": {}, "commonLabels": {}, "commonAnnotations": {},
            "externalURL": "http://127.0.0.1:9093", "alerts": alerts })
    }

    #[test]
    fn takes_the_backends_own_alert() {
        let own = json!({ "id": 7, "idempotency_key": "k7", "severity": "warning", "kind": "module_crashed",
            "module": "session", "message": "signal 9", "at": "2026-11-23T03:33:39Z" });
        let expected = AlertReceived {
            id: "7".to_owned(),
            key: "k7".to_owned(),
            severity: "warning".to_owned(),
            kind: "module_crashed".to_owned(),
            module: "session".to_owned(),
            message: "signal 9".to_owned(),
            raised_at: Some("2026-11-23T03:33:39Z".to_owned()),
        };
        assert_eq!(of(&own).unwrap(), [expected]);
    }

    #[test]
    fn the_key_is_the_bodys_then_the_headers_then_the_id() {
        let key = |body: Value, header| {
            alerts(body.to_string().as_bytes(), header, &TextRule::default()).unwrap().remove(0).key
        };
        let plain = json!({ "id": "i", "severity": "info", "kind": "k" });
        let keyed = json!({ "id": "i", "idempotency_key": "b", "severity": "info", "kind": "k" });
        assert_eq!(key(keyed, Some("h")), "b");
        assert_eq!(key(plain.clone(), Some("h")), "h");
        assert_eq!(key(plain, None), "i");
    }

    #[test]
    fn takes_what_the_backend_says_in_alertmanagers_format() {
        let received = of(&alertmanager(&json!([{
            "status": "firing",
            "labels": { "alertname": "module_crashed", "module": "session", "severity": "warning" },
            "annotations": { "summary": "s", "description": "d", "id": "7", "idempotency_key": "k7" },
            "startsAt": "2023-11-14T22:13:20.000001Z", "endsAt": "0001-01-01T00:00:00Z",
            "generatorURL": "http://127.0.0.1:8000/api/alerts", "fingerprint": "0011223344556677",
        }])));
        let expected = AlertReceived {
            id: "7".to_owned(),
            key: "k7".to_owned(),
            severity: "warning".to_owned(),
            kind: "module_crashed".to_owned(),
            module: "session".to_owned(),
            message: "s".to_owned(),
            raised_at: Some("2023-11-14T22:13:20.000001Z".to_owned()),
        };
        assert_eq!(received.unwrap(), [expected]);
    }

    #[test]
    fn takes_a_group_of_alertmanagers_own_and_leaves_out_what_is_resolved() {
        let alert = |status: &str, name: &str, starts: &str| {
            json!({ "status": status, "labels": { "alertname": name, "instance": "h:1" }, "startsAt": starts,
                "annotations": { "message": "m", "runbook_url": "u" }, "fingerprint": "ff" })
        };
        let group = json!([
            alert("firing", "Down", "t1"),
            alert("resolved", "Down", "t1"),
            alert("firing", "Down", "t2"),
            alert("firing", "Down", "t2"),
        ]);
        let received = of(&alertmanager(&group)).unwrap();
        assert_eq!(received.len(), 3);
        let first = &received[0];
        assert_eq!((first.id.as_str(), first.kind.as_str(), first.message.as_str()), ("ff", "Down", "m"));
        assert_eq!((first.severity.as_str(), first.module.as_str()), ("", ""));
        assert_ne!(received[0].key, received[1].key, "it fired anew");
        assert_eq!(received[1].key, received[2].key, "a repetition is a duplicate");
        assert_eq!(of(&alertmanager(&json!([alert("resolved", "Down", "t1")]))).unwrap(), []);
    }

    #[test]
    fn takes_a_message_as_slack_does() {
        let fields = json!({ "text": "*web* is in trouble", "attachments": [{ "color": "danger", "title": "Down",
            "fields": [{ "title": "Service", "value": "web", "short": true }, { "title": "alertname", "value": "Down" }] }] });
        let alert = of(&fields).unwrap().remove(0);
        assert_eq!(
            (alert.kind.as_str(), alert.module.as_str(), alert.severity.as_str()),
            ("Down", "web", "critical")
        );
        assert!(alert.message.starts_with("*web* is in trouble\nDown\nService: web"), "{}", alert.message);
        let blocks =
            json!({ "blocks": [{ "type": "section", "text": { "type": "mrkdwn", "text": "api is hung" } }] });
        let plain = of(&blocks).unwrap().remove(0);
        assert_eq!(
            (plain.kind.as_str(), plain.module.as_str(), plain.message.as_str()),
            ("message", "", "api is hung")
        );
        assert_eq!(plain.severity, "warning");
        let again = of(&blocks).unwrap().remove(0);
        assert_ne!(plain.key, again.key, "nothing says that it is the same");
    }

    #[test]
    fn the_plan_says_how_a_message_is_read() {
        let rule = TextRule(Some(regex::Regex::new(r"(?<module>\w+) is (?<kind>down|hung)").unwrap()));
        let read = |text: &str| {
            let body = json!({ "text": text }).to_string();
            alerts(body.as_bytes(), Some("k1"), &rule).unwrap().remove(0)
        };
        let alert = read("ALERT: api is hung since 12:00");
        assert_eq!((alert.kind.as_str(), alert.module.as_str(), alert.key.as_str()), ("hung", "api", "k1"));
        assert_eq!(read("all is well").kind, "message");
    }

    #[test]
    fn refuses_what_is_neither_and_says_why() {
        let named = |alert: Value| alertmanager(&json!([alert]));
        for (payload, reason) in [
            (json!([]), "post an object"),
            (json!("alert"), "post an object"),
            (json!({}), "post an object"),
            (json!({ "kind": "k" }), "severity"),
            (json!({ "kind": 1, "severity": "info" }), "string"),
            (json!({ "alerts": [] }), "version null"),
            (json!({ "version": "5", "alerts": [] }), "version \"5\""),
            (alertmanager(&json!({})), "sequence"),
            (alertmanager(&json!([1])), "not an alert"),
            (named(json!({ "status": "firing", "labels": {}, "fingerprint": "f" })), "alertname"),
            (named(json!({ "status": "odd", "labels": { "alertname": "a" } })), "odd"),
            (named(json!({ "status": "firing", "labels": { "alertname": ["a"] } })), "string"),
            (named(json!({ "status": "firing", "labels": { "alertname": "a" } })), "alert 1 of the payload"),
            (
                named(json!({ "status": "firing", "labels": { "alertname": "a" }, "annotations": 3 })),
                "not an alert",
            ),
        ] {
            let error = of(&payload).unwrap_err();
            assert!(error.contains(reason), "{payload}: {error}");
        }
    }

    #[test]
    fn one_bad_alert_refuses_the_whole_payload() {
        let good = json!({ "status": "firing", "labels": { "alertname": "a" }, "fingerprint": "f" });
        let bad = json!({ "status": "firing", "labels": { "alertname": "a" } });
        let error = of(&alertmanager(&json!([good, bad]))).unwrap_err();
        assert!(error.contains("alert 2"), "{error}");
    }

    #[test]
    fn hostile_bodies_are_refused_or_cut() {
        let deep = format!("{{\"alerts\":{}{}}}", "[".repeat(100_000), "]".repeat(100_000));
        let error = alerts(deep.as_bytes(), None, &TextRule::default()).unwrap_err().to_string();
        assert!(error.contains("recursion limit"), "{error}");
        let many = vec![json!({ "status": "firing" }); MAX_ALERTS + 1];
        assert!(of(&alertmanager(&json!(many))).unwrap_err().contains("too many"));
        let huge = "ä".repeat(100_000);
        let alert =
            of(&json!({ "kind": huge, "severity": huge, "id": huge, "message": huge })).unwrap().remove(0);
        for text in [alert.kind, alert.severity, alert.id, alert.key, alert.message] {
            assert_eq!(text.chars().count(), MAX_TEXT);
        }
        assert!(of(&json!({ "version": huge, "alerts": [] })).unwrap_err().len() < 3 * MAX_TEXT);
    }

    proptest! {
        #[test]
        fn no_body_is_too_odd_to_be_answered(body in prop::collection::vec(any::<u8>(), 0..200)) {
            let _ = alerts(&body, None, &TextRule::default());
        }
    }
}
