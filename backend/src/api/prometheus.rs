//! The figures of [`status`](super::status) for Prometheus, in its text format 0.0.4.
//!
//! Counters of modules and resyncs begin at 0 with the manager, those of alerts count what is in the outbox.

use std::fmt::Write as _;

use axum::extract::State;
use axum::http::{HeaderName, header};

use super::Manager;
use crate::alert_dispatcher::AlertCounts;
use crate::module::Role;
use crate::problem::Problem;
use crate::self_healing_daemon::Record;

/// The media type of the format.
const CONTENT_TYPE: &str = "text/plain; version=0.0.4; charset=utf-8";
/// What every name begins with.
const NAMESPACE: &str = "fault_recovery";

type Labels<'a> = &'a [(&'a str, &'a str)];

/// The counters for Prometheus
#[utoipa::path(get, path = "/metrics", operation_id = "prometheus", responses(
    (status = 200, description = "Text format 0.0.4", body = String, content_type = "text/plain"),
    (status = 503, description = "The alerts' outbox does not answer"),
))]
pub(super) async fn metrics(
    State(manager): State<Manager>,
) -> Result<([(HeaderName, &'static str); 1], String), Problem> {
    let alerts = manager.alert_counts().await?;
    let mut page = Page::default();
    page.one("uptime_seconds", "gauge", "Since the manager started.", manager.clock.now().mono.as_secs_f64());
    let modules = manager.daemon.modules();
    write_modules(&mut page, &modules);
    write_stores(&mut page, &manager, modules[Role::Session.index()].pid);
    write_alerts(&mut page, alerts, manager.alerts.lost());
    Ok(([(header::CONTENT_TYPE, CONTENT_TYPE)], page.text))
}

fn write_modules(page: &mut Page, modules: &[Record]) {
    let mut each = |name, kind, help, value: &dyn Fn(&Record) -> Option<f64>| {
        page.family(name, kind, help);
        for module in modules {
            if let Some(value) = value(module) {
                page.sample(name, &[("module", module.spec.name)], value);
            }
        }
    };
    let count = |of: fn(&Record) -> u64| move |module: &Record| Some(of(module) as f64);
    each("module_ready", "gauge", "Whether the module is ready.", &|module| {
        Some(f64::from(u8::from(module.status() == "ready")))
    });
    each(
        "module_restarts_total",
        "counter",
        "Starts after the first, for whatever reason.",
        &count(|module| module.restarts),
    );
    each(
        "module_restart_attempts_total",
        "counter",
        "Starts that followed a failure of the module's own.",
        &count(|module| module.attempts),
    );
    each(
        "module_failures_total",
        "counter",
        "Crashes, hangs, lost dependencies and starts that took too long.",
        &count(|module| module.failures),
    );
    each("module_consecutive_failures", "gauge", "Failures of the present streak.", &|module| {
        Some(f64::from(module.consecutive))
    });
    each(
        "module_last_recovery_seconds",
        "gauge",
        "From noticing the latest failure to being ready again; absent before the first.",
        &|module| module.last_recovery.map(|took| took.as_secs_f64()),
    );
    let name = "module_recovery_seconds";
    page.family(
        name,
        "summary",
        "From noticing a failure to being ready again, for outages that the daemon ended.",
    );
    for module in modules {
        let labels: Labels<'_> = &[("module", module.spec.name)];
        page.sample(&format!("{name}_sum"), labels, module.recovery_total.as_secs_f64());
        page.sample(&format!("{name}_count"), labels, module.recoveries as f64);
    }
}

/// `session` is the process that must have described the stores.
fn write_stores(page: &mut Page, manager: &Manager, session: Option<u32>) {
    let status = manager.stores.status(session);
    page.family("store_up", "gauge", "Whether the store answers.");
    let kinds = manager.kinds;
    for (store, kind, up) in
        [("database", kinds.database, status.database.up), ("cache", kinds.cache, status.cache.up)]
    {
        page.sample("store_up", &[("store", store), ("kind", kind)], f64::from(u8::from(up)));
    }
    let restored = f64::from(u8::from(status.is_restored()));
    page.one(
        "stores_restored",
        "gauge",
        "Whether the stores hold everything that was acknowledged.",
        restored,
    );
    page.one("spooled_entries", "gauge", "Entries that wait for the database.", status.spooled as f64);
    let counts = manager.stores.counts();
    page.one("resyncs_started_total", "counter", "Resyncs begun.", counts.total as f64);
    page.family("resyncs_finished_total", "counter", "Resyncs ended, by outcome.");
    for (outcome, count) in [("succeeded", counts.succeeded), ("failed", counts.failed)] {
        page.sample("resyncs_finished_total", &[("outcome", outcome)], count as f64);
    }
}

fn write_alerts(page: &mut Page, counts: AlertCounts, lost: u64) {
    page.one("alerts_created_total", "counter", "Alerts in the outbox.", counts.created as f64);
    page.one(
        "alerts_delivered_total",
        "counter",
        "Alerts that every webhook has taken.",
        counts.delivered as f64,
    );
    page.one("alerts_pending", "gauge", "Alerts that a webhook has not taken yet.", counts.pending as f64);
    page.one(
        "alerts_lost_total",
        "counter",
        "Alerts never written, because the disk hung for too long.",
        lost as f64,
    );
}

/// The page so far.
#[derive(Debug, Default)]
struct Page {
    text: String,
}

impl Page {
    /// Begins a family: its samples must follow before the next one. `help` is one line without a backslash.
    fn family(&mut self, name: &str, kind: &str, help: &str) {
        // Writing to a String cannot fail.
        let _ = writeln!(self.text, "# HELP {NAMESPACE}_{name} {help}");
        let _ = writeln!(self.text, "# TYPE {NAMESPACE}_{name} {kind}");
    }

    fn sample(&mut self, name: &str, labels: Labels<'_>, value: f64) {
        let _ = write!(self.text, "{NAMESPACE}_{name}");
        if !labels.is_empty() {
            let pairs: Vec<String> =
                labels.iter().map(|(name, value)| format!("{name}=\"{}\"", escape(value))).collect();
            let _ = write!(self.text, "{{{}}}", pairs.join(","));
        }
        let _ = writeln!(self.text, " {value}");
    }

    /// A family of one sample without labels.
    fn one(&mut self, name: &str, kind: &str, help: &str, value: f64) {
        self.family(name, kind, help);
        self.sample(name, &[], value);
    }
}

/// A label's value as it stands between quotes.
fn escape(value: &str) -> String {
    value.replace('\\', "\\\\").replace('"', "\\\"").replace('\n', "\\n")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn writes_a_family_with_its_samples_and_escapes_labels() {
        let mut page = Page::default();
        page.family("x_total", "counter", "Things.");
        page.sample("x_total", &[("a", "b\"\\\n"), ("c", "d")], 2.0);
        page.one("y", "gauge", "One.", 0.5);
        let expected = "# HELP fault_recovery_x_total Things.\n# TYPE fault_recovery_x_total counter\n\
                        fault_recovery_x_total{a=\"b\\\"\\\\\\n\",c=\"d\"} 2\n\
                        # HELP fault_recovery_y One.\n# TYPE fault_recovery_y gauge\nfault_recovery_y 0.5\n";
        assert_eq!(page.text, expected);
    }
}
