//! `sweep.json`: what a sweep is to do and what of it is done, so that it can be continued and reported on.

use std::fs;
use std::path::{Path, PathBuf};

use schemars::JsonSchema;
use schemars::generate::SchemaSettings;
use serde::{Deserialize, Serialize};

use super::error::SweepError;
use super::given::Argument;
use super::grid::{Axis, Grid, Setting};
use super::order;
use crate::report::write_whole;

/// Version of `sweep.json`.
pub const SWEEP_SCHEMA: u32 = 1;

/// The manifest's name in the folder of a sweep.
pub const MANIFEST: &str = "sweep.json";
/// The folder of the runs, in the folder of a sweep.
const CELLS: &str = "cells";
/// The longest name of a setting's folder, behind its number, in bytes.
const MAX_NAME: usize = 120;

/// `sweep.json`
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct Manifest {
    /// [`SWEEP_SCHEMA`].
    pub schema: u32,
    /// When it was begun, RFC 3339 in UTC.
    pub started_at: String,
    /// The command that began it, without what may be secret.
    pub command: String,
    /// The seed of the order of the runs; those of the runs follow from it.
    pub seed: u64,
    /// Runs of each setting.
    pub repeats: u32,
    /// What every run is told besides its setting, without what may be secret.
    pub arguments: Vec<Argument>,
    /// The language of the reports: `en` or `ja`.
    pub lang: String,
    /// How long the command that brings a setting into effect may take.
    pub apply_timeout_us: u64,
    /// What is varied.
    pub axes: Vec<Axis>,
    /// The settings.
    pub settings: Vec<Setting>,
    /// The place of the plan's own setting among them.
    pub planned: usize,
    /// Combinations that no backend takes; they have no runs.
    pub impossible: Vec<Setting>,
    /// The journal of all runs.
    pub log: PathBuf,
    /// The restart policy that somebody else's target had before the sweep, as long as it is not given back.
    pub policy_before: Option<serde_json::Value>,
    /// The runs in their order.
    pub turns: Vec<TurnRecord>,
}

/// One run of one setting, and what became of it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct TurnRecord {
    /// The place of the setting among the settings.
    pub setting: usize,
    /// Which of its runs, from 0.
    pub repeat: u32,
    /// The run's seed.
    pub seed: u64,
    /// The folder of its report, from the folder of the sweep.
    pub folder: String,
    /// What became of it; absent as long as it was not made.
    pub outcome: Option<Outcome>,
}

/// What became of a run.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case", tag = "state")]
pub enum Outcome {
    /// It came to a verdict.
    Finished {
        /// 0, 1 or 3: every KPI passed, one failed, or the data do not decide.
        exit_code: i32,
        /// Its id in the journal.
        run_id: String,
    },
    /// It came to none.
    Failed {
        /// Its exit code; absent when it did not begin, or was ended by a signal.
        exit_code: Option<i32>,
        /// Why, in its own last words.
        reason: String,
    },
    /// It was interrupted with the sweep.
    Interrupted,
}

/// A setting and the folders of its finished runs.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SettingRuns {
    /// The setting.
    pub setting: Setting,
    /// Whether it is the plan's own.
    pub planned: bool,
    /// Each holds a `summary.json`; in the order in which the runs were made.
    pub folders: Vec<PathBuf>,
    /// Runs that were to be made and did not come to a verdict.
    pub missing: usize,
}

/// What a sweep is to do.
#[derive(Debug)]
pub struct Intent {
    /// The settings.
    pub grid: Grid,
    /// What they were made of.
    pub axes: Vec<Axis>,
    /// Runs of each.
    pub repeats: u32,
    /// The seed of the order.
    pub seed: u64,
}

impl Manifest {
    /// The manifest of a sweep that is about to begin. What else it holds is empty, and for the caller to fill in.
    #[must_use]
    pub fn new(intent: Intent) -> Self {
        let Intent { grid: Grid { settings, planned, impossible }, axes, repeats, seed } = intent;
        let turns = order::turns(settings.len(), repeats, seed);
        let record = |turn: order::Turn| TurnRecord {
            setting: turn.setting,
            repeat: turn.repeat,
            seed: turn.seed,
            folder: folder(turn, &settings[turn.setting]),
            outcome: None,
        };
        Self {
            schema: SWEEP_SCHEMA,
            turns: turns.into_iter().map(record).collect(),
            started_at: String::new(),
            command: String::new(),
            seed,
            repeats,
            arguments: Vec::new(),
            lang: String::new(),
            apply_timeout_us: 0,
            axes,
            settings,
            planned,
            impossible,
            log: PathBuf::new(),
            policy_before: None,
        }
    }

