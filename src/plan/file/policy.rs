//! The restart policy in a plan file: one value of each field, or several that a sweep tries.

use schemars::JsonSchema;
use serde::Deserialize;

use super::value::Scalar;

/// A table with every field of the policy, each of a type, and what stands beside them.
macro_rules! table {
    ($(#[$doc:meta])* $name:ident of $kind:ty, $($(#[$extra_doc:meta])* $extra:ident: $extra_kind:ty),*) => {
        $(#[$doc])*
        #[derive(Debug, Clone, Default, PartialEq, Deserialize, JsonSchema)]
        #[serde(deny_unknown_fields, default)]
        pub struct $name {
            $($(#[$extra_doc])* pub $extra: $extra_kind,)*
            /// Restarts that may follow a first crash.
            pub max_retries: Option<$kind>,
            /// Consecutive failure at which the critical alert goes out.
            pub alert_after: Option<$kind>,
            /// Delay of the second restart.
            pub backoff_initial: Option<$kind>,
            /// Growth of the delay.
            pub backoff_factor: Option<$kind>,
            /// Longest delay.
            pub backoff_max: Option<$kind>,
            /// Random part of the delay.
            pub jitter: Option<$kind>,
            /// A module that was ready for so long has its failures forgiven.
            pub stable_after: Option<$kind>,
            /// Distance between two heartbeats.
            pub heartbeat: Option<$kind>,
            /// Missed heartbeats after which a module is hung.
            pub heartbeat_misses: Option<$kind>,
            /// A module that takes longer to start has failed.
            pub start_timeout: Option<$kind>,
            /// A module whose dependency gives no answer for longer than this ends itself.
            pub dependency_patience: Option<$kind>,
            /// What happens to the modules that depend on a failed one.
            pub strategy: Option<$kind>,
        }

        impl $name {
            /// Those that are given, by their flags without dashes.
            fn given(self) -> impl Iterator<Item = (&'static str, $kind)> {
                [
                    ("max-retries", self.max_retries),
                    ("alert-after", self.alert_after),
                    ("backoff-initial", self.backoff_initial),
                    ("backoff-factor", self.backoff_factor),
                    ("backoff-max", self.backoff_max),
                    ("jitter", self.jitter),
                    ("stable-after", self.stable_after),
                    ("heartbeat", self.heartbeat),
                    ("heartbeat-misses", self.heartbeat_misses),
                    ("start-timeout", self.start_timeout),
                    ("dependency-patience", self.dependency_patience),
                    ("strategy", self.strategy),
                ]
                .into_iter()
                .filter_map(|(flag, value)| Some((flag, value?)))
            }
        }
    };
}

table!(
    /// `[policy]`: the restart policy of the bundled backend. Durations are texts with a unit.
    PolicyTable of Scalar,
);

table!(
    /// `[sweep]`: the values that are tried, every combination of them.
    SweepTable of Vec<Scalar>,
    /// Runs of each setting.
    repeats: Option<u32>
);

impl PolicyTable {
    /// As flags of the bundled backend.
    pub(super) fn arguments(self) -> Vec<String> {
        self.given().flat_map(|(flag, value)| [format!("--{flag}"), value.to_string()]).collect()
    }
}

impl SweepTable {
    /// What is varied, in the order of the fields: flags without dashes, and the values of each.
    pub fn axes(self) -> impl Iterator<Item = (&'static str, Vec<String>)> {
        self.given().map(|(flag, values)| (flag, values.iter().map(ToString::to_string).collect()))
    }
}
