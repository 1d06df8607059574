//! Figures as people read them: a number, a space, a unit. Pure.

/// What stands for a time that nobody observed.
pub const NOT_OBSERVED: &str = "not observed";

/// Narrow no-break space between groups of three digits.
const GROUP: char = '\u{202f}';

/// A length in µs with two or three digits that matter: `4.2 ms`, `153 ms`, `1.53 s`, `2 min 3 s`.
///
/// ```
/// use goose_recovery::lang::format::length;
/// assert_eq!(length(153_000), "153 ms");
/// assert_eq!(length(60_000_000), "60 s");
/// assert_eq!(length(123_000_000), "2 min 3 s");
/// ```
#[must_use]
pub fn length(us: u64) -> String {
    // Each bound is where rounding would carry into the next form.
    #[expect(clippy::cast_precision_loss, reason = "below two minutes, far from 2^53")]
    let at = us as f64;
    match us {
        0 => "0 ms".to_owned(),
        1..1_000 => format!("{us} µs"),
        1_000..9_950 => format!("{} ms", trimmed(at / 1e3, 1)),
        9_950..999_500 => format!("{} ms", trimmed(at / 1e3, 0)),
        999_500..9_995_000 => format!("{} s", trimmed(at / 1e6, 2)),
        9_995_000..119_950_000 => format!("{} s", trimmed(at / 1e6, 1)),
        _ => long(us.saturating_add(500_000) / 1_000_000),
    }
}

/// A length of two minutes or more, in whole seconds.
fn long(s: u64) -> String {
    let two = |big: u64, unit: &str, small: u64, small_unit: &str| {
        if small == 0 { format!("{big} {unit}") } else { format!("{big} {unit} {small} {small_unit}") }
    };
    match s {
        0..3_600 => two(s / 60, "min", s % 60, "s"),
        3_600..172_800 => two(s / 3_600, "h", s % 3_600 / 60, "min"),
        _ => two(s / 86_400, "d", s % 86_400 / 3_600, "h"),
    }
}

/// A unit shared by several lengths.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Unit {
    /// `ms` or `s`.
    pub name: &'static str,
    /// How many µs it has.
    us: u32,
}

impl Unit {
    /// The unit that suits a longest length.
    #[must_use]
    pub fn of(longest_us: u64) -> Self {
        if longest_us < 999_500 { Self { name: "ms", us: 1_000 } } else { Self { name: "s", us: 1_000_000 } }
    }

    /// A length in it, without its name.
    #[must_use]
    pub fn bare(self, us: u64) -> String {
        #[expect(clippy::cast_precision_loss, reason = "two or three digits are shown")]
        let n = us as f64 / f64::from(self.us);
        match n {
            0.0..0.0995 => trimmed(n, 3),
            0.0995..0.995 => trimmed(n, 2),
            0.995..9.95 => trimmed(n, 1),
            _ => trimmed(n, 0),
        }
    }
}

/// [`length`], or [`NOT_OBSERVED`].
#[must_use]
pub fn length_or(us: Option<u64>) -> String {
    us.map_or_else(|| NOT_OBSERVED.to_owned(), length)
}

/// An instant since the run began, in seconds to the millisecond: `12.345 s`.
#[must_use]
pub fn instant(us: u64) -> String {
    format!("{}.{:03} s", us / 1_000_000, us / 1_000 % 1_000)
}

/// A share in per cent. Only exactly 1 reads `100 %`, only exactly 0 reads `0 %`.
///
/// ```
/// use goose_recovery::lang::format::ratio;
/// assert_eq!(ratio(1.0), "100 %");
/// assert_eq!(ratio(0.999_96), "99.996 %");
/// ```
#[must_use]
pub fn ratio(share: f64) -> String {
    let percent = share * 100.0;
    // 0.29 * 100 is 28.999999999999996: what is that close to a whole number is meant to be it.
    if (percent - percent.round()).abs() < 1e-9 {
        return format!("{} %", percent.round() + 0.0);
    }
    let text = (1..=4).map(|decimals| trimmed(percent, decimals)).find(|text| text != "100" && text != "0");
    format!("{} %", text.unwrap_or_else(|| percent.to_string()))
}

/// A share below `line` in per cent, with as many decimals as it takes not to look as if it reached the line.
///
/// ```
/// use goose_recovery::lang::format::ratio_below;
/// assert_eq!(ratio_below(0.368, 0.95), "37 %");
/// assert_eq!(ratio_below(0.949_7, 0.95), "94.97 %");
/// ```
#[must_use]
pub fn ratio_below(share: f64, line: f64) -> String {
    let decimals = (0..6u8).find(|decimals| {
        let scale = 10_f64.powi(i32::from(*decimals));
        (share * 100.0 * scale).round() < line * 100.0 * scale - 1e-6
    });
    let decimals = usize::from(decimals.unwrap_or(6));
    format!("{:.decimals$} %", share * 100.0)
}

/// A count with its digits in groups of three from five digits on: `9999`, `12 345`.
#[must_use]
pub fn count(n: u64) -> String {
    let digits = n.to_string();
    if digits.len() < 5 {
        return digits;
    }
    let mut text = String::with_capacity(digits.len() * 2);
    for (i, digit) in digits.chars().enumerate() {
        if i > 0 && (digits.len() - i).is_multiple_of(3) {
            text.push(GROUP);
        }
        text.push(digit);
    }
    text
}

