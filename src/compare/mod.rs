//! Pure: runs side by side.

mod statistics;

pub use statistics::{
    LogRank, Step, cliffs_delta, cohens_h, holm, log_rank, newcombe, newcombe_paired, wilson,
};
