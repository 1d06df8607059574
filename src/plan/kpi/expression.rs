//! A KPI of the user's own: a figure, the phase over which it is taken, and its pass line.

use std::fmt;

use super::parse::ratio_or_none;

/// Gives each word of a plan file its variant, once.
macro_rules! words {
    ($(#[$doc:meta])* $name:ident { $($(#[$variant_doc:meta])* $variant:ident = $word:literal,)* }) => {
        $(#[$doc])*
        #[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
        pub enum $name { $($(#[$variant_doc])* $variant,)* }

        impl $name {
            /// All of them, as plan files name them.
            pub const ALL: &'static [Self] = &[$(Self::$variant),*];

            /// The word in plan files, journals and summaries.
            #[must_use]
            pub fn as_str(self) -> &'static str {
                match self { $(Self::$variant => $word,)* }
            }

            /// What a word means; nothing for one that this version does not know.
            #[must_use]
            pub fn of(word: &str) -> Option<Self> {
                match word { $($word => Some(Self::$variant),)* _ => None }
            }
        }
    };
}

words!(
    /// The figure. Durations are those of users' requests that met their contract: a refusal is answered at once, so that an
    /// outage full of them would look fast. What failed is the matter of `error_rate`.
    KpiMetric {
        /// Median of the durations.
        P50 = "p50",
        /// 90th percentile of the durations.
        P90 = "p90",
        /// 95th percentile of the durations.
        P95 = "p95",
        /// 99th percentile of the durations.
        P99 = "p99",
        /// The longest duration.
        Max = "max",
        /// Mean of the durations.
        Mean = "mean",
        /// Users' requests that did not meet their contract ÷ all of them.
        ErrorRate = "error_rate",
        /// Canaries that met their contract ÷ all of them. They are due at a fixed rate, also while nobody is answered.
        Availability = "availability",
        /// Users' requests that met their contract, per second.
        Throughput = "throughput",
    }
);

words!(
    /// Over what a figure is taken. A request or canary belongs to the phase in which it *started*, with one exception: what is
    /// under way when a fault acts may be hit by it, and is neither `before` nor `after`; it is `during` from the moment of the
    /// effect on. What starts while users are held still for a read-back belongs to no phase.
    KpiPhase {
        /// From all users started to the first fault's action of the scenario, without what follows faults of earlier ones.
        Before = "before",
        /// From t0 of each decided episode until it recovered, or its deadline; and what was under way at t0.
        During = "during",
        /// The part of `during` in which no fault acts any more: all of it for a fault that ends by itself.
        Recovering = "recovering",
        /// From each recovery to the next fault's action, or to the scenario's end.
        After = "after",
        /// From the scenario's start to its end.
        Whole = "",
    }
);

words!(
    /// How a figure is compared with its line.
    KpiOp {
        /// Below it.
        Below = "<",
        /// At it or below.
        AtMost = "<=",
        /// At it or above.
        AtLeast = ">=",
        /// Above it.
        Above = ">",
        /// At it.
        Equal = "=",
    }
);

/// In what a figure is given.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Unit {
    Length,
    Ratio,
    PerSecond,
}

impl KpiMetric {
    pub(super) fn unit(self) -> Unit {
        match self {
            Self::P50 | Self::P90 | Self::P95 | Self::P99 | Self::Max | Self::Mean => Unit::Length,
            Self::ErrorRate | Self::Availability => Unit::Ratio,
            Self::Throughput => Unit::PerSecond,
        }
    }

    /// Which percentile it is, in per cent.
    #[must_use]
    pub fn percentile(self) -> Option<u8> {
        match self {
            Self::P50 => Some(50),
            Self::P90 => Some(90),
            Self::P95 => Some(95),
            Self::P99 => Some(99),
            Self::Max | Self::Mean | Self::ErrorRate | Self::Availability | Self::Throughput => None,
        }
    }
}

/// What must hold, such as `p95 during < 2s`.
///
/// ```
/// use goose_recovery::plan::{KpiExpression, KpiMetric, KpiPhase};
/// let slow: KpiExpression = "p95 during episodes < 2s".parse()?;
/// assert_eq!((slow.metric(), slow.phase(), slow.limit()), (KpiMetric::P95, KpiPhase::During, 2_000_000.0));
/// assert_eq!(slow.to_string(), "p95 during < 2s");
/// # Ok::<(), goose_recovery::plan::KpiError>(())
/// ```
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct KpiExpression {
    pub(super) metric: KpiMetric,
    pub(super) phase: KpiPhase,
    pub(super) op: KpiOp,
    pub(super) limit: f64,
}

impl KpiExpression {
    /// The figure.
    #[must_use]
    pub fn metric(&self) -> KpiMetric {
        self.metric
    }

    /// Over what it is taken.
    #[must_use]
    pub fn phase(&self) -> KpiPhase {
        self.phase
    }

    /// How it is compared.
    #[must_use]
    pub fn op(&self) -> KpiOp {
        self.op
    }

    /// The pass line: in µs, as a share of 1, or per second.
    #[must_use]
    pub fn limit(&self) -> f64 {
        self.limit
    }
}

impl fmt::Display for KpiExpression {
    /// As a plan file may have it.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { metric, phase, op, limit } = self;
        f.write_str(metric.as_str())?;
        if *phase != KpiPhase::Whole {
            write!(f, " {}", phase.as_str())?;
        }
        write!(f, " {} ", op.as_str())?;
        match metric.unit() {
            Unit::Length => length(*limit, f),
            Unit::Ratio => ratio(*limit, f),
            Unit::PerSecond => write!(f, "{limit}/s"),
        }
    }
}

/// A whole number of µs in the largest unit that takes no fraction.
fn length(us: f64, f: &mut fmt::Formatter<'_>) -> fmt::Result {
    let units = [(1e6, "s"), (1e3, "ms"), (1.0, "us")];
    let (size, unit) = units.into_iter().find(|(size, _)| us % size == 0.0).unwrap_or((1.0, "us"));
    write!(f, "{}{unit}", us / size)
}

/// In per cent, where that reads as the same number: 0.29 × 100 is no 29 to a computer.
fn ratio(share: f64, f: &mut fmt::Formatter<'_>) -> fmt::Result {
    let percent = format!("{}%", (share * 1e12).round() / 1e10);
    if ratio_or_none(&percent) == Some(share) { f.write_str(&percent) } else { write!(f, "{share}") }
}
