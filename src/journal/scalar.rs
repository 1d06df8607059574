//! Numbers and strings in the writer's form, eight bytes at a time.

/// Eight times the same byte.
const fn eight(byte: u8) -> u64 {
    u64::from_le_bytes([byte; 8])
}

/// A number as the writer writes it: at most 19 digits, hence no overflow, and no leading zero.
#[inline]
pub(super) fn number(bytes: &[u8]) -> Option<(u64, &[u8])> {
    // Eight bytes at once hold all of most numbers: find the first byte that is no digit.
    let word = u64::from_le_bytes(*bytes.first_chunk()?) ^ eight(b'0');
    let no_digit = (word | word.wrapping_add(eight(0x76))) & eight(0x80);
    let digits = (no_digit.trailing_zeros() / 8) as usize;
    if digits == 0 || (word & 0xff == 0 && digits > 1) {
        return None;
    }
    // Zeros in front, so that there are always eight digits.
    let value = eight_digits(word << (64 - 8 * digits));
    if digits < 8 { Some((value, &bytes[digits..])) } else { more_digits(value, bytes) }
}

/// What eight digits mean, the first in the lowest byte (D. Lemire, "Quickly parsing eight digits").
const fn eight_digits(word: u64) -> u64 {
    let pairs = word.wrapping_mul(10).wrapping_add(word >> 8);
    let hundreds = (pairs & 0x0000_00ff_0000_00ff).wrapping_mul(0x000f_4240_0000_0064);
    let units = ((pairs >> 16) & 0x0000_00ff_0000_00ff).wrapping_mul(0x0000_2710_0000_0001);
    hundreds.wrapping_add(units) >> 32
}

/// The digits after the first eight, one at a time.
fn more_digits(mut value: u64, bytes: &[u8]) -> Option<(u64, &[u8])> {
    for (at, &byte) in bytes.iter().enumerate().skip(8) {
        let digit = byte.wrapping_sub(b'0');
        if digit > 9 {
            return Some((value, &bytes[at..]));
        }
        if at == 19 {
            return None;
        }
        value = value * 10 + u64::from(digit);
    }
    Some((value, &[]))
}

/// The text up to the closing quote, when it has neither escapes nor what JSON forbids.
#[inline]
pub(super) fn string(bytes: &[u8]) -> Option<(&str, &[u8])> {
    let mut end = 0;
    while let Some(chunk) = bytes[end..].first_chunk() {
        let stops = stops(u64::from_le_bytes(*chunk));
        end += (stops.trailing_zeros() / 8) as usize;
        if stops != 0 {
            break;
        }
    }
    end += bytes[end..].iter().position(|&byte| byte < 0x20 || byte == b'"' || byte == b'\\')?;
    if bytes[end] != b'"' {
        return None;
    }
    Some((std::str::from_utf8(&bytes[..end]).ok()?, &bytes[end + 1..]))
}

/// Marks the first byte of `word` that is a quote, a backslash or a control character; marks behind it may be
/// wrong, because a subtraction borrows from there.
const fn stops(word: u64) -> u64 {
    let quote = word ^ eight(b'"');
    let backslash = word ^ eight(b'\\');
    let found = quote.wrapping_sub(eight(1)) & !quote
        | backslash.wrapping_sub(eight(1)) & !backslash
        | word.wrapping_sub(eight(0x20)) & !word;
    found & eight(0x80)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn reads_numbers_of_every_length() {
        let check = |text: &str, expected: Option<u64>| {
            // What follows matters to reading eight bytes at once: an end, a comma, bytes near the digits.
            for after in ["", ",", "}", "/23456789", ":23456789", "\u{fffd}12345678", ",\"lag_us\":3"] {
                let text = format!("{text}{after}");
                let found = number(text.as_bytes());
                let expected = expected.filter(|_| text.len() >= 8);
                assert_eq!(found.map(|(value, _)| value), expected, "{text}");
                assert!(found.is_none_or(|(_, rest)| rest == after.as_bytes()), "{text}");
            }
        };
        for digits in 1..=19 {
            check(&"1234567890123456789"[..digits], "1234567890123456789"[..digits].parse().ok());
            check(&"9".repeat(digits), "9".repeat(digits).parse().ok());
        }
        check("0", Some(0));
        check("10000000", Some(10_000_000));
        // Not the writer's form, or too long to be sure: serde decides.
        check("01", None);
        check("00", None);
        check("", None);
        check("-1", None);
        check(&u64::MAX.to_string(), None);
    }

    proptest! {
        #[test]
        fn a_string_ends_where_its_quote_is(text in "[a-z \u{7f}é😀]{0,40}", after in "[\"\\\\a\u{0}-\u{1f}]{0,9}") {
            let line = format!("{text}\"{after}");
            prop_assert_eq!(string(line.as_bytes()), Some((&*text, after.as_bytes())));
        }

        #[test]
        fn a_string_with_escapes_or_control_characters_is_left_to_serde(
            before in "[a-zé]{0,20}", stop in "[\\\\\u{0}-\u{1f}]", after in "[a-z\"]{0,20}",
        ) {
            let line = format!("{before}{stop}{after}\"}}");
            prop_assert_eq!(string(line.as_bytes()), None);
            prop_assert_eq!(string(before.as_bytes()), None);
        }
    }
}
