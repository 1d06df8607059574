//! The API as it describes itself: every operation is called, and every answer compared with what it promises.

use std::collections::BTreeSet;

use reqwest::{Method, RequestBuilder, Response};
use serde_json::{Value, json};

use crate::support::Backend;

/// What the backend must offer; the description is what it does offer.
const OPERATIONS: [&str; 13] = [
    "GET /api/alerts",
    "GET /api/recovery/events",
    "GET /api/recovery/policy",
    "GET /api/sessions/{id}/analysis",
    "GET /api/sessions/{id}/entries",
    "GET /api/sessions/{id}/state",
    "GET /api/system/health",
    "GET /api/system/metrics",
    "GET /metrics",
    "GET /openapi.json",
    "POST /api/recovery/restart",
    "POST /api/recovery/state_resync",
    "POST /api/sessions/{id}/entries",
];
const PUT_POLICY: &str = "PUT /api/recovery/policy";

/// One operation of the description.
struct Operation {
    method: Method,
    /// With its parameters filled in.
    path: String,
    name: String,
    description: Value,
}

impl Operation {
    fn request(&self, backend: &Backend) -> RequestBuilder {
        let request = backend.client.request(self.method.clone(), format!("{}{}", backend.url, self.path));
        match self.description.pointer("/requestBody/content/application~1json/example") {
            Some(example) => request.json(example),
            None => request,
        }
    }

    fn changes(&self) -> bool {
        self.method != Method::GET
    }
}

fn operations(document: &Value) -> Vec<Operation> {
    let mut found = Vec::new();
    for (path, item) in document["paths"].as_object().unwrap() {
        for (method, description) in item.as_object().unwrap() {
            let method = Method::from_bytes(method.to_uppercase().as_bytes()).unwrap();
            let mut filled = path.clone();
            for parameter in description["parameters"].as_array().into_iter().flatten() {
                if parameter["in"] == "path" {
                    let example = parameter["example"].as_str().unwrap();
                    filled = filled.replace(&format!("{{{}}}", parameter["name"].as_str().unwrap()), example);
                }
            }
            assert!(!filled.contains('{'), "{path} has an undescribed parameter");
            let (name, description) = (format!("{method} {path}"), description.clone());
            found.push(Operation { method, path: filled, name, description });
        }
    }
    found
}

/// The description's components, such that an object with a member that is not described does not fit.
fn strict_components(document: &Value) -> Value {
    let mut components = document["components"].clone();
    let text = components.to_string();
    for (name, schema) in components["schemas"].as_object_mut().unwrap() {
        // One that others are put together from cannot know the others' members.
        let part = text.contains(&format!("\"allOf\":[{{\"$ref\":\"#/components/schemas/{name}\"}}"));
        if !part && (schema["type"] == "object" || schema["allOf"].is_array()) {
            schema["unevaluatedProperties"] = json!(false);
        }
    }
    components
}

/// Compares an answer with what the operation says of its status, and gives its body.
async fn keeps_its_promise(document: &Value, operation: &Operation, answer: Response) -> Value {
    let (name, status) = (&operation.name, answer.status());
    let promise = &operation.description["responses"][status.as_str()];
    let content_type = answer.headers().get("content-type").map(|value| value.to_str().unwrap().to_owned());
    let text = answer.text().await.unwrap();
    assert!(promise.is_object(), "{name} answers {status}, of which its description knows nothing: {text}");
    let media_type = content_type.as_deref().unwrap_or_default().split(';').next().unwrap_or_default();
    let schema = &promise["content"][media_type]["schema"];
    assert!(schema.is_object(), "{name} {status} describes no {media_type}: {promise}");
    let body = if media_type.ends_with("json") { serde_json::from_str(&text).unwrap() } else { json!(text) };
    let mut schema = schema.clone();
    // References within it are to the document.
    schema["components"] = strict_components(document);
    let validator = jsonschema::draft202012::new(&schema).unwrap();
    let errors: Vec<String> = validator.iter_errors(&body).map(|error| error.to_string()).collect();
    assert!(errors.is_empty(), "{name} {status}: {errors:?} in {body}");
    body
}

async fn document(backend: &Backend) -> Value {
    let (status, document) = backend.get("/openapi.json").await;
    assert!(status.is_success());
    document
}

