//! Where the labels of points go so that none covers another or a point. Pure.

use crate::report::chart::canvas::{Area, Point};

/// Height of a label.
const HIGH: i32 = 34;
/// How far its middle may be from the point's edge.
const RADII: [i32; 4] = [32, 48, 72, 110];
/// To which side, by how it is preferred.
const SIDES: [Point; 8] = [(1, 0), (-1, 0), (0, -1), (0, 1), (1, -1), (1, 1), (-1, -1), (-1, 1)];

/// The middle of each label, given the points, the labels' widths and a line of level and upright pieces to keep clear of; absent when one finds no room inside of the area.
/// Labels without a width stand for nothing and take no room.
pub(super) fn place(
    points: &[Point],
    widths: &[i32],
    line: &[Point],
    area: Area,
    half: i32,
) -> Option<Vec<Point>> {
    let marks = points.iter().map(|(x, y)| (x - half, y - half, x + half, y + half));
    // A line of level and upright pieces takes a few pixels to each side.
    let pieces = line.windows(2).map(|pair| {
        let [(x0, y0), (x1, y1)] = [pair[0], pair[1]];
        (x0.min(x1) - 4, y0.min(y1) - 4, x0.max(x1) + 4, y0.max(y1) + 4)
    });
    let mut taken: Vec<Area> = marks.chain(pieces).collect();
    let mut middles = Vec::new();
    for ((x, y), width) in points.iter().zip(widths) {
        let candidates = RADII.iter().flat_map(|radius| {
            SIDES.iter().map(move |(to_x, to_y)| {
                (x + to_x * (radius + width / 2), y + to_y * (radius + HIGH / 2 - 10))
            })
        });
        let around = |(x, y): Point| (x - width / 2, y - HIGH / 2, x + width / 2, y + HIGH / 2);
        if *width == 0 {
            middles.push((*x, *y));
            continue;
        }
        let free = |middle: &Point| {
            let own = around(*middle);
            inside(own, area) && taken.iter().all(|other| !overlap(own, *other))
        };
        let middle = candidates.into_iter().find(free)?;
        taken.push(around(middle));
        middles.push(middle);
    }
    Some(middles)
}

fn inside(own: Area, area: Area) -> bool {
    own.0 >= area.0 && own.1 >= area.1 && own.2 <= area.2 && own.3 <= area.3
}

fn overlap(a: Area, b: Area) -> bool {
    a.0 < b.2 && b.0 < a.2 && a.1 < b.3 && b.1 < a.3
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn labels_keep_apart_and_inside() {
        let area = (0, 0, 800, 600);
        let points = [(100, 100), (130, 110), (780, 300), (400, 590)];
        let line = [(100, 100), (130, 100), (130, 110), (400, 110), (400, 590)];
        let middles = place(&points, &[200, 200, 200, 200], &line, area, 16).unwrap();
        let boxes: Vec<_> =
            middles.iter().map(|(x, y)| (x - 100, y - HIGH / 2, x + 100, y + HIGH / 2)).collect();
        for (i, own) in boxes.iter().enumerate() {
            assert!(inside(*own, area) && boxes[..i].iter().all(|other| !overlap(*own, *other)));
            assert!(points.iter().all(|(x, y)| !overlap(*own, (x - 16, y - 16, x + 16, y + 16))));
            assert!(!overlap(*own, (130, 109, 400, 111)) && !overlap(*own, (399, 110, 401, 590)));
        }
    }

    #[test]
    fn without_room_there_are_no_places() {
        assert_eq!(place(&[(10, 10)], &[300], &[], (0, 0, 200, 200), 16), None);
        assert_eq!(place(&[(10, 10)], &[0], &[], (0, 0, 20, 20), 16), Some(vec![(10, 10)]));
    }
}
