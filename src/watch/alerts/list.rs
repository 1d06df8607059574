//! Alerts in a list that is asked for again and again. Without pointers of the plan it is read as R-v0.2's `GET /api/alerts`,
//! Alertmanager's `GET /api/v2/alerts` or Prometheus's `GET /api/v1/alerts` write it.

use serde_json::Value;

use super::{MAX_ALERTS, cut};
use crate::journal::event::AlertReceived;

/// Where in the answer the list stands, and where in each alert its parts do (JSON pointers, RFC 6901); what is left out is looked for
/// where the three above have it.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct ListShape {
    /// The list; the answer itself, `/alerts` or `/data/alerts` when absent.
    pub items: Option<String>,
    /// The id.
    pub id: Option<String>,
    /// The kind.
    pub kind: Option<String>,
    /// The module.
    pub module: Option<String>,
    /// The severity.
    pub severity: Option<String>,
    /// The text for people.
    pub message: Option<String>,
    /// When it was raised.
    pub at: Option<String>,
}

/// Where each part may stand when nobody says so.
const ITEMS: &[&str] = &["", "/alerts", "/data/alerts", "/data", "/items"];
const ID: &[&str] = &["/idempotency_key", "/id", "/fingerprint"];
const KIND: &[&str] = &["/kind", "/labels/alertname", "/type", "/name"];
const MODULE: &[&str] =
    &["/module", "/labels/module", "/labels/service", "/labels/job", "/labels/instance", "/service"];
const SEVERITY: &[&str] = &["/severity", "/labels/severity", "/level"];
const MESSAGE: &[&str] = &["/message", "/annotations/summary", "/annotations/description", "/text"];
const AT: &[&str] = &["/at", "/startsAt", "/activeAt", "/created_at", "/timestamp"];
/// What says that an alert does not fire: Prometheus's, Alertmanager's, and what some call it.
const STATE: &[&str] = &["/status/state", "/state", "/status"];
const SILENT: [&str; 4] = ["pending", "resolved", "inactive", "suppressed"];

/// Why an answer is no list of alerts.
#[derive(Debug, PartialEq, Eq, thiserror::Error)]
pub enum ListError {
    /// No JSON.
    #[error("the answer is no JSON")]
    Json,
    /// No list where it should be.
    #[error("there is no list of alerts at {0}: say in [alerts] by `items` where it stands")]
    Items(String),
    /// An alert that says of itself neither a kind nor an id.
    #[error("alert {0} of the list has no kind: say in [alerts] by `kind` where it stands")]
    Kind(usize),
    /// More alerts than one answer may hold.
    #[error("{0} alerts in one answer are too many: ask for at most {MAX_ALERTS}, the newest")]
    TooMany(usize),
}

impl ListShape {
    /// The alerts that fire, in the order of the list.
    ///
    /// # Errors
    /// [`ListError`] when it is none; then nothing of it counts.
    pub fn read(&self, body: &[u8]) -> Result<Vec<AlertReceived>, ListError> {
        let answer: Value = serde_json::from_slice(body).map_err(|_| ListError::Json)?;
        let items = match &self.items {
            Some(pointer) => answer.pointer(pointer).and_then(Value::as_array),
            None => ITEMS.iter().find_map(|pointer| answer.pointer(pointer)?.as_array()),
        };
        let items = items
            .ok_or_else(|| ListError::Items(self.items.clone().unwrap_or_else(|| "its top".to_owned())))?;
        if items.len() > MAX_ALERTS {
            return Err(ListError::TooMany(items.len()));
        }
        let fires = |alert: &Value| {
            let state = STATE.iter().find_map(|pointer| alert.pointer(pointer)?.as_str());
            !state.is_some_and(|state| SILENT.contains(&state))
        };
        let firing = items.iter().enumerate().filter(|(_, alert)| fires(alert));
        firing.map(|(index, alert)| self.alert(index + 1, alert)).collect()
    }

