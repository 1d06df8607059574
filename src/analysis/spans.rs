//! Which of many intervals does a request touch? Asked for every request, so with a cursor.

use std::collections::BTreeSet;

use crate::journal::Micros;

/// Half-open intervals, which may overlap, cut into pieces that do not.
#[derive(Debug)]
pub(super) struct Spans {
    /// Where each piece begins; the first one at 0. It ends where the next one begins.
    starts: Vec<Micros>,
    /// The intervals of each piece, by index.
    inside: Vec<Box<[usize]>>,
}

/// Where the last instant was found. Instants come almost in order, so the next one is near.
#[derive(Debug, Clone, Copy, Default)]
pub(super) struct Cursor(usize);

impl Spans {
    pub(super) fn new(intervals: &[(Micros, Micros)]) -> Self {
        let mut edges: Vec<(Micros, bool, usize)> = Vec::new();
        for (index, (from, to)) in intervals.iter().enumerate().filter(|(_, (from, to))| from < to) {
            edges.push((*from, true, index));
            edges.push((*to, false, index));
        }
        edges.sort_unstable();
        let (mut starts, mut inside) = (vec![0], vec![Box::default()]);
        let mut open = BTreeSet::new();
        for edges in edges.chunk_by(|a, b| a.0 == b.0) {
            for (_, opens, index) in edges {
                if *opens {
                    open.insert(*index)
                } else {
                    open.remove(index)
                };
            }
            let piece = open.iter().copied().collect();
            if edges[0].0 == 0 {
                inside[0] = piece;
            } else {
                starts.push(edges[0].0);
                inside.push(piece);
            }
        }
        Self { starts, inside }
    }

    /// Visits every interval that `from..=to` touches, once, and says whether `to` lies inside it.
    pub(super) fn during(
        &self,
        from: Micros,
        to: Micros,
        cursor: &mut Cursor,
        mut visit: impl FnMut(usize, bool),
    ) {
        self.at(from, cursor);
        let first = cursor.0;
        let mut last = first;
        while self.starts.get(last + 1).is_some_and(|start| *start <= to) {
            last += 1;
        }
        for piece in first..=last {
            // An interval is in pieces that follow one another, so it is new where the piece before lacks it.
            let before = if piece == first { &[][..] } else { &self.inside[piece - 1] };
            for index in self.inside[piece].iter().filter(|index| !before.contains(index)) {
                visit(*index, self.inside[last].contains(index));
            }
        }
    }

    /// The intervals that contain `t`, by index, in ascending order.
    fn at(&self, t: Micros, Cursor(piece): &mut Cursor) -> &[usize] {
        while self.starts.get(*piece + 1).is_some_and(|start| *start <= t) {
            *piece += 1;
        }
        while self.starts[*piece] > t {
            *piece -= 1;
        }
        &self.inside[*piece]
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    proptest! {
        #[test]
        fn finds_what_a_search_finds(
            intervals in prop::collection::vec((0u64..50, 0u64..20), 0..8),
            instants in prop::collection::vec(0u64..80, 1..40),
        ) {
            let intervals: Vec<_> = intervals.into_iter().map(|(from, length)| (from, from + length)).collect();
            let spans = Spans::new(&intervals);
            let mut cursor = Cursor::default();
            for t in instants {
                let expected: Vec<_> =
                    (0..intervals.len()).filter(|i| intervals[*i].0 <= t && t < intervals[*i].1).collect();
                prop_assert_eq!(spans.at(t, &mut cursor), expected);
            }
        }

        #[test]
        fn finds_everything_that_a_request_touches_once(
            intervals in prop::collection::vec((0u64..50, 0u64..20), 0..8),
            requests in prop::collection::vec((0u64..80, 0u64..40), 1..40),
        ) {
            let intervals: Vec<_> = intervals.into_iter().map(|(from, length)| (from, from + length)).collect();
            let spans = Spans::new(&intervals);
            let mut cursor = Cursor::default();
            for (from, length) in requests {
                let to = from + length;
                let expected: Vec<_> = (0..intervals.len())
                    .filter(|i| intervals[*i].0 < intervals[*i].1)
                    .filter(|i| intervals[*i].0 <= to && from < intervals[*i].1)
                    .map(|i| (i, intervals[i].0 <= to && to < intervals[i].1))
                    .collect();
                let mut found = Vec::new();
                spans.during(from, to, &mut cursor, |index, ended| found.push((index, ended)));
                found.sort_unstable();
                prop_assert_eq!(found, expected);
            }
        }
    }
}
