//! goose's own configuration, as the command line gives it: what a run with faults follows, and what it cannot.

use std::ffi::OsString;
use std::path::PathBuf;
use std::time::Duration;

use clap::{Args, FromArgMatches};
use goose::config::{GooseConfiguration, RUN_FOLDER};
use goose::logger::GooseLogFormat;

use crate::journal::event::{Notice, OptionNotice};
use crate::load::OptionsError;

/// What a command line told goose.
pub struct Given {
    configuration: GooseConfiguration,
    /// goose has not seen it yet, so it can still be changed.
    ours: bool,
    notices: Vec<OptionNotice>,
}

impl std::fmt::Debug for Given {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Given").field("notices", &self.notices).finish_non_exhaustive()
    }
}

impl Given {
    /// goose's flags and those of `F` from the words of a command line, the first of which is the program.
    ///
    /// # Errors
    /// As clap gives them; what `--help` prints is one of them.
    pub fn with<F: Args>(words: impl IntoIterator<Item = OsString>) -> Result<(Self, F), clap::Error> {
        let command = F::augment_args(goose_flags());
        let matches = command.try_get_matches_from(words)?;
        let configuration = GooseConfiguration::from_arg_matches(&matches)?;
        let flags = F::from_arg_matches(&matches)?;
        Ok((Self { configuration, ours: true, notices: Vec::new() }, flags))
    }

    /// What goose has read from the same words before us. Nothing is known when they are none of its: then the load was
    /// configured in another way.
    #[must_use]
    pub fn read_by_goose(words: impl IntoIterator<Item = OsString>) -> Self {
        let matches = goose_flags().try_get_matches_from(words).ok();
        let configuration = matches.and_then(|matches| GooseConfiguration::from_arg_matches(&matches).ok());
        Self { configuration: configuration.unwrap_or_default(), ours: false, notices: Vec::new() }
    }

    /// Whether goose is only to tell something, and to make no run.
    #[must_use]
    pub fn only_tells(&self) -> bool {
        let given = &self.configuration;
        given.version || given.list || given.scenarios_list || given.render_report.is_some()
    }

    /// The target, where it is given.
    #[must_use]
    pub fn host(&self) -> Option<&str> {
        self.configuration.host.as_deref()
    }

    /// Users, where they are said; as many as CPUs otherwise, as goose does it.
    #[must_use]
    pub fn users(&self) -> u32 {
        let cpus = || std::thread::available_parallelism().map_or(1, std::num::NonZero::get);
        u32::try_from(self.configuration.users.unwrap_or_else(cpus)).unwrap_or(u32::MAX)
    }

    /// Makes it fit for a run in which the load goes on until the last episode is over. A threshold that fails may end the
    /// load in an outage only when that is `wanted`.
    ///
    /// # Errors
    /// [`OptionsError::Owned`] for what cannot be left out in silence.
    pub fn adapt(&mut self, abort_wanted: bool) -> Result<(), OptionsError> {
        self.refuse()?;
        let given = &self.configuration;
        let set = |value: &Option<String>| {
            value.as_deref().is_some_and(|value| !value.trim_start_matches('0').is_empty())
        };
        let ends = [
            set(&given.run_time)
                .then(|| format!("--run-time {}", given.run_time.as_deref().unwrap_or_default())),
            given.iterations.filter(|n| *n > 0).map(|n| format!("--iterations {n}")),
        ];
        let notice = if self.ours { Notice::LoadGoesOn } else { Notice::LoadMayEnd };
        // Iterations are left out user by user, whoever has read them.
        let notices = [notice, Notice::LoadGoesOn];
        let mut found: Vec<_> =
            ends.into_iter().zip(notices).filter_map(|(option, notice)| Some((option?, notice))).collect();
        let judged = !given.threshold.is_empty() && !given.no_threshold_abort;
        // goose takes no delay of what it is told not to do.
        let aborts = abort_wanted || (!self.ours && given.threshold_abort_delay.is_some());
        if judged {
            let option = format!("--threshold {}", given.threshold.join(" --threshold "));
            found.push((option, if aborts { Notice::MayEndInAnOutage } else { Notice::JudgedAtTheEnd }));
        }
        self.notices = found.into_iter().map(|(option, notice)| OptionNotice { option, notice }).collect();
        if self.ours {
            // Zero is no limit, and wins over what is set in code.
            self.configuration.run_time = Some("0".to_owned());
            self.configuration.iterations = Some(0);
            if !aborts {
                self.configuration.threshold_abort_delay = None;
            }
        }
        Ok(())
    }

