//! Flags as they were given, beside what they were parsed into: a sweep hands them on to its runs.

use clap::parser::ValueSource;
use clap::{Arg, ArgAction, ArgMatches, Args, Command, FromArgMatches};
use goose_recovery::sweep::Given;

/// Flags of `T`, and those of them that were given.
#[derive(Debug)]
pub(crate) struct WithGiven<T> {
    pub(crate) flags: T,
    pub(crate) given: Vec<Given>,
}

impl<T: Args> Args for WithGiven<T> {
    fn augment_args(command: Command) -> Command {
        T::augment_args(command)
    }

    fn augment_args_for_update(command: Command) -> Command {
        T::augment_args_for_update(command)
    }
}

impl<T: Args> FromArgMatches for WithGiven<T> {
    fn from_arg_matches(matches: &ArgMatches) -> Result<Self, clap::Error> {
        Self::from_arg_matches_mut(&mut matches.clone())
    }

    fn from_arg_matches_mut(matches: &mut ArgMatches) -> Result<Self, clap::Error> {
        // First, because parsing takes the values out.
        let given =
            T::augment_args(Command::new("")).get_arguments().flat_map(|arg| of(arg, matches)).collect();
        Ok(Self { flags: T::from_arg_matches_mut(matches)?, given })
    }

    fn update_from_arg_matches(&mut self, matches: &ArgMatches) -> Result<(), clap::Error> {
        *self = Self::from_arg_matches(matches)?;
        Ok(())
    }
}

fn of(arg: &Arg, matches: &ArgMatches) -> Vec<Given> {
    let id = arg.get_id().as_str();
    let from_environment = match matches.value_source(id) {
        Some(ValueSource::CommandLine) => false,
        Some(ValueSource::EnvVariable) => true,
        _ => return Vec::new(),
    };
    // What has no name stands behind a `--` of its own.
    let flag = format!("--{}", arg.get_long().unwrap_or_default());
    let given = |value| Given { flag: flag.clone(), value, from_environment };
    if matches!(arg.get_action(), ArgAction::SetTrue) {
        return vec![given(None)];
    }
    let raw = matches.get_raw(id).into_iter().flatten();
    raw.map(|value| given(Some(value.to_string_lossy().into_owned()))).collect()
}

#[cfg(test)]
mod tests {
    use clap::Parser;

    use super::*;
    use crate::cli::flags::RunFlags;

    #[derive(Debug, Parser)]
    struct Cli {
        #[command(flatten)]
        flags: WithGiven<RunFlags>,
    }

    #[test]
    fn what_was_given_is_kept_as_it_was_written_and_nothing_else_is() {
        let words =
            ["x", "--pause", "2", "--strict", "--label=a=1", "--label", "b=2", "--", "--no-reset-metrics"];
        let WithGiven { given, flags } = Cli::try_parse_from(words).unwrap().flags;
        assert_eq!(flags.labels.len(), 2);
        let on_the_line = given.iter().filter(|given| !given.from_environment);
        let words: Vec<_> =
            on_the_line.map(|given| (given.flag.as_str(), given.value.as_deref().unwrap_or("-"))).collect();
        let expected = [
            ("--pause", "2"),
            ("--", "--no-reset-metrics"),
            ("--strict", "-"),
            ("--label", "a=1"),
            ("--label", "b=2"),
        ];
        assert_eq!(words, expected);
    }
}
