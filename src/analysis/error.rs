//! What can go wrong in the analysis.

/// Why a journal could not be analysed.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum AnalysisError {
    /// No line of the run says what was planned.
    #[error("the journal has no readable `run_started` line for this run; without it nothing can be judged")]
    NoRun,
    /// The journal is of a later version than this program.
    #[error(
        "the run was written in journal schema {found}, and this version reads up to {known}; use a newer goose-recovery"
    )]
    Schema {
        /// The version that the run names.
        found: u32,
        /// The newest version that can be read.
        known: u32,
    },
}