/// A rate or another number that is no count, with three digits that matter.
#[must_use]
pub fn number(n: f64) -> String {
    let size = n.abs();
    if !n.is_finite() {
        return NOT_OBSERVED.to_owned();
    }
    if size >= 99.5 {
        #[expect(
            clippy::cast_possible_truncation,
            clippy::cast_sign_loss,
            reason = "rounded and not negative"
        )]
        let whole = count(size.round() as u64);
        return if n < 0.0 { format!("-{whole}") } else { whole };
    }
    trimmed(n, if size >= 9.95 { 1 } else { 2 })
}

/// A number that is a count when it is whole.
pub(super) fn number_or_count(n: f64) -> String {
    #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "whole and not negative")]
    if n >= 0.0 && n.fract() == 0.0 { count(n as u64) } else { number(n) }
}

/// A value in the unit of a KPI (`ratio`, `us`, `count`, `per_s`).
#[must_use]
pub fn value(unit: &str, n: f64) -> String {
    match unit {
        "ratio" => ratio(n),
        "us" => length(micros(n)),
        "per_s" => format!("{} /s", number(n)),
        _ => number(n),
    }
}

/// A length in µs that was computed as a float.
#[must_use]
pub fn micros(n: f64) -> u64 {
    #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "saturates; never negative")]
    let whole = n.max(0.0).round() as u64;
    whole
}

/// `noun` with its count: `1 episode`, `3 episodes`.
#[must_use]
pub fn counted(n: u64, one: &str, many: &str) -> String {
    format!("{} {}", count(n), if n == 1 { one } else { many })
}

/// At most `decimals` decimals, without trailing zeros.
fn trimmed(n: f64, decimals: usize) -> String {
    let text = format!("{n:.decimals$}");
    if text.contains('.') { text.trim_end_matches('0').trim_end_matches('.').to_owned() } else { text }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lengths_read_as_people_write_them() {
        for (us, expected) in [
            (0, "0 ms"),
            (7, "7 µs"),
            (999, "999 µs"),
            (1_000, "1 ms"),
            (4_210, "4.2 ms"),
            (9_949, "9.9 ms"),
            (9_950, "10 ms"),
            (153_400, "153 ms"),
            (999_499, "999 ms"),
            (999_500, "1 s"),
            (1_530_000, "1.53 s"),
            (12_340_000, "12.3 s"),
            (60_000_000, "60 s"),
            (119_949_999, "119.9 s"),
            (119_950_000, "2 min"),
            (123_000_000, "2 min 3 s"),
            (3_599_600_000, "1 h"),
            (3_720_000_000, "1 h 2 min"),
            (180_000_000_000, "2 d 2 h"),
        ] {
            assert_eq!(length(us), expected, "{us} µs");
        }
    }

    #[test]
    fn a_share_below_one_never_reads_as_all() {
        for (share, expected) in [
            (1.0, "100 %"),
            (0.0, "0 %"),
            (0.95, "95 %"),
            (0.29, "29 %"),
            (2.0 / 3.0, "66.7 %"),
            (0.9994, "99.9 %"),
            (0.9996, "99.96 %"),
            (0.0002, "0.02 %"),
            (0.292_4, "29.2 %"),
        ] {
            assert_eq!(ratio(share), expected, "{share}");
        }
    }

    #[test]
    fn what_misses_the_line_does_not_look_as_if_it_met_it() {
        for (share, expected) in [(0.949_7, "94.97 %"), (0.368, "37 %"), (0.948, "94.8 %"), (0.0, "0 %")] {
            assert_eq!(ratio_below(share, 0.95), expected, "{share}");
        }
    }

    #[test]
    fn counts_are_grouped_from_five_digits_on() {
        for (n, expected) in
            [(0, "0"), (9_999, "9999"), (12_345, "12\u{202f}345"), (1_234_567, "1\u{202f}234\u{202f}567")]
        {
            assert_eq!(count(n), expected);
        }
    }

    #[test]
    fn numbers_keep_three_digits_that_matter() {
        for (n, expected) in [
            (0.0, "0"),
            (0.126, "0.13"),
            (3.0, "3"),
            (12.34, "12.3"),
            (123.4, "123"),
            (45_678.9, "45\u{202f}679"),
            (f64::NAN, NOT_OBSERVED),
        ] {
            assert_eq!(number(n), expected);
        }
    }

    #[test]
    fn lengths_in_a_shared_unit_keep_two_digits_that_matter() {
        for (longest, us, expected) in [
            (100_000, 4_900, "4.9"),
            (100_000, 210, "0.21"),
            (100_000, 74_900, "75"),
            (100_000, 99_960, "100"),
            (2_400_000, 4_800, "0.005"),
            (2_400_000, 2_400_000, "2.4"),
            (2_400_000, 0, "0"),
        ] {
            assert_eq!(Unit::of(longest).bare(us), expected, "{us} µs");
        }
        assert_eq!((Unit::of(999_499).name, Unit::of(999_500).name), ("ms", "s"));
    }

    #[test]
    fn what_nobody_observed_says_so() {
        assert_eq!(length_or(None), NOT_OBSERVED);
        assert_eq!(length_or(Some(2_000)), "2 ms");
        assert_eq!(instant(12_345_678), "12.345 s");
    }
}
