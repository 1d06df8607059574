//! `summary.json` as a JSON Schema (draft 2020-12), made from the types themselves.

use schemars::generate::SchemaSettings;
use serde_json::Value;

use crate::analysis::Summary;
use crate::analysis::model::SUMMARY_SCHEMA;

/// The JSON Schema of a summary; `docs/summary.schema.json` holds it.
#[must_use]
pub fn schema() -> Value {
    let mut schema = SchemaSettings::draft2020_12().into_generator().into_root_schema_for::<Summary>();
    schema.insert("title".to_owned(), "The summary.json of a goose-recovery report".into());
    schema.insert(
        "description".to_owned(),
        format!(
            "Schema version {SUMMARY_SCHEMA}. Instants are microseconds since the run began, lengths microseconds; what \
             nobody observed is null or absent. Fields may be added, so readers pass over what they do not know."
        )
        .into(),
    );
    if let Some(version) = schema.pointer_mut("/properties/schema").and_then(Value::as_object_mut) {
        version.insert("maximum".to_owned(), SUMMARY_SCHEMA.into());
    }
    schema.to_value()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::report::{fixture, json};

    fn summaries() -> Vec<Value> {
        let all = [
            fixture::passing(),
            fixture::failing(),
            fixture::empty(),
            fixture::broken_stores(),
            fixture::chains(4),
        ];
        all.iter().map(|it| serde_json::from_str(&json::summary(&it.summary).unwrap()).unwrap()).collect()
    }

    #[test]
    fn what_is_written_is_valid() {
        let validator = jsonschema::draft202012::new(&schema()).unwrap();
        for summary in summaries() {
            let errors: Vec<_> = validator.iter_errors(&summary).map(|error| error.to_string()).collect();
            assert!(errors.is_empty(), "{errors:?}");
        }
    }

    #[test]
    fn a_summary_that_lacks_something_or_is_newer_is_invalid() {
        let schema = schema();
        let validator = jsonschema::draft202012::new(&schema).unwrap();
        for summary in summaries() {
            for field in schema["required"].as_array().unwrap() {
                let mut less = summary.clone();
                less.as_object_mut().unwrap().remove(field.as_str().unwrap()).unwrap();
                assert!(!validator.is_valid(&less), "{field}");
            }
            let mut newer = summary.clone();
            newer["schema"] = (SUMMARY_SCHEMA + 1).into();
            assert!(!validator.is_valid(&newer));
        }
    }
}
