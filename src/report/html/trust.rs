//! Whether the measurement itself can be trusted: a list of checks. Pure.

use serde::Serialize;

use crate::analysis::caveats::{FEW_TRIALS, MUCH_LAG_US, WELL_RATIO};
use crate::analysis::model::{Episode, Outcome, RunState};
use crate::analysis::{Summary, Verdict};
use crate::lang::format::{self, ratio};
use crate::lang::{Arg, Lang};
use crate::report::view::{self, Mark};

/// One thing that must be so.
#[derive(Debug, Serialize)]
pub(super) struct Check {
    pub(super) mark: Mark,
    pub(super) what: String,
    pub(super) found: String,
}

/// All of them, in the order of a run: harness, load, faults, judgement.
pub(super) fn checks(summary: &Summary, lang: Lang) -> Vec<Check> {
    let list = List { summary, lang };
    let mut checks = list.lags();
    checks.extend(list.journal());
    checks.extend([list.probes(), list.build(), list.clock()]);
    checks.extend([list.baseline_length(), list.baseline_health()]);
    checks.extend([list.ending(), list.effects(), list.decided(), list.uncensored(), list.alerts()]);
    checks.extend(list.trials());
    checks
}

/// How many of the checks hold: `10 of 12`.
pub(super) fn held(checks: &[Check], lang: Lang) -> String {
    let held = checks.iter().filter(|check| check.mark.class == "pass").count() as u64;
    view::of(held, checks.len() as u64, lang)
}

struct List<'a> {
    summary: &'a Summary,
    lang: Lang,
}

