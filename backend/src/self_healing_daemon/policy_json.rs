//! The policy as JSON: what the API shows and takes, and what a policy file holds.

use serde_json::Value;

use super::policy::{Policy, PolicyError};

/// A text that is no policy.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{reason}")]
pub(crate) struct PolicyShapeError {
    /// The field that is missing, unknown or of the wrong kind, when it is one field's fault.
    pub(crate) field: Option<String>,
    /// What is wrong, with the field's name.
    pub(crate) reason: String,
}

impl Policy {
    /// Reads a policy without checking its ranges: [`Policy::validate`] does that.
    pub(crate) fn from_json(text: &[u8]) -> Result<Self, PolicyShapeError> {
        let mut reader = serde_json::Deserializer::from_slice(text);
        let policy = serde_path_to_error::deserialize(&mut reader).map_err(|error| {
            let path = error.path().to_string();
            let reason = error.into_inner().to_string();
            // A field that is missing or unknown is named by the reason alone.
            let named = reason.contains(" field `").then(|| reason.split('`').nth(1)).flatten();
            match named.map(str::to_owned) {
                Some(field) => PolicyShapeError { field: Some(field), reason },
                None if path == "." => PolicyShapeError { field: None, reason },
                None => PolicyShapeError { reason: format!("{path}: {reason}"), field: Some(path) },
            }
        })?;
        reader.end().map_err(|error| PolicyShapeError { field: None, reason: error.to_string() })?;
        Ok(policy)
    }

    /// What `new` changes, in words, such as `max_retries from 3 to 5`.
    pub(crate) fn changes(&self, new: &Self) -> String {
        let fields = |policy: &Self| match serde_json::to_value(policy) {
            Ok(Value::Object(fields)) => fields,
            Ok(_) | Err(_) => serde_json::Map::new(),
        };
        let (before, after) = (fields(self), fields(new));
        let word = |value: &Value| value.as_str().map_or_else(|| value.to_string(), str::to_owned);
        let changed = before.iter().zip(after.values()).filter(|((_, before), after)| before != after);
        let words: Vec<String> = changed
            .map(|((name, before), after)| format!("{name} from {} to {}", word(before), word(after)))
            .collect();
        if words.is_empty() { "nothing changed".to_owned() } else { words.join(", ") }
    }
}

impl PolicyError {
    /// The setting, spelled as in JSON.
    pub(crate) fn json_field(&self) -> String {
        self.field.replace('-', "_")
    }

    /// The whole text with every setting spelled as in JSON.
    pub(crate) fn in_json_words(&self) -> String {
        let text = self.to_string();
        let words = text.split(' ').map(|word| {
            // Not within a negative number.
            if word.starts_with(|first: char| first.is_ascii_lowercase()) {
                word.replace('-', "_")
            } else {
                word.to_owned()
            }
        });
        words.collect::<Vec<_>>().join(" ")
    }
}

/// Durations as texts that the flags take too.
pub(super) mod duration {
    use std::time::Duration;

    use serde::de::Error as _;
    use serde::{Deserialize as _, Deserializer, Serializer};

    pub(in super::super) fn serialize<S: Serializer>(value: &Duration, out: S) -> Result<S::Ok, S::Error> {
        out.collect_str(&humantime::format_duration(*value))
    }

    pub(in super::super) fn deserialize<'de, D: Deserializer<'de>>(from: D) -> Result<Duration, D::Error> {
        let text = String::deserialize(from)?;
        humantime::parse_duration(&text)
            .map_err(|error| D::Error::custom(format!("{text:?} is no duration such as \"100ms\": {error}")))
    }
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use serde_json::json;

    use super::super::policy::Strategy;
    use super::*;

    #[test]
    fn is_written_like_the_flags_and_read_back_the_same() {
        let written = json!({
            "max_retries": 3, "alert_after": 4, "backoff_initial": "100ms", "backoff_factor": 2.0,
            "backoff_max": "5s", "jitter": 0.2, "stable_after": "1s", "heartbeat": "200ms",
            "heartbeat_misses": 3, "start_timeout": "5s", "dependency_patience": "2s", "strategy": "rest-for-one",
        });
        assert_eq!(serde_json::to_value(Policy::default()).unwrap(), written);
        assert_eq!(Policy::from_json(written.to_string().as_bytes()), Ok(Policy::default()));
    }

    #[test]
    fn names_the_field_that_is_missing_unknown_or_of_the_wrong_kind() {
        let with = |change: fn(&mut serde_json::Map<String, Value>)| {
            let mut policy = serde_json::to_value(Policy::default()).unwrap();
            change(policy.as_object_mut().unwrap());
            Policy::from_json(policy.to_string().as_bytes()).unwrap_err()
        };
        let missing = with(|policy| drop(policy.remove("jitter")));
        assert_eq!(missing.field.as_deref(), Some("jitter"), "{missing}");
        let unknown = with(|policy| drop(policy.insert("retries".to_owned(), json!(3))));
        assert_eq!(unknown.field.as_deref(), Some("retries"), "{unknown}");
        let number = with(|policy| drop(policy.insert("heartbeat".to_owned(), json!(200))));
        assert_eq!(number.field.as_deref(), Some("heartbeat"), "{number}");
        let word = with(|policy| drop(policy.insert("backoff_max".to_owned(), json!("soon"))));
        assert!(word.to_string().starts_with("backoff_max: \"soon\" is no duration"), "{word}");
        let strategy = with(|policy| drop(policy.insert("strategy".to_owned(), json!("all-for-one"))));
        assert_eq!(strategy.field.as_deref(), Some("strategy"), "{strategy}");
        assert_eq!(Policy::from_json(b"[]").unwrap_err().field, None);
        let twice = format!("{0}{0}", serde_json::to_string(&Policy::default()).unwrap());
        assert!(Policy::from_json(twice.as_bytes()).is_err());
    }

    #[test]
    fn says_what_changed_in_words() {
        let old = Policy::default();
        let new = Policy {
            max_retries: 5,
            backoff_max: Duration::from_secs(90),
            strategy: Strategy::OneForOne,
            ..Policy::default()
        };
        assert_eq!(
            old.changes(&new),
            "backoff_max from 5s to 1m 30s, max_retries from 3 to 5, strategy from rest-for-one to one-for-one"
        );
        assert_eq!(old.changes(&old), "nothing changed");
    }

    #[test]
    fn spells_an_error_as_in_json_and_leaves_numbers_alone() {
        let error = Policy { backoff_factor: -1.0, ..Policy::default() }.validate().unwrap_err();
        assert_eq!(error.in_json_words(), "backoff_factor must be from 1 to 100, not -1");
        assert_eq!(error.json_field(), "backoff_factor");
    }
}