    fn refuse(&self) -> Result<(), OptionsError> {
        let given = &self.configuration;
        let shape = serde_json::to_value(given).is_ok_and(|all| !all["test_plan"].is_null());
        let other_format =
            given.request_format.as_ref().is_some_and(|format| *format != GooseLogFormat::Json);
        for (is_given, flag, reason) in [
            (shape, "test-plan", "it ends the load by itself; use --users and --increase-time"),
            (given.no_metrics, "no-metrics", "requests are taken from goose's request log, which needs them"),
            (other_format, "request-format", "requests are taken from the request log in JSON; leave it out"),
            (
                given.request_log.as_deref() == Some(RUN_FOLDER),
                "request-log",
                "requests are taken from the request log while the load goes on; give it a path",
            ),
        ] {
            if is_given {
                return Err(OptionsError::Owned { flag: flag.to_owned(), reason });
            }
        }
        Ok(())
    }

    /// What is not followed, or endangers the run.
    #[must_use]
    pub fn notices(&self) -> &[OptionNotice] {
        &self.notices
    }

    /// Whether a failing threshold may end the load.
    pub(super) fn may_abort(&self) -> bool {
        self.notices.iter().any(|told| told.notice == Notice::MayEndInAnOutage)
    }

    /// The request log that is asked for.
    pub(super) fn request_log(&self) -> Option<PathBuf> {
        self.configuration.request_log.as_deref().filter(|path| !path.is_empty()).map(PathBuf::from)
    }

    /// A request log that is named in code.
    pub(super) fn log_to(&mut self, path: &str) {
        self.configuration.request_log.get_or_insert_with(|| path.to_owned());
    }

    /// Users that are set in code.
    pub(super) fn users_by_default(&mut self, users: usize) {
        self.configuration.users.get_or_insert(users);
    }

    /// For goose, which has not seen it yet.
    pub(super) fn configuration(&self) -> GooseConfiguration {
        self.configuration.clone()
    }
}

/// goose's own command line.
#[must_use]
pub fn goose_flags() -> clap::Command {
    GooseConfiguration::augment_args(clap::Command::new("load test"))
}

/// What ends a load before its time, as goose has resolved it; none is 0.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Limits {
    pub(super) run_time_s: u64,
    pub(super) iterations: usize,
}

/// See [`Limits`].
pub(super) fn limits(configuration: &GooseConfiguration) -> Limits {
    let run_time_s = configuration.run_time.as_deref().and_then(|seconds| seconds.parse().ok()).unwrap_or(0);
    Limits { run_time_s, iterations: configuration.iterations.unwrap_or(0) }
}

/// Users, as goose has resolved them.
pub(super) fn users(configuration: &GooseConfiguration) -> u32 {
    u32::try_from(configuration.users.unwrap_or(1)).unwrap_or(u32::MAX)
}

