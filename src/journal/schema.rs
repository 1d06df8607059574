//! The journal's line format as a JSON Schema (draft 2020-12), made from the types themselves.

use schemars::SchemaGenerator;
use schemars::generate::SchemaSettings;
use serde_json::{Map, Value, json};

use super::event::{Event, SCHEMA_VERSION};

/// The JSON Schema of one line; `docs/journal.schema.json` holds it.
#[must_use]
pub fn schema() -> Value {
    let mut generator = SchemaGenerator::new(SchemaSettings::draft2020_12());
    let lines: Vec<Value> = Event::payload_schemas(&mut generator)
        .into_iter()
        .map(|(kind, payload)| line_schema(kind, payload.to_value()))
        .collect();
    json!({
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "title": "One line of a goose-recovery journal",
        "description": format!("Schema version {SCHEMA_VERSION}. Fields may be added, so readers pass over \
            what they do not know."),
        "oneOf": lines,
        "$defs": generator.take_definitions(true),
    })
}

/// A payload's schema with `t` and `type` in front.
fn line_schema(kind: &str, payload: Value) -> Value {
    let Value::Object(mut payload) = payload else {
        return payload;
    };
    let mut properties = Map::new();
    properties.insert(
        "t".to_owned(),
        json!({ "description": "Microseconds since the run began.", "type": "integer", "minimum": 0 }),
    );
    properties.insert("type".to_owned(), json!({ "const": kind }));
    if let Some(Value::Object(own)) = payload.remove("properties") {
        properties.extend(own);
    }
    let mut required = vec![json!("t"), json!("type")];
    if let Some(Value::Array(own)) = payload.remove("required") {
        required.extend(own);
    }
    payload.insert("title".to_owned(), json!(kind));
    payload.insert("type".to_owned(), json!("object"));
    payload.insert("properties".to_owned(), Value::Object(properties));
    payload.insert("required".to_owned(), Value::Array(required));
    Value::Object(payload)
}

#[cfg(test)]
mod tests {
    use super::super::encode::write_line;
    use super::super::examples::every_kind;
    use super::*;

    fn lines() -> Vec<Value> {
        let line = |event| {
            let mut out = Vec::new();
            write_line(&mut out, 3, event).unwrap();
            serde_json::from_slice(&out).unwrap()
        };
        every_kind().iter().map(line).collect()
    }

    #[test]
    fn what_the_writer_writes_is_valid() {
        let validator = jsonschema::draft202012::new(&schema()).unwrap();
        for line in lines() {
            let errors: Vec<_> = validator.iter_errors(&line).map(|error| error.to_string()).collect();
            assert!(errors.is_empty(), "{line}: {errors:?}");
        }
    }

    #[test]
    fn a_line_that_lacks_a_required_field_is_invalid() {
        let schema = schema();
        let validator = jsonschema::draft202012::new(&schema).unwrap();
        for line in lines() {
            let of_kind = |one: &&Value| one["properties"]["type"]["const"] == line["type"];
            let own = schema["oneOf"].as_array().unwrap().iter().find(of_kind).unwrap();
            for field in own["required"].as_array().unwrap() {
                let mut less = line.clone();
                less.as_object_mut().unwrap().remove(field.as_str().unwrap()).unwrap();
                assert!(!validator.is_valid(&less), "{less}");
            }
            let mut negative = line.clone();
            negative["t"] = json!(-1);
            assert!(!validator.is_valid(&negative), "{negative}");
        }
    }
}