impl List<'_> {
    /// `holds` is absent when that is not known, or when it is not for us to say.
    fn check(&self, holds: Option<bool>, what: String, found: String) -> Check {
        let (verdict, word) = match holds {
            Some(true) => (Verdict::Pass, "trust-holds"),
            Some(false) => (Verdict::Fail, "trust-fails"),
            None => (Verdict::Inconclusive, "trust-open"),
        };
        Check { mark: Mark { word: self.lang.text(word), ..Mark::new(verdict, self.lang) }, what, found }
    }

    fn lags(&self) -> Vec<Check> {
        let most = || Arg::LengthUs(MUCH_LAG_US);
        if self.summary.harness.lag.is_empty() {
            let what = self.lang.say("trust-lags", [("most", most())]);
            return vec![self.check(None, what, self.lang.text("not-observed"))];
        }
        let lag = self.summary.harness.lag.iter().map(|(thread, lag)| {
            let what = self.lang.say("trust-lag", [("thread", thread.into()), ("most", most())]);
            let args = [("p99", Arg::LengthUs(lag.p99_us)), ("max", Arg::LengthUs(lag.max_us))];
            self.check(Some(lag.p99_us <= MUCH_LAG_US), what, self.lang.say("trust-lag-found", args))
        });
        lag.collect()
    }

    fn journal(&self) -> [Check; 2] {
        let (summary, lang) = (self.summary, self.lang);
        let free = summary.harness.journal_stalls == 0;
        let whole = summary.harness.unreadable_lines == 0;
        [
            self.check(Some(free), lang.text("trust-stalls"), view::stalls(summary, lang)),
            self.check(Some(whole), lang.text("trust-unreadable"), view::unreadable(summary, lang)),
        ]
    }

    fn probes(&self) -> Check {
        let harness = &self.summary.harness;
        let found = [("canaries", harness.canaries.into()), ("polls", harness.health_polls.into())];
        let ran = harness.canaries > 0 && harness.health_polls > 0;
        self.check(Some(ran), self.lang.text("trust-probes"), self.lang.say("trust-probes-found", found))
    }

    fn build(&self) -> Check {
        let release = self.summary.environment.release_build;
        let found = if release { "trust-build-optimised" } else { "trust-build-debug" };
        self.check(Some(release), self.lang.text("trust-build"), self.lang.text(found))
    }

    /// The target stamps its own events: with another clock than ours they are shifted by an offset that nobody measures.
    fn clock(&self) -> Check {
        let local = is_local(&self.summary.plan.base_url);
        let found = if local { "trust-clock-same" } else { "trust-clock-other" };
        self.check(local.then_some(true), self.lang.text("trust-clock"), self.lang.text(found))
    }

    /// The episodes that are judged against one.
    fn judged(&self) -> impl Iterator<Item = &Episode> {
        self.summary.episodes.iter().filter(|episode| episode.outcome != Outcome::Void)
    }

    fn baseline_length(&self) -> Check {
        let hold_us = self.summary.plan.hold_us;
        let what = self.lang.say("trust-baseline", [("hold", Arg::LengthUs(hold_us))]);
        let without = self.judged().filter(|episode| episode.baseline.is_none()).count();
        if without > 0 {
            return self.check(
                Some(false),
                what,
                self.lang.say("trust-baseline-missing", [("n", without.into())]),
            );
        }
        let baselines = || self.judged().filter_map(|episode| episode.baseline.as_ref());
        let canaries = baselines().map(|baseline| baseline.canaries).min();
        let shortest = baselines().map(|baseline| baseline.to_us.saturating_sub(baseline.from_us)).min();
        let (Some(canaries), Some(shortest)) = (canaries, shortest) else {
            return self.check(None, what, self.lang.text("no-data"));
        };
        let found = [("n", canaries.into()), ("length", Arg::LengthUs(shortest))];
        self.check(Some(shortest >= hold_us), what, self.lang.say("trust-baseline-found", found))
    }

    fn baseline_health(&self) -> Check {
        let what = self.lang.say("trust-healthy", [("least", Arg::Share(WELL_RATIO))]);
        let ratios = self.judged().filter_map(|episode| Some(episode.baseline.as_ref()?.success_ratio));
        match ratios.min_by(f64::total_cmp) {
            Some(worst) => {
                let found = self.lang.say("trust-healthy-found", [("worst", ratio(worst).into())]);
                self.check(Some(worst >= WELL_RATIO), what, found)
            }
            None => self.check(None, what, self.lang.text("no-data")),
        }
    }

    fn ending(&self) -> Check {
        let state = self.summary.state;
        let found = view::run_state(state, self.lang);
        self.check(Some(state == RunState::Completed), self.lang.text("trust-ending"), found)
    }

    /// How many episodes had an outcome, of all.
    fn share(&self, outcome: Outcome) -> (Option<u64>, String) {
        let all = self.summary.episodes.len() as u64;
        if all == 0 {
            return (None, self.lang.text("no-data"));
        }
        let with = self.summary.episodes.iter().filter(|episode| episode.outcome == outcome).count() as u64;
        let found =
            view::named(&view::outcome(outcome, self.lang), &view::of(with, all, self.lang), self.lang);
        (Some(with), found)
    }

    fn effects(&self) -> Check {
        let (void, found) = self.share(Outcome::Void);
        self.check(void.map(|n| n == 0), self.lang.text("trust-effects"), found)
    }

    fn decided(&self) -> Check {
        let (aborted, found) = self.share(Outcome::Aborted);
        self.check(aborted.map(|n| n == 0), self.lang.text("trust-decided"), found)
    }

    /// A censored episode is the target's failure, not the measurement's: it leaves the mean open.
    fn uncensored(&self) -> Check {
        let (censored, found) = self.share(Outcome::Censored);
        self.check((censored == Some(0)).then_some(true), self.lang.text("trust-uncensored"), found)
    }

    fn alerts(&self) -> Check {
        let received = self.summary.plan.alert_source;
        let found = [("n", self.summary.alerts.received.into())];
        let found = if received {
            self.lang.say("trust-alerts-found", found)
        } else {
            self.lang.text("trust-alerts-none")
        };
        self.check(received.then_some(true), self.lang.text("trust-alerts"), found)
    }

    /// Few trials are no fault of the measurement: they leave open what the rate is in the long run.
    fn trials(&self) -> Vec<Check> {
        let scenarios = self.summary.scenarios.iter();
        let trials = scenarios.map(|scenario| {
            let args = [("scenario", (&scenario.name).into()), ("n", FEW_TRIALS.into())];
            let found = format::count(scenario.trials.into());
            let enough = (scenario.trials >= FEW_TRIALS).then_some(true);
            self.check(enough, self.lang.say("trust-trials", args), found)
        });
        trials.collect()
    }
}

