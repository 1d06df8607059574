//! A plan file beside the flags: read, and its mistakes told with their place.

use std::path::{Path, PathBuf};

use goose_recovery::plan::file::Problem;
use goose_recovery::plan::{Options, Plan, PlanError, PlanFile};

/// A plan file that cannot be used.
#[derive(Debug, thiserror::Error)]
pub(crate) enum PlanFileError {
    /// It cannot be read.
    #[error(
        "cannot read the plan file {}: {source}; `goose-recovery plan show` prints one to begin with", path.display()
    )]
    Read { path: PathBuf, source: std::io::Error },
    /// Something in it is wrong.
    #[error("{}:{problem}", path.display())]
    Wrong { path: PathBuf, problem: Problem },
    /// Its `[policy]` is none that the bundled backend takes.
    #[cfg_attr(not(feature = "backend"), expect(dead_code, reason = "who has no backend cannot ask it"))]
    #[error("{}: [policy]: the bundled backend refuses it: {said}", path.display())]
    Policy { path: PathBuf, said: String },
}

/// A plan file that was read.
#[derive(Debug)]
pub(crate) struct Loaded {
    path: PathBuf,
    text: String,
    pub(crate) file: PlanFile,
}

impl Loaded {
    pub(crate) fn read(path: &Path) -> Result<Self, PlanFileError> {
        let text = std::fs::read_to_string(path)
            .map_err(|source| PlanFileError::Read { path: path.to_owned(), source })?;
        match PlanFile::read(&text) {
            Ok(file) => Ok(Self { path: path.to_owned(), text, file }),
            Err(problem) => Err(PlanFileError::Wrong { path: path.to_owned(), problem }),
        }
    }

    /// The file that was named, if one was.
    pub(crate) fn named(path: Option<&Path>) -> Result<Option<Self>, PlanFileError> {
        path.map(Self::read).transpose()
    }

    /// Its values.
    fn options(&self) -> Result<Options, PlanFileError> {
        let options = self.file.clone().options(&self.text, |name| std::env::var(name).ok());
        options.map_err(|problem| self.wrong(problem))
    }

    fn wrong(&self, problem: Problem) -> PlanFileError {
        PlanFileError::Wrong { path: self.path.clone(), problem }
    }

    /// Why there is no plan, with the place in the file where that is at fault.
    fn explain(&self, error: PlanError) -> anyhow::Error {
        match PlanFile::problem(&self.text, &error) {
            Some(problem) => self.wrong(problem).into(),
            None => error.into(),
        }
    }
}

/// The plan of flags and file.
pub(crate) fn plan(flags: Options, file: Option<&Loaded>, fallback_seed: u64) -> anyhow::Result<Plan> {
    let Some(file) = file else { return Ok(Plan::new(flags, fallback_seed)?) };
    Plan::new(flags.over(file.options()?), fallback_seed).map_err(|error| file.explain(error))
}
