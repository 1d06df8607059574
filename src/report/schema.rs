//! What a program finds in a report folder, as JSON Schemas (draft 2020-12) made from the types themselves.

use schemars::JsonSchema;
use schemars::generate::SchemaSettings;
use serde_json::Value;

use crate::analysis::Summary;
use crate::analysis::model::SUMMARY_SCHEMA;
use crate::compare::{COMPARE_SCHEMA, Comparison};
use crate::sweep::{RECOMMENDATION_SCHEMA, Recommendation};

/// The JSON Schema of a summary; `docs/summary.schema.json` holds it.
#[must_use]
pub fn schema() -> Value {
    of::<Summary>("The summary.json of a goose-recovery report", SUMMARY_SCHEMA)
}

/// The JSON Schema of a comparison; `docs/compare.schema.json` holds it.
#[must_use]
pub fn comparison_schema() -> Value {
    of::<Comparison>("The compare.json of a goose-recovery comparison", COMPARE_SCHEMA)
}

/// The JSON Schema of a recommendation; `docs/recommendation.schema.json` holds it.
#[must_use]
pub fn recommendation_schema() -> Value {
    of::<Recommendation>("The recommendation.json of a goose-recovery sweep", RECOMMENDATION_SCHEMA)
}

fn of<T: JsonSchema>(title: &str, version: u32) -> Value {
    let mut schema = SchemaSettings::draft2020_12().into_generator().into_root_schema_for::<T>();
    schema.insert("title".to_owned(), title.into());
    schema.insert(
        "description".to_owned(),
        format!(
            "Schema version {version}. Instants are microseconds since the run began, lengths microseconds; what \
             nobody observed is null or absent. Fields may be added, so readers pass over what they do not know."
        )
        .into(),
    );
    if let Some(found) = schema.pointer_mut("/properties/schema").and_then(Value::as_object_mut) {
        found.insert("maximum".to_owned(), version.into());
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
