//! One line becomes one event.
//!
//! A line in the writer's exact form of a sample is read without copying and without serde; whatever differs
//! (other order, blanks, escapes, more fields) goes through serde and means the same.

use std::borrow::Cow;

use serde::Deserialize;

use super::event::{Canary, Event, Health, Line, Micros, Request};
use super::scalar::{number, string};

/// Which lines a pass over a journal wants; combine with `|`.
///
/// A line whose type is unknown or cannot be read counts as a control line, so that passes with disjoint
/// filters report it once.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Filter(u8);

impl Filter {
    /// Everything that is no sample.
    pub const CONTROL: Self = Self(1);
    /// Canaries and health polls.
    pub const PROBES: Self = Self(2);
    /// Requests of goose users.
    pub const REQUESTS: Self = Self(4);
    /// Every line.
    pub const ALL: Self = Self(7);

    fn wants(self, class: Self) -> bool {
        self.0 & class.0 != 0
    }

    fn of_kind(kind: &str) -> Self {
        match kind {
            "request" => Self::REQUESTS,
            "canary" | "health" => Self::PROBES,
            _ => Self::CONTROL,
        }
    }
}

impl std::ops::BitOr for Filter {
    type Output = Self;

    fn bitor(self, other: Self) -> Self {
        Self(self.0 | other.0)
    }
}

/// What became of a line.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Outcome {
    /// The filter wants it: it was visited.
    Visited,
    /// The filter does not want it.
    Unwanted,
    /// Its type is one that this version does not know.
    UnknownType,
    /// It is no line of a journal, and why.
    Unreadable(String),
}

const REQUEST: &[u8] = b",\"type\":\"request\",\"duration_us\":";
const CANARY: &[u8] = b",\"type\":\"canary\",\"duration_us\":";
const HEALTH: &[u8] = b",\"type\":\"health\",\"duration_us\":";

/// Decodes a line without its newline and hands it to `visit` if `filter` wants it. (Returning an event would
/// move some hundred bytes around for every line; handing it on moves nothing.)
#[inline]
pub(super) fn decode<'a>(line: &'a [u8], filter: Filter, visit: impl FnOnce(Line<'a>)) -> Outcome {
    let Some((t, rest)) = line.strip_prefix(b"{\"t\":").and_then(number) else {
        return decode_any(line, filter, visit);
    };
    if let Some(rest) = rest.strip_prefix(REQUEST) {
        if !filter.wants(Filter::REQUESTS) {
            return Outcome::Unwanted;
        }
        if let Some(request) = request(rest) {
            visit(Line { t, event: Event::Request(request) });
            return Outcome::Visited;
        }
    } else if let Some(rest) = rest.strip_prefix(CANARY) {
        if !filter.wants(Filter::PROBES) {
            return Outcome::Unwanted;
        }
        if let Some(canary) = canary(rest) {
            visit(Line { t, event: Event::Canary(canary) });
            return Outcome::Visited;
        }
    } else if let Some(rest) = rest.strip_prefix(HEALTH) {
        if !filter.wants(Filter::PROBES) {
            return Outcome::Unwanted;
        }
        if let Some(health) = health(rest) {
            visit(Line { t, event: Event::Health(health) });
            return Outcome::Visited;
        }
    }
    decode_any(line, filter, visit)
}

/// What every line has.
#[derive(Deserialize)]
pub(super) struct Head<'a> {
    pub(super) t: Micros,
    #[serde(rename = "type", borrow)]
    pub(super) kind: Cow<'a, str>,
}

pub(super) fn head(line: &[u8]) -> Result<Head<'_>, String> {
    serde_json::from_slice(line).map_err(|error| reason(&error))
}

/// Decodes by serde alone.
#[cold]
fn decode_any<'a>(line: &'a [u8], filter: Filter, visit: impl FnOnce(Line<'a>)) -> Outcome {
    let Head { t, kind } = match head(line) {
        Ok(head) => head,
        Err(_) if !filter.wants(Filter::CONTROL) => return Outcome::Unwanted,
        Err(reason) => return Outcome::Unreadable(reason),
    };
    if !filter.wants(Filter::of_kind(&kind)) {
        return Outcome::Unwanted;
    }
    match Event::parse(&kind, line) {
        Ok(Some(event)) => {
            visit(Line { t, event });
            Outcome::Visited
        }
        Ok(None) => Outcome::UnknownType,
        Err(error) => Outcome::Unreadable(format!("no `{kind}`: {}", reason(&error))),
    }
}

