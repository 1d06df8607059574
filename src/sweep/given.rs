//! The flags that every run of a sweep is given: handed on as they came, kept without what may be secret. Pure.

use std::fmt;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::error::SweepError;
use crate::journal::redact::redact_flag;

/// Stands for the flags of goose, which come last.
const BEHIND: &str = "--";
/// What is done on the way to a setting, by the sweep and not by its runs.
pub(super) const APPLY: &str = "--apply-cmd";
/// The flag by which the target is somebody else's.
pub(super) const BASE_URL: &str = "--base-url";
/// The flag of a plan file, which may name that target too.
pub(super) const PLAN: &str = "--plan";

/// Flags that a run takes from its environment, where other users of the machine cannot read them.
const BY_ENVIRONMENT: [(&str, &str); 3] = [
    ("--database-url", "GOOSE_RECOVERY_DATABASE_URL"),
    ("--cache-url", "GOOSE_RECOVERY_CACHE_URL"),
    ("--alerts-url", "GOOSE_RECOVERY_ALERTS_URL"),
];

/// A flag as it was given; its value may be secret.
#[derive(Clone, PartialEq, Eq)]
pub struct Given {
    /// With its dashes; `--` alone stands for an option of goose.
    pub flag: String,
    /// Its value, if it takes one.
    pub value: Option<String>,
    /// Whether it comes from a variable of the environment.
    pub from_environment: bool,
}

/// A flag as it is kept.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct Argument {
    /// With its dashes; `--` alone stands for an option of goose.
    pub flag: String,
    /// Its value without what may be secret; absent for a flag that takes none.
    pub value: Option<String>,
    /// Whether something was left out of the value, so that it must be given again to continue the sweep.
    pub withheld: bool,
}

impl fmt::Debug for Given {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:?}", self.kept())
    }
}

impl Given {
    /// The form on disk.
    #[must_use]
    pub fn kept(&self) -> Argument {
        let value = self.value.as_deref().map(|value| redact_flag(&self.flag, value));
        Argument { flag: self.flag.clone(), withheld: value != self.value, value }
    }
}

/// The value of a flag that is given once.
pub(super) fn value_of<'a>(given: &'a [Given], flag: &str) -> Option<&'a str> {
    given.iter().find(|given| given.flag == flag)?.value.as_deref()
}

/// What a run of the sweep is told by its arguments; `own` are those of one run alone.
pub(super) fn arguments(given: &[Given], own: &[String]) -> Vec<String> {
    let silent = |flag: &str| flag == APPLY || BY_ENVIRONMENT.iter().any(|(by, _)| *by == flag);
    let (behind, flags): (Vec<_>, Vec<_>) = given.iter().partition(|given| given.flag == BEHIND);
    let flags = flags.into_iter().filter(|given| !silent(&given.flag));
    let mut arguments: Vec<_> = flags
        .map(|Given { flag, value, .. }| match value {
            // In one word, because a value may begin with a dash.
            Some(value) => format!("{flag}={value}"),
            None => flag.clone(),
        })
        .collect();
    arguments.extend_from_slice(own);
    if !behind.is_empty() {
        arguments.push(BEHIND.to_owned());
        arguments.extend(behind.into_iter().filter_map(|given| given.value.clone()));
    }
    arguments
}

