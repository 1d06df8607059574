//! What can go wrong with a sweep as a whole; what goes wrong with one run is recorded with it.

use std::io;
use std::path::PathBuf;

use super::grid::GridError;
use crate::plan::LoadError;
use crate::target::ApiError;

/// A sweep cannot begin, go on, or end as it should.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum SweepError {
    /// The axes make no settings.
    #[error(transparent)]
    Grid(#[from] GridError),
    /// The folder holds a sweep already.
    #[error(
        "{} already holds a sweep: continue it with --resume {}, or name another folder with --out",
        path.display(), path.display()
    )]
    AlreadyThere {
        /// The folder.
        path: PathBuf,
    },
    /// There is no manifest to read.
    #[error("cannot read {}: --resume takes the folder of a sweep, which holds a sweep.json", path.display())]
    NoManifest {
        /// The file.
        path: PathBuf,
        /// Why.
        source: io::Error,
    },
    /// The file is no manifest.
    #[error("{} is no manifest of a sweep: {detail}; begin the sweep anew with another --out", path.display())]
    NotAManifest {
        /// The file.
        path: PathBuf,
        /// What does not fit.
        detail: String,
    },
    /// The manifest comes from a newer goose-recovery.
    #[error(
        "{} has schema version {found}, and this goose-recovery reads up to {supported}: update goose-recovery",
        path.display()
    )]
    NewerSchema {
        /// The file.
        path: PathBuf,
        /// Its version.
        found: u64,
        /// The newest version that is understood.
        supported: u32,
    },
    /// Somebody else makes its runs.
    #[error("another process makes the runs of {}: wait for its end, or end it", path.display())]
    Busy {
        /// The folder.
        path: PathBuf,
    },
    /// The folder or the manifest cannot be written.
    #[error("cannot write {}: make room, or name another folder with --out", path.display())]
    Write {
        /// The file or folder.
        path: PathBuf,
        /// Why.
        source: io::Error,
    },
    /// A flag that a continued sweep has already.
    #[error(
        "{flag} cannot be given beside --resume: the sweep goes on as it was begun; for another one leave out --resume"
    )]
    NotBesideResume {
        /// The flag.
        flag: String,
    },
    /// A flag whose value was not kept.
    #[error(
        "the sweep was begun with {flag}, whose value may be secret and was not kept: give it again beside --resume"
    )]
    NotGivenAgain {
        /// The flag.
        flag: String,
    },
    /// A flag has another value than before.
    #[error("{flag} is not what the sweep was begun with ({before}): give the same value again")]
    NotTheSame {
        /// The flag.
        flag: String,
        /// What it was, without what may be secret.
        before: String,
    },
    /// A flag that makes no sense without another one.
    #[error("{flag} needs {needs}")]
    Needs {
        /// The flag.
        flag: &'static str,
        /// What it needs.
        needs: &'static str,
    },
    /// The first run refused its flags, as all others would.
    #[error("{said}")]
    Refused {
        /// What it said.
        said: String,
    },
    /// The target has no policy to change.
    #[error(
        "the target shows no restart policy ({detail}): say with --apply-cmd how a setting comes into effect"
    )]
    NoPolicy {
        /// What it answered.
        detail: String,
    },
    /// The plan file cannot be read.
    #[error(transparent)]
    Plan(#[from] LoadError),
    /// The target cannot be spoken to.
    #[error(transparent)]
    Api(#[from] ApiError),
    /// The target keeps the policy of a setting.
    #[error(
        "cannot give the target its own policy back ({detail}): it stands as policy_before in {}, for a PUT on \
         /api/recovery/policy; --resume tries again",
        path.display()
    )]
    NotGivenBack {
        /// Why.
        detail: String,
        /// The manifest.
        path: PathBuf,
    },
    /// A run cannot be started.
    #[error("cannot start {program}: free some memory or processes")]
    Start {
        /// The program.
        program: String,
        /// Why.
        source: io::Error,
    },
}
