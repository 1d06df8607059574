//! The restart policy on the command line, and the file that may stand behind it.

use std::path::{Path, PathBuf};
use std::time::Duration;

use crate::error::BackendError;
use crate::self_healing_daemon::{Policy, Strategy};

/// The restart policy on the command line. Durations are written like 100ms, 5s or 1m 30s.
///
/// What is not given comes from the file, and without a file from [`Policy::default`].
#[derive(Clone, Debug, Default, clap::Args)]
#[command(next_help_heading = "Recovery policy")]
pub struct PolicyArgs {
    /// Read the policy from this file: the whole JSON object that GET /api/recovery/policy shows. A flag that is given
    /// beside it wins
    #[arg(long = "policy", value_name = "FILE")]
    pub policy_file: Option<PathBuf>,
    /// Restarts that may follow the first failure of a streak; the failure after the last one gives the module up
    /// [default: 3]
    #[arg(long, value_name = "N")]
    pub max_retries: Option<u32>,
    /// The consecutive failure at which the critical alert goes out; at most max-retries + 1, and then the alert is the one
    /// that says that the module is given up [default: 4]
    #[arg(long, value_name = "N")]
    pub alert_after: Option<u32>,
    /// Delay before the second restart of a streak; the first restart is immediate [default: 100ms]
    #[arg(long, value_name = "DURATION", value_parser = humantime::parse_duration)]
    pub backoff_initial: Option<Duration>,
    /// What each further delay is multiplied by, from 1 to 100 [default: 2]
    #[arg(long, value_name = "FACTOR")]
    pub backoff_factor: Option<f64>,
    /// The longest delay [default: 5s]
    #[arg(long, value_name = "DURATION", value_parser = humantime::parse_duration)]
    pub backoff_max: Option<Duration>,
    /// Draw each delay from plus or minus this share of itself, from 0 to below 1 [default: 0.2]
    #[arg(long, value_name = "SHARE")]
    pub jitter: Option<f64>,
    /// A module that was ready for this long begins a new streak when it fails [default: 1s]
    #[arg(long, value_name = "DURATION", value_parser = humantime::parse_duration)]
    pub stable_after: Option<Duration>,
    /// How often a sign of life is expected of each module, at least 100ms [default: 200ms]
    #[arg(long, value_name = "DURATION", value_parser = humantime::parse_duration)]
    pub heartbeat: Option<Duration>,
    /// Heartbeats in a row without a sign of life after which a module counts as hung and is killed [default: 3]
    #[arg(long, value_name = "N")]
    pub heartbeat_misses: Option<u32>,
    /// A module that is not ready this long after its start is killed; that counts as a failure [default: 5s]
    #[arg(long, value_name = "DURATION", value_parser = humantime::parse_duration)]
    pub start_timeout: Option<Duration>,
    /// A module whose dependency gives no answer for longer than this ends itself, at least 200ms; that counts as a failure
    /// [default: 2s]
    #[arg(long, value_name = "DURATION", value_parser = humantime::parse_duration)]
    pub dependency_patience: Option<Duration>,
    /// What happens to the modules that depend on a failed one [default: rest-for-one]
    #[arg(long, value_enum)]
    pub strategy: Option<Strategy>,
}

impl PolicyArgs {
    /// The validated policy of file and flags.
    ///
    /// # Errors
    /// When the file cannot be used, and when the settings make no sense together.
    pub fn resolve(&self) -> Result<Policy, BackendError> {
        let Some(path) = &self.policy_file else {
            let policy = self.over(&Policy::default());
            return policy.validate().map(|()| policy).map_err(BackendError::from);
        };
        let base = read(path)?;
        let policy = self.over(&base);
        policy.validate().map(|()| policy).map_err(|error| match base.validate() {
            Ok(()) => BackendError::from(error),
            Err(_) => BackendError::PolicyFile { path: path.clone(), reason: error.in_json_words() },
        })
    }

