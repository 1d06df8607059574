//! One event becomes one line.
//!
//! Samples are nearly all of a journal, so they have a path of their own that writes what serde would write,
//! byte for byte, several times faster. Everything else goes through serde.

use super::event::{Canary, Event, Health, Micros, Request};

/// Appends `{"t":…,"type":"…",…}` and a newline to `out`.
///
/// # Errors
/// When serde cannot represent the payload; `out` is then as it was.
///
/// ```
/// use goose_recovery::journal::{Event, encode::write_line, event::Ledger};
/// let mut out = Vec::new();
/// write_line(&mut out, 7, &Event::Ledger(Ledger::default())).unwrap();
/// assert!(out.starts_with(br#"{"t":7,"type":"ledger","acknowledged":0,"#) && out.ends_with(b"}\n"));
/// ```
pub fn write_line(out: &mut Vec<u8>, t: Micros, event: &Event<'_>) -> serde_json::Result<()> {
    match event {
        Event::Request(request) => write_request(out, t, request),
        Event::Canary(canary) => write_canary(out, t, canary),
        Event::Health(health) => write_health(out, t, health),
        other => return write_other(out, t, other),
    }
    Ok(())
}

/// The line of a request; cannot fail.
pub(super) fn write_request(out: &mut Vec<u8>, t: Micros, request: &Request<'_>) {
    head(out, t, b",\"type\":\"request\",\"duration_us\":", request.duration_us);
    number(out, b",\"user\":", request.user.into());
    string(out, b",\"name\":", &request.name);
    outcome(out, request.status, request.ok);
    if let Some(error) = &request.error {
        string(out, b",\"error\":", error);
    }
    out.extend_from_slice(b"}\n");
}

fn write_canary(out: &mut Vec<u8>, t: Micros, canary: &Canary<'_>) {
    head(out, t, b",\"type\":\"canary\",\"duration_us\":", canary.duration_us);
    number(out, b",\"lag_us\":", canary.lag_us);
    outcome(out, canary.status, canary.ok);
    if let Some(error) = &canary.error {
        string(out, b",\"error\":", error);
    }
    out.extend_from_slice(b"}\n");
}

fn write_health(out: &mut Vec<u8>, t: Micros, health: &Health<'_>) {
    head(out, t, b",\"type\":\"health\",\"duration_us\":", health.duration_us);
    number(out, b",\"lag_us\":", health.lag_us);
    outcome(out, health.status, health.ok);
    if let Some(overall) = &health.overall {
        string(out, b",\"overall\":", overall);
    }
    out.extend_from_slice(b"}\n");
}

fn write_other(out: &mut Vec<u8>, t: Micros, event: &Event<'_>) -> serde_json::Result<()> {
    let start = out.len();
    number(out, b"{\"t\":", t);
    out.extend_from_slice(b",\"type\":\"");
    out.extend_from_slice(event.kind().as_bytes());
    out.push(b'"');
    let payload = out.len();
    if let Err(error) = event.write_payload(&mut *out) {
        out.truncate(start);
        return Err(error);
    }
    // The payload is an object of its own: its opening brace becomes the comma after `type`.
    out[payload] = b',';
    // Raw JSON (goose's metrics) may be laid out over several lines; a newline in JSON is only ever a blank.
    out[payload..].iter_mut().filter(|byte| **byte == b'\n').for_each(|byte| *byte = b' ');
    out.push(b'\n');
    Ok(())
}

#[inline]
fn head<const N: usize>(out: &mut Vec<u8>, t: Micros, literal: &[u8; N], duration_us: u64) {
    number(out, b"{\"t\":", t);
    number(out, literal, duration_us);
}

fn outcome(out: &mut Vec<u8>, status: Option<u16>, ok: bool) {
    if let Some(status) = status {
        number(out, b",\"status\":", status.into());
    }
    out.extend_from_slice(if ok { b",\"ok\":true" } else { b",\"ok\":false" });
}

/// Two decimal digits for every number below 100.
const PAIRS: [[u8; 2]; 100] = {
    let mut pairs = [[0; 2]; 100];
    let mut n = 0;
    while n < 100 {
        pairs[n] = [b'0' + (n / 10) as u8, b'0' + (n % 10) as u8];
        n += 1;
    }
    pairs
};

