//! Figures as people read them.

/// A share in whole per cent.
pub(super) fn percent(share: f64) -> String {
    format!("{:.0} %", share * 100.0)
}

/// A share that is below `line`, with as many decimals as it takes not to look as if it reached it.
pub(super) fn percent_below(share: f64, line: f64) -> String {
    let digits = (0..6).find(|digits| {
        let scale = 10_f64.powi(*digits);
        (share * 100.0 * scale).round() < line * 100.0 * scale - 1e-6
    });
    let digits = usize::try_from(digits.unwrap_or(6)).unwrap_or_default();
    format!("{:.digits$} %", share * 100.0)
}

/// A length in the unit that suits it.
pub(super) fn seconds(us: f64) -> String {
    match us {
        _ if us < 1_000.0 => format!("{us:.0} µs"),
        _ if us < 1_000_000.0 => format!("{:.1} ms", us / 1e3),
        _ => format!("{:.2} s", us / 1e6),
    }
}

/// A number of things.
pub(super) fn plural(count: u64, thing: &str) -> String {
    if count == 1 { format!("1 {thing}") } else { format!("{count} {thing}s") }
}

/// A length in µs as [`seconds`] shows it.
#[expect(clippy::cast_precision_loss, reason = "for display")]
pub(super) fn length(us: u64) -> String {
    seconds(us as f64)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_misses_the_line_does_not_look_as_if_it_met_it() {
        assert_eq!(percent_below(0.949_7, 0.95), "94.97 %");
        assert_eq!(percent_below(0.368, 0.95), "37 %");
        assert_eq!(percent_below(0.948, 0.95), "94.8 %");
    }

    #[test]
    fn lengths_have_the_unit_that_suits_them() {
        assert_eq!([length(7), length(12_340), length(1_234_567)], ["7 µs", "12.3 ms", "1.23 s"]);
        assert_eq!((plural(1, "line"), plural(0, "line")), ("1 line".to_owned(), "0 lines".to_owned()));
    }
}
