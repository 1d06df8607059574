//! The proposed permanent specification: each value with what was measured of it, or that it stays as planned. Pure.

use super::{Inline, Report};
use crate::lang::{Arg, Sentence, format};
use crate::report::specification::{AlertRule, Monitoring, PLANNED_ALERT, Resync, Retries, Shown, spread};

impl Report<'_> {
    pub(super) fn specification(&mut self) {
        let shown = Shown::of(self.analysis);
        let columns =
            self.columns(&["md-spec-part", "md-spec-proposal", "md-spec-in-force", "md-spec-measured"]);
        let rows = [
            self.retries(&shown.retries),
            self.alert_rule(&shown.alert, shown.retries.proposed()),
            self.resync(&shown.resync),
            self.monitoring(&shown.monitoring),
        ];
        self.heading(2, "md-specification");
        self.paragraph("md-spec-lead");
        self.document.table(&columns, rows.map(Vec::from));
    }

    fn retries(&self, retries: &Retries) -> [Inline; 4] {
        let count = |(attempts, n): (&u32, &u64)| {
            Sentence::with("md-spec-attempts", [("attempts", (*attempts).into()), ("n", (*n).into())]).into()
        };
        let mut measured = match retries.survived() {
            Some(survived) => vec![
                self.say(
                    "md-spec-retries-measured",
                    [("attempts", Arg::List(retries.attempts.iter().map(count).collect()))],
                ),
                self.say("md-spec-retries-survived", [("n", survived.into())]),
            ],
            None => vec![self.text("md-spec-retries-not-measured")],
        };
        measured.push(match retries.exhausted {
            0 => self.text("md-spec-retries-never-exhausted"),
            n => self.say("md-spec-retries-exhausted", [("n", n.into())]),
        });
        if retries.survived().is_some_and(|survived| u64::from(survived) < retries.proposed()) {
            measured.push(self.say("md-spec-retries-margin", [("n", retries.proposed().into())]));
        }
        self.part(
            "md-spec-retries",
            self.say("md-spec-retries-proposal", [("n", retries.proposed().into())]),
            self.number(retries.in_force),
            measured,
        )
    }

    fn alert_rule(&self, alert: &AlertRule, retries: u64) -> [Inline; 4] {
        let mut measured = if alert.expected == 0 {
            vec![self.text("md-spec-alert-not-measured")]
        } else {
            let counted = [("n", alert.matched.into()), ("of", alert.expected.into())];
            let alerts = &self.summary().alerts;
            let delays =
                alerts.delay_p50_us.is_some().then(|| crate::report::view::alerts::delays(alerts, self.lang));
            let mut said = vec![self.say("md-spec-alert-measured", counted)];
            said.extend(delays.map(|delays| self.say("md-spec-alert-delays", [("delays", delays.into())])));
            said
        };
        measured.push(match spread(&alert.critical_us) {
            Some([.., longest]) => self.say(
                "md-spec-alert-critical",
                [("n", alert.critical_us.len().into()), ("longest", Arg::LengthUs(longest))],
            ),
            None => self.say("md-spec-alert-not-reached", [("n", PLANNED_ALERT.into())]),
        });
        self.part(
            "md-spec-alert",
            self.say("md-spec-alert-proposal", [("n", AlertRule::proposed(retries).into())]),
            self.number(alert.in_force),
            measured,
        )
    }

    fn resync(&self, resync: &Resync) -> [Inline; 4] {
        let deadline = self.summary().plan.recovery_deadline_us;
        let mut measured = if resync.decided == 0 {
            vec![self.text("md-spec-resync-not-measured")]
        } else {
            let counted = [("n", resync.whole.into()), ("of", resync.decided.into())];
            vec![self.say("md-spec-resync-measured", counted)]
        };
        if let Some([shortest, middle, longest]) = spread(&resync.took_us) {
            measured.push(self.say("md-spec-resync-took", lengths(shortest, middle, longest)));
        }
        let in_force = Inline::text(&format::length(deadline));
        let proposal = self.say("md-spec-resync-proposal", [("deadline", Arg::LengthUs(deadline))]);
        self.part("md-spec-resync", proposal, in_force, measured)
    }

    fn monitoring(&self, monitoring: &Monitoring) -> [Inline; 4] {
        let measured = match spread(&monitoring.noticed_us) {
            Some([shortest, middle, longest]) => vec![
                self.say("md-spec-monitoring-noticed", lengths(shortest, middle, longest)),
                self.say("md-spec-monitoring-false", [("n", monitoring.false_alarms.into())]),
            ],
            None => vec![self.text("md-spec-monitoring-not-measured")],
        };
        let settings: Vec<_> =
            monitoring.settings.iter().map(|(name, value)| format!("{name} = {value}")).collect();
        let (proposal, in_force) = if settings.is_empty() {
            ("md-spec-monitoring-unknown", self.text("state-not-known"))
        } else {
            ("md-spec-monitoring-proposal", Inline::text(&settings.join(", ")))
        };
        self.part("md-spec-monitoring", self.text(proposal), in_force, measured)
    }

    fn part(&self, id: &str, proposal: Inline, in_force: Inline, measured: Vec<Inline>) -> [Inline; 4] {
        [self.text(id), proposal, in_force, Inline::join(measured, &self.lang.text("md-gap"))]
    }

    fn number(&self, n: Option<u64>) -> Inline {
        n.map_or_else(|| self.text("state-not-known"), |n| Inline::text(&format::count(n)))
    }
}

fn lengths(shortest: u64, middle: u64, longest: u64) -> [(&'static str, Arg); 3] {
    [
        ("shortest", Arg::LengthUs(shortest)),
        ("middle", Arg::LengthUs(middle)),
        ("longest", Arg::LengthUs(longest)),
    ]
}