/// A literal and a number after it.
#[inline]
fn number<const N: usize>(out: &mut Vec<u8>, literal: &[u8; N], mut value: u64) {
    out.extend_from_slice(literal);
    // u64::MAX has 20 digits.
    let mut digits = [0_u8; 20];
    let mut at = digits.len();
    while value >= 100 {
        at -= 2;
        digits[at..at + 2].copy_from_slice(&PAIRS[(value % 100) as usize]);
        value /= 100;
    }
    if value >= 10 {
        at -= 2;
        digits[at..at + 2].copy_from_slice(&PAIRS[value as usize]);
    } else {
        at -= 1;
        digits[at] = b'0' + value as u8;
    }
    out.extend_from_slice(&digits[at..]);
}

/// A literal and a JSON string after it.
#[inline]
fn string<const N: usize>(out: &mut Vec<u8>, literal: &[u8; N], value: &str) {
    out.extend_from_slice(literal);
    out.push(b'"');
    // Without an early exit the compiler looks at many bytes at once.
    if value.bytes().fold(true, |plain, byte| plain & is_plain(byte)) {
        out.extend_from_slice(value.as_bytes());
    } else {
        escaped(out, value.as_bytes());
    }
    out.push(b'"');
}

/// Whether JSON has the byte as it is.
const fn is_plain(byte: u8) -> bool {
    byte >= 0x20 && byte != b'"' && byte != b'\\'
}

#[cold]
fn escaped(out: &mut Vec<u8>, bytes: &[u8]) {
    let mut plain = 0;
    for (at, &byte) in bytes.iter().enumerate().filter(|(_, byte)| !is_plain(**byte)) {
        out.extend_from_slice(&bytes[plain..at]);
        escape(out, byte);
        plain = at + 1;
    }
    out.extend_from_slice(&bytes[plain..]);
}

fn escape(out: &mut Vec<u8>, byte: u8) {
    const HEX: &[u8; 16] = b"0123456789abcdef";
    let short = match byte {
        b'"' | b'\\' => byte,
        0x08 => b'b',
        0x09 => b't',
        0x0a => b'n',
        0x0c => b'f',
        0x0d => b'r',
        _ => {
            out.extend_from_slice(b"\\u00");
            out.push(HEX[usize::from(byte >> 4)]);
            out.push(HEX[usize::from(byte & 15)]);
            return;
        }
    };
    out.extend_from_slice(&[b'\\', short]);
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::super::event::GooseMetricsLine;
    use super::super::examples::{every_kind, sample};
    use super::*;

    #[test]
    fn writes_t_and_type_first_and_one_line_for_every_kind() {
        for event in every_kind() {
            let mut out = Vec::new();
            write_line(&mut out, 42, &event).unwrap();
            let start = format!("{{\"t\":42,\"type\":\"{}\",", event.kind());
            assert!(out.starts_with(start.as_bytes()), "{}", String::from_utf8_lossy(&out));
            assert_eq!(memchr::memchr(b'\n', &out), Some(out.len() - 1));
            let line: serde_json::Value = serde_json::from_slice(&out).unwrap();
            assert_eq!(line["t"], 42);
        }
    }

    #[test]
    fn raw_json_on_several_lines_stays_one_line() {
        let metrics = serde_json::value::RawValue::from_string("{\n  \"a\\nb\": 1\n}".to_owned()).unwrap();
        let mut out = Vec::new();
        write_line(&mut out, 1, &GooseMetricsLine { metrics }.into()).unwrap();
        let text = String::from_utf8(out).unwrap();
        assert_eq!(text, "{\"t\":1,\"type\":\"goose_metrics\",\"metrics\":{   \"a\\nb\": 1 }}\n");
    }

    #[test]
    fn examples_cover_every_kind() {
        let kinds: Vec<_> = every_kind().iter().map(Event::kind).collect();
        assert_eq!(kinds, Event::KINDS);
    }

    proptest! {
        #[test]
        fn the_fast_path_writes_what_serde_writes(t: u64, event in sample()) {
            let (mut fast, mut serde) = (Vec::new(), Vec::new());
            write_line(&mut fast, t, &event).unwrap();
            write_other(&mut serde, t, &event).unwrap();
            prop_assert_eq!(String::from_utf8(fast).unwrap(), String::from_utf8(serde).unwrap());
        }
    }
}
