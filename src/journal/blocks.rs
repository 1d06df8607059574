//! Reads a range of a file in large blocks of whole lines, in memory that does not depend on its length.

use std::fs::File;
use std::io;
use std::ops::Range;
use std::os::unix::fs::FileExt;

/// How a journal is read.
#[derive(Debug, Clone, Copy)]
pub(super) struct Layout {
    /// Bytes asked for at a time.
    pub(super) block: usize,
    /// A longer line is passed over and reported as unreadable.
    pub(super) max_line: usize,
    /// A thread is not worth its start for fewer bytes.
    pub(super) min_chunk: u64,
}

impl Layout {
    pub(super) const DEFAULT: Self = Self { block: 1 << 20, max_line: 64 << 20, min_chunk: 256 << 10 };
}

/// A part of what was read. Pieces come in the order of the file and leave no gap.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Piece<'a> {
    /// Whole lines, each with its newline.
    Lines(&'a [u8]),
    /// One line, newline included, that is longer than [`Layout::max_line`].
    Overlong,
    /// What follows the last newline. At most one, at the end.
    Tail(&'a [u8]),
}

impl Layout {
    /// Hands every piece of `range` to `visit`, with its offset in the file.
    pub(super) fn for_each(
        &self,
        file: &File,
        range: Range<u64>,
        mut visit: impl FnMut(u64, Piece<'_>),
    ) -> io::Result<()> {
        let mut buffer = vec![0; self.block];
        // `buffer[..filled]` is the begin of a line that stands at `read_to - filled` in the file.
        let (mut filled, mut read_to) = (0, range.start);
        while read_to < range.end {
            if filled == buffer.len() {
                if filled >= self.max_line {
                    let begin = read_to - filled as u64;
                    let Some(end) = find_newline(file, read_to..range.end)? else {
                        visit(begin, Piece::Tail(&buffer));
                        return Ok(());
                    };
                    visit(begin, Piece::Overlong);
                    (filled, read_to) = (0, end);
                    continue;
                }
                buffer.resize((filled * 2).min(self.max_line), 0);
            }
            let wanted = (range.end - read_to).min((buffer.len() - filled) as u64) as usize;
            let fresh = filled..filled + read_some(file, &mut buffer[filled..filled + wanted], read_to)?;
            let newline = memchr::memrchr(b'\n', &buffer[fresh.clone()]);
            read_to += fresh.len() as u64;
            filled = fresh.end;
            if let Some(at) = newline {
                let whole = fresh.start + at + 1;
                visit(read_to - filled as u64, Piece::Lines(&buffer[..whole]));
                buffer.copy_within(whole..filled, 0);
                filled -= whole;
            }
        }
        if filled > 0 {
            visit(read_to - filled as u64, Piece::Tail(&buffer[..filled]));
        }
        Ok(())
    }

    /// Splits `range` into at most `parts` non-empty ranges of about the same length, at line boundaries.
    pub(super) fn split(&self, file: &File, range: Range<u64>, parts: usize) -> io::Result<Vec<Range<u64>>> {
        let length = range.end - range.start;
        let parts = (parts as u64).min(length / self.min_chunk.max(1)).max(1);
        let mut ranges = Vec::with_capacity(parts as usize);
        let mut begin = range.start;
        for part in 1..=parts {
            let wish = range.start + (u128::from(length) * u128::from(part) / u128::from(parts)) as u64;
            // One byte back, so that a wish that is a line's begin already comes true.
            let end = match wish.checked_sub(1) {
                Some(before) if part < parts => find_newline(file, before..range.end)?.unwrap_or(range.end),
                _ => range.end,
            };
            if end > begin {
                ranges.push(begin..end);
                begin = end;
            }
        }
        Ok(ranges)
    }
}

/// The offset behind the first newline in `range`.
fn find_newline(file: &File, range: Range<u64>) -> io::Result<Option<u64>> {
    let mut buffer = [0; 4_096];
    let mut at = range.start;
    while at < range.end {
        let wanted = (range.end - at).min(buffer.len() as u64) as usize;
        let n = read_some(file, &mut buffer[..wanted], at)?;
        if let Some(found) = memchr::memchr(b'\n', &buffer[..n]) {
            return Ok(Some(at + found as u64 + 1));
        }
        at += n as u64;
    }
    Ok(None)
}

fn read_some(file: &File, buffer: &mut [u8], at: u64) -> io::Result<usize> {
    loop {
        match file.read_at(buffer, at) {
            Ok(0) => {
                let shorter = "the file became shorter while it was read";
                return Err(io::Error::new(io::ErrorKind::UnexpectedEof, shorter));
            }
            Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
            other => return other,
        }
    }
}

#[cfg(test)]
mod tests {
    use std::io::Write;

    use proptest::prelude::*;

    use super::*;

    fn file(content: &[u8]) -> File {
        let mut file = tempfile::tempfile().unwrap();
        file.write_all(content).unwrap();
        file
    }

    fn pieces(content: &str, layout: Layout) -> Vec<(u64, String)> {
        let mut seen = Vec::new();
        let visit = |at, piece: Piece<'_>| {
            let text = match piece {
                Piece::Lines(lines) => String::from_utf8_lossy(lines).into_owned(),
                Piece::Overlong => "OVERLONG".to_owned(),
                Piece::Tail(tail) => format!("TAIL {}", String::from_utf8_lossy(tail)),
            };
            seen.push((at, text));
        };
        layout.for_each(&file(content.as_bytes()), 0..content.len() as u64, visit).unwrap();
        seen
    }

    #[test]
    fn hands_out_whole_lines_long_lines_and_the_tail() {
        let layout = Layout { block: 4, max_line: 8, min_chunk: 1 };
        let check = |content: &str, expected: &[(u64, &str)]| {
            let expected: Vec<_> = expected.iter().map(|(at, text)| (*at, (*text).to_owned())).collect();
            assert_eq!(pieces(content, layout), expected, "{content:?}");
        };
        check("", &[]);
        check("a\n", &[(0, "a\n")]);
        check("a\nb\nc", &[(0, "a\nb\n"), (4, "TAIL c")]);
        // Longer than a block, not longer than the bound: the buffer grows.
        check("abcdefg\nx\n", &[(0, "abcdefg\n"), (8, "x\n")]);
        check("abcdefghijkl\nx\n", &[(0, "OVERLONG"), (13, "x\n")]);
        // An overlong line without its newline is a torn one; its begin is enough to see that.
        check("x\nabcdefghijkl", &[(0, "x\n"), (2, "TAIL abcdefgh")]);
    }

    #[test]
    fn a_file_that_shrinks_is_an_error_not_an_endless_loop() {
        let file = file(b"a\n");
        assert!(Layout::DEFAULT.for_each(&file, 0..10, |_, _| {}).is_err());
    }

    proptest! {
        #[test]
        fn pieces_and_splits_leave_no_gap(
            lines in proptest::collection::vec("[a-z]{0,20}", 0..40),
            newline_at_end: bool,
            block in 1..32_usize,
            parts in 1..6_usize,
        ) {
            let mut content = lines.join("\n");
            if newline_at_end { content.push('\n'); }
            let layout = Layout { block, max_line: 64, min_chunk: 1 };
            let file = file(content.as_bytes());
            let ranges = layout.split(&file, 0..content.len() as u64, parts).unwrap();
            prop_assert!(ranges.len() <= parts);
            let mut joined = String::new();
            for range in ranges {
                prop_assert_eq!(range.start, joined.len() as u64);
                layout.for_each(&file, range, |at, piece| {
                    assert_eq!(at, joined.len() as u64);
                    match piece {
                        Piece::Lines(text) => {
                            assert!(text.ends_with(b"\n"));
                            joined.push_str(std::str::from_utf8(text).unwrap());
                        }
                        Piece::Tail(text) => joined.push_str(std::str::from_utf8(text).unwrap()),
                        Piece::Overlong => panic!("no line is that long"),
                    }
                }).unwrap();
            }
            prop_assert_eq!(joined, content);
        }
    }
}