/// What a run of the sweep is told by its environment; `None` for what it must not inherit.
pub(super) fn environment(given: &[Given]) -> [(&'static str, Option<&str>); 3] {
    BY_ENVIRONMENT.map(|(flag, variable)| (variable, value_of(given, flag)))
}

/// The flags of a sweep that is continued: those that were `kept`, and again `given` what could not be kept.
///
/// # Errors
/// When something is given that was kept, or not given again, or is not the same as before.
pub fn complete(kept: &[Argument], given: &[Given]) -> Result<Vec<Given>, SweepError> {
    let withheld = |flag: &str| kept.iter().any(|argument| argument.withheld && argument.flag == flag);
    if let Some(Given { flag, .. }) =
        given.iter().find(|given| !given.from_environment && !withheld(&given.flag))
    {
        return Err(SweepError::NotBesideResume { flag: shown(flag) });
    }
    let mut all = Vec::new();
    for (at, argument) in kept.iter().enumerate() {
        let Argument { flag, value, .. } = argument;
        if !withheld(flag) {
            all.push(Given { flag: flag.clone(), value: value.clone(), from_environment: false });
        } else if kept.iter().position(|first| first.flag == *flag) == Some(at) {
            let again: Vec<_> = given.iter().filter(|given| given.flag == *flag).cloned().collect();
            let before: Vec<_> = kept.iter().filter(|argument| argument.flag == *flag).cloned().collect();
            if again.is_empty() {
                return Err(SweepError::NotGivenAgain { flag: shown(flag) });
            }
            if again.iter().map(Given::kept).collect::<Vec<_>>() != before {
                let values = before.into_iter().filter_map(|argument| argument.value);
                return Err(SweepError::NotTheSame {
                    flag: shown(flag),
                    before: values.collect::<Vec<_>>().join(" "),
                });
            }
            all.extend(again);
        }
    }
    Ok(all)
}

fn shown(flag: &str) -> String {
    if flag == BEHIND { "an option of goose behind --".to_owned() } else { flag.to_owned() }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn given(flag: &str, value: &str) -> Given {
        let value = (!value.is_empty()).then(|| value.to_owned());
        Given { flag: flag.to_owned(), value, from_environment: false }
    }

    fn kept(given: &[Given]) -> Vec<Argument> {
        given.iter().map(Given::kept).collect()
    }

    #[test]
    fn arguments_are_handed_on_and_urls_of_stores_only_by_the_environment() {
        let all = [
            given("--users", "5"),
            given("--", "--throttle-requests"),
            given("--", "9"),
            given("--strict", ""),
            given("--database-url", "postgres://me:secret@h/d"),
            given(APPLY, "secret"),
        ];
        let arguments = arguments(&all, &["--seed=3".to_owned()]);
        assert_eq!(arguments, ["--users=5", "--strict", "--seed=3", "--", "--throttle-requests", "9"]);
        let expected = [
            ("GOOSE_RECOVERY_DATABASE_URL", Some("postgres://me:secret@h/d")),
            ("GOOSE_RECOVERY_CACHE_URL", None),
            ("GOOSE_RECOVERY_ALERTS_URL", None),
        ];
        assert_eq!(environment(&all), expected);
    }

    #[test]
    fn nothing_secret_is_kept_or_shown() {
        let all = [
            given("--base-url", "http://me:secret@h:8000/x"),
            given("--cache-url", "redis://:secret@h/0"),
            given("--store-stop-cmd", "pw=secret stop"),
            given("--alert-path", "/secret"),
            given(APPLY, "curl -H secret"),
        ];
        let text = serde_json::to_string(&kept(&all)).unwrap();
        assert!(!text.contains("secret") && text.contains("http://h:8000/x"), "{text}");
        assert!(kept(&all).iter().all(|argument| argument.withheld));
        assert!(!format!("{all:?}").contains("secret"));
        assert!(!given("--base-url", "http://127.0.0.1:8000").kept().withheld);
    }

    #[test]
    fn what_was_kept_comes_back_and_what_was_not_must_be_given_again() {
        let before =
            [given("--users", "5"), given("--base-url", "http://me:hunter2@h/"), given("--strict", "")];
        let kept = kept(&before);
        assert_eq!(complete(&kept, &before[1..2]).unwrap(), before);
        let check = |again: &[Given], says: &str| {
            let error = complete(&kept, again).unwrap_err().to_string();
            assert!(error.contains(says) && !error.contains("hunter2"), "{error}");
        };
        check(&[], "--base-url");
        check(&[given("--base-url", "http://me:hunter2@other/")], "http://h/");
        check(&[before[1].clone(), given("--users", "6")], "--users");
        // What the environment holds by chance is passed over.
        let chance = Given { from_environment: true, ..given("--cache-url", "redis://:hunter2@h/0") };
        assert_eq!(complete(&kept, &[before[1].clone(), chance]).unwrap(), before);
    }
}
