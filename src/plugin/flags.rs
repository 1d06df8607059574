//! Flags of a recovery test, beside goose's own.

use std::net::SocketAddr;
use std::path::PathBuf;
use std::time::Duration;

use clap::{Args, ValueHint};

use crate::lang::Lang;
use crate::plan::{Options, parse_length};

/// What a load test's command line says of recovery. Every flag begins with `--recovery-`, so that none is goose's.
///
/// [`RecoveryAttack::initialize`](super::RecoveryAttack::initialize) reads them beside goose's; a program with a command line
/// of its own flattens them into it and hands them to [`RecoveryAttack::set_flags`](super::RecoveryAttack::set_flags).
///
/// ```
/// use clap::Parser;
/// use goose_recovery::plugin::RecoveryFlags;
///
/// #[derive(Parser)]
/// struct CommandLine {
///     #[command(flatten)]
///     recovery: RecoveryFlags,
/// }
/// let given = CommandLine::parse_from(["test", "--recovery-iterations", "5", "--recovery-out", "reports/nightly"]);
/// assert_eq!(given.recovery.iterations, Some(5));
/// ```
#[derive(Debug, Clone, Default, Args)]
#[command(next_help_heading = "Recovery")]
#[group(skip)]
#[non_exhaustive]
pub struct RecoveryFlags {
    /// A plan file: target, faults, expectations and KPIs (see `goose-recovery plan`)
    #[arg(long = "recovery-plan", id = "recovery-plan", value_name = "FILE", value_hint = ValueHint::FilePath)]
    pub plan: Option<PathBuf>,
    /// Write the report into this folder
    #[arg(long = "recovery-out", id = "recovery-out", value_name = "DIR", value_hint = ValueHint::DirPath)]
    pub out: Option<PathBuf>,
    /// Write over a report that is already there
    #[arg(long = "recovery-force", id = "recovery-force")]
    pub force: bool,
    /// The journal; runs are appended [default: logs/goose-recovery.jsonl]
    #[arg(long = "recovery-log", id = "recovery-log", value_name = "FILE", value_hint = ValueHint::FilePath)]
    pub log: Option<PathBuf>,
    /// Language of the report: en or ja [default: en]
    #[arg(long = "recovery-lang", id = "recovery-lang", value_name = "LANG", value_parser = lang)]
    pub lang: Option<Lang>,
    /// A label of the run, for comparisons; repeatable
    #[arg(long = "recovery-label", id = "recovery-label", value_name = "K=V", value_parser = label)]
    pub labels: Vec<(String, String)>,
    /// Seed of every random draw [default: random, and recorded]
    #[arg(long = "recovery-seed", id = "recovery-seed", value_name = "N")]
    pub seed: Option<u64>,
    /// How often each fault is injected [default: 3]
    #[arg(long = "recovery-iterations", id = "recovery-iterations", value_name = "N")]
    pub iterations: Option<u32>,
    /// Pause after each recovery [default: 2s]
    #[arg(long = "recovery-pause", id = "recovery-pause", value_name = "SECS", value_parser = parse_length)]
    pub pause: Option<Duration>,
    /// Least time of the measurement before the first fault [default: 5s]
    #[arg(long = "recovery-baseline", id = "recovery-baseline", value_name = "SECS", value_parser = parse_length)]
    pub baseline: Option<Duration>,
    /// How long the system must stay well to count as recovered [default: 2s]
    #[arg(long = "recovery-hold", id = "recovery-hold", value_name = "SECS", value_parser = parse_length)]
    pub hold: Option<Duration>,
    /// An episode that has not recovered by then has failed [default: 60s]
    #[arg(long = "recovery-deadline", id = "recovery-deadline", value_name = "SECS", value_parser = parse_length)]
    pub deadline: Option<Duration>,
    /// A canary that takes longer has failed [default: 5s]
    #[arg(long = "recovery-timeout", id = "recovery-timeout", value_name = "SECS", value_parser = parse_length)]
    pub timeout: Option<Duration>,
    /// What canaries ask for [default: the health page, or /]
    #[arg(long = "recovery-canary", id = "recovery-canary", value_name = "PATH")]
    pub canary: Option<String>,
    /// A page that answers 2xx when the target is well [default: what canaries ask for]
    #[arg(long = "recovery-health", id = "recovery-health", value_name = "PATH")]
    pub health: Option<String>,
    /// Receive the target's alerts on this address, at a path that is printed
    #[arg(long = "recovery-alert-listen", id = "recovery-alert-listen", value_name = "ADDR")]
    pub alert_listen: Option<SocketAddr>,
    /// End the run early when this holds, such as 'canary_error_rate>50% for 30s'; repeatable
    #[arg(long = "recovery-abort-when", id = "recovery-abort-when", value_name = "RULE")]
    pub abort_when: Vec<String>,
    /// Let a failing --threshold of goose end the run, also in an outage
    #[arg(long = "recovery-threshold-abort", id = "recovery-threshold-abort")]
    pub threshold_abort: bool,
    /// Pass only what the number of trials shows with 95 % confidence
    #[arg(long = "recovery-strict", id = "recovery-strict")]
    pub strict: bool,
}

