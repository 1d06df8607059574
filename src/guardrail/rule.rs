//! What a rule says, read from what the user wrote.

use std::fmt;
use std::str::FromStr;
use std::time::Duration;

use crate::plan::parse_length;

/// The shortest and the longest window of a rule.
const SHORTEST: Duration = Duration::from_secs(1);
const LONGEST: Duration = Duration::from_hours(1);

/// When the run is to end early.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum Rule {
    /// An episode was not well by its deadline.
    Unrecovered,
    /// A figure over the last `window` is above its limit.
    Above {
        /// What is looked at, and its limit.
        metric: Metric,
        /// Over what length of time.
        window: Duration,
    },
}

/// A figure and its limit.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum Metric {
    /// Failed requests of the users, of all.
    ErrorRate(f64),
    /// Failed canaries, of all.
    CanaryErrorRate(f64),
    /// 95th percentile of how long successful canaries took.
    P95(Duration),
}

/// A rule that cannot be read. It shows what one looks like.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error(
    "--abort-when '{given}': {why}; write 'error_rate>0.9 for 30s', 'canary_error_rate>50% for 10s', \
     'p95>2s for 10s' or 'unrecovered'"
)]
pub struct RuleError {
    /// The rule as given.
    pub given: String,
    /// What is wrong with it.
    pub why: String,
}

impl FromStr for Rule {
    type Err = RuleError;

    fn from_str(given: &str) -> Result<Self, RuleError> {
        parse(given).map_err(|why| RuleError { given: given.to_owned(), why })
    }
}

fn parse(given: &str) -> Result<Rule, String> {
    let text = given.trim();
    if text == "unrecovered" {
        return Ok(Rule::Unrecovered);
    }
    let (metric, rest) = text.split_once('>').ok_or("it is no comparison with >")?;
    // At the first white space the limit ends and `for` has to follow.
    let (limit, rest) =
        rest.trim_start().split_once(char::is_whitespace).ok_or("it does not say for how long")?;
    let length =
        rest.trim_start().strip_prefix("for").filter(|length| length.starts_with(char::is_whitespace));
    let window = parse_length(length.ok_or("after the limit, `for` and a length are missing")?.trim())?;
    if !(SHORTEST..=LONGEST).contains(&window) {
        return Err("its length must be 1s to 1h".to_owned());
    }
    let metric = match metric.trim() {
        "error_rate" => Metric::ErrorRate(ratio(limit)?),
        "canary_error_rate" => Metric::CanaryErrorRate(ratio(limit)?),
        "p95" => Metric::P95(parse_length(limit)?),
        other => return Err(format!("{other} is no figure that is watched")),
    };
    Ok(Rule::Above { metric, window })
}

/// A ratio such as `0.9` or `90%`. Nothing is above 1, so a limit of 1 would be a guardrail that guards nothing.
fn ratio(text: &str) -> Result<f64, String> {
    let (number, whole) = text.strip_suffix('%').map_or((text, 1.0), |percent| (percent, 100.0));
    let ratio = number.parse::<f64>().map(|number| number / whole);
    ratio
        .ok()
        .filter(|ratio| (0.0..1.0).contains(ratio))
        .ok_or_else(|| format!("{text} is no ratio of at least 0 and below 1"))
}

impl fmt::Display for Rule {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self::Above { metric, window } = self else { return f.write_str("unrecovered") };
        match metric {
            Metric::ErrorRate(limit) => write!(f, "error_rate>{limit}")?,
            Metric::CanaryErrorRate(limit) => write!(f, "canary_error_rate>{limit}")?,
            Metric::P95(limit) => write!(f, "p95>{limit:?}")?,
        }
        write!(f, " for {window:?}")
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn above(metric: Metric, seconds: u64) -> Rule {
        Rule::Above { metric, window: Duration::from_secs(seconds) }
    }

    #[test]
    fn reads_every_figure() {
        for (text, expected) in [
            ("error_rate>0.9 for 30s", above(Metric::ErrorRate(0.9), 30)),
            ("  error_rate > 0  for  1m ", above(Metric::ErrorRate(0.0), 60)),
            ("canary_error_rate>50% for 10", above(Metric::CanaryErrorRate(0.5), 10)),
            ("p95>250ms for 1h", above(Metric::P95(Duration::from_millis(250)), 3600)),
            (" unrecovered ", Rule::Unrecovered),
        ] {
            assert_eq!(text.parse(), Ok(expected), "{text}");
        }
    }

    #[test]
    fn a_rule_that_cannot_be_read_is_refused_with_the_reason_and_the_grammar() {
        for (text, why) in [
            ("", "no comparison"),
            ("unrecovered for 3s", "no comparison"),
            ("error_rate<0.9 for 30s", "no comparison"),
            ("error_rate>0.9", "for how long"),
            ("error_rate>0.9 30s", "`for` and a length"),
            ("error_rate>0.9 for30s", "`for` and a length"),
            ("error_rate>0.9 for 5 parsecs", "no unit"),
            ("error_rate>0.9 for 0.5s", "1s to 1h"),
            ("error_rate>0.9 for 2h", "1s to 1h"),
            ("error_rate>1 for 3s", "below 1"),
            ("error_rate>-0.1 for 3s", "at least 0"),
            ("error_rate>100% for 3s", "below 1"),
            ("error_rate>NaN for 3s", "no ratio"),
            ("error_rate>2s for 3s", "no ratio"),
            ("p95>90% for 3s", "length"),
            ("p99>2s for 3s", "p99 is no figure"),
        ] {
            let error = text.parse::<Rule>().unwrap_err().to_string();
            assert!(error.contains(why), "{text}: {error}");
            assert!(error.contains("error_rate>0.9 for 30s") && error.contains("'unrecovered'"), "{error}");
        }
    }

    proptest! {
        #[test]
        fn what_a_rule_shows_of_itself_reads_as_the_same_rule(
            limit in 0.0f64..1.0, millis in 1u64..100_000, seconds in 1u64..=3600, which in 0..3,
        ) {
            let metric = match which {
                0 => Metric::ErrorRate(limit),
                1 => Metric::CanaryErrorRate(limit),
                _ => Metric::P95(Duration::from_millis(millis)),
            };
            let rule = above(metric, seconds);
            prop_assert_eq!(rule.to_string().parse(), Ok(rule));
        }

        #[test]
        fn no_text_is_too_odd_to_be_refused(text: String) {
            let _ = text.parse::<Rule>();
        }
    }
}
