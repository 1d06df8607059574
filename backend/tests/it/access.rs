//! Trying to get in: without the token, with a wrong one, from another site, and round the API.

use std::path::Path;

use axum::http::StatusCode;
use reqwest::{Method, RequestBuilder};
use serde_json::{Value, json};

use crate::support::{Backend, TOKEN_VARIABLE, command, command_on};

const TOKEN: &str = "s3cret-t0ken";
const RESTART: &str = "/api/recovery/restart";

/// Every call that changes something, with a body that it would take.
fn changing_calls() -> Vec<(Method, &'static str, Value)> {
    vec![
        (Method::POST, RESTART, json!({"module": "analysis"})),
        (Method::POST, "/api/recovery/state_resync", json!({})),
        (Method::PUT, "/api/recovery/policy", json!({})),
        (Method::POST, "/api/sessions/s/entries", json!({"seq": 1, "payload": 1})),
    ]
}

async fn start(address: &str, folder: &Path, flags: &[&str]) -> Backend {
    let mut command = command_on(address, folder, flags);
    command.env(TOKEN_VARIABLE, TOKEN);
    Backend::start_command(command).await
}

fn call(backend: &Backend, method: &Method, path: &str, body: &Value) -> RequestBuilder {
    backend.client.request(method.clone(), format!("{}{path}", backend.url)).json(body)
}

async fn status(request: RequestBuilder) -> u16 {
    request.send().await.unwrap().status().as_u16()
}

/// Nothing was restarted, written or resynced.
async fn nothing_happened(backend: &Backend) {
    let (_, metrics) = backend.get("/api/system/metrics").await;
    assert_eq!((&metrics["restarts"], &metrics["resyncs"]["total"]), (&json!(0), &json!(0)));
    assert_eq!(backend.get("/api/sessions/s/entries").await.1["count"], 0);
    assert!(backend.events("manager", 0).await.is_empty());
}

