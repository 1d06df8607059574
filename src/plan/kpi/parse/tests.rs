//! Expressions, good and bad.

use proptest::prelude::*;

use super::*;

fn expression(metric: KpiMetric, phase: KpiPhase, op: KpiOp, limit: f64) -> KpiExpression {
    KpiExpression { metric, phase, op, limit }
}

#[test]
fn reads_every_figure_phase_and_comparison() {
    use KpiMetric::*;
    use KpiOp::*;
    use KpiPhase::*;
    for (text, expected, shown) in [
        ("p95 during episodes < 2s", expression(P95, During, Below, 2e6), "p95 during < 2s"),
        ("p95 during < 2s", expression(P95, During, Below, 2e6), "p95 during < 2s"),
        (
            "error_rate after recovery < 0.1%",
            expression(ErrorRate, After, Below, 0.001),
            "error_rate after < 0.1%",
        ),
        ("error_rate after = 0", expression(ErrorRate, After, Equal, 0.0), "error_rate after = 0%"),
        ("availability > 99.9%", expression(Availability, Whole, Above, 0.999), "availability > 99.9%"),
        ("availability=100 %", expression(Availability, Whole, Equal, 1.0), "availability = 100%"),
        ("p99 before <= 250ms", expression(P99, Before, AtMost, 250e3), "p99 before <= 250ms"),
        ("p90 before ≤ 1.5 ms", expression(P90, Before, AtMost, 1500.0), "p90 before <= 1500us"),
        ("  p50   before<=3 ", expression(P50, Before, AtMost, 3e6), "p50 before <= 3s"),
        (
            "throughput recovering >= 100/s",
            expression(Throughput, Recovering, AtLeast, 100.0),
            "throughput recovering >= 100/s",
        ),
        ("throughput ≥ 0.5", expression(Throughput, Whole, AtLeast, 0.5), "throughput >= 0.5/s"),
        ("max after < 1s", expression(Max, After, Below, 1e6), "max after < 1s"),
        ("mean > 1us", expression(Mean, Whole, Above, 1.0), "mean > 1us"),
    ] {
        let read: KpiExpression = text.parse().unwrap();
        assert_eq!((read, read.to_string().as_str()), (expected, shown), "{text}");
    }
}

#[test]
fn what_cannot_be_read_is_refused_with_the_reason_and_the_grammar() {
    for (text, why) in [
        ("", "it is no comparison"),
        ("p95 during 2s", "it is no comparison"),
        ("< 2s", "the figure is missing"),
        (
            "p42 < 2s",
            "p42 is no figure: use p50, p90, p95, p99, max, mean, error_rate, availability or throughput",
        ),
        ("P95 < 2s", "P95 is no figure"),
        ("p95 whenever < 2s", "whenever is no phase: use before, during"),
        ("p95 before episodes < 2s", "before episodes is no phase"),
        ("p95 != 2s", "!= is no comparison: use <, <=, >=, > or ="),
        ("p95 == 2s", "== is no comparison"),
        ("p95 <", "give a length such as"),
        ("p95 < 2%", "give a length such as"),
        ("p95 < 2 parsecs", "parsecs is no unit"),
        ("p95 < 0s", "nothing is below that line"),
        ("p95 = 2s", "never equals a line"),
        ("throughput = 5/s", "never equals a line"),
        ("p95 >= 0", "nothing misses that line"),
        ("throughput >= -1/s", "the line of throughput must be a number of requests per second"),
        ("throughput > inf", "the line of throughput"),
        ("throughput > 5/min", "the line of throughput"),
        ("error_rate < 2s", "the line of error_rate must be a share such as 0.1%"),
        ("error_rate < NaN", "the line of error_rate"),
        ("error_rate < 101%", "from 0% to 100%"),
        ("error_rate <= 100%", "nothing misses that line"),
        ("availability > 100%", "nothing is above that line"),
        ("availability > 99.9% > 1%", "the line of availability"),
    ] {
        let error = text.parse::<KpiExpression>().unwrap_err().to_string();
        assert!(error.starts_with(&format!("'{text}': ")) && error.contains(why), "{text}: {error}");
        assert!(error.contains("'p95 during < 2s'") && error.contains("'throughput recovering"), "{error}");
    }
}

fn any_expression() -> impl Strategy<Value = KpiExpression> {
    let words = (
        prop::sample::select(KpiMetric::ALL),
        prop::sample::select(KpiPhase::ALL),
        prop::sample::select(KpiOp::ALL),
    );
    let limits = (1u64..10_000_000_000, 0.0..=1.0, 0.0..1e9);
    (words, limits).prop_filter_map(
        "a line that judges nothing",
        |((metric, phase, op), (us, share, per_s))| {
            let limit = match metric.unit() {
                Unit::Length => us as f64,
                Unit::Ratio => share,
                Unit::PerSecond => per_s,
            };
            meaningful(metric, op, limit).ok().map(|()| expression(metric, phase, op, limit))
        },
    )
}

proptest! {
    #[test]
    fn what_an_expression_shows_of_itself_reads_as_the_same_expression(expression in any_expression()) {
        prop_assert_eq!(expression.to_string().parse(), Ok(expression));
    }

    #[test]
    fn no_text_is_too_odd_to_be_refused(text: String) {
        let _ = text.parse::<KpiExpression>();
    }
}
