//! The description of the API, OpenAPI 3.1, from the table of its routes and the types of its answers.

use schemars::generate::SchemaSettings;
use schemars::{Schema, SchemaGenerator};
use serde_json::{Map, Value, json};

use super::api;
use super::problem::{PROBLEM_JSON, Problem};

/// What a route of the API does.
pub(super) struct Operation {
    pub(super) id: &'static str,
    pub(super) summary: &'static str,
    /// What stands in the path.
    pub(super) parameter: Option<Parameter>,
    pub(super) body: Body,
    /// What else it may answer than every route may.
    pub(super) refusals: &'static [u16],
}

/// A segment of a path.
pub(super) struct Parameter {
    pub(super) name: &'static str,
    pub(super) description: &'static str,
}

/// What it answers, with the schema of that.
pub(super) enum Body {
    Json(fn(&mut SchemaGenerator) -> Schema),
    /// Each event's data are JSON of the schema.
    Events(fn(&mut SchemaGenerator) -> Schema),
}

/// What the guard in front of all routes answers.
const BY_THE_GUARD: [u16; 4] = [400, 401, 403, 405];

/// The whole description; `docs/dashboard.openapi.json` holds it.
#[must_use]
pub fn description() -> Value {
    let settings = SchemaSettings::draft2020_12().for_serialize().with(|settings| {
        settings.definitions_path = "/components/schemas".into();
        settings.meta_schema = None;
    });
    let mut schemas = settings.into_generator();
    let paths: Map<String, Value> = api::ROUTES
        .iter()
        .map(|route| (route.path.to_owned(), json!({ "get": operation(&route.operation, &mut schemas) })))
        .collect();
    let problem = schemas.subschema_for::<Problem>();
    json!({
        "openapi": "3.1.1",
        "info": {
            "title": "The dashboard of goose-recovery",
            "description": "How the run of a journal stands, and every run that has a report. It is there to be read. Every error is problem \
                JSON (RFC 9457). Instants are microseconds since the run began, lengths microseconds; what nobody observed is null. Fields \
                may be added, so readers pass over what they do not know.",
            "version": env!("CARGO_PKG_VERSION"),
            "license": { "name": "Apache-2.0", "identifier": "Apache-2.0" },
        },
        "servers": [{ "url": "/" }],
        // Asked for when the dashboard has a token, and on loopback it may have none.
        "security": [{}, { "token": [] }],
        "paths": paths,
        "components": {
            "schemas": schemas.take_definitions(true),
            "responses": { "Problem": {
                "description": "What is wrong and what to do",
                "content": { PROBLEM_JSON: { "schema": problem } },
            } },
            "securitySchemes": { "token": { "type": "http", "scheme": "bearer" } },
        },
    })
}

fn operation(operation: &Operation, schemas: &mut SchemaGenerator) -> Value {
    let content = match operation.body {
        Body::Json(schema) => json!({ "application/json": { "schema": schema(schemas) } }),
        // OpenAPI 3.1 has no words for what is in a stream.
        Body::Events(schema) => json!({ "text/event-stream": {
            "schema": { "type": "string", "description": "Server-sent events; the data of each are JSON." },
            "x-event-data": schema(schemas),
        } }),
    };
    let mut responses = Map::new();
    responses.insert("200".to_owned(), json!({ "description": "It", "content": content }));
    for status in BY_THE_GUARD.iter().chain(operation.refusals) {
        responses.insert(status.to_string(), json!({ "$ref": "#/components/responses/Problem" }));
    }
    let mut described = json!({
        "operationId": operation.id,
        "summary": operation.summary,
        "responses": responses,
    });
    if let Some(Parameter { name, description }) = operation.parameter {
        described["parameters"] = json!([{
            "name": name, "in": "path", "required": true, "description": description, "schema": { "type": "string" },
        }]);
    }
    described
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_reference_leads_somewhere() {
        let description = description();
        let text = description.to_string();
        let references: Vec<_> =
            text.split("\"$ref\":\"#").skip(1).map(|rest| rest.split('"').next().unwrap()).collect();
        assert!(references.len() > 20, "{references:?}");
        for reference in references {
            assert!(description.pointer(reference).is_some(), "{reference}");
        }
    }

    #[test]
    fn what_stands_in_a_path_is_described() {
        for (path, item) in description()["paths"].as_object().unwrap() {
            let named: Vec<_> =
                path.split('{').skip(1).map(|rest| rest.split('}').next().unwrap().to_owned()).collect();
            let described: Vec<_> = item["get"]["parameters"]
                .as_array()
                .into_iter()
                .flatten()
                .map(|parameter| parameter["name"].as_str().unwrap().to_owned())
                .collect();
            assert_eq!(named, described, "{path}");
        }
    }
}
