//! A setting comes into effect: by a target's own policy endpoint, by the user's command, or as flags of a run.

use std::path::Path;
use std::process::Command;
use std::time::Duration;

use serde_json::{Map, Number, Value};
use url::Url;

use super::child::{self, Interrupt};
use super::error::SweepError;
use super::given::{APPLY, BASE_URL, Given, PLAN, value_of};
use super::grid::Setting;
use super::policy_api::PolicyApi;
use crate::plan::Loaded;
use crate::stop::Stop;

/// How a setting comes into effect.
#[derive(Debug)]
pub(super) enum Apply {
    /// The bundled backend is started anew for each run, with the setting as its flags.
    Flags,
    /// Somebody else's target takes it by `PUT /api/recovery/policy`.
    Policy(PolicyApi),
    /// Somebody's command does it.
    Command { command: String, timeout: Duration },
}

impl Apply {
    /// # Errors
    /// [`SweepError::Needs`] without `--base-url`, [`SweepError::Plan`] when the plan file cannot be read,
    /// [`SweepError::Api`] without an HTTP client.
    pub(super) fn of(given: &[Given], timeout: Duration) -> Result<Self, SweepError> {
        let needs = |flag, needs| Err(SweepError::Needs { flag, needs });
        // A flag wins over the plan file, for the runs as well.
        let plan = value_of(given, PLAN).map(|path| Loaded::read(Path::new(path))?.options()).transpose()?;
        let plan = plan.unwrap_or_default();
        let told = |flag: &str, in_plan: bool| in_plan || value_of(given, flag).is_some();
        let Some(base_url) = value_of(given, BASE_URL).or(plan.base_url.as_deref()) else {
            return match value_of(given, APPLY) {
                Some(_) => needs(APPLY, "--base-url: settings of the bundled backend are its flags"),
                None => Ok(Self::Flags),
            };
        };
        if told("--alert-listen", plan.alert_listen.is_some())
            && !told("--alert-path", plan.alert_path.is_some())
        {
            return needs(
                "--alert-listen",
                "--alert-path in a sweep: each run would receive alerts at a path of its own",
            );
        }
        match value_of(given, APPLY) {
            Some(command) => Ok(Self::Command { command: command.to_owned(), timeout }),
            None => match Url::parse(base_url) {
                Ok(url) => Ok(Self::Policy(PolicyApi::new(url)?)),
                Err(_) => needs(BASE_URL, "the URL of a target, such as http://127.0.0.1:8000"),
            },
        }
    }

    /// Brings `setting` into effect; `before` is the policy without one.
    ///
    /// # Errors
    /// Why it is not in effect, in words.
    pub(super) fn apply(&self, setting: &Setting, before: Option<&Value>, stop: &Stop) -> Result<(), String> {
        match self {
            Self::Flags => Ok(()),
            Self::Policy(api) => {
                let before = before.ok_or("the target's own policy is not known")?;
                api.settle(before, stop)?;
                api.set(&with(before, setting)?)
            }
            Self::Command { command, timeout } => by_command(command, *timeout, setting, stop),
        }
    }

    /// The arguments by which a run knows its setting.
    pub(super) fn arguments(&self, setting: &Setting) -> Vec<String> {
        match self {
            Self::Flags => setting.values().map(|(flag, value)| format!("--{flag}={value}")).collect(),
            // The target shows it, and the run journals what the target shows.
            Self::Policy(_) => Vec::new(),
            Self::Command { .. } => {
                setting.values().map(|(flag, value)| format!("--label={}={value}", field(flag))).collect()
            }
        }
    }
}

/// A flag as the policy's JSON spells it.
fn field(flag: &str) -> String {
    flag.replace('-', "_")
}

/// `policy` with a setting in it, each value of the kind that the policy has there.
fn with(policy: &Value, setting: &Setting) -> Result<Value, String> {
    let mut policy = policy.clone();
    for (flag, value) in setting.values() {
        let field = field(flag);
        let place = policy.get_mut(&field).ok_or_else(|| {
            format!("the target's policy has no {field}: leave out --{flag}, or give --apply-cmd")
        })?;
        *place = match place {
            Value::Number(_) => {
                number(value).ok_or_else(|| format!("--{flag} takes numbers, and {value} is none"))?
            }
            _ => value.into(),
        };
    }
    Ok(policy)
}

fn number(text: &str) -> Option<Value> {
    let whole = text.parse::<u64>().ok().map(Number::from);
    whole.or_else(|| Number::from_f64(text.parse().ok()?)).map(Value::Number)
}

/// A setting as JSON, for a command.
fn as_json(setting: &Setting) -> Value {
    let member = |(flag, value): (&str, &str)| (field(flag), number(value).unwrap_or_else(|| value.into()));
    Value::Object(setting.values().map(member).collect::<Map<_, _>>())
}

