//! What waits in one direction of a connection: chunks in order, each with the moment at which it is due.

use std::collections::VecDeque;

use crate::journal::Micros;

/// Bytes that may wait. A delay of 200 ms lets 5 MB a second through one connection with it.
const MAX_BYTES: usize = 1 << 20;
/// Chunks that may wait, so that tiny ones do not cost more than their bytes.
const MAX_CHUNKS: usize = 4096;

/// A delay line.
#[derive(Debug, Default)]
pub(super) struct Line {
    chunks: VecDeque<Chunk>,
    bytes: usize,
    last_due: Micros,
}

#[derive(Debug)]
struct Chunk {
    due: Micros,
    bytes: Vec<u8>,
    /// So many of them have gone.
    gone: usize,
}

impl Line {
    /// Whether more may be read. What is read then may exceed the limit by one chunk.
    pub(super) fn has_room(&self) -> bool {
        self.bytes < MAX_BYTES && self.chunks.len() < MAX_CHUNKS
    }

    pub(super) fn is_empty(&self) -> bool {
        self.chunks.is_empty()
    }

    /// Appends a chunk, due at `due` but never before the one ahead of it.
    pub(super) fn push(&mut self, bytes: &[u8], due: Micros) {
        if bytes.is_empty() {
            return;
        }
        self.last_due = self.last_due.max(due);
        self.bytes += bytes.len();
        self.chunks.push_back(Chunk { due: self.last_due, bytes: bytes.to_vec(), gone: 0 });
    }

    /// What goes next, and when it is due.
    pub(super) fn front(&self) -> Option<(Micros, &[u8])> {
        self.chunks.front().map(|chunk| (chunk.due, &chunk.bytes[chunk.gone..]))
    }

    /// So many bytes of the front have gone.
    pub(super) fn went(&mut self, count: usize) {
        let Some(front) = self.chunks.front_mut() else { return };
        let count = count.min(front.bytes.len() - front.gone);
        front.gone += count;
        self.bytes -= count;
        if front.gone == front.bytes.len() {
            self.chunks.pop_front();
        }
    }

    /// Nothing waits for its time any more.
    pub(super) fn hurry(&mut self) {
        self.last_due = 0;
        for chunk in &mut self.chunks {
            chunk.due = 0;
        }
    }

    /// Forgets what waits; how many bytes that were.
    pub(super) fn clear(&mut self) -> usize {
        self.chunks.clear();
        std::mem::take(&mut self.bytes)
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    proptest! {
        /// However due times jump, what comes out is what went in, in order, and no chunk overtakes another.
        #[test]
        fn bytes_keep_their_order(chunks in prop::collection::vec((prop::collection::vec(any::<u8>(), 0..40), 0u64..1000), 0..50),
                                  steps in prop::collection::vec(1usize..60, 1..20)) {
            let mut line = Line::default();
            for (bytes, due) in &chunks {
                line.push(bytes, *due);
            }
            let (mut out, mut last) = (Vec::new(), 0);
            for step in steps.iter().cycle() {
                let Some((due, front)) = line.front() else { break };
                prop_assert!(due >= last);
                last = due;
                let count = (*step).min(front.len());
                out.extend_from_slice(&front[..count]);
                line.went(count);
            }
            let all: Vec<u8> = chunks.into_iter().flat_map(|(bytes, _)| bytes).collect();
            prop_assert_eq!(out, all);
            prop_assert_eq!(line.bytes, 0);
        }
    }

    #[test]
    fn a_full_line_takes_no_more_until_something_has_gone() {
        let mut line = Line::default();
        line.push(&vec![0; MAX_BYTES], 5);
        assert!(!line.has_room());
        line.went(1);
        assert!(line.has_room());
        line.hurry();
        assert_eq!(line.front().map(|(due, bytes)| (due, bytes.len())), Some((0, MAX_BYTES - 1)));
        assert_eq!((line.clear(), line.is_empty()), (MAX_BYTES - 1, true));
    }
}
