//! Rows of a figure with one bar per episode: high ones for few, thin ones for many. Pure.

/// A row is at least so high to carry text.
pub(super) const TEXT_ROW: i32 = 34;

/// Where the rows lie.
#[derive(Debug, Clone, Copy)]
pub(super) struct Rows {
    top: i32,
    count: u32,
}

impl Rows {
    pub(super) fn new(top: i32, count: usize) -> Self {
        Self { top, count: u32::try_from(count).unwrap_or(u32::MAX) }
    }

    /// Height of all of them.
    pub(super) fn body(self) -> i32 {
        let rows = i32::try_from(self.count).unwrap_or(i32::MAX);
        match rows {
            0 => 160,
            1..=30 => rows * 60,
            31..=60 => rows * 38,
            // A whole number of pixels each, as far as there is room: the same row looks the same everywhere.
            _ => rows.saturating_mul((1_200 / rows).max(12)).min(4_800),
        }
    }

    /// Where the last one ends.
    pub(super) fn bottom(self) -> i32 {
        self.top + self.body()
    }

    /// Where a row begins and ends; less than a pixel apart when there are thousands.
    pub(super) fn row(self, index: u32) -> (i32, i32) {
        let pitch = f64::from(self.body()) / f64::from(self.count.max(1));
        let at = |index: u32| self.top + super::axis::round(0.0, f64::from(index) * pitch).1;
        (at(index), at(index.saturating_add(1)))
    }

    /// The bar in a row: a quarter is air, unless rows are too thin for that.
    pub(super) fn bar((start, end): (i32, i32)) -> (i32, i32) {
        let air = (end - start) / 8;
        (start + air, (end - air).max(start + air + 1))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn rows_follow_one_another_and_fill_the_body() {
        for count in [1, 3, 40, 200, 9_000] {
            let rows = Rows::new(100, count);
            let last = u32::try_from(count).unwrap() - 1;
            assert_eq!((rows.row(0).0, rows.row(last).1), (100, rows.bottom()));
            assert!((0..last).all(|index| rows.row(index).1 == rows.row(index + 1).0));
            assert!((0..=last).all(|index| Rows::bar(rows.row(index)).0 < Rows::bar(rows.row(index)).1));
        }
    }

    #[test]
    fn up_to_four_hundred_rows_are_equally_high() {
        for count in [1, 30, 31, 60, 61, 90, 101, 399, 400] {
            let rows = Rows::new(7, count);
            let heights = (0..u32::try_from(count).unwrap()).map(|index| rows.row(index)).map(|(a, b)| b - a);
            assert_eq!(heights.collect::<std::collections::BTreeSet<_>>().len(), 1, "{count}");
        }
    }
}
