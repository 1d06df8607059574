//! A plan file from the disk, beside the flags: its mistakes are told with their place.

use std::path::{Path, PathBuf};

use super::file::Problem;
use super::{Options, Plan, PlanError, PlanFile};

/// No plan can be made.
#[derive(Debug, thiserror::Error)]
pub enum LoadError {
    /// The plan file cannot be read.
    #[error(
        "cannot read the plan file {}: {source}; `goose-recovery plan show` prints one to begin with", path.display()
    )]
    Read {
        /// The file.
        path: PathBuf,
        /// Why.
        source: std::io::Error,
    },
    /// Something in the plan file is wrong.
    #[error("{}:{problem}", path.display())]
    Wrong {
        /// The file.
        path: PathBuf,
        /// What, and where.
        problem: Problem,
    },
    /// A flag is wrong.
    #[error(transparent)]
    Plan(#[from] PlanError),
}

/// A plan file that was read.
#[derive(Debug)]
pub struct Loaded {
    path: PathBuf,
    text: String,
    file: PlanFile,
}

impl Loaded {
    /// Reads a plan file.
    ///
    /// # Errors
    /// When it cannot be read, or is none.
    pub fn read(path: &Path) -> Result<Self, LoadError> {
        let text = std::fs::read_to_string(path)
            .map_err(|source| LoadError::Read { path: path.to_owned(), source })?;
        match PlanFile::read(&text) {
            Ok(file) => Ok(Self { path: path.to_owned(), text, file }),
            Err(problem) => Err(LoadError::Wrong { path: path.to_owned(), problem }),
        }
    }

    /// The file that was named, if one was.
    ///
    /// # Errors
    /// As [`Loaded::read`].
    pub fn named(path: Option<&Path>) -> Result<Option<Self>, LoadError> {
        path.map(Self::read).transpose()
    }

    /// What it says.
    #[must_use]
    pub fn file(&self) -> &PlanFile {
        &self.file
    }

    /// Its values, with variables of the environment filled in.
    ///
    /// # Errors
    /// When a variable is not set.
    pub fn options(&self) -> Result<Options, LoadError> {
        let options = self.file.clone().options(&self.text, |name| std::env::var(name).ok());
        options.map_err(|problem| self.wrong(problem))
    }

    fn wrong(&self, problem: Problem) -> LoadError {
        LoadError::Wrong { path: self.path.clone(), problem }
    }

    /// Why there is no plan, with the place in the file where that is at fault.
    fn explain(&self, error: PlanError) -> LoadError {
        match PlanFile::problem(&self.text, &error) {
            Some(problem) => self.wrong(problem),
            None => error.into(),
        }
    }
}

impl Plan {
    /// [`Plan::new`] of flags and, where they say nothing, of a plan file.
    ///
    /// # Errors
    /// What is wrong, with its place in the file where the file is at fault.
    pub fn with_file(flags: Options, file: Option<&Loaded>, fallback_seed: u64) -> Result<Self, LoadError> {
        let options = match file {
            Some(file) => flags.over(file.options()?),
            None => flags,
        };
        Self::explained(options, file, fallback_seed)
    }

    /// [`Plan::new`] of what flags and `file` came to.
    ///
    /// # Errors
    /// As [`Plan::with_file`].
    pub fn explained(options: Options, file: Option<&Loaded>, fallback_seed: u64) -> Result<Self, LoadError> {
        Self::new(options, fallback_seed).map_err(|error| match file {
            Some(file) => file.explain(error),
            None => error.into(),
        })
    }
}
