//! `METRIC [PHASE] OP VALUE`, read from what the user wrote.

use std::str::FromStr;
use std::time::Duration;

use super::expression::{KpiExpression, KpiMetric, KpiOp, KpiPhase, Unit};
use crate::clock::duration_us;
use crate::plan::parse_length;

/// An expression that cannot be read. It shows what one looks like.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error(
    "'{given}': {why}; write a figure, a phase unless all of the scenario is meant, and a line, as in 'p95 during < 2s', \
     'error_rate after recovery < 0.1%', 'availability > 99.9%' or 'throughput recovering >= 100/s'"
)]
pub struct KpiError {
    /// The expression as given.
    pub given: String,
    /// What is wrong with it.
    pub why: String,
}

impl FromStr for KpiExpression {
    type Err = KpiError;

    fn from_str(given: &str) -> Result<Self, KpiError> {
        parse(given).map_err(|why| KpiError { given: given.to_owned(), why })
    }
}

fn is_op(c: char) -> bool {
    "<>=!≤≥".contains(c)
}

fn parse(given: &str) -> Result<KpiExpression, String> {
    let (figure, rest) = given.find(is_op).map(|at| given.split_at(at)).ok_or("it is no comparison")?;
    let (op, value) = rest.split_at(rest.find(|c| !is_op(c)).unwrap_or(rest.len()));
    let mut words = figure.split_whitespace();
    let metric = words.next().ok_or("before the comparison, the figure is missing")?;
    let metric = KpiMetric::of(metric)
        .ok_or_else(|| format!("{metric} is no figure: use {}", list(KpiMetric::ALL, KpiMetric::as_str)))?;
    let phase = phase(&words.collect::<Vec<_>>())?;
    let op = match op {
        "≤" => KpiOp::AtMost,
        "≥" => KpiOp::AtLeast,
        op => KpiOp::of(op)
            .ok_or_else(|| format!("{op} is no comparison: use {}", list(KpiOp::ALL, KpiOp::as_str)))?,
    };
    let limit = limit(metric, value.trim())?;
    meaningful(metric, op, limit)?;
    Ok(KpiExpression { metric, phase, op, limit })
}

/// The long forms say the same as the short ones.
fn phase(words: &[&str]) -> Result<KpiPhase, String> {
    let known = match words {
        [] => Some(KpiPhase::Whole),
        ["during", "episodes"] => Some(KpiPhase::During),
        ["after", "recovery"] => Some(KpiPhase::After),
        [word] => KpiPhase::of(word),
        _ => None,
    };
    known.ok_or_else(|| {
        format!(
            "{} is no phase: use before, during [episodes], recovering, after [recovery], or none for all of the scenario",
            words.join(" ")
        )
    })
}

fn list<T: Copy>(all: &[T], word: fn(T) -> &'static str) -> String {
    let words: Vec<_> = all.iter().map(|one| word(*one)).collect();
    match words.split_last() {
        Some((last, [])) => (*last).to_owned(),
        Some((last, first)) => format!("{} or {last}", first.join(", ")),
        None => String::new(),
    }
}

fn limit(metric: KpiMetric, value: &str) -> Result<f64, String> {
    let wrong = |expected: &str| format!("the line of {} must be {expected}", metric.as_str());
    match metric.unit() {
        Unit::Length => {
            let length: Duration = parse_length(value)?;
            #[expect(clippy::cast_precision_loss, reason = "a line beyond 2^53 µs is 285 years")]
            let us = duration_us(length) as f64;
            Ok(us)
        }
        Unit::Ratio => {
            ratio_or_none(value).ok_or_else(|| wrong("a share such as 0.1% or 0.001, from 0% to 100%"))
        }
        Unit::PerSecond => {
            let number = value.strip_suffix("/s").unwrap_or(value).trim().parse::<f64>().ok();
            number
                .filter(|number| number.is_finite() && *number >= 0.0)
                .ok_or_else(|| wrong("a number of requests per second such as 100/s"))
        }
    }
}

/// A share such as `0.001` or `0.1%`.
pub(super) fn ratio_or_none(text: &str) -> Option<f64> {
    // 99.9 ÷ 100 is a little more than 0.999, and 999 of 1000 would miss that line: the point is moved before it is a float.
    let share = match text.strip_suffix('%') {
        Some(percent) if percent.contains(['e', 'E']) => return None,
        Some(percent) => format!("{}e-2", percent.trim()).parse::<f64>(),
        None => text.parse(),
    };
    share.ok().filter(|share| (0.0..=1.0).contains(share))
}

/// A line that nothing can meet, or that nothing can miss, would judge nothing.
fn meaningful(metric: KpiMetric, op: KpiOp, limit: f64) -> Result<(), String> {
    let most = if metric.unit() == Unit::Ratio { 1.0 } else { f64::INFINITY };
    match op {
        KpiOp::Below if limit <= 0.0 => Err("nothing is below that line".to_owned()),
        KpiOp::Above if limit >= most => Err("nothing is above that line".to_owned()),
        KpiOp::AtLeast if limit <= 0.0 => Err("nothing misses that line".to_owned()),
        KpiOp::AtMost if limit >= most => Err("nothing misses that line".to_owned()),
        KpiOp::Equal if metric.unit() != Unit::Ratio => Err(format!(
            "what is measured as {} never equals a line to the last digit: use <= or >=",
            metric.as_str()
        )),
        _ => Ok(()),
    }
}

#[cfg(test)]
mod tests;