/// What serde says, without its "line 1", which is not the line of the journal.
fn reason(error: &serde_json::Error) -> String {
    let text = error.to_string();
    let what = text.split(" at line ").next().unwrap_or(&text);
    let category = if error.is_data() { "" } else { "not JSON: " };
    format!("{category}{what} (column {})", error.column())
}

fn request(rest: &[u8]) -> Option<Request<'_>> {
    let (duration_us, rest) = number(rest)?;
    let (user, rest) = number(rest.strip_prefix(b",\"user\":")?)?;
    let (name, rest) = string(rest.strip_prefix(b",\"name\":\"")?)?;
    let (status, ok, rest) = outcome(rest)?;
    let error = last_string(rest, b",\"error\":\"")?;
    let user = u32::try_from(user).ok()?;
    Some(Request { duration_us, user, name: Cow::Borrowed(name), status, ok, error })
}

fn canary(rest: &[u8]) -> Option<Canary<'_>> {
    let (duration_us, rest) = number(rest)?;
    let (lag_us, rest) = number(rest.strip_prefix(b",\"lag_us\":")?)?;
    let (status, ok, rest) = outcome(rest)?;
    let error = last_string(rest, b",\"error\":\"")?;
    Some(Canary { duration_us, lag_us, status, ok, error })
}

fn health(rest: &[u8]) -> Option<Health<'_>> {
    let (duration_us, rest) = number(rest)?;
    let (lag_us, rest) = number(rest.strip_prefix(b",\"lag_us\":")?)?;
    let (status, ok, rest) = outcome(rest)?;
    let overall = last_string(rest, b",\"overall\":\"")?;
    Some(Health { duration_us, lag_us, status, ok, overall })
}

/// `status` and `ok`, and what follows.
#[inline]
fn outcome(rest: &[u8]) -> Option<(Option<u16>, bool, &[u8])> {
    let (status, rest) = match rest.strip_prefix(b",\"status\":") {
        Some(rest) => {
            let (status, rest) = number(rest)?;
            (Some(u16::try_from(status).ok()?), rest)
        }
        None => (None, rest),
    };
    if let Some(rest) = rest.strip_prefix(b",\"ok\":true") {
        return Some((status, true, rest));
    }
    Some((status, false, rest.strip_prefix(b",\"ok\":false")?))
}