#[tokio::test(flavor = "multi_thread")]
async fn changing_calls_need_the_token_on_loopback_too() {
    let folder = tempfile::tempdir().unwrap();
    let backend = start("127.0.0.1:0", folder.path(), &[]).await;
    for (method, path, body) in changing_calls() {
        let request = || call(&backend, &method, path, &body);
        let answer = request().send().await.unwrap();
        assert_eq!(answer.status(), StatusCode::UNAUTHORIZED, "{path}");
        let challenge = answer.headers()["www-authenticate"].to_str().unwrap().to_owned();
        assert!(challenge.starts_with("Bearer realm="), "{challenge}");
        let problem: Value = answer.json().await.unwrap();
        assert_eq!(problem["status"], 401);
        for wrong in ["s3cret-t0keN", "s3cret-t0ken2", "s3cret-t0ke", "%20", ""] {
            assert_eq!(status(request().bearer_auth(wrong)).await, 401, "{path} {wrong}");
        }
        assert_eq!(status(request().basic_auth("user", Some(TOKEN))).await, 401, "{path}");
        let in_the_address = format!("{path}?access_token={TOKEN}");
        assert_eq!(status(call(&backend, &method, &in_the_address, &body)).await, 401, "{path}");
    }
    nothing_happened(&backend).await;
    // The token opens, and what remains is about the body.
    let expected = [202, 200, 400, 201];
    for ((method, path, body), expected) in changing_calls().into_iter().zip(expected).rev() {
        assert_eq!(status(call(&backend, &method, path, &body).bearer_auth(TOKEN)).await, expected, "{path}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn the_token_alone_does_not_let_another_site_in() {
    let folder = tempfile::tempdir().unwrap();
    let backend = start("127.0.0.1:0", folder.path(), &[]).await;
    let form = "application/x-www-form-urlencoded";
    for (method, path, body) in changing_calls() {
        let request = || {
            let url = format!("{}{path}", backend.url);
            backend.client.request(method.clone(), url).body(body.to_string()).bearer_auth(TOKEN)
        };
        let typed = || request().header("content-type", "application/json");
        assert_eq!(status(typed().header("host", "rebound.example")).await, 403, "{path}");
        assert_eq!(status(typed().header("host", "127.0.0.1.rebound.example:80")).await, 403, "{path}");
        assert_eq!(status(typed().header("origin", "http://evil.example")).await, 403, "{path}");
        assert_eq!(status(typed().header("origin", "null")).await, 403, "{path}");
        assert_eq!(status(request().header("content-type", form)).await, 415, "{path}");
        assert_eq!(status(request().header("content-type", "text/plain")).await, 415, "{path}");
        assert_eq!(status(request()).await, 415, "{path}");
    }
    nothing_happened(&backend).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn no_method_that_a_link_or_a_preflight_uses_changes_anything() {
    let folder = tempfile::tempdir().unwrap();
    let backend = Backend::start(folder.path(), &[]).await;
    for (_, path, body) in changing_calls() {
        for method in [Method::GET, Method::HEAD, Method::OPTIONS, Method::TRACE] {
            let answer = call(&backend, &method, path, &body).send().await.unwrap();
            let allowed = answer.headers().contains_key("access-control-allow-origin");
            assert!(!allowed, "{method} {path} lets other sites read");
        }
    }
    nothing_happened(&backend).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn an_open_address_without_a_token_is_refused() {
    let folder = tempfile::tempdir().unwrap();
    for token in [None, Some("")] {
        let mut command = command_on("0.0.0.0:0", folder.path(), &[]);
        command.envs(token.map(|token| (TOKEN_VARIABLE, token)));
        let output = command.output().unwrap();
        let stderr = String::from_utf8(output.stderr).unwrap();
        assert_eq!(output.status.code(), Some(2), "{stderr}");
        assert!(stderr.contains("set FAULT_RECOVERY_TOKEN"), "{stderr}");
    }
    let mut command = command(folder.path(), &[]);
    let output = command.env(TOKEN_VARIABLE, "no token at all").output().unwrap();
    let stderr = String::from_utf8(output.stderr).unwrap();
    assert_eq!(output.status.code(), Some(2), "{stderr}");
    assert!(!stderr.contains("no token at all"), "{stderr}");
}

#[tokio::test(flavor = "multi_thread")]
async fn an_open_address_takes_the_token_under_the_names_that_it_knows() {
    let folder = tempfile::tempdir().unwrap();
    // Reached through loopback only: nothing leaves this machine.
    let backend = start("0.0.0.0:0", folder.path(), &["--allow-host", "recovery.example"]).await;
    assert!(backend.url.starts_with("http://127.0.0.1:"), "{}", backend.url);
    let body = json!({"seq": 1, "payload": 1});
    let request = || call(&backend, &Method::POST, "/api/sessions/s/entries", &body);
    assert_eq!(status(request()).await, 401);
    assert_eq!(status(request().bearer_auth("wrong")).await, 401);
    let known = || request().bearer_auth(TOKEN);
    for host in ["rebound.example", "recovery.example.evil.example", "192.0.2.1:8000"] {
        assert_eq!(status(known().header("host", host)).await, 403, "{host}");
    }
    assert_eq!(status(known().header("origin", "http://192.0.2.1")).await, 403);
    nothing_happened(&backend).await;
    assert_eq!(status(known().header("host", "recovery.example:8000")).await, 201);
    for host in ["0.0.0.0:8000", "localhost", "RECOVERY.example"] {
        assert_eq!(status(known().header("host", host)).await, 200, "{host}");
    }
    assert_eq!(status(known().header("origin", "https://recovery.example")).await, 200);
}

/// Where the process `pid` listens with its standard input, as the kernel's table of sockets says.
fn listener_of(pid: u64) -> String {
    let link = std::fs::read_link(format!("/proc/{pid}/fd/0")).unwrap();
    let inode = link.to_str().unwrap().trim_start_matches("socket:[").trim_end_matches(']').to_owned();
    let table = std::fs::read_to_string("/proc/net/tcp").unwrap();
    let columns = |line: &str| line.split_whitespace().map(str::to_owned).collect::<Vec<_>>();
    let row = table.lines().map(columns).find(|row| row.get(9) == Some(&inode)).unwrap();
    let port = u16::from_str_radix(row[1].split_once(':').unwrap().1, 16).unwrap();
    format!("http://127.0.0.1:{port}")
}

#[tokio::test(flavor = "multi_thread")]
async fn nobody_gets_round_the_api_to_the_modules() {
    let folder = tempfile::tempdir().unwrap();
    let backend = start("127.0.0.1:0", folder.path(), &[]).await;
    let entry = json!({"seq": 1, "payload": 1});
    for (module, method, path, body) in [
        ("ingest", Method::POST, "/validate", &entry),
        ("session", Method::POST, "/api/sessions/s/entries", &entry),
        ("session", Method::POST, "/state_resync", &json!({})),
        ("analysis", Method::PUT, "/dependency_patience", &json!({})),
    ] {
        let url = listener_of(backend.module(module).await["pid"].as_u64().unwrap());
        let request = || backend.client.request(method.clone(), format!("{url}{path}")).json(body);
        assert_eq!(status(request()).await, 401, "{module}{path}");
        assert_ne!(status(request().bearer_auth(TOKEN)).await, 401, "{module}{path}");
        if path == "/validate" {
            nothing_happened(&backend).await;
        }
    }
}