fn by_command(command: &str, timeout: Duration, setting: &Setting, stop: &Stop) -> Result<(), String> {
    let mut shell = Command::new("sh");
    shell.args(["-c", command]).env("GOOSE_RECOVERY_SETTING", as_json(setting).to_string());
    for (flag, value) in setting.values() {
        shell.env(format!("GOOSE_RECOVERY_SETTING_{}", field(flag).to_uppercase()), value);
    }
    let ended = child::run(&mut shell, stop, Interrupt::Group, Some(timeout))
        .map_err(|error| format!("--apply-cmd cannot be run: {error}"))?;
    if ended.timed_out {
        return Err(format!(
            "--apply-cmd took longer than {} s and was ended: give it more with --apply-timeout",
            timeout.as_secs_f64()
        ));
    }
    if ended.status.success() {
        return Ok(());
    }
    Err(format!("--apply-cmd ended with {}: {}", ended.status, ended.last_words()))
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;
    use crate::sweep::{Axis, Grid};

    fn setting(values: &[(&str, &str)]) -> Setting {
        let axis = |(flag, value): &(&str, &str)| Axis {
            flag: (*flag).to_owned(),
            values: vec![(*value).to_owned()],
        };
        let mut axes: Vec<_> = values.iter().map(axis).collect();
        axes.push(Axis {
            flag: "strategy".to_owned(),
            values: vec!["one-for-one".to_owned(), "rest-for-one".to_owned()],
        });
        Grid::new(&axes).unwrap().settings.remove(0)
    }

    fn given(flag: &str, value: &str) -> Given {
        Given { flag: flag.to_owned(), value: Some(value.to_owned()), from_environment: false }
    }

    #[test]
    fn a_policy_takes_each_value_as_what_it_is() {
        let before = json!({
            "max_retries": 3, "alert_after": 4, "backoff_factor": 2.0, "heartbeat": "200ms", "strategy": "rest-for-one",
            "jitter": 0.2,
        });
        let setting = setting(&[
            ("max-retries", "5"),
            ("backoff-factor", "1.5"),
            ("heartbeat", "0"),
            ("alert-after", "2"),
        ]);
        let expected = json!({
            "max_retries": 5, "alert_after": 2, "backoff_factor": 1.5, "heartbeat": "0", "strategy": "one-for-one",
            "jitter": 0.2,
        });
        assert_eq!(with(&before, &setting).unwrap(), expected);
    }

    #[test]
    fn what_the_policy_does_not_have_is_named() {
        let no_field = with(&json!({ "strategy": "" }), &setting(&[("jitter", "0.1")])).unwrap_err();
        assert!(no_field.contains("no jitter") && no_field.contains("--apply-cmd"), "{no_field}");
        let before = json!({ "strategy": "", "jitter": 0.2 });
        let no_number = with(&before, &setting(&[("jitter", "much")])).unwrap_err();
        assert!(no_number.contains("--jitter takes numbers, and much is none"), "{no_number}");
    }

    #[test]
    fn a_setting_is_flags_or_labels_or_in_the_target_already() {
        let setting = setting(&[("jitter", "-1")]);
        let arguments = |given: &[Given]| Apply::of(given, Duration::ZERO).unwrap().arguments(&setting);
        assert_eq!(arguments(&[]), ["--jitter=-1", "--strategy=one-for-one"]);
        let base_url = given(BASE_URL, "http://127.0.0.1:9");
        assert_eq!(arguments(std::slice::from_ref(&base_url)), [""; 0]);
        let labels = ["--label=jitter=-1", "--label=strategy=one-for-one"];
        assert_eq!(arguments(&[base_url.clone(), given(APPLY, "true")]), labels);
        for (flags, says) in [
            (vec![given(APPLY, "true")], "--apply-cmd needs --base-url"),
            (vec![base_url, given("--alert-listen", "127.0.0.1:0")], "--alert-listen needs --alert-path"),
        ] {
            let error = Apply::of(&flags, Duration::ZERO).unwrap_err().to_string();
            assert!(error.contains(says), "{error}");
        }
    }

    #[test]
    fn a_command_is_told_the_setting_and_its_failure_is_told() {
        let setting = setting(&[("max-retries", "5"), ("backoff-max", "1m 30s")]);
        let check = |command: &str| by_command(command, Duration::from_secs(20), &setting, &Stop::default());
        let expected = r#"{"alert_after":4,"backoff_max":"1m 30s","max_retries":5,"strategy":"one-for-one"}"#;
        let script = format!(
            "[ \"$GOOSE_RECOVERY_SETTING\" = '{expected}' ] && [ \"$GOOSE_RECOVERY_SETTING_BACKOFF_MAX\" = '1m 30s' ]"
        );
        assert_eq!(check(&script), Ok(()));
        let failed = check("echo no such host >&2; exit 3").unwrap_err();
        assert!(failed.contains("no such host") && failed.contains('3'), "{failed}");
        let late = by_command("sleep 60", Duration::from_millis(50), &setting, &Stop::default()).unwrap_err();
        assert!(late.contains("--apply-timeout"), "{late}");
    }
}
