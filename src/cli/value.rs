//! Values as people write them on a command line.

pub(crate) use goose_recovery::plan::parse_length as duration;

/// A label `key=value`.
pub(crate) fn label(text: &str) -> Result<(String, String), String> {
    match text.split_once('=') {
        Some((key, value)) if !key.is_empty() => Ok((key.to_owned(), value.to_owned())),
        _ => Err("give a label as key=value".to_owned()),
    }
}

/// A share of one such as `5%` or `0.05`.
pub(crate) fn share(text: &str) -> Result<f64, String> {
    let (number, whole) = text.strip_suffix('%').map_or((text, 1.0), |percent| (percent, 100.0));
    match number.trim().parse::<f64>() {
        Ok(number) if (0.0..1.0).contains(&(number / whole)) => Ok(number / whole),
        _ => Err("give a share from 0 to below 1, such as 5% or 0.05".to_owned()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_share_is_per_cent_or_a_fraction_and_below_one() {
        assert_eq!((share("5%"), share("0.05"), share("0")), (Ok(0.05), Ok(0.05), Ok(0.0)));
        for bad in ["5", "100%", "-1%", "nan", "", "five"] {
            assert!(share(bad).is_err(), "{bad}");
        }
    }

    #[test]
    fn splits_labels_at_the_first_equals_sign() {
        assert_eq!(label("a=b=c").unwrap(), ("a".to_owned(), "b=c".to_owned()));
        assert!(label("=b").is_err() && label("b").is_err());
    }
}
