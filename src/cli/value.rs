//! Values as people write them on a command line.

use std::time::Duration;

/// A length such as `2`, `2.5` (seconds), `250ms`, `2s`, `1m` or `1h`.
pub(crate) fn duration(text: &str) -> Result<Duration, String> {
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

/// A label `key=value`.
pub(crate) fn label(text: &str) -> Result<(String, String), String> {
    match text.split_once('=') {
        Some((key, value)) if !key.is_empty() => Ok((key.to_owned(), value.to_owned())),
        _ => Err("give a label as key=value".to_owned()),
    }
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
            assert_eq!(duration(text).ok(), expected, "{text}");
        }
    }

    #[test]
    fn splits_labels_at_the_first_equals_sign() {
        assert_eq!(label("a=b=c").unwrap(), ("a".to_owned(), "b=c".to_owned()));
        assert!(label("=b").is_err() && label("b").is_err());
    }
}
