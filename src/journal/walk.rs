//! Goes through a chunk of a run line by line and keeps count.

use std::fs::File;
use std::io;
use std::ops::Range;

use super::blocks::{Layout, Piece};
use super::decode::{Filter, Outcome, decode};
use super::event::Line;

/// At most so many unreadable lines are listed; all are counted.
const LISTED: usize = 100;

/// A line that could not be read.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct BadLine {
    /// Its number in the file, from 1.
    pub line_number: u64,
    /// What is wrong with it.
    pub reason: String,
}

/// What a pass over a run met.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct ReadStats {
    /// Lines passed, wanted or not; a torn last one is not counted.
    pub lines: u64,
    /// Lines that were handed to the visitor.
    pub visited: u64,
    /// Bytes read.
    pub bytes: u64,
    /// The first unreadable lines (at most 100), in the order of the file.
    pub unreadable: Vec<BadLine>,
    /// How many lines were unreadable.
    pub unreadable_total: u64,
    /// Lines of a type that this version does not know: the run was written by a later minor version.
    pub unknown_types: u64,
    /// Whether the last line was torn, as a killed run leaves it.
    pub torn: bool,
}

impl ReadStats {
    /// Adds what the next chunk of the same pass, or a pass with a disjoint filter, met.
    pub fn add(&mut self, other: Self) {
        self.lines += other.lines;
        self.visited += other.visited;
        self.bytes += other.bytes;
        self.unreadable.extend(other.unreadable);
        self.unreadable.sort_by_key(|bad| bad.line_number);
        self.unreadable.truncate(LISTED);
        self.unreadable_total += other.unreadable_total;
        self.unknown_types += other.unknown_types;
        self.torn |= other.torn;
    }

    fn report(&mut self, bad: BadLine) {
        self.unreadable_total += 1;
        if self.unreadable.len() < LISTED {
            self.unreadable.push(bad);
        }
    }
}

/// The state of a pass over one chunk.
pub(super) struct Walk {
    filter: Filter,
    stats: ReadStats,
    /// The last line so far, if it was unreadable: it is torn, and no error, if it stays the last of the run.
    pending: Option<BadLine>,
}

impl Walk {
    /// Passes through `chunk`, which begins with a line. Lines are numbered from 1 within the chunk.
    pub(super) fn through(
        file: &File,
        layout: Layout,
        chunk: Range<u64>,
        filter: Filter,
        mut visit: impl FnMut(Line<'_>),
    ) -> io::Result<Self> {
        let mut walk = Self { filter, stats: ReadStats::default(), pending: None };
        walk.stats.bytes = chunk.end - chunk.start;
        layout.for_each(file, chunk, |_, piece| match piece {
            Piece::Lines(lines) => {
                let mut rest = lines;
                while let Some(end) = memchr::memchr(b'\n', rest) {
                    walk.line(&rest[..end], &mut visit);
                    rest = &rest[end + 1..];
                }
            }
            Piece::Overlong => {
                walk.stats.lines += 1;
                walk.unreadable(format!("longer than {} MiB", layout.max_line >> 20));
            }
            Piece::Tail(tail) => walk.tail(tail, &mut visit),
        })?;
        Ok(walk)
    }

    #[inline]
    fn line(&mut self, line: &[u8], visit: &mut impl FnMut(Line<'_>)) {
        self.stats.lines += 1;
        match decode(line, self.filter, visit) {
            Outcome::Visited => self.stats.visited += 1,
            Outcome::Unwanted => {}
            Outcome::UnknownType => self.stats.unknown_types += 1,
            Outcome::Unreadable(_) if line.trim_ascii().is_empty() => return,
            Outcome::Unreadable(reason) => return self.unreadable(reason),
        }
        if self.pending.is_some() {
            self.settle();
        }
    }

    /// A last line without newline: whole by luck, or torn.
    fn tail(&mut self, tail: &[u8], visit: &mut impl FnMut(Line<'_>)) {
        self.settle();
        self.line(tail, visit);
        if self.pending.take().is_some() {
            self.stats.lines -= 1;
            self.stats.torn = true;
        }
    }

    #[cold]
    fn unreadable(&mut self, reason: String) {
        self.settle();
        self.pending = Some(BadLine { line_number: self.stats.lines, reason });
    }

    /// Another line follows, so the pending one was not the last.
    #[cold]
    fn settle(&mut self) {
        if let Some(bad) = self.pending.take() {
            self.stats.report(bad);
        }
    }

    /// Joins the chunks of a run in the order of the file. `followed` says that another run follows, which
    /// makes a broken last line a torn one.
    pub(super) fn join(chunks: Vec<Self>, first_line: u64, followed: bool) -> ReadStats {
        let mut total = ReadStats::default();
        let last = chunks.len().saturating_sub(1);
        for (at, mut chunk) in chunks.into_iter().enumerate() {
            if at == last && followed && chunk.pending.take().is_some() {
                chunk.stats.lines -= 1;
                chunk.stats.torn = true;
            }
            chunk.settle();
            for bad in &mut chunk.stats.unreadable {
                // Torn lines are only ever the last, so every line before this chunk is counted.
                bad.line_number += first_line - 1 + total.lines;
            }
            total.add(chunk.stats);
        }
        total
    }
}
