//! Entries of a session: identifiers, canonical JSON, checksums.

use std::fmt::Write as _;
use std::str::FromStr;

use serde_json::Value;
use sha2::{Digest, Sha256};

/// Name of a session: 1 to 64 of `A-Z a-z 0-9 . _ -`.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub(crate) struct SessionId(String);

impl SessionId {
    pub(crate) fn as_str(&self) -> &str {
        &self.0
    }
}

impl std::fmt::Display for SessionId {
    fn fmt(&self, out: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        out.write_str(&self.0)
    }
}

/// A text that cannot name a session.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("a session is named by 1 to 64 characters out of A-Z a-z 0-9 . _ -")]
pub(crate) struct SessionIdError;

impl FromStr for SessionId {
    type Err = SessionIdError;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let allowed = |byte: u8| byte.is_ascii_alphanumeric() || matches!(byte, b'.' | b'_' | b'-');
        if (1..=64).contains(&text.len()) && text.bytes().all(allowed) {
            Ok(Self(text.to_owned()))
        } else {
            Err(SessionIdError)
        }
    }
}

/// `value` as canonical JSON: no white space, the keys of every object sorted by their bytes.
///
/// Numbers keep 64-bit integers as they are and everything else as the nearest double, in its shortest form.
pub(crate) fn canonical(value: &Value) -> String {
    let mut out = String::new();
    write_canonical(value, &mut out);
    out
}

/// The recursion is bounded: the parser that made `value` takes at most 128 levels.
fn write_canonical(value: &Value, out: &mut String) {
    match value {
        Value::Array(items) => {
            out.push('[');
            for (index, item) in items.iter().enumerate() {
                if index > 0 {
                    out.push(',');
                }
                write_canonical(item, out);
            }
            out.push(']');
        }
        Value::Object(members) => {
            // Sorted here, because the map's own order depends on a cargo feature that others may switch on.
            let mut members: Vec<_> = members.iter().collect();
            members.sort_unstable_by_key(|(key, _)| key.as_bytes());
            out.push('{');
            for (index, (key, member)) in members.into_iter().enumerate() {
                if index > 0 {
                    out.push(',');
                }
                out.push_str(&Value::from(key.as_str()).to_string());
                out.push(':');
                write_canonical(member, out);
            }
            out.push('}');
        }
        Value::Null | Value::Bool(_) | Value::Number(_) | Value::String(_) => {
            out.push_str(&value.to_string())
        }
    }
}

/// Checksum of a payload: SHA-256 of its canonical JSON, in lower-case hexadecimal.
pub(crate) fn checksum(canonical: &str) -> String {
    hex(&Sha256::digest(canonical.as_bytes()))
}

/// The checksum of a set of entries: the exclusive or of `SHA-256("{seq}:{checksum}")` over them.
///
/// It does not depend on their order, so it can be kept up to date entry by entry, whatever order they arrive in.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct SetChecksum([u8; 32]);

impl SetChecksum {
    pub(crate) fn add(&mut self, seq: u64, checksum: &str) {
        let digest = Sha256::digest(format!("{seq}:{checksum}").as_bytes());
        for (sum, byte) in self.0.iter_mut().zip(digest) {
            *sum ^= byte;
        }
    }

    /// Reads what [`SetChecksum::to_hex`] wrote.
    pub(crate) fn from_hex(text: &str) -> Option<Self> {
        let mut sum = [0; 32];
        if text.len() != 2 * sum.len() {
            return None;
        }
        for (index, byte) in sum.iter_mut().enumerate() {
            *byte = u8::from_str_radix(text.get(2 * index..2 * index + 2)?, 16).ok()?;
        }
        Some(Self(sum))
    }

    pub(crate) fn to_hex(&self) -> String {
        hex(&self.0)
    }
}

/// Lower-case hexadecimal.
pub(crate) fn hex(bytes: &[u8]) -> String {
    let mut out = String::with_capacity(bytes.len() * 2);
    for byte in bytes {
        // Writing to a string cannot fail.
        let _ = write!(out, "{byte:02x}");
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn canonical_of(text: &str) -> String {
        canonical(&serde_json::from_str(text).unwrap())
    }

    #[test]
    fn sorts_keys_at_every_depth_and_drops_white_space() {
        assert_eq!(
            canonical_of(r#" { "b" : [ 1, {"z":null,"a":"\u00e9\n"} ], "a": 1.50 } "#),
            "{\"a\":1.5,\"b\":[1,{\"a\":\"é\\n\",\"z\":null}]}"
        );
    }

    #[test]
    fn checksums_are_sha256_of_the_canonical_text() {
        assert_eq!(checksum("{}"), "44136fa355b3678a1146ad16f7e8649e94fb4fc21fe77e8310c060f61caaff8a");
    }

    #[test]
    fn names_of_sessions_are_checked() {
        for good in ["a", "user-1.2_X", &"x".repeat(64)] {
            assert!(good.parse::<SessionId>().is_ok(), "{good}");
        }
        for bad in ["", "a/b", "a b", "é", "a%20", &"x".repeat(65)] {
            assert!(bad.parse::<SessionId>().is_err(), "{bad}");
        }
    }

    proptest! {
        #[test]
        fn a_canonical_number_is_read_back_as_the_same_number(number in any::<f64>()) {
            prop_assume!(number.is_finite());
            let text = canonical(&Value::from(number));
            prop_assert_eq!(canonical_of(&text), text.clone());
            prop_assert_eq!(text.parse::<f64>().unwrap().to_bits(), number.to_bits());
        }

        #[test]
        fn the_checksum_of_a_set_ignores_order(mut seqs in proptest::collection::vec(any::<u64>(), 0..20)) {
            let sum = |seqs: &[u64]| {
                let mut sum = SetChecksum::default();
                for seq in seqs {
                    sum.add(*seq, "x");
                }
                assert_eq!(SetChecksum::from_hex(&sum.to_hex()).as_ref(), Some(&sum));
                sum.to_hex()
            };
            let forward = sum(&seqs);
            seqs.reverse();
            prop_assert_eq!(forward, sum(&seqs));
        }
    }
}
