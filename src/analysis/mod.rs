//! Pure: a journal's lines become episodes, KPIs and verdicts. No I/O, no clock.
//!
//! A run's lines are read three times, each time for less: [`Analyser`] takes the control events, [`ProbePass`] the
//! canaries and health polls that decide when each episode ended, [`RequestPass`] what users felt. [`model`]
//! is what comes out (and what `summary.json` holds). Of a run that goes on, [`SoFar`] tells from the control events alone how it stands.
//!
//! What the harness asks while it runs is answered by the same code: [`detector`] (has it recovered?),
//! [`baseline`] (from what?), [`reorder`] (in which order?). The rest follows the data: `timeline`, `downtime`,
//! `watch` and `episode` decide each fault, `chains` and `trial` what several together are, `stores`, `state` and
//! `resyncs` what became of the state, `spans`, `load` and `curves` count requests, `alerts` matches alerts, [`interval`],
//! `kpi`, `custom` (those that the user defines) and `verdict` judge, `pooled` judges several runs as one, [`survival`] estimates from trials that were not watched to the end, `offset` tells how far
//! the target's clock is from ours, `thresholds` what goose's own rules came to, `notes` and `caveats` say it all as sentences of [`lang`](crate::lang).

mod alerts;
pub mod baseline;
pub(crate) mod caveats;
mod chains;
pub(crate) mod curves;
mod custom;
pub mod detector;
mod downtime;
mod episode;
mod error;
pub(crate) mod histogram;
pub mod interval;
mod kpi;
mod lanes;
mod load;
pub mod model;
mod notes;
mod offset;
mod pooled;
mod probes;
pub mod reorder;
mod requests;
mod resyncs;
pub mod sample;
mod so_far;
mod spans;
mod state;
mod stores;
mod summary;
pub mod survival;
mod thresholds;
mod timeline;
pub(crate) mod trial;
mod verdict;
mod watch;

#[cfg(test)]
mod tests;

pub(crate) use caveats::remote_host;
pub use error::AnalysisError;
pub use model::{Analysis, Summary, Verdict};
pub use pooled::pooled_kpis;
pub(crate) use pooled::worst_last;
pub use probes::{Analyser, ProbePass};
pub use requests::RequestPass;
pub use so_far::{OpenEpisode, ScenarioStanding, SoFar, Standing};
pub use thresholds::{FailedThreshold, failed_thresholds};
pub use verdict::no_fault_took_effect;
