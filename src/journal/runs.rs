//! Finds the runs in a journal without reading its lines one by one.

use std::fs::File;
use std::io;

use memchr::memmem::Finder;
use serde::Deserialize;

use super::blocks::{Layout, Piece};
use super::decode::head;
use super::event::RunFinished;

/// The lines of one run: from its `run_started` to the next one or the end of the file.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RunSpan {
    /// The run's id.
    pub run_id: String,
    /// Version of its line format.
    pub schema: u32,
    /// Wall-clock time of its `t = 0`, RFC 3339.
    pub started_at: String,
    /// Wall-clock time of its `t = 0`, in µs since the Unix epoch.
    pub started_at_unix_us: i64,
    /// Where it begins in the file, in bytes.
    pub offset: u64,
    /// How long it is, in bytes.
    pub len: u64,
    /// Number of its first line in the file, from 1.
    pub first_line: u64,
    /// How many lines it has, a torn last one included.
    pub lines: u64,
    /// Whether it has a `run_finished`; a run without one was interrupted, or still goes on.
    pub finished: bool,
    /// Whether another run follows. If so, a broken last line is what a killed run left behind.
    pub followed: bool,
    /// Lines directly before it that belong to no run: not 0 only where a file begins in the middle of one.
    pub orphans: u64,
}

/// Every `run_started` and `run_finished` has this, hardly any other line does.
const NEEDLE: &[u8] = b"\"run_";

/// Scans the first `len` bytes of `file`.
pub(super) fn scan(file: &File, layout: Layout, len: u64) -> io::Result<Vec<RunSpan>> {
    let mut scan = Scan { finder: Finder::new(NEEDLE), spans: Vec::new(), newlines: 0, torn: 0 };
    layout.for_each(file, 0..len, |offset, piece| match piece {
        Piece::Lines(lines) => scan.lines(offset, lines),
        Piece::Overlong => scan.newlines += 1,
        Piece::Tail(tail) => {
            scan.lines(offset, tail);
            scan.torn = 1;
        }
    })?;
    let mut spans = scan.spans;
    let (mut end, mut next_line) = (len, scan.newlines + scan.torn + 1);
    for (after, span) in spans.iter_mut().rev().enumerate() {
        span.len = end - span.offset;
        span.lines = next_line - span.first_line;
        span.followed = after > 0;
        (end, next_line) = (span.offset, span.first_line);
    }
    if let Some(first) = spans.first_mut() {
        first.orphans = first.first_line - 1;
    }
    Ok(spans)
}

struct Scan<'a> {
    finder: Finder<'a>,
    spans: Vec<RunSpan>,
    /// Newlines before what is looked at.
    newlines: u64,
    torn: u64,
}

impl Scan<'_> {
    fn lines(&mut self, offset: u64, lines: &[u8]) {
        // Always the begin of a line; the newlines before it are counted.
        let mut begin = 0;
        while let Some(found) = self.finder.find(&lines[begin..]) {
            let hit = begin + found;
            let line_begin = memchr::memrchr(b'\n', &lines[begin..hit]).map_or(begin, |at| begin + at + 1);
            let line_end = memchr::memchr(b'\n', &lines[hit..]).map_or(lines.len(), |at| hit + at);
            self.newlines += newlines(&lines[begin..line_begin]);
            self.line(offset + line_begin as u64, &lines[line_begin..line_end]);
            if line_end == lines.len() {
                return;
            }
            self.newlines += 1;
            begin = line_end + 1;
        }
        self.newlines += newlines(&lines[begin..]);
    }

    /// Looks at a line that may begin or end a run.
    fn line(&mut self, offset: u64, line: &[u8]) {
        match head(line).as_ref().map(|head| &*head.kind) {
            Ok("run_started") => {
                // A line that cannot be parsed begins no run; reading reports it where it stands.
                if let Ok(begin) = serde_json::from_slice::<RunBegin>(line) {
                    self.spans.push(begin.at(offset, self.newlines + 1));
                }
            }
            Ok("run_finished") => {
                if let Some(span) = self.spans.last_mut() {
                    span.finished |= serde_json::from_slice::<RunFinished>(line).is_ok();
                }
            }
            _ => {}
        }
    }
}

/// The part of a `run_started` that every version has.
#[derive(Deserialize)]
struct RunBegin {
    schema: u32,
    run: String,
    started_at: String,
    started_at_unix_us: i64,
}

impl RunBegin {
    fn at(self, offset: u64, first_line: u64) -> RunSpan {
        RunSpan {
            run_id: self.run,
            schema: self.schema,
            started_at: self.started_at,
            started_at_unix_us: self.started_at_unix_us,
            offset,
            len: 0,
            first_line,
            lines: 0,
            finished: false,
            followed: false,
            orphans: 0,
        }
    }
}

fn newlines(bytes: &[u8]) -> u64 {
    memchr::memchr_iter(b'\n', bytes).count() as u64
}
