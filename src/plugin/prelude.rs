//! What a recovery test needs, beside `goose::prelude::*`.
//!
//! ```
//! use goose::prelude::*;
//! use goose_recovery::prelude::*;
//! ```

pub use super::{
    CustomFault, FaultResult, KpiOutcome, Outcome, RecoveryAttack, RecoveryError, RecoveryFault,
    StampedRequests, Unit, conclude,
};
pub use crate::analysis::Verdict;
