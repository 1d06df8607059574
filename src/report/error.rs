//! What can go wrong between an analysis and its files.

use std::io;
use std::path::PathBuf;

/// A report could not be written or read.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum ReportError {
    /// The report folder could not be made.
    #[error("cannot make the report folder {}: {source}; name another one with --out", path.display())]
    CreateFolder {
        /// The folder.
        path: PathBuf,
        /// Why.
        source: io::Error,
    },
    /// The folder holds a report that nobody asked to replace.
    #[error(
        "{} already holds a report ({found}); name another folder with --out, or replace it with {flag}",
        path.display()
    )]
    AlreadyThere {
        /// The folder.
        path: PathBuf,
        /// The file that shows it.
        found: &'static str,
        /// The flag that replaces it.
        flag: &'static str,
    },
    /// The Markdown report stands there already, and nobody asked to replace it.
    #[error("{} is already there; name another file with --markdown, or replace it with --force (compare: --overwrite)", path.display())]
    MarkdownThere {
        /// The file.
        path: PathBuf,
    },
    /// No Markdown report can be made there.
    #[error("cannot write {}: {source}; name another file with --markdown", path.display())]
    MarkdownNotWritable {
        /// The file.
        path: PathBuf,
        /// Why.
        source: io::Error,
    },
    /// There is no CI job that takes a summary.
    #[error(
        "--github-summary needs the variable GITHUB_STEP_SUMMARY, which names the file to append to; \
         GitHub Actions sets it for every step: leave the flag out elsewhere, or set the variable to a file"
    )]
    NoStepSummary,
    /// The CI job's summary cannot be appended to.
    #[error(
        "cannot append to {}, which GITHUB_STEP_SUMMARY names: {source}; set it to another file, or leave out --github-summary",
        path.display()
    )]
    StepSummary {
        /// The file.
        path: PathBuf,
        /// Why.
        source: io::Error,
    },
    /// No file can be made in the report folder.
    #[error("cannot write into the report folder {}: {source}; name another one with --out", path.display())]
    NotWritable {
        /// The folder.
        path: PathBuf,
        /// Why.
        source: io::Error,
    },
    /// A file of the report could not be written.
    #[error(
        "cannot write {}: {source}; the journal is complete, run `goose-recovery report` again once there is room",
        path.display()
    )]
    Write {
        /// The file.
        path: PathBuf,
        /// Why.
        source: io::Error,
    },
    /// A summary could not be read.
    #[error("cannot read {}: {source}; name a report folder's summary.json", path.display())]
    Read {
        /// The file.
        path: PathBuf,
        /// Why.
        source: io::Error,
    },
    /// A file is no summary.
    #[error("{} is no summary.json: {source}; make it anew with `goose-recovery report`", path.display())]
    NotASummary {
        /// The file.
        path: PathBuf,
        /// What does not fit.
        source: serde_json::Error,
    },
    /// A summary comes from a newer goose-recovery.
    #[error(
        "{} has schema version {found}, and this goose-recovery reads up to {supported}; \
         update goose-recovery, or make the summary anew from its journal with `goose-recovery report`",
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
    /// A figure could not be drawn.
    #[error("cannot draw {figure}: {detail}; this is a defect of goose-recovery, please report it")]
    Chart {
        /// The figure.
        figure: &'static str,
        /// What the drawing library says.
        detail: String,
    },
    /// The HTML page could not be rendered.
    #[error("cannot render index.html: {0}; this is a defect of goose-recovery, please report it")]
    Template(#[from] askama::Error),
    /// `junit.xml` could not be made.
    #[error("cannot make junit.xml: {0}; this is a defect of goose-recovery, please report it")]
    JUnit(io::Error),
    /// The analysis could not be serialised.
    #[error("cannot serialise {file}: {source}")]
    Serialise {
        /// The file.
        file: &'static str,
        /// Why.
        source: serde_json::Error,
    },
}

impl ReportError {
    /// The I/O error below, if there is one: its kind tells a full disk from a missing folder.
    ///
    /// ```
    /// # use goose_recovery::report::ReportError;
    /// # use std::io;
    /// let full = ReportError::Write {
    ///     path: "reports/x/summary.json".into(),
    ///     source: io::ErrorKind::StorageFull.into(),
    /// };
    /// assert_eq!(full.io_error().map(io::Error::kind), Some(io::ErrorKind::StorageFull));
    /// ```
    #[must_use]
    pub fn io_error(&self) -> Option<&io::Error> {
        match self {
            Self::CreateFolder { source, .. }
            | Self::NotWritable { source, .. }
            | Self::MarkdownNotWritable { source, .. }
            | Self::StepSummary { source, .. }
            | Self::Write { source, .. }
            | Self::Read { source, .. } => Some(source),
            Self::AlreadyThere { .. }
            | Self::MarkdownThere { .. }
            | Self::NoStepSummary
            | Self::NotASummary { .. }
            | Self::NewerSchema { .. }
            | Self::Chart { .. }
            | Self::Template(_)
            | Self::JUnit(_)
            | Self::Serialise { .. } => None,
        }
    }
}
