//! The API answers what its description promises.

use serde_json::{Value, json};

use super::served::{Answer, Served, dashboard};
use super::workplace;

/// Holds `value` against a schema of the description.
#[track_caller]
fn fits(description: &Value, schema: &Value, value: &Value) {
    let mut schema = schema.clone();
    // References within it are to the description.
    schema["components"] = description["components"].clone();
    let validator = jsonschema::draft202012::new(&schema).unwrap();
    let errors: Vec<_> = validator.iter_errors(value).map(|error| error.to_string()).collect();
    assert!(errors.is_empty(), "{errors:?} in {value}");
}

/// What the description says of an answer.
#[track_caller]
fn promise<'a>(description: &'a Value, path: &str, answer: &Answer) -> &'a Value {
    let responses = &description["paths"][path]["get"]["responses"];
    let mut response = &responses[answer.status.to_string()];
    if let Some(reference) = response["$ref"].as_str() {
        response = description.pointer(reference.trim_start_matches('#')).unwrap();
    }
    let promise = &response["content"][answer.header("content-type")];
    assert!(promise["schema"].is_object(), "{path} {}: {answer:?}", answer.status);
    promise
}

#[test]
fn every_answer_of_the_api_is_as_it_is_described() {
    let place = workplace();
    let served = Served::of(&place.path("."));
    let description = served.get("/api/openapi.json").json();
    assert_eq!(description, goose_recovery::dashboard::openapi::description());
    let paths: Vec<_> = description["paths"].as_object().unwrap().keys().cloned().collect();
    assert_eq!(paths, ["/api/live", "/api/openapi.json", "/api/runs", "/api/runs/{id}"]);
    for path in paths {
        if path == "/api/live" {
            let stream =
                &description["paths"][&path]["get"]["responses"]["200"]["content"]["text/event-stream"];
            fits(&description, &stream["x-event-data"], &served.watch().event().unwrap());
        } else {
            let answer = served.get(&path.replace("{id}", "group%2Frun"));
            assert_eq!(answer.status, 200, "{path}: {answer:?}");
            fits(&description, &promise(&description, &path, &answer)["schema"], &answer.json());
        }
        let foreign = "GET {} HTTP/1.1\r\nHost: evil.example\r\nConnection: close\r\n\r\n";
        let refused = served.send(&foreign.replace("{}", &path.replace("{id}", "run")));
        assert_eq!(refused.status, 403);
        fits(&description, &promise(&description, &path, &refused)["schema"], &refused.json());
    }
    for id in ["none", "%FF"] {
        let refused = served.get(&format!("/api/runs/{id}"));
        fits(&description, &promise(&description, "/api/runs/{id}", &refused)["schema"], &refused.json());
    }
    let runs = served.get("/api/runs").json();
    assert_eq!(runs["runs"].as_array().unwrap().len(), 2, "{runs}");
}

#[test]
fn a_schema_of_the_description_refuses_what_lacks_something() {
    let description = goose_recovery::dashboard::openapi::description();
    for (name, schema) in description["components"]["schemas"].as_object().unwrap() {
        if schema["required"].as_array().is_some_and(|required| !required.is_empty()) {
            let mut schema = schema.clone();
            schema["components"] = description["components"].clone();
            assert!(!jsonschema::draft202012::is_valid(&schema, &json!({})), "{name}");
        }
    }
}

#[test]
fn what_the_api_says_in_words_is_in_the_language_of_the_dashboard() {
    let place = workplace();
    let served = Served::start(dashboard(&place.path("."), &["--lang", "ja"]));
    let problem = served.get("/api/runs/none").json();
    assert!(problem["detail"].as_str().unwrap().contains("実行"), "{problem}");
    let page = served.get("/none").body;
    assert!(page.contains("<html lang=\"ja\">") && page.contains("ダッシュボードへ"), "{page}");
}
