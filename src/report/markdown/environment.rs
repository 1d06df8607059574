//! What was measured, where, and by which command. Pure.

use super::{Inline, Report};
use crate::lang::{Arg, format};
use crate::report::view;

impl Report<'_> {
    pub(super) fn environment(&mut self) {
        let facts = self.environment_facts();
        self.heading(2, "md-environment");
        self.facts(facts);
        match &self.summary().environment.command {
            Some(command) => {
                self.paragraph("md-command");
                self.document.code(command);
            }
            None => self.paragraph("md-command-unknown"),
        }
    }

    fn environment_facts(&self) -> Vec<(&'static str, Inline)> {
        let (summary, lang) = (self.summary(), self.lang);
        let (plan, environment) = (&summary.plan, &summary.environment);
        let text = |text: &str| Inline::text(text);
        let length = |us: u64| Inline::text(&format::length(us));
        let target = if plan.bundled_backend { "md-target-bundled" } else { "md-target-external" };
        let build = if environment.release_build { "md-release-build" } else { "md-debug-build" };
        let labels: Vec<_> = summary.labels.iter().map(|(key, value)| format!("{key}={value}")).collect();
        let canary = [
            ("request", Arg::from(plan.canary_request.as_str())),
            ("interval", Arg::LengthUs(plan.canary_interval_us)),
        ];
        let machine = [
            ("os", environment.os.as_str().into()),
            ("cpus", environment.cpus.into()),
            ("build", lang.text(build).into()),
        ];
        vec![
            ("term-target", self.say(target, [("url", plan.base_url.as_str().into())])),
            ("md-stores", plan.stores.as_deref().map_or_else(|| self.text("unknown"), text)),
            (
                "md-versions",
                text(&format!("goose-recovery {}, goose {}", environment.goose_recovery, environment.goose)),
            ),
            ("md-machine", self.say("md-machine-is", machine)),
            ("term-run", text(&summary.run_id)),
            ("term-started", text(&summary.started_at)),
            ("md-duration", length(summary.duration_us)),
            ("md-ended", text(&view::ended(summary, lang))),
            ("term-seed", text(&summary.seed.to_string())),
            ("md-users", text(&format::count(plan.users.into()))),
            ("md-think-time", length(plan.think_time_us)),
            ("term-canary", self.say("md-canary-is", canary)),
            ("md-hold", length(plan.hold_us)),
            ("md-deadline", length(plan.recovery_deadline_us)),
            ("md-strict", self.text(if plan.strict { "yes" } else { "no" })),
            ("md-sink-outage", plan.sink_outage_us.map_or_else(|| self.text("none"), length)),
            ("term-abort-when", self.listed(&plan.abort_when)),
            ("md-labels", self.listed(&labels)),
        ]
    }

    /// Some texts, or that there are none.
    fn listed(&self, texts: &[String]) -> Inline {
        if texts.is_empty() { self.text("none") } else { Inline::text(&texts.join(", ")) }
    }
}
