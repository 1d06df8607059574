//! The settings of a sweep: every combination of the values that were given, and the plan's own. Pure.

use std::collections::BTreeMap;
use std::fmt;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// The plan's own number of retries.
const PLANNED_RETRIES: u32 = 3;
/// The plan's own alert rule: the failure in a row at which the critical alert goes out.
const PLANNED_ALERT: u32 = 4;

const RETRIES: &str = "max-retries";
const ALERT: &str = "alert-after";

/// A flag of the backend's policy, without its dashes, and the values that are tried.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct Axis {
    /// Such as `max-retries`.
    pub flag: String,
    /// As they are given to the flag.
    pub values: Vec<String>,
}

/// One combination: value by flag. What is not in it has the backend's own default.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, JsonSchema)]
pub struct Setting(BTreeMap<String, String>);

/// The settings of a sweep.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Grid {
    /// In the order of the axes, the last one running fastest; no setting twice.
    pub settings: Vec<Setting>,
    /// The place of the plan's own setting among them.
    pub planned: usize,
    /// Combinations that no backend takes, because the alert would wait for a failure after the last retry.
    pub impossible: Vec<Setting>,
}

/// What is wrong with the axes.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum GridError {
    /// Nothing is varied.
    #[error(
        "a sweep needs something to vary: give one of the policy's flags several values, as in --max-retries 0,1,3"
    )]
    NothingVaries,
    /// A flag without a value.
    #[error("--{0} has an empty value: write its values with commas between them, as in 0,1,3")]
    EmptyValue(String),
    /// The same value again, which would count its runs twice.
    #[error("--{flag} has the value {value} twice: --repeats makes more runs of a setting")]
    Twice {
        /// The flag.
        flag: String,
        /// The value.
        value: String,
    },
    /// A number that is none.
    #[error("--{flag} takes whole numbers, and {value} is none")]
    NoNumber {
        /// The flag.
        flag: String,
        /// The value.
        value: String,
    },
}

impl Setting {
    /// The value of a flag.
    #[must_use]
    pub fn get(&self, flag: &str) -> Option<&str> {
        self.0.get(flag).map(String::as_str)
    }

    /// Each flag with its value.
    pub fn values(&self) -> impl Iterator<Item = (&str, &str)> {
        self.0.iter().map(|(flag, value)| (flag.as_str(), value.as_str()))
    }

    /// As arguments of a run.
    #[must_use]
    pub fn arguments(&self) -> Vec<String> {
        self.0.iter().flat_map(|(flag, value)| [format!("--{flag}"), value.clone()]).collect()
    }

    /// A name for a folder: `alert-after=4,max-retries=3`. What a file system may not take is replaced.
    #[must_use]
    pub fn folder(&self) -> String {
        let safe = |c: char| if c.is_ascii_alphanumeric() || "=,.-".contains(c) { c } else { '_' };
        self.to_string().replace(' ', ",").chars().map(safe).collect()
    }

    fn number(&self, flag: &str) -> Option<u32> {
        self.get(flag)?.parse().ok()
    }

    /// Whether a backend takes it: the alert goes out at the failure after the last retry at the latest.
    fn is_possible(&self) -> bool {
        let (retries, alert) = (self.number(RETRIES), self.number(ALERT));
        alert.unwrap_or(1) <= retries.unwrap_or(PLANNED_RETRIES).saturating_add(1)
    }
}

impl fmt::Display for Setting {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (index, (flag, value)) in self.0.iter().enumerate() {
            let space = if index > 0 { " " } else { "" };
            write!(f, "{space}{flag}={value}")?;
        }
        Ok(())
    }
}

impl Grid {
    /// Every combination of the axes, and the plan's own setting where it is not among them.
    ///
    /// Where retries are varied and the alert rule is not, it follows them: the plan's 4th failure, or the failure after the
    /// last retry when that comes first.
    ///
    /// # Errors
    /// When nothing varies, and when an axis cannot be read.
    pub fn new(axes: &[Axis]) -> Result<Self, GridError> {
        axes.iter().try_for_each(check)?;
        if axes.iter().all(|axis| axis.values.len() < 2) {
            return Err(GridError::NothingVaries);
        }
        let mut all = vec![BTreeMap::new()];
        for Axis { flag, values } in axes {
            let with = |setting: &BTreeMap<String, String>| {
                let setting = setting.clone();
                values.iter().map(move |value| {
                    let mut setting = setting.clone();
                    setting.insert(flag.clone(), value.clone());
                    setting
                })
            };
            all = all.iter().flat_map(with).collect();
        }
        let (mut settings, impossible): (Vec<_>, Vec<_>) =
            all.into_iter().map(|setting| with_alert(Setting(setting))).partition(Setting::is_possible);
        let planned = settings.iter().position(is_planned).unwrap_or_else(|| {
            settings.push(planned());
            settings.len() - 1
        });
        Ok(Self { settings, planned, impossible })
    }
}