    /// Reads the manifest of the sweep in `dir`.
    ///
    /// # Errors
    /// When there is none, when it is none, and when it comes from a newer schema version.
    pub fn read(dir: &Path) -> Result<Self, SweepError> {
        /// The only field that every version has.
        #[derive(Deserialize)]
        struct Version {
            schema: u64,
        }
        let path = dir.join(MANIFEST);
        let text = fs::read_to_string(&path)
            .map_err(|source| SweepError::NoManifest { path: path.clone(), source })?;
        let no_manifest = |detail: String| SweepError::NotAManifest { path: path.clone(), detail };
        // The version first: what a newer version holds need not fit today's types.
        let Version { schema } =
            serde_json::from_str(&text).map_err(|error| no_manifest(error.to_string()))?;
        if schema > u64::from(SWEEP_SCHEMA) {
            return Err(SweepError::NewerSchema { path, found: schema, supported: SWEEP_SCHEMA });
        }
        let manifest: Self = serde_json::from_str(&text).map_err(|error| no_manifest(error.to_string()))?;
        match manifest.fault() {
            Some(detail) => Err(no_manifest(detail)),
            None => Ok(manifest),
        }
    }

    /// Writes it into `dir`, whole or not at all.
    ///
    /// # Errors
    /// [`SweepError::Write`].
    pub fn write(&self, dir: &Path) -> Result<(), SweepError> {
        let path = dir.join(MANIFEST);
        let text = serde_json::to_string_pretty(self).map_err(std::io::Error::other);
        text.and_then(|text| write_whole(dir, &path, &(text + "\n")))
            .map_err(|source| SweepError::Write { path, source })
    }

    /// What cannot be, in words: an edited file must not lead out of the folder, or nowhere.
    fn fault(&self) -> Option<String> {
        let settings = self.settings.len();
        if self.planned >= settings {
            return Some(format!("planned is {}, of {settings} settings", self.planned));
        }
        self.turns.iter().find_map(|record| {
            let Some(setting) = self.settings.get(record.setting) else {
                return Some(format!("a turn is of setting {}, of {settings} settings", record.setting));
            };
            let turn = order::Turn { setting: record.setting, repeat: record.repeat, seed: record.seed };
            (record.folder != folder(turn, setting)).then(|| format!("{} is no folder of it", record.folder))
        })
    }

    /// The place of the next run that is to be made, from `from` on: one without a verdict.
    pub(super) fn next(&self, from: usize) -> Option<usize> {
        let left = |turn: &TurnRecord| !matches!(turn.outcome, Some(Outcome::Finished { .. }));
        Some(from + self.turns.get(from..)?.iter().position(left)?)
    }

    /// How many runs have come to a verdict.
    #[must_use]
    pub fn finished(&self) -> usize {
        self.turns.iter().filter(|turn| matches!(turn.outcome, Some(Outcome::Finished { .. }))).count()
    }

    /// How many runs have failed.
    #[must_use]
    pub fn failed(&self) -> usize {
        self.turns.iter().filter(|turn| matches!(turn.outcome, Some(Outcome::Failed { .. }))).count()
    }

    /// Each setting, in the order of the settings, with its finished runs in `dir`.
    #[must_use]
    pub fn runs(&self, dir: &Path) -> Vec<SettingRuns> {
        let of = |index: usize, setting: &Setting| {
            let (done, missing): (Vec<_>, Vec<_>) = (self.turns.iter().filter(|turn| turn.setting == index))
                .partition(|turn| matches!(turn.outcome, Some(Outcome::Finished { .. })));
            SettingRuns {
                setting: setting.clone(),
                planned: index == self.planned,
                folders: done.into_iter().map(|turn| dir.join(&turn.folder)).collect(),
                missing: missing.len(),
            }
        };
        self.settings.iter().enumerate().map(|(index, setting)| of(index, setting)).collect()
    }
}

/// The folder of a run, from the folder of the sweep: `cells/01-alert-after=4,max-retries=3/run-1`.
fn folder(turn: order::Turn, setting: &Setting) -> String {
    let mut name = setting.folder();
    // It is ASCII.
    name.truncate(MAX_NAME);
    format!("{CELLS}/{:02}-{name}/run-{}", turn.setting + 1, turn.repeat + 1)
}

/// Whether `dir` holds a sweep, or what is left of one.
#[must_use]
pub fn is_taken(dir: &Path) -> bool {
    [MANIFEST, CELLS].iter().any(|name| dir.join(name).exists())
}

/// The JSON Schema of `sweep.json`; `docs/sweep.schema.json` holds it.
#[must_use]
pub fn schema() -> serde_json::Value {
    let mut schema = SchemaSettings::draft2020_12().into_generator().into_root_schema_for::<Manifest>();
    schema.insert("title".to_owned(), "The sweep.json of a goose-recovery sweep".into());
    let about = format!(
        "Schema version {SWEEP_SCHEMA}. Fields may be added, so readers pass over what they do not know."
    );
    schema.insert("description".to_owned(), about.into());
    schema.to_value()
}

#[cfg(test)]
mod tests;
