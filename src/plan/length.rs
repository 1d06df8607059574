//! Lengths of time as people write them.

use std::time::Duration;

/// A length such as `2`, `2.5` (seconds), `250ms`, `2s`, `1m` or `1h`.
///
/// # Errors
/// What is wrong with `text`, as a sentence.
pub fn parse_length(text: &str) -> Result<Duration, String> {
    let split = text.find(|c: char| c.is_ascii_alphabetic()).unwrap_or(text.len());
    let (number, unit) = text.split_at(split);
    let seconds = match unit {
        "" | "s" => 1.0,
        "us" => 1e-6,
        "ms" => 1e-3,
        "m" | "min" => 60.0,
        "h" => 3600.0,
        _ => return Err(format!("{unit} is no unit: use us, ms, s, m or h, as in 250ms")),
    };
    let number: f64 = number.trim().parse().map_err(|_| "give a length such as 2, 250ms or 1m".to_owned())?;
    Duration::try_from_secs_f64(number * seconds).map_err(|_| "give a length that is not negative".to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn reads_lengths_as_people_write_them() {
        for (text, expected) in [
            ("2", Some(Duration::from_secs(2))),
            ("2.5", Some(Duration::from_millis(2500))),
            ("250ms", Some(Duration::from_millis(250))),
            ("1m", Some(Duration::from_mins(1))),
            ("0", Some(Duration::ZERO)),
            ("-1", None),
            ("5 parsecs", None),
            ("ms", None),
            ("", None),
            ("NaN", None),
        ] {
            assert_eq!(parse_length(text).ok(), expected, "{text}");
        }
    }
}
