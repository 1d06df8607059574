//! goose's own flags, given after `--`. Those that the plan owns are refused, with the reason.

use clap::parser::ValueSource;
use clap::{Args, FromArgMatches};
use goose::config::GooseConfiguration;

use crate::plan::Plan;

/// Flags that the plan owns: clap id, and why.
const OWNED: &[(&str, &str)] = &[
    ("host", "the target is --base-url, or the bundled backend"),
    ("users", "use --users before the --"),
    ("increase_rate", "everybody starts within 3 s, so that the baseline sees the whole load"),
    ("increase_time", "everybody starts within 3 s, so that the baseline sees the whole load"),
    ("run_time", "the run ends with the last episode"),
    ("decrease_rate", "the run ends with the last episode"),
    ("decrease_time", "the run ends with the last episode"),
    ("iterations", "use --iterations before the --: it counts faults"),
    ("test_plan", "the scenario is the plan"),
    ("scenarios", "use --scenario before the --"),
    ("timeout", "use --request-timeout before the --"),
    ("no_autostart", "a run starts by itself"),
    ("telnet_host", "goose's controllers stay off"),
    ("telnet_port", "goose's controllers stay off"),
    ("websocket", "goose's controllers stay off"),
    ("websocket_host", "goose's controllers stay off"),
    ("websocket_port", "goose's controllers stay off"),
    ("no_metrics", "goose's metrics are part of the report"),
    ("version", "use goose-recovery --version"),
    ("list", "use goose-recovery run --help"),
    ("scenarios_list", "use goose-recovery run --help"),
    ("render_report", "it would end without a run"),
];

/// How long the users may take to start.
const RAMP_SECONDS: u32 = 3;

/// Flags after `--` that cannot be used.
#[derive(Debug, thiserror::Error)]
pub enum OptionsError {
    /// goose does not know or refuses a flag.
    #[error("goose refuses the options after --: {0}")]
    Goose(String),
    /// The plan owns the flag.
    #[error("--{flag} cannot be given to goose: {reason}")]
    Owned {
        /// The flag without dashes.
        flag: String,
        /// Why, and what to use instead.
        reason: &'static str,
    },
}

/// goose's configuration: its own flags as given, and on top what the plan owns.
///
/// # Errors
/// [`OptionsError`] for a flag that goose refuses or the plan owns.
pub(super) fn configuration(plan: &Plan, host: &str) -> Result<GooseConfiguration, OptionsError> {
    let mut configuration = parse(&plan.goose_options)?;
    configuration.host = Some(host.trim_end_matches('/').to_owned());
    // The injector, and the supervisor of chains, are users besides those who make the traffic.
    let supervisors = usize::from(plan.scenarios.iter().any(|scenario| scenario.cascade.is_some()));
    configuration.users = Some(plan.users as usize + 1 + supervisors);
    configuration.increase_time = (plan.users >= RAMP_SECONDS).then(|| format!("{RAMP_SECONDS}s"));
    configuration.timeout = Some(format!("{:.3}", plan.request_timeout.as_secs_f64()));
    configuration.no_telnet = true;
    configuration.no_reset_metrics = true;
    configuration.no_print_metrics = true;
    configuration.no_error_summary = true;
    // Outages are what is measured: a threshold may judge the run in the end, never cut it short.
    configuration.no_threshold_abort = true;
    configuration.quiet = configuration.quiet.max(2);
    Ok(configuration)
}

/// Checks the flags after `--` before anything is started.
///
/// # Errors
/// As the run would give them.
pub fn check(goose_options: &[String]) -> Result<(), OptionsError> {
    parse(goose_options).map(|_| ())
}

fn parse(goose_options: &[String]) -> Result<GooseConfiguration, OptionsError> {
    let refused = |error: clap::Error| OptionsError::Goose(error.render().to_string().trim().to_owned());
    let command = GooseConfiguration::augment_args(clap::Command::new("goose").no_binary_name(true));
    let matches = command.try_get_matches_from(goose_options).map_err(refused)?;
    for (flag, reason) in OWNED {
        if matches.value_source(flag) == Some(ValueSource::CommandLine) {
            return Err(OptionsError::Owned { flag: flag.replace('_', "-"), reason });
        }
    }
    GooseConfiguration::from_arg_matches(&matches).map_err(refused)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check_words(words: &[&str]) -> Result<(), OptionsError> {
        check(&words.iter().map(ToString::to_string).collect::<Vec<_>>())
    }

    #[test]
    fn takes_what_is_gooses_own_and_refuses_what_the_plan_owns() {
        check_words(&["--throttle-requests", "100", "--report-file", "goose.html"]).unwrap();
        let refused = check_words(&["--iterations", "3"]).unwrap_err().to_string();
        assert!(refused.contains("--iterations") && refused.contains("counts faults"), "{refused}");
        let unknown = check_words(&["--no-such-flag"]).unwrap_err().to_string();
        assert!(unknown.contains("--no-such-flag"), "{unknown}");
    }

    #[test]
    fn names_only_flags_that_goose_has() {
        let command = GooseConfiguration::augment_args(clap::Command::new("goose"));
        let known: Vec<_> = command.get_arguments().map(|argument| argument.get_id().as_str()).collect();
        for (flag, _) in OWNED {
            assert!(known.contains(flag), "goose has no flag {flag}");
        }
    }
}
