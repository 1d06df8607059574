//! The flags of the restart policy: one value each in a run, several in a sweep. They are handed on as they are given.

use clap::{Arg, ArgAction, ArgMatches, Args, Command, FromArgMatches};
use goose_recovery::sweep::Axis;

const HEADING: &str = "Policy of the bundled backend";
const HEADING_OF_A_SWEEP: &str = "Policy: give one or several of these values with commas between them";

/// A flag without its dashes, what its value is, and what it does.
const FLAGS: [(&str, &str, &str); 12] = [
    ("max-retries", "N", "Restarts that may follow a first crash"),
    ("alert-after", "N", "Consecutive failure at which the critical alert goes out"),
    ("backoff-initial", "DURATION", "Delay of the second restart"),
    ("backoff-factor", "X", "Growth of the delay"),
    ("backoff-max", "DURATION", "Longest delay"),
    ("jitter", "RATIO", "Random part of the delay"),
    ("stable-after", "DURATION", "A module that was ready for so long has its failures forgiven"),
    ("heartbeat", "DURATION", "Distance between two heartbeats"),
    ("heartbeat-misses", "N", "Missed heartbeats after which a module is hung"),
    ("start-timeout", "DURATION", "A module that takes longer to start has failed"),
    (
        "dependency-patience",
        "DURATION",
        "A module whose dependency gives no answer for longer than this ends itself",
    ),
    (
        "strategy",
        "STRATEGY",
        "What happens to the modules that depend on a failed one: rest-for-one or one-for-one",
    ),
];

/// The flags of a run's policy (durations with a unit, such as 250ms).
#[derive(Debug)]
pub(crate) struct Policy(Vec<(&'static str, String)>);

/// What a sweep varies, in the order of [`FLAGS`].
#[derive(Debug)]
pub(crate) struct Axes(pub(crate) Vec<Axis>);

impl Policy {
    /// For the bundled backend.
    pub(crate) fn arguments(self) -> Vec<String> {
        self.0.into_iter().flat_map(|(flag, value)| [format!("--{flag}"), value]).collect()
    }
}

fn with_flags(command: Command, heading: &'static str, kind: impl Fn(Arg) -> Arg) -> Command {
    let arg = |(flag, value, help): (&'static str, &'static str, &'static str)| {
        kind(Arg::new(flag).long(flag).value_name(value).help(help).help_heading(heading))
    };
    command.args(FLAGS.map(arg))
}

impl Args for Policy {
    fn augment_args(command: Command) -> Command {
        with_flags(command, HEADING, |arg| arg.action(ArgAction::Set))
    }

    fn augment_args_for_update(command: Command) -> Command {
        Self::augment_args(command)
    }
}

impl FromArgMatches for Policy {
    fn from_arg_matches(matches: &ArgMatches) -> Result<Self, clap::Error> {
        let given = |flag| Some((flag, matches.get_one::<String>(flag)?.clone()));
        Ok(Self(FLAGS.iter().filter_map(|(flag, _, _)| given(*flag)).collect()))
    }

    fn update_from_arg_matches(&mut self, matches: &ArgMatches) -> Result<(), clap::Error> {
        *self = Self::from_arg_matches(matches)?;
        Ok(())
    }
}

impl Args for Axes {
    fn augment_args(command: Command) -> Command {
        with_flags(command, HEADING_OF_A_SWEEP, |arg| {
            arg.action(ArgAction::Append).value_delimiter(',').conflicts_with("resume")
        })
    }

    fn augment_args_for_update(command: Command) -> Command {
        Self::augment_args(command)
    }
}

impl FromArgMatches for Axes {
    fn from_arg_matches(matches: &ArgMatches) -> Result<Self, clap::Error> {
        let given = |flag: &str| {
            let values = matches.get_many::<String>(flag)?.cloned().collect();
            Some(Axis { flag: flag.to_owned(), values })
        };
        Ok(Self(FLAGS.iter().filter_map(|(flag, _, _)| given(flag)).collect()))
    }

    fn update_from_arg_matches(&mut self, matches: &ArgMatches) -> Result<(), clap::Error> {
        *self = Self::from_arg_matches(matches)?;
        Ok(())
    }
}
