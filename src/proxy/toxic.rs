//! What a proxy can do to connections, and what it has done.

use std::num::NonZeroU32;
use std::time::Duration;

use crate::journal::Micros;

/// What is done to connections. Delays, rates and counts of bytes are about answers, from the upstream to the client, and
/// not about requests: so a round trip is delayed once.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Toxic {
    /// Connections are closed at once; new ones are accepted and closed.
    Cut,
    /// Connections are closed at once; the kernel refuses new ones, because nobody listens any more.
    Refuse,
    /// What is sent in either direction is swallowed, and connections stay open. When it is cleared, those that have lost
    /// something are reset: what was lost cannot be made good.
    Blackhole,
    /// Answers come later. Their bytes keep their order, and what is under way at the same time is not slowed down.
    Latency {
        /// By so much.
        latency: Duration,
        /// More or less by up to so much, drawn evenly for each chunk.
        jitter: Duration,
    },
    /// All connections share a line that carries so many KiB of answers a second.
    Bandwidth {
        /// KiB a second.
        rate_kib: NonZeroU32,
    },
    /// A connection is reset (RST) once so many more bytes of answers have passed; with 0, instead of the next answer.
    Reset {
        /// Bytes.
        after_bytes: u64,
    },
}

/// What a toxic has done since it was set.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Effects {
    /// When it first did something; µs since the run began.
    pub first_us: Option<Micros>,
    /// Connections closed, refused or reset.
    pub connections: u64,
    /// Chunks delayed or swallowed.
    pub chunks: u64,
    /// Their bytes.
    pub bytes: u64,
}

impl Toxic {
    /// The name in plans.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Cut => "cut",
            Self::Refuse => "refuse",
            Self::Blackhole => "blackhole",
            Self::Latency { .. } => "latency",
            Self::Bandwidth { .. } => "bandwidth",
            Self::Reset { .. } => "reset",
        }
    }

    /// Whether it closes what is open when it is set.
    pub(super) fn cuts(self) -> bool {
        matches!(self, Self::Cut | Self::Refuse)
    }

    /// What `effects` prove, in words that follow the proxy's name.
    #[must_use]
    pub fn proof(self, effects: &Effects) -> String {
        let Effects { connections, bytes, .. } = effects;
        match self {
            Self::Cut => format!("closed connections ({connections} by then)"),
            Self::Refuse => "stopped listening, and a connection to it was refused".to_owned(),
            Self::Blackhole => format!("swallowed bytes ({bytes} by then)"),
            Self::Latency { latency, .. } => format!("held an answer back for about {latency:?}"),
            Self::Bandwidth { rate_kib } => format!("held an answer back to keep to {rate_kib} KiB/s"),
            Self::Reset { after_bytes } => {
                format!("reset a connection after {after_bytes} bytes of answers")
            }
        }
    }
}

/// What is in force. Copies are compared to see what has changed.
#[derive(Debug, Clone, Copy, Default)]
pub(super) struct Setting {
    /// Another one whenever a toxic is set or cleared.
    pub(super) epoch: u64,
    pub(super) toxic: Option<Toxic>,
    /// How often connections were cut: a connection that was open at an earlier count is to be closed, even if nobody
    /// looked at the setting in between.
    pub(super) cuts: u64,
}