/// An optional string field and the end of the line.
#[inline]
fn last_string<'a>(rest: &'a [u8], literal: &[u8]) -> Option<Option<Cow<'a, str>>> {
    if rest == b"}" {
        return Some(None);
    }
    let (text, rest) = string(rest.strip_prefix(literal)?)?;
    (rest == b"}").then_some(Some(Cow::Borrowed(text)))
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::super::encode::write_line;
    use super::super::examples::{every_kind, sample};
    use super::*;

    fn line(t: Micros, event: &Event<'_>) -> Vec<u8> {
        let mut out = Vec::new();
        write_line(&mut out, t, event).unwrap();
        assert_eq!(out.pop(), Some(b'\n'));
        out
    }

    /// Decoded and written again: equal text means equal meaning.
    fn again(text: &[u8]) -> String {
        let mut seen = String::new();
        match decode(text, Filter::ALL, |found| seen = written(&found)) {
            Outcome::Visited => seen,
            other => format!("{other:?}"),
        }
    }

    fn again_by_serde(text: &[u8]) -> String {
        let mut seen = String::new();
        match decode_any(text, Filter::ALL, |found| seen = written(&found)) {
            Outcome::Visited => seen,
            other => format!("{other:?}"),
        }
    }

    fn written(found: &Line<'_>) -> String {
        String::from_utf8(line(found.t, &found.event)).unwrap()
    }

    #[test]
    fn reads_every_kind_that_the_writer_writes() {
        for event in every_kind() {
            let text = line(9, &event);
            assert_eq!(again(&text), String::from_utf8(text.clone()).unwrap());
        }
    }

    #[test]
    fn passes_over_what_is_not_wanted() {
        for event in every_kind() {
            let text = line(9, &event);
            for filter in [Filter::CONTROL, Filter::PROBES, Filter::REQUESTS] {
                let wanted = decode(&text, filter, |_| {}) == Outcome::Visited;
                assert_eq!(wanted, filter == Filter::of_kind(event.kind()), "{filter:?} {}", event.kind());
            }
        }
    }

    #[test]
    fn the_fast_path_takes_what_the_writer_writes() {
        let text = line(1, &super::super::examples::request(3).into());
        let rest = text.strip_prefix(b"{\"t\":1").unwrap();
        assert!(request(rest.strip_prefix(REQUEST).unwrap()).is_some());
        let text = line(1, &super::super::examples::canary().into());
        let rest = text.strip_prefix(b"{\"t\":1").unwrap();
        assert!(canary(rest.strip_prefix(CANARY).unwrap()).is_some());
    }

    #[test]
    fn reads_other_writings_of_the_same() {
        let check = |text: &str, expected: &str| {
            assert_eq!(again(text.as_bytes()), expected, "{text}");
        };
        let canonical = r#"{"t":5,"type":"canary","duration_us":7,"lag_us":1,"status":200,"ok":true}"#;
        check(canonical, canonical);
        check(r#"{"ok":true,"status":200,"lag_us":1,"duration_us":7,"type":"canary","t":5}"#, canonical);
        check(
            r#"{"t": 5, "type": "canary", "duration_us": 7, "lag_us": 1, "status": 200, "ok": true}"#,
            canonical,
        );
        check(
            r#"{"t":5,"type":"canary","duration_us":7,"lag_us":1,"status":200,"ok":true,"later":[1]}"#,
            canonical,
        );
        check(
            "{\"t\":5,\"type\":\"canary\",\"duration_us\":7,\"lag_us\":1,\"status\":200,\"ok\":true}\r",
            canonical,
        );
        check(r#"{"t":5,"type":"caf\u00e9"}"#, "UnknownType");
    }

    #[test]
    fn says_why_a_line_is_unreadable() {
        let check = |text: &str, expected: &str| match decode(text.as_bytes(), Filter::ALL, |_| {}) {
            Outcome::Unreadable(reason) => assert!(reason.contains(expected), "{text}: {reason}"),
            other => panic!("{text}: {other:?}"),
        };
        check("garbage", "not JSON: expected value (column 1)");
        check("{\"t\":5,\"type\":\"canary\",\"dur", "not JSON: EOF");
        check("{\"t\":5}", "missing field `type`");
        check("{\"type\":\"canary\"}", "missing field `t`");
        check(
            "{\"t\":5,\"type\":\"canary\",\"duration_us\":7,\"ok\":true}",
            "no `canary`: missing field `lag_us`",
        );
        check("{\"t\":-5,\"type\":\"canary\"}", "invalid value");
        check("{\"t\":99999999999999999999,\"type\":\"canary\"}", "invalid type");
        check("{\"t\":5,\"type\":\"new\",garbage", "not JSON");
        check("[]", "invalid length");
    }

    /// A line that is nearly the writer's: one byte changed, taken out or put in.
    fn damaged() -> impl Strategy<Value = Vec<u8>> {
        let bytes = prop_oneof![Just(b'"'), Just(b'\\'), Just(b'0'), Just(b','), Just(b'}'), any::<u8>()];
        (any::<u64>(), sample(), any::<prop::sample::Index>(), bytes, 0..3_u8).prop_map(
            |(t, event, at, byte, how)| {
                let mut text = line(t, &event);
                let at = at.index(text.len());
                match how {
                    0 => text[at] = byte,
                    1 => drop(text.remove(at)),
                    _ => text.insert(at, byte),
                }
                text
            },
        )
    }

    proptest! {
        #[test]
        fn fast_and_serde_read_the_same(t: u64, event in sample()) {
            let text = line(t, &event);
            let expected = String::from_utf8(text.clone()).unwrap();
            prop_assert_eq!(&again(&text), &expected);
            prop_assert_eq!(&again_by_serde(&text), &expected);
        }

        #[test]
        fn fast_and_serde_refuse_the_same(text in damaged()) {
            prop_assert_eq!(again(&text), again_by_serde(&text));
        }
    }
}
