//! `GET /api/system/health`: R-v0.2's page, or one that says less in words of its own.
//!
//! A target that names no modules is one as a whole: its page then stands for a module called [`WHOLE`].

use serde::Deserialize;
use serde_json::Value;

use super::api::Answer;

/// What stands for the modules of a target that names none.
pub const WHOLE: &str = "system";

/// A whole target that is well, in R-v0.2's words for a module.
const READY: &str = "ready";
/// One that is not.
const UNWELL: &str = "unwell";

/// Words by which pages say that not all is well though they answer 200: R-v0.2's, those of the health check drafts of the
/// IETF (fail) and of common frameworks. A word that nobody knows is no complaint.
const COMPLAINTS: [&str; 12] = [
    "degraded",
    "unhealthy",
    "down",
    "fail",
    "failed",
    "failing",
    "error",
    "critical",
    "outage",
    "starting",
    "stopping",
    "out_of_service",
];

/// What a health page says.
#[derive(Debug, Clone, Default)]
pub struct HealthPage {
    /// How all of it is: `healthy`, `degraded` or `unhealthy`, or a word of the target's own.
    pub status: Option<String>,
    /// The modules; the target as a whole when it names none.
    pub modules: Vec<ModuleHealth>,
}

/// One module on the health page.
#[derive(Debug, Clone, Default, PartialEq, Eq, Deserialize)]
pub struct ModuleHealth {
    /// Its name.
    pub name: String,
    /// `starting`, `ready`, `backoff`, `stopping` or `failed`.
    pub status: String,
    /// Its process.
    #[serde(default)]
    pub pid: Option<u32>,
    /// The module that it cannot do without.
    #[serde(default)]
    pub depends_on: Option<String>,
    /// How often it was restarted.
    #[serde(default)]
    pub restarts: Option<u64>,
    /// Consecutive failures.
    #[serde(default)]
    pub consecutive_failures: Option<u32>,
    /// When it was started, as the page writes it.
    #[serde(skip)]
    pub started: Option<String>,
}

impl HealthPage {
    /// Reads an answer, whatever it holds: a page that is no JSON is judged by its status alone.
    #[must_use]
    pub fn of(answer: &Answer) -> Self {
        let page: Value = serde_json::from_slice(&answer.body).unwrap_or_default();
        let status = ["status", "state", "health"].iter().find_map(|key| page[*key].as_str());
        let listed = serde_json::from_value::<Vec<ModuleHealth>>(page["modules"].clone());
        let mut read = Self { status: status.map(str::to_owned), modules: listed.unwrap_or_default() };
        if read.modules.is_empty() {
            read.modules = vec![whole(&page, read.is_well(answer.status))];
        }
        read
    }

    /// The page of a target of which somebody else decides whether it is well.
    #[must_use]
    pub(super) fn seen_as(mut self, well: bool) -> Self {
        if self.modules.is_empty() {
            self.modules = vec![whole(&Value::Null, well)];
        }
        for module in self.modules.iter_mut().filter(|module| module.is_whole()) {
            module.status = if well { READY } else { UNWELL }.to_owned();
        }
        self
    }

    /// Whether the page says that all is well.
    #[must_use]
    pub fn is_well(&self, status: u16) -> bool {
        let complains = |word: &str| COMPLAINTS.contains(&word.trim().to_ascii_lowercase().as_str());
        status == 200 && !self.status.as_deref().is_some_and(complains)
    }
}

impl ModuleHealth {
    /// Whether it is all of a target that names no modules.
    #[must_use]
    pub fn is_whole(&self) -> bool {
        self.name == WHOLE
    }
}

/// The target as a module, with what the page says of its process.
fn whole(page: &Value, well: bool) -> ModuleHealth {
    let first = |keys: &[&str]| keys.iter().map(|key| &page[*key]).find(|value| !value.is_null()).cloned();
    ModuleHealth {
        name: WHOLE.to_owned(),
        status: if well { READY } else { UNWELL }.to_owned(),
        pid: first(&["pid"]).and_then(|pid| u32::try_from(pid.as_u64()?).ok()),
        restarts: first(&["restarts", "restart_count", "restarts_total"]).and_then(|count| count.as_u64()),
        started: first(&["started_at", "start_time", "started"]).map(|started| started.to_string()),
        ..ModuleHealth::default()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn page(status: u16, body: &str) -> (HealthPage, bool) {
        let page = HealthPage::of(&Answer { status, body: body.as_bytes().to_vec(), date: None });
        let well = page.is_well(status);
        (page, well)
    }

    #[test]
    fn words_of_all_kinds_say_whether_all_is_well() {
        for (status, body, well) in [
            (200, r#"{"status":"healthy","modules":[]}"#, true),
            (200, r#"{"status":"degraded","modules":[]}"#, false),
            (200, r#"{"status":"ok"}"#, true),
            (200, r#"{"status":"UP"}"#, true),
            (200, r#"{"status":"DOWN"}"#, false),
            (200, r#"{"health":"fail"}"#, false),
            (200, "pong", true),
            (200, "", true),
            (503, r#"{"status":"ok"}"#, false),
            (404, "Not Found", false),
        ] {
            assert_eq!(page(status, body).1, well, "{status} {body}");
        }
    }

    #[test]
    fn a_target_that_names_no_modules_is_one_itself() {
        let (read, _) =
            page(200, r#"{"status":"ok","pid":17,"restart_count":2,"started_at":"2026-01-02T03:04:05Z"}"#);
        let [whole] = &read.modules[..] else { panic!("one module") };
        assert!(whole.is_whole() && whole.status == "ready");
        assert_eq!((whole.pid, whole.restarts), (Some(17), Some(2)));
        assert!(whole.started.as_deref().unwrap().contains("2026-01-02"));
        assert_eq!(page(503, "").0.modules[0].status, "unwell");
        // Odd values are no reason to know nothing.
        let (odd, _) = page(200, r#"{"status":7,"pid":"a","modules":{"a":1},"restarts":-1}"#);
        assert_eq!((odd.modules[0].pid, odd.modules[0].restarts, odd.status), (None, None, None));
    }

    #[test]
    fn the_modules_of_r_v0_2_stay_what_they_are() {
        let body =
            r#"{"status":"healthy","modules":[{"name":"ingest","status":"ready","pid":9,"restarts":1}]}"#;
        let (read, well) = page(200, body);
        assert!(well && !read.modules[0].is_whole());
        assert_eq!((read.modules.len(), read.modules[0].pid), (1, Some(9)));
    }
}