#[tokio::test(flavor = "multi_thread")]
async fn describes_every_operation_and_no_other() {
    let folder = tempfile::tempdir().unwrap();
    let backend = Backend::start(folder.path(), &[]).await;
    let document = document(&backend).await;
    assert!(document["openapi"].as_str().unwrap().starts_with("3.1."), "{}", document["openapi"]);
    let described: BTreeSet<String> =
        operations(&document).into_iter().map(|operation| operation.name).collect();
    let expected = OPERATIONS.into_iter().chain([PUT_POLICY]).map(str::to_owned).collect();
    assert_eq!(described, expected);
    assert_eq!(document["components"]["securitySchemes"]["token"]["scheme"], "bearer");
    for operation in operations(&document) {
        let asks = operation.description["security"]
            .as_array()
            .is_some_and(|ways| ways.contains(&json!({"token": []})));
        assert_eq!(asks, operation.changes(), "{}", operation.name);
    }
}

/// The router is built in one place, and only by what describes a route as well.
#[test]
fn no_route_is_added_without_its_description() {
    let source = include_str!("../../src/api/mod.rs");
    assert!(source.contains(".routes(routes!("));
    for undescribed in [".route(", ".route_service(", ".nest(", ".nest_service(", ".merge(", ".fallback("] {
        assert!(!source.contains(undescribed), "{undescribed}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn every_operation_answers_what_it_promises() {
    let folder = tempfile::tempdir().unwrap();
    let webhook = ["--alert-webhook", "http://127.0.0.1:9/"];
    let backend = Backend::start(folder.path(), &webhook).await;
    let document = document(&backend).await;
    // So that the pages are not empty.
    backend.post("/api/sessions/s-1/entries", &json!({"seq": 0, "payload": null})).await;
    backend.crash("analysis").await;
    backend.post("/api/recovery/state_resync", &json!({})).await;
    crate::support::until("an alert and a resync to read", async || {
        let (_, metrics) = backend.get("/api/system/metrics").await;
        metrics["alerts"]["created"].as_u64() >= Some(2)
            && metrics["resyncs"]["succeeded"].as_u64() >= Some(1)
    })
    .await;
    // Restarts come last: what they interrupt may answer 503.
    let mut operations = operations(&document);
    operations.sort_by_key(|operation| operation.path.ends_with("/restart"));
    for operation in &operations {
        let answer = operation.request(&backend).send().await.unwrap();
        assert!(
            answer.status().is_success(),
            "{} answers its example with {}",
            operation.name,
            answer.status()
        );
        let body = keeps_its_promise(&document, operation, answer).await;
        for page in ["events", "alerts", "entries"] {
            assert!(body[page].as_array().is_none_or(|page| !page.is_empty()), "{}", operation.name);
        }
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn every_refusal_is_a_problem_that_is_described() {
    let folder = tempfile::tempdir().unwrap();
    let backend = Backend::start(folder.path(), &["--max-retries", "0", "--alert-after", "1"]).await;
    let document = document(&backend).await;
    let mut operations = operations(&document);
    // What starts a module again comes last.
    operations.sort_by_key(|operation| operation.path.starts_with("/api/recovery/") && operation.changes());
    for operation in operations.iter().filter(|operation| operation.changes()) {
        let url = format!("{}{}", backend.url, operation.path);
        let request = || backend.client.request(operation.method.clone(), &url);
        let typed = || request().header("content-type", "application/json");
        for (refused, status) in [
            (request().body("{}"), 415),
            (typed().header("host", "rebound.example"), 403),
            (typed().body("x".repeat(300 * 1024)), 413),
            (typed().body("{"), 400),
        ] {
            let answer = refused.send().await.unwrap();
            // A resync has nothing to choose and does not look at its body.
            let unread = operation.path.ends_with("/state_resync") && matches!(status, 400 | 413);
            assert!(
                answer.status() == status || unread,
                "{}: {}, not {status}",
                operation.name,
                answer.status()
            );
            keeps_its_promise(&document, operation, answer).await;
        }
    }
    // With a module given up, health is still what it promises to be, and the sessions are a problem.
    backend.signal("ingest", rustix::process::Signal::KILL).await;
    backend.until_status("ingest", "failed").await;
    for operation in &operations {
        let answer = operation.request(&backend).send().await.unwrap();
        let status = answer.status().as_u16();
        if operation.path.contains("/sessions/") || operation.path.ends_with("/health") {
            assert_eq!(status, 503, "{}", operation.name);
        }
        keeps_its_promise(&document, operation, answer).await;
    }
}
