//! Recovery testing for a goose load test that is there already.
//!
//! [`RecoveryAttack`] takes the place of `GooseAttack`: it registers the same scenarios, which stay as they are, takes goose's
//! own flags, and adds faults. While goose's users load the target, the faults are injected one after the other; canaries see
//! when the target is well again; what came of it is an [`Outcome`].
//!
//! ```no_run
//! use goose::prelude::*;
//! use goose_recovery::prelude::*;
//!
//! struct Hang;
//!
//! impl CustomFault for Hang {
//!     async fn inject(&mut self) -> FaultResult {
//!         stop_answering().await
//!     }
//!     async fn revert(&mut self) -> FaultResult {
//!         answer_again().await
//!     }
//! }
//! # async fn stop_answering() -> FaultResult { Ok(()) }
//! # async fn answer_again() -> FaultResult { Ok(()) }
//! # async fn index(user: &mut GooseUser) -> TransactionResult { user.get("/").await?; Ok(()) }
//!
//! #[tokio::main]
//! async fn main() -> Result<Outcome, RecoveryError> {
//!     RecoveryAttack::initialize()?
//!         .register_scenario(scenario!("Visitor").register_transaction(transaction!(index)))
//!         .register_fault(RecoveryFault::new("server", Hang).lasts(std::time::Duration::from_secs(3)))
//!         .execute()
//!         .await
//! }
//! ```
//!
//! # Exit codes
//!
//! `main` may return an [`Outcome`], which prints the verdict and becomes the exit code of the command `goose-recovery`:
//! 0 every KPI passed, 1 a KPI or a threshold failed, 3 inconclusive, 4 invalid, 5 aborted by a guardrail, 130 interrupted. An
//! *error* from `main` is 1, as Rust has it; [`conclude`] gives errors their own codes, too (2 usage, 4 target unfit, 70 internal,
//! 74 cannot write).
//!
//! # What users did
//!
//! Requests are taken from goose's request log while it is written (a file beside the journal that goes with the run, or the one
//! of `--request-log`). goose tells their start in whole milliseconds; every run measures by some hundred markers how well
//! they were placed on its own clock, and its report says it: half a millisecond at most when the machine has time to spare.
//! They end with the answer's head, because that is what goose measures. [`StampedRequests`] have a start to the microsecond.
//! A request that a transaction calls failed (`set_failure`, handed on by `?`) counts as failed; one that it calls a success
//! after all (`set_success`) does not: say the status with `expect_status_code`.
//!
//! # Ctrl-C
//!
//! Our handler comes first: the first Ctrl-C undoes what is in effect, ends the load, and reports; the second ends the process
//! at once. A program that has a handler of its own keeps it, and ends a run by [`RecoveryAttack::stop_by`].

mod attack;
mod defaults;
mod error;
mod execute;
mod fault;
mod flags;
mod interrupt;
mod kpi;
mod outcome;
pub mod prelude;
mod target;

pub use crate::load::foreign::StampedRequests;
pub use attack::RecoveryAttack;
pub use error::RecoveryError;
pub use fault::{CustomFault, FaultResult, RecoveryFault};
pub use flags::RecoveryFlags;
pub use kpi::{CustomKpi, KpiOutcome, Unit};
pub use outcome::{Outcome, conclude};