impl RecoveryFlags {
    /// The values of a plan among them.
    pub(super) fn options(&self) -> Options {
        Options {
            alert_listen: self.alert_listen,
            iterations: self.iterations,
            pause: self.pause,
            request_timeout: self.timeout,
            recovery_deadline: self.deadline,
            baseline: self.baseline,
            hold: self.hold,
            abort_when: self.abort_when.clone(),
            seed: self.seed,
            labels: self.labels.clone(),
            strict: self.strict,
            ..Options::default()
        }
    }
}

fn label(text: &str) -> Result<(String, String), String> {
    let parts = text.split_once('=').filter(|(key, _)| !key.is_empty());
    parts.map(|(key, value)| (key.to_owned(), value.to_owned())).ok_or("give a label as key=value".to_owned())
}

fn lang(text: &str) -> Result<Lang, String> {
    Lang::ALL.into_iter().find(|lang| lang.code() == text).ok_or_else(|| {
        let known: Vec<_> = Lang::ALL.iter().map(|lang| lang.code()).collect();
        format!("known are {}", known.join(" and "))
    })
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::*;
    use crate::load::foreign::goose_flags;

    #[test]
    fn no_flag_is_one_of_gooses() {
        let own = RecoveryFlags::augment_args(clap::Command::new("own"));
        let names = |command: &clap::Command| -> BTreeSet<String> {
            let arguments = command.get_arguments();
            let names = |argument: &clap::Arg| {
                let long = argument.get_long().map(str::to_owned);
                [Some(argument.get_id().to_string()), long, argument.get_short().map(String::from)]
            };
            arguments.flat_map(names).flatten().collect()
        };
        let (own, gooses) = (names(&own), names(&goose_flags()));
        assert!(gooses.contains("host") && gooses.contains("H"), "{gooses:?}");
        assert!(own.len() >= 19 && own.iter().all(|name| name.starts_with("recovery-")), "{own:?}");
        assert!(own.is_disjoint(&gooses));
        // clap itself refuses ids that are given twice.
        RecoveryFlags::augment_args(goose_flags()).debug_assert();
    }

    #[test]
    fn values_are_read_as_the_command_reads_them() {
        let command = RecoveryFlags::augment_args(clap::Command::new("test"));
        let words =
            ["test", "--recovery-label", "a=b=c", "--recovery-hold", "300ms", "--recovery-lang", "ja"];
        let matches = command.clone().get_matches_from(words);
        let flags = <RecoveryFlags as clap::FromArgMatches>::from_arg_matches(&matches).unwrap();
        assert_eq!(flags.labels, [("a".to_owned(), "b=c".to_owned())]);
        assert_eq!((flags.hold, flags.lang), (Some(Duration::from_millis(300)), Some(Lang::Ja)));
        for bad in [["--recovery-label", "=b"], ["--recovery-lang", "xx"], ["--recovery-hold", "soon"]] {
            assert!(
                command.clone().try_get_matches_from(std::iter::once("test").chain(bad)).is_err(),
                "{bad:?}"
            );
        }
    }
}