    /// `base` with what was given as a flag.
    fn over(&self, base: &Policy) -> Policy {
        Policy {
            max_retries: self.max_retries.unwrap_or(base.max_retries),
            alert_after: self.alert_after.unwrap_or(base.alert_after),
            backoff_initial: self.backoff_initial.unwrap_or(base.backoff_initial),
            backoff_factor: self.backoff_factor.unwrap_or(base.backoff_factor),
            backoff_max: self.backoff_max.unwrap_or(base.backoff_max),
            jitter: self.jitter.unwrap_or(base.jitter),
            stable_after: self.stable_after.unwrap_or(base.stable_after),
            heartbeat: self.heartbeat.unwrap_or(base.heartbeat),
            heartbeat_misses: self.heartbeat_misses.unwrap_or(base.heartbeat_misses),
            start_timeout: self.start_timeout.unwrap_or(base.start_timeout),
            dependency_patience: self.dependency_patience.unwrap_or(base.dependency_patience),
            strategy: self.strategy.unwrap_or(base.strategy),
        }
    }
}

fn read(path: &Path) -> Result<Policy, BackendError> {
    let failed = |reason: String| BackendError::PolicyFile { path: path.to_owned(), reason };
    let text = std::fs::read(path).map_err(|error| failed(error.to_string()))?;
    Policy::from_json(&text).map_err(|error| failed(error.to_string()))
}

#[cfg(test)]
mod tests {
    use clap::{CommandFactory as _, Parser};
    use serde_json::{Value, json};

    use super::*;

    #[derive(Debug, Parser)]
    struct Cli {
        #[command(flatten)]
        policy: PolicyArgs,
    }

    fn resolve(flags: &[&str]) -> Result<Policy, String> {
        let cli = Cli::try_parse_from([&["backend"], flags].concat()).map_err(|error| error.to_string())?;
        cli.policy.resolve().map_err(|error| error.to_string())
    }

    /// A file with the default policy, changed.
    fn file(changes: &Value) -> (tempfile::TempDir, String) {
        let mut policy = serde_json::to_value(Policy::default()).unwrap();
        policy.as_object_mut().unwrap().extend(changes.as_object().unwrap().clone());
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("policy.json");
        std::fs::write(&path, policy.to_string()).unwrap();
        let path = path.to_str().unwrap().to_owned();
        (folder, path)
    }

    #[test]
    fn the_help_names_every_setting_of_the_policy_with_its_default() {
        let help = Cli::command().render_long_help().to_string();
        let words: Vec<&str> = help.split_whitespace().collect();
        let help = words.join(" ");
        for (name, value) in serde_json::to_value(Policy::default()).unwrap().as_object().unwrap() {
            let flag = format!("--{} <", name.replace('_', "-"));
            let (_, rest) = help.split_once(&flag).unwrap_or_else(|| panic!("no {flag}"));
            let value = value.as_str().map_or_else(|| value.to_string(), str::to_owned);
            let shown = rest.split_once("[default: ").unwrap().1.split_once(']').unwrap().0;
            assert!(shown == value || format!("{shown}.0") == value, "{name}: {shown}, not {value}");
        }
    }

    #[test]
    fn without_anything_given_it_is_the_default() {
        assert_eq!(resolve(&[]), Ok(Policy::default()));
        assert!(resolve(&["--heartbeat", "soon"]).unwrap_err().contains("--heartbeat"));
    }

    #[test]
    fn a_flag_wins_over_the_file_even_when_it_says_the_default() {
        let (_folder, path) = file(&json!({"max_retries": 9, "jitter": 0.5}));
        let policy = resolve(&["--policy", &path, "--max-retries", "3"]).unwrap();
        assert_eq!((policy.max_retries, policy.jitter), (3, 0.5));
    }

    #[test]
    fn an_error_in_the_file_names_file_and_field() {
        let (_folder, path) = file(&json!({"max_retries": 1}));
        let error = resolve(&["--policy", &path]).unwrap_err();
        assert!(
            error.contains(&path) && error.contains("alert_after must be from 1 to max_retries + 1"),
            "{error}"
        );
        // A flag may put right what the file alone would get wrong.
        assert_eq!(resolve(&["--policy", &path, "--alert-after", "1"]).unwrap().alert_after, 1);

        let (_folder, path) = file(&json!({"heartbeat": 200}));
        let error = resolve(&["--policy", &path]).unwrap_err();
        assert!(error.contains(&path) && error.contains("heartbeat: "), "{error}");
        let error = resolve(&["--policy", "/proc/none"]).unwrap_err();
        assert!(error.contains("/proc/none"), "{error}");
    }

    #[test]
    fn an_error_of_a_flag_beside_a_file_names_the_flag() {
        let (_folder, path) = file(&json!({}));
        let error = resolve(&["--policy", &path, "--jitter", "1"]).unwrap_err();
        assert!(error.starts_with("jitter must be") && !error.contains(&path), "{error}");
    }
}
