//! What a run says of its own measurement: how late it woke, how far other clocks are from its own, and which options it could not follow.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::event::Micros;

/// `clock_offset`: the target's clock minus ours, as request round trips bound it. Absent where both are one clock.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct ClockOffset {
    /// At least.
    pub low_us: i64,
    /// At most.
    pub high_us: i64,
    /// What is taken off the target's stamps from here on; 0 as long as the clocks may be one.
    pub corrected_us: i64,
    /// Round trips behind it.
    pub samples: u64,
}

impl ClockOffset {
    /// By how much a corrected stamp may still be wrong.
    #[must_use]
    pub fn uncertainty_us(&self) -> u64 {
        self.low_us.abs_diff(self.corrected_us).max(self.high_us.abs_diff(self.corrected_us))
    }
}

/// `lag`
#[derive(Debug, Clone, Serialize, Deserialize, JsonSchema)]
pub struct Lag {
    /// The thread that woke late.
    pub thread: String,
    /// Actual minus intended instant.
    pub lag_us: u64,
}

/// `alignment`: requests of scenarios that are not ours come from goose's request log, which tells their start in whole
/// milliseconds since goose's load began. The fields say where they were placed, and how well.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct Alignment {
    /// When goose's load began, on the run's clock.
    pub origin_us: Micros,
    /// Requests taken from the log.
    pub imported: u64,
    /// Those of them whose start was stamped by the run's own clock.
    pub stamped: u64,
    /// Those of them that a transaction called failed although their status was fine.
    pub corrected: u64,
    /// Lines of the log that could not be read.
    pub unreadable: u64,
    /// Requests of which the start is known by both clocks: stamped ones, and markers that only serve this purpose.
    pub compared: u64,
    /// Median of the start by the log minus the exact one; absent when none could be compared.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub median_error_us: Option<i64>,
    /// The greatest distance of the two.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub max_error_us: Option<u64>,
}

/// `option_notice`
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct OptionNotice {
    /// The option, such as `--run-time 30`.
    pub option: String,
    /// What is done about it.
    pub notice: Notice,
}

/// What is done about an option of goose's that a run with faults cannot simply follow.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum Notice {
    /// It would end the load before the last episode: it is left out.
    LoadGoesOn,
    /// It may end the load before the last episode: it could not be left out.
    LoadMayEnd,
    /// A threshold that fails would end the load in an outage: thresholds are judged at the end only.
    JudgedAtTheEnd,
    /// A threshold that fails may end the load in an outage, as was asked for.
    MayEndInAnOutage,
}