/// Whether a URL names this very machine, so that there is one clock.
fn is_local(base_url: &str) -> bool {
    let Ok(url) = url::Url::parse(base_url) else { return false };
    match url.host() {
        Some(url::Host::Domain(name)) => name == "localhost",
        Some(url::Host::Ipv4(address)) => address.is_loopback(),
        Some(url::Host::Ipv6(address)) => address.is_loopback(),
        None => false,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::report::fixture;

    fn failed(summary: &Summary) -> Vec<String> {
        let checks = checks(summary, Lang::En);
        checks.into_iter().filter(|check| check.mark.class == "fail").map(|check| check.what).collect()
    }

    #[test]
    fn a_good_run_leaves_only_its_few_trials_open() {
        let summary = fixture::passing().summary;
        let checks = checks(&summary, Lang::En);
        let open: Vec<_> = checks.iter().filter(|check| check.mark.class != "pass").collect();
        assert_eq!(open.len(), 1, "{open:?}");
        assert_eq!((open[0].mark.symbol, open[0].found.as_str()), ("?", "3"));
        assert_eq!(held(&checks, Lang::En), "15 of 16");
    }

    #[test]
    fn each_thing_that_can_go_wrong_fails_its_check() {
        let mut summary = fixture::passing().summary;
        summary.harness.lag.get_mut("canary").unwrap().p99_us = MUCH_LAG_US + 1;
        assert!(failed(&summary)[0].contains("canary"), "{:?}", failed(&summary));
        let breaks: [fn(&mut Summary); 8] = [
            |summary| summary.harness.journal_stalls = 1,
            |summary| summary.harness.unreadable_lines = 1,
            |summary| summary.harness.canaries = 0,
            |summary| summary.environment.release_build = false,
            |summary| summary.episodes[0].baseline = None,
            |summary| summary.plan.hold_us = 5_000_001,
            |summary| summary.episodes[0].baseline.as_mut().unwrap().success_ratio = 0.98,
            |summary| summary.state = RunState::Interrupted,
        ];
        for (index, break_it) in breaks.into_iter().enumerate() {
            let mut summary = fixture::passing().summary;
            break_it(&mut summary);
            assert_eq!(failed(&summary).len(), 1, "{index}: {:?}", failed(&summary));
        }
        assert_eq!(failed(&fixture::failing().summary).len(), 4, "an unread line, the ending, void, aborted");
    }

    #[test]
    fn a_censored_episode_and_a_remote_target_leave_a_check_open() {
        let mut summary = fixture::passing().summary;
        "https://recovery.example:8443".clone_into(&mut summary.plan.base_url);
        summary.episodes[0].outcome = Outcome::Censored;
        let checks = checks(&summary, Lang::En);
        let open = checks.iter().filter(|check| check.mark.symbol == "?").count();
        assert_eq!((open, failed(&summary).len()), (3, 0));
    }

    #[test]
    fn only_this_machine_has_our_clock() {
        for (url, local) in [
            ("http://127.0.0.1:8000", true),
            ("http://[::1]:8000/api", true),
            ("http://localhost", true),
            ("http://10.0.0.7", false),
            ("http://localhost.example", false),
            ("no url", false),
        ] {
            assert_eq!(is_local(url), local, "{url}");
        }
    }
}