/// How long goose takes to start all users: its `--increase-time`, or the users by `--increase-rate`, one a second when
/// nobody says otherwise.
pub(super) fn ramp(configuration: &GooseConfiguration) -> Duration {
    // goose has resolved both to plain numbers by the time that a user runs.
    let number = |value: &Option<String>| value.as_deref().and_then(|value| value.parse::<f64>().ok());
    if let Some(seconds) = number(&configuration.increase_time).filter(|seconds| *seconds > 0.0) {
        return Duration::try_from_secs_f64(seconds).unwrap_or_default();
    }
    let rate = number(&configuration.increase_rate).filter(|rate| *rate > 0.0).unwrap_or(1.0);
    Duration::try_from_secs_f64(f64::from(users(configuration)) / rate).unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use clap::CommandFactory as _;

    use super::*;

    #[derive(Args)]
    struct NoFlags {}

    fn words(words: &[&str]) -> Vec<OsString> {
        std::iter::once("test").chain(words.iter().copied()).map(OsString::from).collect()
    }

    fn ours(given: &[&str]) -> Given {
        Given::with::<NoFlags>(words(given)).unwrap().0
    }

    fn told(mut given: Given) -> Vec<(String, Notice)> {
        given.adapt(false).unwrap();
        given.notices().iter().map(|told| (told.option.clone(), told.notice)).collect()
    }

    #[test]
    fn what_would_end_the_load_is_left_out_and_told() {
        let flags = [
            "--run-time",
            "30",
            "--iterations",
            "4",
            "--threshold",
            "p95<1s",
            "--threshold-abort-delay",
            "5",
        ];
        let expected = [
            ("--run-time 30".to_owned(), Notice::LoadGoesOn),
            ("--iterations 4".to_owned(), Notice::LoadGoesOn),
            ("--threshold p95<1s".to_owned(), Notice::JudgedAtTheEnd),
        ];
        let mut given = ours(&flags);
        given.adapt(false).unwrap();
        let seen = given.configuration();
        assert_eq!((seen.run_time.as_deref(), seen.iterations), (Some("0"), Some(0)));
        assert_eq!((seen.threshold_abort_delay, given.may_abort()), (None, false));
        assert_eq!(told(ours(&flags)), expected);
        assert_eq!(told(ours(&["-u", "3", "--run-time", "0"])), []);
    }

    #[test]
    fn what_goose_has_read_already_can_only_be_told() {
        let flags = ["--run-time", "30s", "--iterations", "4", "--threshold", "p95<1s"];
        assert_eq!(
            told(Given::read_by_goose(words(&flags))),
            [
                ("--run-time 30s".to_owned(), Notice::LoadMayEnd),
                ("--iterations 4".to_owned(), Notice::LoadGoesOn),
                ("--threshold p95<1s".to_owned(), Notice::JudgedAtTheEnd),
            ]
        );
        // Words that are none of goose's.
        let unknown = Given::read_by_goose(words(&["--exact", "a_test"]));
        assert_eq!(unknown.host(), None);
        assert_eq!(told(unknown), []);
    }

    #[test]
    fn who_wants_a_threshold_to_end_the_load_gets_that() {
        let mut given = ours(&["--threshold", "p95<1s", "--threshold-abort-delay", "5"]);
        given.adapt(true).unwrap();
        assert!(given.may_abort());
        assert_eq!(given.configuration().threshold_abort_delay.as_deref(), Some("5"));
        assert_eq!(given.notices()[0].notice, Notice::MayEndInAnOutage);
    }

    #[test]
    fn what_cannot_be_followed_is_refused_with_the_reason() {
        for (flags, words) in [
            (&["--test-plan", "10,60s;0,30s"][..], "--test-plan"),
            (&["--no-metrics"], "--no-metrics"),
            (&["--request-log", "a", "--request-format", "csv"], "--request-format"),
            (&["--request-log"], "give it a path"),
        ] {
            let refused = ours(flags).adapt(false).unwrap_err().to_string();
            assert!(refused.contains(words), "{refused}");
        }
    }

    #[test]
    fn the_ramp_is_gooses_own() {
        // As goose has resolved them when the first user runs.
        let of = |users: usize, time: Option<&str>, rate: Option<&str>| {
            let mut given = GooseConfiguration::default();
            given.users = Some(users);
            given.increase_time = time.map(str::to_owned);
            given.increase_rate = rate.map(str::to_owned);
            ramp(&given)
        };
        assert_eq!(of(10, None, None), Duration::from_secs(10));
        assert_eq!(of(10, Some("0"), Some("20")), Duration::from_millis(500));
        assert_eq!(of(10, Some("3"), None), Duration::from_secs(3));
    }

    #[test]
    fn gooses_command_line_reads_as_goose_reads_it() {
        let flags = ["-H", "http://h", "-u", "7", "-v", "--report-file", "a.html"];
        let own = ours(&flags).configuration();
        let gooses = GooseConfiguration::command().get_arguments().count();
        assert!(gooses > 40, "{gooses}");
        let parsed = GooseConfiguration::parse_args_default(&flags).unwrap();
        assert_eq!(serde_json::to_value(own).unwrap(), serde_json::to_value(parsed).unwrap());
    }
}
