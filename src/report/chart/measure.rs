//! What the metrics of a comparison are called and how their values read. Pure.

use crate::compare::{ChangeOutcome, Metric, Unit};
use crate::lang::{Arg, Lang, format};
use crate::report::view::comparison::{ChangeMark, amount, metric_name, signed};
pub(super) use crate::report::view::comparison::{difference, relative as change};

/// The metric's name as a heading begins with it.
pub(super) fn heading(metric: Metric, lang: Lang) -> String {
    let name = metric_name(metric, lang);
    let mut letters = name.chars();
    letters.next().map_or_else(String::new, |first| first.to_uppercase().chain(letters).collect())
}

/// Which way is better, with an arrow that points there on a level axis.
pub(super) fn better(higher: bool, lang: Lang) -> String {
    lang.text(if higher { "forest-more" } else { "forest-less" })
}

/// What is claimed.
pub(super) fn outcome(outcome: ChangeOutcome, lang: Lang) -> String {
    ChangeMark::new(outcome, lang).word
}

/// A value with its unit, also where that is a word.
pub(super) fn value(unit: Unit, value: f64, lang: Lang) -> String {
    let of = |id: &str| {
        let n = amount(unit, value);
        // What reads as one is one.
        let count = Arg::Count(if n == "1" { 1 } else { 2 });
        lang.say(id, [("n", n.into()), ("count", count)])
    };
    match unit {
        Unit::Us | Unit::Ratio => amount(unit, value),
        Unit::Requests => of("measure-requests"),
        Unit::Attempts => of("measure-restarts"),
    }
}

/// [`value`], or that nobody observed it.
pub(super) fn value_or(unit: Unit, of: Option<f64>, lang: Lang) -> String {
    of.map_or_else(|| lang.text("not-observed"), |of| value(unit, of, lang))
}

/// A difference of proportions in percentage points without their name: `+10`, `−5`.
pub(super) fn points(difference: f64) -> String {
    signed(difference, format::number(difference.abs() * 100.0))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_one_is_not_many() {
        let said = |unit, n| value(unit, n, Lang::En);
        assert_eq!(
            (said(Unit::Requests, 88.4), said(Unit::Requests, 1.0)),
            ("88.4 requests".into(), "1 request".into())
        );
        assert_eq!(
            (said(Unit::Attempts, 1.001), said(Unit::Us, 1_500.0)),
            ("1 restart".into(), "1.5 ms".into())
        );
        assert_eq!(value_or(Unit::Ratio, None, Lang::En), "not observed");
    }

    #[test]
    fn points_have_a_sign_and_nothing_has_none() {
        assert_eq!((points(0.1), points(-0.052), points(0.0)), ("+10".into(), "−5.2".into(), "0".into()));
    }

    #[test]
    fn a_heading_begins_with_a_capital() {
        assert_eq!(heading(Metric::AlertDelay, Lang::En), "Alert delay");
        assert!(Metric::ALL.iter().all(|metric| !heading(*metric, Lang::Ja).is_empty()));
    }
}
