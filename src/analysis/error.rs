//! What can go wrong in the analysis.

/// Why a journal could not be analysed.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum AnalysisError {
    /// No line of the run says what was planned.
    #[error("the journal has no readable `run_started` line for this run; without it nothing can be judged")]
    NoRun,
}