    fn alert(&self, number: usize, alert: &Value) -> Result<AlertReceived, ListError> {
        let part = |own: &Option<String>, usual: &[&str]| {
            let found = match own {
                Some(pointer) => alert.pointer(pointer),
                None => usual.iter().find_map(|pointer| alert.pointer(pointer)),
            };
            let found = found.filter(|value| !value.is_null() && !value.is_object() && !value.is_array())?;
            Some(cut(found.as_str().map_or_else(|| found.to_string(), str::to_owned)))
        };
        let kind = part(&self.kind, KIND).ok_or(ListError::Kind(number))?;
        let module = part(&self.module, MODULE).unwrap_or_default();
        let raised_at = part(&self.at, AT);
        let id = part(&self.id, ID);
        // What fires again after it was over has the same labels, and another beginning.
        let named = id.clone().unwrap_or_else(|| format!("{kind} {module}"));
        let key = match &raised_at {
            Some(at) if self.id.is_none() => cut(format!("{named} {at}")),
            _ => named.clone(),
        };
        Ok(AlertReceived {
            id: named,
            key,
            severity: part(&self.severity, SEVERITY).unwrap_or_else(|| "warning".to_owned()),
            kind,
            module,
            message: part(&self.message, MESSAGE).unwrap_or_default(),
            raised_at,
        })
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn read(shape: &ListShape, answer: &Value) -> Result<Vec<AlertReceived>, ListError> {
        shape.read(answer.to_string().as_bytes())
    }

    #[test]
    fn the_usual_lists_are_read_without_a_word() {
        let own = json!({ "alerts": [{ "id": 7, "idempotency_key": "k7", "kind": "module_crashed", "module": "session",
            "severity": "warning", "message": "signal 9", "at": "2026-11-23T03:33:39Z" }], "next": 7 });
        let alertmanager = json!([{ "labels": { "alertname": "Down", "service": "web", "severity": "critical" },
            "annotations": { "summary": "web is down" }, "startsAt": "t1", "fingerprint": "ff",
            "status": { "state": "active" } }]);
        let prometheus = json!({ "status": "success", "data": { "alerts": [
            { "labels": { "alertname": "Down", "job": "web" }, "state": "pending", "activeAt": "t0" },
            { "labels": { "alertname": "Down", "job": "api" }, "state": "firing", "activeAt": "t1" } ] } });
        let alerts =
            [own, alertmanager, prometheus].map(|answer| read(&ListShape::default(), &answer).unwrap());
        assert!(alerts.iter().all(|alerts| alerts.len() == 1), "{alerts:?}");
        let of = |at: usize| &alerts[at][0];
        assert_eq!((of(0).kind.as_str(), of(0).module.as_str()), ("module_crashed", "session"));
        assert_eq!(
            (of(1).module.as_str(), of(1).severity.as_str(), of(1).message.as_str()),
            ("web", "critical", "web is down")
        );
        assert_eq!((of(2).module.as_str(), of(2).severity.as_str()), ("api", "warning"));
    }

    #[test]
    fn what_fires_again_is_another_alert_and_what_goes_on_is_the_same() {
        let firing =
            |at: &str| json!([{ "labels": { "alertname": "Down" }, "fingerprint": "ff", "startsAt": at }]);
        let key = |at: &str| read(&ListShape::default(), &firing(at)).unwrap().remove(0).key;
        assert_eq!(key("t1"), key("t1"));
        assert_ne!(key("t1"), key("t2"));
    }

    #[test]
    fn a_list_of_ones_own_is_read_by_pointers() {
        let shape = ListShape {
            items: Some("/result/rows".to_owned()),
            id: Some("/nr".to_owned()),
            kind: Some("/what/code".to_owned()),
            module: Some("/where".to_owned()),
            ..ListShape::default()
        };
        let answer = json!({ "result": { "rows": [{ "nr": 3, "what": { "code": 17 }, "where": "db" }] } });
        let alert = read(&shape, &answer).unwrap().remove(0);
        assert_eq!((alert.key.as_str(), alert.kind.as_str(), alert.module.as_str()), ("3", "17", "db"));
    }

    #[test]
    fn what_is_no_list_is_told() {
        let refused = |answer: &Value| read(&ListShape::default(), answer).unwrap_err().to_string();
        assert!(refused(&json!({ "alerts": 3 })).contains("`items`"));
        assert!(refused(&json!([{ "text": "x" }])).contains("alert 1 of the list has no kind"));
        assert!(refused(&json!(vec![json!({ "kind": "k" }); MAX_ALERTS + 1])).contains("too many"));
        assert_eq!(ListShape::default().read(b"<html>"), Err(ListError::Json));
    }
}