fn check(axis: &Axis) -> Result<(), GridError> {
    let flag = || axis.flag.clone();
    for (index, value) in axis.values.iter().enumerate() {
        if value.trim().is_empty() {
            return Err(GridError::EmptyValue(flag()));
        }
        if axis.values[..index].contains(value) {
            return Err(GridError::Twice { flag: flag(), value: value.clone() });
        }
        if [RETRIES, ALERT].contains(&axis.flag.as_str()) && value.parse::<u32>().is_err() {
            return Err(GridError::NoNumber { flag: flag(), value: value.clone() });
        }
    }
    if axis.values.is_empty() { Err(GridError::EmptyValue(flag())) } else { Ok(()) }
}

/// With an alert rule that goes with the retries, unless there is one.
fn with_alert(mut setting: Setting) -> Setting {
    if let (Some(retries), None) = (setting.number(RETRIES), setting.get(ALERT)) {
        setting.0.insert(ALERT.to_owned(), PLANNED_ALERT.min(retries.saturating_add(1)).to_string());
    }
    setting
}

/// Retry three times, alert at the fourth failure, and all else as the backend has it.
fn planned() -> Setting {
    let values = [(RETRIES, PLANNED_RETRIES), (ALERT, PLANNED_ALERT)];
    Setting(values.map(|(flag, value)| (flag.to_owned(), value.to_string())).into())
}

/// Whether nothing but the plan's own values are set.
fn is_planned(setting: &Setting) -> bool {
    *setting == planned()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn axis(flag: &str, values: &[&str]) -> Axis {
        Axis { flag: flag.to_owned(), values: values.iter().map(|value| (*value).to_owned()).collect() }
    }

    fn names(settings: &[Setting]) -> Vec<String> {
        settings.iter().map(ToString::to_string).collect()
    }

    #[test]
    fn the_alert_rule_follows_the_retries_and_the_plans_own_setting_is_recognised() {
        let grid = Grid::new(&[axis("max-retries", &["0", "1", "3", "5"])]).unwrap();
        let expected = [
            "alert-after=1 max-retries=0",
            "alert-after=2 max-retries=1",
            "alert-after=4 max-retries=3",
            "alert-after=4 max-retries=5",
        ];
        assert_eq!(names(&grid.settings), expected);
        assert_eq!((grid.planned, grid.impossible.len()), (2, 0));
    }

    #[test]
    fn what_no_backend_takes_is_left_out_and_named() {
        let grid =
            Grid::new(&[axis("max-retries", &["0", "1", "3"]), axis("alert-after", &["2", "4"])]).unwrap();
        let possible =
            ["alert-after=2 max-retries=1", "alert-after=2 max-retries=3", "alert-after=4 max-retries=3"];
        assert_eq!(names(&grid.settings), possible);
        let impossible =
            ["alert-after=2 max-retries=0", "alert-after=4 max-retries=0", "alert-after=4 max-retries=1"];
        assert_eq!(names(&grid.impossible), impossible);
        assert_eq!(grid.planned, 2);
    }

    #[test]
    fn the_plans_own_setting_is_added_where_it_is_not_among_them() {
        let grid = Grid::new(&[axis("max-retries", &["1", "5"])]).unwrap();
        assert_eq!(grid.settings[grid.planned].to_string(), "alert-after=4 max-retries=3");
        assert_eq!(grid.settings.len(), 3);
        // A backoff that was asked for is not the backend's own, whatever its length.
        let grid =
            Grid::new(&[axis("max-retries", &["3"]), axis("backoff-initial", &["50ms", "1s"])]).unwrap();
        assert_eq!((grid.planned, grid.settings.len()), (2, 3));
        assert_eq!(
            grid.settings[0].arguments(),
            ["--alert-after", "4", "--backoff-initial", "50ms", "--max-retries", "3"]
        );
    }

    #[test]
    fn no_setting_stands_twice_and_their_number_is_the_product() {
        let axes = [axis("max-retries", &["0", "3", "5"]), axis("backoff-initial", &["50ms", "200ms", "1s"])];
        let grid = Grid::new(&axes).unwrap();
        assert_eq!(grid.settings.len(), 3 * 3 + 1);
        let distinct: std::collections::BTreeSet<_> = grid.settings.iter().collect();
        assert_eq!(distinct.len(), grid.settings.len());
        let folders: std::collections::BTreeSet<_> = grid.settings.iter().map(Setting::folder).collect();
        assert_eq!(folders.len(), grid.settings.len());
    }

    #[test]
    fn a_folder_name_stays_in_its_folder() {
        let grid = Grid::new(&[axis("strategy", &["../../etc/passwd", "one for\0one"])]).unwrap();
        assert_eq!(grid.settings[0].folder(), "strategy=.._.._etc_passwd");
        assert_eq!(grid.settings[1].folder(), "strategy=one,for_one");
    }

    #[test]
    fn axes_that_cannot_be_read_are_refused_with_the_remedy() {
        for (axes, says) in [
            (vec![], "needs something to vary"),
            (vec![axis("max-retries", &["3"])], "needs something to vary"),
            (vec![axis("max-retries", &["3", ""])], "--max-retries has an empty value"),
            (vec![axis("max-retries", &[])], "--max-retries has an empty value"),
            (vec![axis("jitter", &["0.1", "0.1"])], "--jitter has the value 0.1 twice"),
            (vec![axis("alert-after", &["2", "often"])], "often is none"),
        ] {
            let error = Grid::new(&axes).unwrap_err().to_string();
            assert!(error.contains(says), "{error}");
        }
    }
}
