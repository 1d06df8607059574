//! Pure: runs side by side. Is one setting better than another, and how sure is that?
//!
//! [`group`] takes runs of one setting together as a [`Side`]; [`differences`] tells what is not the same in them, and what
//! of it makes a comparison meaningless; [`compare`] answers with a [`Comparison`], which is `compare.json`. Inside, `trial`
//! and [`Metric`] say what a run shows, `pairing` finds runs of the same schedule, `question` asks for one metric of one
//! scenario, `evidence` knows its intervals, and `statistics` the papers behind them.
//!
//! A change is claimed when the interval of the *difference* lies wholly beyond the noise, at the confidence that Holm's
//! procedure leaves to this question, so that none of all the claims is wrong with a probability of 95 %. The unit that is
//! drawn and left out is the run: episodes of one run share its machine, its minute and its neighbours.

mod comparable;
mod comparison;
mod error;
mod evidence;
mod metric;
mod model;
mod options;
mod pairing;
mod question;
mod side;
mod statistics;
mod trial;

#[cfg(test)]
mod tests;

pub use comparable::{Difference, Weight, differences};
pub use comparison::compare;
pub(crate) use comparison::scenarios;
pub use error::Incomparable;
pub use metric::{Metric, Unit};
pub use model::{
    COMPARE_SCHEMA, Change, ChangeOutcome, Comparison, Correction, Effect, EffectKind, Estimate,
    MetricComparison, RunOf, SideSummary, SideValue,
};
pub use options::{NOISE, Options};
pub use side::{NoSuchSetting, Side, group};
pub(crate) use side::{policy_fields, size};
pub use statistics::{
    LogRank, Step, cliffs_delta, cohens_h, holm, log_rank, newcombe, newcombe_paired, wilson,
};
