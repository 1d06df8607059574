//! One entry as a record of the spool: length-prefixed, and checksummed so that neither a torn tail nor a flipped byte
//! can pass for an entry.
//!
//! ```text
//! length of the body  u32   little endian, as every number here
//! check of the length 4 B   SHA-256 of the length, cut off: without it a flipped length would look like a torn tail
//! check of the body   16 B  SHA-256 of length and body, cut off
//! body                      version u8 = 1, length u8 and session, seq u64, length u8 and checksum, payload
//! ```

use sha2::{Digest, Sha256};

use super::NewEntry;

/// Bytes in front of a body.
const HEADER: usize = 24;
const VERSION: u8 = 1;
/// No body is longer: a payload has 64 KiB at most.
pub(super) const LARGEST_BODY: usize = 128 * 1024;

/// What stands at the beginning of some bytes.
#[derive(Debug, PartialEq)]
pub(super) enum Scan {
    /// A whole record and its length.
    Record(Box<NewEntry>, usize),
    /// Nothing: the bytes are empty.
    End,
    /// The beginning of a record.
    Torn,
    /// What no writer wrote.
    Damaged,
}

/// Appends `entry` to `out`.
pub(super) fn encode(entry: &NewEntry, out: &mut Vec<u8>) {
    let start = out.len();
    out.extend([0; HEADER]);
    let session = entry.session.as_str();
    out.push(VERSION);
    push_short(session, out);
    out.extend(entry.seq.to_le_bytes());
    push_short(&entry.checksum, out);
    out.extend(entry.payload.as_bytes());
    let record = &mut out[start..];
    let length = u32::try_from(record.len() - HEADER).unwrap_or(u32::MAX).to_le_bytes();
    let (head, body) = record.split_at_mut(HEADER);
    head[..4].copy_from_slice(&length);
    head[4..8].copy_from_slice(&length_check(length));
    head[8..].copy_from_slice(&body_check(length, body));
}

/// A text of at most 255 bytes behind its length: names of sessions and checksums have 64.
fn push_short(text: &str, out: &mut Vec<u8>) {
    out.push(u8::try_from(text.len()).unwrap_or(u8::MAX));
    out.extend(text.as_bytes());
}

/// Reads what stands at the beginning of `bytes`.
pub(super) fn decode(bytes: &[u8]) -> Scan {
    if bytes.is_empty() {
        return Scan::End;
    }
    let Some((head, rest)) = bytes.split_at_checked(HEADER) else { return Scan::Torn };
    let length = [head[0], head[1], head[2], head[3]];
    let wanted = u32::from_le_bytes(length) as usize;
    if head[4..8] != length_check(length) || wanted > LARGEST_BODY {
        return Scan::Damaged;
    }
    let Some(body) = rest.get(..wanted) else { return Scan::Torn };
    if head[8..] != body_check(length, body) {
        return Scan::Damaged;
    }
    match entry(body) {
        Some(entry) => Scan::Record(Box::new(entry), HEADER + wanted),
        None => Scan::Damaged,
    }
}

fn entry(body: &[u8]) -> Option<NewEntry> {
    let (version, rest) = body.split_first()?;
    if *version != VERSION {
        return None;
    }
    let (session, rest) = short(rest)?;
    let (seq, rest) = rest.split_first_chunk::<8>()?;
    let (checksum, payload) = short(rest)?;
    Some(NewEntry {
        session: session.parse().ok()?,
        seq: u64::from_le_bytes(*seq),
        payload: String::from_utf8(payload.to_vec()).ok()?,
        checksum: checksum.to_owned(),
    })
}

fn short(bytes: &[u8]) -> Option<(&str, &[u8])> {
    let (length, rest) = bytes.split_first()?;
    let (text, rest) = rest.split_at_checked(usize::from(*length))?;
    Some((std::str::from_utf8(text).ok()?, rest))
}

fn length_check(length: [u8; 4]) -> [u8; 4] {
    let digest = Sha256::digest(length);
    [digest[0], digest[1], digest[2], digest[3]]
}

fn body_check(length: [u8; 4], body: &[u8]) -> [u8; 16] {
    let digest = Sha256::new().chain_update(length).chain_update(body).finalize();
    let mut check = [0; 16];
    check.copy_from_slice(&digest[..16]);
    check
}
