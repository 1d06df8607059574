//! Bins as steps: a line that is level within a bin, so that none falls before the bin in which it fell. Pure.

use super::canvas::Point;

/// The outline of bins that follow one another, each given as left, right and height in pixels; without a point in the
/// middle of a level stretch.
pub(super) fn outline(steps: &[(i32, i32, i32)]) -> Vec<Point> {
    let mut points: Vec<Point> = Vec::new();
    for (from, to, y) in steps {
        match points.last_mut() {
            Some(last) if last.1 == *y => last.0 = *to,
            _ => points.extend([(*from, *y), (*to, *y)]),
        }
    }
    points
}

/// The stretches between gaps.
pub(super) fn runs<T: Copy>(bins: &[Option<T>]) -> Vec<Vec<T>> {
    let runs = bins.split(Option::is_none).filter(|run| !run.is_empty());
    runs.map(|run| run.iter().copied().flatten().collect()).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn level_stretches_need_two_points() {
        assert_eq!(outline(&[(0, 10, 5), (10, 20, 5), (20, 30, 9)]), [(0, 5), (20, 5), (20, 9), (30, 9)]);
        assert!(outline(&[]).is_empty());
    }

    #[test]
    fn a_gap_parts_two_stretches() {
        assert_eq!(runs(&[None, Some(1), Some(2), None, None, Some(3)]), [vec![1, 2], vec![3]]);
        assert!(runs::<u8>(&[None]).is_empty());
    }
}
