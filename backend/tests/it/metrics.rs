//! `/metrics` as Prometheus reads it, with a parser that forgives nothing.

use std::collections::{BTreeMap, BTreeSet};

use axum::http::StatusCode;

use crate::support::Backend;

/// A sample's name and labels, and its value.
type Samples = BTreeMap<(String, BTreeMap<String, String>), f64>;

/// A page, and the type of each family in it.
struct Page {
    types: BTreeMap<String, String>,
    samples: Samples,
}

impl Page {
    fn value(&self, name: &str, labels: &[(&str, &str)]) -> Option<f64> {
        let labels = labels.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned())).collect();
        self.samples.get(&(format!("fault_recovery_{name}"), labels)).copied()
    }
}

fn is_name(text: &str, colon: bool) -> bool {
    let fits = |byte: u8| byte.is_ascii_alphanumeric() || byte == b'_' || (colon && byte == b':');
    !text.is_empty() && text.bytes().all(fits) && !text.as_bytes()[0].is_ascii_digit()
}

/// Reads `name="value",…}` up to the closing brace, and answers the rest of the line.
fn labels(mut text: &str) -> Result<(BTreeMap<String, String>, &str), String> {
    let mut found = BTreeMap::new();
    loop {
        let (name, rest) = text.split_once("=\"").ok_or(format!("no label in {text:?}"))?;
        if !is_name(name, false) {
            return Err(format!("{name:?} names no label"));
        }
        let (mut value, mut end, mut chars) = (String::new(), None, rest.char_indices());
        while let Some((at, char)) = chars.next() {
            match char {
                '"' => {
                    end = Some(at + 1);
                    break;
                }
                '\\' => match chars.next() {
                    Some((_, 'n')) => value.push('\n'),
                    Some((_, escaped @ ('"' | '\\'))) => value.push(escaped),
                    other => return Err(format!("an escape that does not exist: {other:?}")),
                },
                char => value.push(char),
            }
        }
        let rest = &rest[end.ok_or("a label's value that does not end")?..];
        if found.insert(name.to_owned(), value).is_some() {
            return Err(format!("label {name} twice"));
        }
        match rest.split_at_checked(1) {
            Some((",", rest)) => text = rest,
            Some(("}", rest)) => return Ok((found, rest)),
            _ => return Err(format!("neither comma nor brace before {rest:?}")),
        }
    }
}

/// Text format 0.0.4, without what this page has no need of: timestamps, empty lines and free comments.
fn parse(text: &str) -> Result<Page, String> {
    let mut page = Page { types: BTreeMap::new(), samples: BTreeMap::new() };
    let (mut helped, mut current) = (BTreeSet::new(), String::new());
    if !text.ends_with('\n') {
        return Err("the last line does not end".to_owned());
    }
    for line in text.lines() {
        if let Some(rest) = line.strip_prefix("# HELP ") {
            let (name, help) = rest.split_once(' ').ok_or(format!("no help in {line:?}"))?;
            if !helped.insert(name.to_owned()) || help.trim().is_empty() {
                return Err(format!("{name} has a second or an empty HELP"));
            }
        } else if let Some(rest) = line.strip_prefix("# TYPE ") {
            let (name, kind) = rest.split_once(' ').ok_or(format!("no type in {line:?}"))?;
            if !["counter", "gauge", "summary", "histogram", "untyped"].contains(&kind)
                || !helped.contains(name)
            {
                return Err(format!("{line:?} is no type, or has no HELP"));
            }
            if page.types.insert(name.to_owned(), kind.to_owned()).is_some() {
                return Err(format!("{name} has two types"));
            }
            current = name.to_owned();
        } else {
            let end = line.find(['{', ' ']).ok_or(format!("no sample in {line:?}"))?;
            let (name, rest) = line.split_at(end);
            let (labels, rest) = match rest.strip_prefix('{') {
                Some(rest) => labels(rest)?,
                None => (BTreeMap::new(), rest),
            };
            let value = rest.strip_prefix(' ').ok_or(format!("no value in {line:?}"))?;
            let value: f64 = value.parse().map_err(|_| format!("{value:?} is no number"))?;
            let family = match page.types.get(&current).map(String::as_str) {
                Some("summary") => ["_sum", "_count"].iter().find_map(|end| name.strip_suffix(end)),
                Some("counter") if !name.ends_with("_total") => {
                    return Err(format!("counter {name} without _total"));
                }
                _ => Some(name),
            };
            if !is_name(name, true) || family != Some(current.as_str()) {
                return Err(format!("{name} stands within {current}"));
            }
            if page.samples.insert((name.to_owned(), labels), value).is_some() {
                return Err(format!("{line:?} comes twice"));
            }
        }
    }
    Ok(page)
}

