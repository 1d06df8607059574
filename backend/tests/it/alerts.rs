//! The outbox: at least once, whatever dies.

use axum::http::StatusCode;
use serde_json::{Value, json};

use crate::support::{Backend, DownWebhook, until, webhook_on};

#[tokio::test(flavor = "multi_thread")]
async fn alerts_survive_a_crash_of_the_manager_and_are_delivered_later_in_order() {
    let folder = tempfile::tempdir().unwrap();
    let down = DownWebhook::new();
    let url = down.url();
    let mut backend = Backend::start(folder.path(), &["--alert-webhook", &url]).await;
    backend.crash("session").await;
    until("two alerts in the outbox", async || {
        backend.get("/api/system/metrics").await.1["alerts"]["pending"] == 2
    })
    .await;
    let (_, listed) = backend.get("/api/alerts").await;
    let keys =
        |alerts: &[Value]| alerts.iter().map(|alert| alert["idempotency_key"].clone()).collect::<Vec<_>>();
    let before = keys(listed["alerts"].as_array().unwrap());
    backend.kill();

    let received = down.up();
    let backend = Backend::start(folder.path(), &["--alert-webhook", &url]).await;
    until("both alerts", async || received.all().len() >= 2).await;
    assert_eq!(received.names(), ["module_crashed session", "module_recovered session"]);
    assert_eq!(keys(&received.all()), before);
    until("the books", async || backend.get("/api/system/metrics").await.1["alerts"]["delivered"] == 2).await;
    assert_eq!(backend.get("/api/system/metrics").await.1["alerts"]["pending"], 0);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_webhook_that_fails_is_asked_again_and_one_that_hangs_blocks_nobody() {
    let folder = tempfile::tempdir().unwrap();
    let (url, received) = webhook_on("127.0.0.1:0").await;
    received.answer_next(StatusCode::INTERNAL_SERVER_ERROR);
    received.answer_next(StatusCode::FOUND);
    // Accepts connections in its backlog and never answers.
    let silent = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
    let silent_url = format!("http://user:secret@{}/secret-path", silent.local_addr().unwrap());
    let flags = ["--alert-webhook", &silent_url, "--alert-webhook", &url];
    let backend = Backend::start(folder.path(), &flags).await;
    backend.crash("analysis").await;
    until("both alerts", async || received.all().len() >= 2).await;
    assert_eq!(received.names(), ["module_crashed analysis", "module_recovered analysis"]);

    until("the books", async || {
        let (_, listed) = backend.get("/api/alerts").await;
        let text = listed.to_string();
        assert!(!text.contains("secret"), "{text}");
        let of = |index: usize| listed["alerts"][index]["deliveries"].as_array().cloned().unwrap_or_default();
        let states = |index: usize| {
            let mut states: Vec<Value> = of(index).iter().map(|delivery| delivery["state"].clone()).collect();
            states.sort_by_key(Value::to_string);
            states
        };
        states(0) == ["delivered", "pending"] && states(1) == ["delivered", "pending"]
    })
    .await;
    let (_, listed) = backend.get("/api/alerts?limit=1").await;
    assert_eq!(
        (&listed["alerts"].as_array().unwrap().len(), &listed["next"]),
        (&1, &listed["alerts"][0]["id"])
    );
    let deliveries = listed["alerts"][0]["deliveries"].as_array().unwrap();
    let delivered = deliveries.iter().find(|delivery| delivery["state"] == "delivered").unwrap();
    // Two failures of our making, then the delivery.
    assert_eq!(delivered["attempts"], json!(3));
    let (_, rest) = backend.get(&format!("/api/alerts?after={}", listed["next"])).await;
    assert_eq!(rest["alerts"][0]["kind"], "module_recovered");
}

#[tokio::test(flavor = "multi_thread")]
async fn receivers_of_both_forms_hear_everything_in_order_whatever_the_others_do() {
    let folder = tempfile::tempdir().unwrap();
    let (plain, plain_received) = webhook_on("127.0.0.1:0").await;
    let (other, other_received) = webhook_on("127.0.0.1:0").await;
    for _ in 0..3 {
        other_received.answer_next(StatusCode::INTERNAL_SERVER_ERROR);
    }
    let silent = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
    let silent_url = format!("http://{}/", silent.local_addr().unwrap());
    let down_webhook = DownWebhook::new();
    let down = format!("alertmanager+{}", down_webhook.url());
    let other = format!("alertmanager+{other}");
    let webhooks = [&silent_url, &down, &other, &plain].map(|url| ["--alert-webhook", url.as_str()]).concat();
    // On a busy machine a module that waits for its turn must not pass for a hung one: alerts are counted here.
    let flags = [&webhooks[..], &["--heartbeat", "1h"]].concat();
    let backend = Backend::start(folder.path(), &flags).await;
    backend.crash("session").await;
    backend.crash("ingest").await;
    for received in [&plain_received, &other_received] {
        until("four alerts", async || received.all().len() >= 4).await;
        for module in ["session", "ingest"] {
            let of_module = received.names().into_iter().filter(|name| name.ends_with(module));
            let expected = ["module_crashed", "module_recovered"].map(|kind| format!("{kind} {module}"));
            assert_eq!(of_module.collect::<Vec<_>>(), expected);
        }
    }
    let all = other_received.all();
    let crash = all.iter().find(|alert| alert["kind"] == "module_crashed" && alert["module"] == "session");
    let payload = &crash.unwrap()["payload"];
    assert_eq!((&payload["version"], &payload["status"]), (&json!("4"), &json!("firing")));
    let (_, listed) = backend.get("/api/alerts?limit=1").await;
    assert_eq!(payload["alerts"][0]["startsAt"], listed["alerts"][0]["at"]);
    let link = payload["alerts"][0]["generatorURL"].as_str().unwrap();
    let linked: Value = backend.client.get(link).send().await.unwrap().json().await.unwrap();
    assert_eq!(
        linked["alerts"][0]["idempotency_key"],
        payload["alerts"][0]["annotations"]["idempotency_key"]
    );

    let (_, metrics) = backend.get("/api/system/metrics").await;
    assert_eq!((&metrics["alerts"]["created"], &metrics["alerts"]["pending"]), (&json!(4), &json!(4)));
    let down_received = down_webhook.up();
    until("four alerts, late", async || down_received.all().len() >= 4).await;
    let mut keys: Vec<String> =
        down_received.all().iter().map(|alert| alert["idempotency_key"].to_string()).collect();
    keys.dedup();
    assert_eq!(keys.len(), 4);
}
