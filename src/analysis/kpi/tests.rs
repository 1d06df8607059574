use super::*;
use crate::analysis::model::Verdict::{Fail, Inconclusive, Pass};

fn judged(n: u64, of: u64, op: &str, limit: f64, strict: bool) -> Kpi {
    let mut kpi = Kpi {
        id: "auto_recovery_rate".to_owned(),
        name: None,
        metric: None,
        phase: None,
        scenario: "s".to_owned(),
        value: None,
        unit: "ratio".to_owned(),
        numerator: n,
        denominator: of,
        excluded: 0,
        interval: None,
        bound: None,
        threshold: Threshold { op: op.to_owned(), limit },
        verdict: Inconclusive,
        notes: Vec::new(),
    };
    rate(&mut kpi, strict);
    kpi
}

#[test]
fn rates_are_judged_by_the_point_and_when_strict_by_the_bound() {
    for (n, of, strict, verdict, note) in [
        (0, 0, false, Inconclusive, "no episode was decided, so nothing is shown"),
        (59, 59, true, Pass, "59 of 59: at least 95 % with 95 % confidence (one-sided)"),
        (
            58,
            58,
            true,
            Inconclusive,
            "58 of 58: at least 94.97 % with 95 % confidence (one-sided); 59 of 59 would show 95 %",
        ),
        (
            58,
            58,
            false,
            Pass,
            "58 of 58: at least 94.97 % with 95 % confidence (one-sided); 59 of 59 would show 95 %",
        ),
        (19, 20, false, Pass, "19 of 20: at least 78 % with 95 % confidence (one-sided)"),
        (18, 20, false, Fail, "18 of 20: at least 72 % with 95 % confidence (one-sided)"),
        (0, 2, true, Fail, "0 of 2: at least 0 % with 95 % confidence (one-sided)"),
    ] {
        let kpi = judged(n, of, ">=", 0.95, strict);
        assert_eq!((kpi.verdict, kpi.note().as_str()), (verdict, note));
    }
}

#[test]
fn an_upper_line_asks_for_the_upper_bound() {
    let kpi = judged(0, 3, "<=", 0.05, true);
    assert_eq!(
        (kpi.verdict, kpi.note().as_str()),
        (Inconclusive, "0 of 3: at most 63.2 % with 95 % confidence (one-sided)")
    );
}

#[test]
fn where_chains_count_as_one_they_are_called_trials() {
    let said = |id: &str, args: [(&str, Arg); 5]| Sentence::with(id, args).text;
    let args = |trials: u64| {
        [
            ("kind", "trial".into()),
            ("trials", trials.into()),
            ("mean", length(153_000.0)),
            ("low", length(98_000.0)),
            ("high", length(1_530_000.0)),
        ]
    };
    assert_eq!(said("kpi-note-none-recovered", args(0)), "no trial recovered");
    let several = "153 ms over 12 recovered trials, 95 % interval 98 ms to 1.53 s";
    assert_eq!(said("kpi-note-mean", args(12)), several);
    assert_eq!(said("kpi-note-mean", args(1)), several.replace("12 recovered trials", "1 recovered trial"));
}

#[test]
fn an_unknown_comparison_decides_nothing() {
    assert_eq!(judged(3, 3, "~", 0.95, false).verdict, Inconclusive);
}