#[test]
fn the_parser_refuses_what_prometheus_would() {
    let good = "# HELP a_total A.\n# TYPE a_total counter\na_total{b=\"c\\\"\"} 1\n";
    assert!(parse(good).is_ok());
    for bad in [
        good.trim_end(),
        "a 1\n",
        "# TYPE a gauge\na 1\n",
        "# HELP a A.\n# TYPE a gauge\na one\n",
        "# HELP a A.\n# TYPE a counter\na 1\n",
        "# HELP a A.\n# TYPE a gauge\na 1\na 2\n",
        "# HELP a A.\n# TYPE a gauge\nb 1\n",
        "# HELP a A.\n# TYPE a gauge\na{b=\"c} 1\n",
        "# HELP a A.\n# TYPE a gauge\na{b=\"c\",b=\"d\"} 1\n",
        "# HELP a A.\n# TYPE a level\na 1\n",
    ] {
        assert!(parse(bad).is_err(), "{bad:?}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn prometheus_sees_the_figures_that_the_json_has() {
    let folder = tempfile::tempdir().unwrap();
    // Nobody listens there: its alerts stay pending.
    let webhook = ["--alert-webhook", "http://127.0.0.1:9/", "--stable-after", "1h"];
    // On a busy machine a module that waits for its turn must not pass for a hung one: alerts are counted here.
    let flags = [&webhook[..], &["--heartbeat", "1h"]].concat();
    let backend = Backend::start(folder.path(), &flags).await;
    let page = async || {
        let answer = backend.client.get(format!("{}/metrics", backend.url)).send().await.unwrap();
        assert_eq!(answer.status(), StatusCode::OK);
        assert_eq!(answer.headers()["content-type"], "text/plain; version=0.0.4; charset=utf-8");
        parse(&answer.text().await.unwrap()).unwrap()
    };
    let before = page().await;
    assert_eq!(before.value("module_last_recovery_seconds", &[("module", "analysis")]), None, "not observed");
    assert_eq!(before.value("module_ready", &[("module", "analysis")]), Some(1.0));
    backend.crash("analysis").await;
    crate::support::until("two alerts", async || {
        backend.get("/api/system/metrics").await.1["alerts"]["created"] == 2
    })
    .await;
    crate::support::until("stores that were asked", async || {
        backend.get("/api/system/health").await.1["status"] == "healthy"
    })
    .await;
    let (_, json) = backend.get("/api/system/metrics").await;
    let after = page().await;
    for module in json["modules"].as_array().unwrap() {
        let labels = [("module", module["name"].as_str().unwrap())];
        for (metric, field) in [
            ("module_restarts_total", "restarts"),
            ("module_restart_attempts_total", "attempts"),
            ("module_failures_total", "failures"),
            ("module_recovery_seconds_count", "recoveries"),
            ("module_consecutive_failures", "consecutive_failures"),
        ] {
            assert_eq!(after.value(metric, &labels), module[field].as_f64(), "{metric} {labels:?}");
        }
        let took_ms = after.value("module_last_recovery_seconds", &labels).map(|seconds| seconds * 1e3);
        let expected = module["last_recovery_ms"].as_f64();
        assert_eq!(took_ms.map(|ms| ms.round()), expected.map(f64::round));
    }
    assert_eq!(after.value("module_failures_total", &[("module", "analysis")]), Some(1.0));
    for (metric, field) in [
        ("alerts_created_total", "created"),
        ("alerts_delivered_total", "delivered"),
        ("alerts_pending", "pending"),
    ] {
        assert_eq!(after.value(metric, &[]), json["alerts"][field].as_f64(), "{metric}");
    }
    assert_eq!(after.value("alerts_pending", &[]), Some(2.0));
    assert_eq!(after.value("store_up", &[("store", "database"), ("kind", "sqlite")]), Some(1.0));
    assert_eq!(after.value("stores_restored", &[]), Some(1.0));
    assert!(after.value("uptime_seconds", &[]) > before.value("uptime_seconds", &[]));
    assert!(after.types.len() >= 15);
}
