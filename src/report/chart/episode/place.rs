//! Where the names of marks stand. Pure.

use super::series::Mark;

/// Rows in which names stand.
pub(super) const ROWS: usize = 3;

/// A name: where its text begins, and its row, counted from above.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Name {
    pub(super) text: String,
    /// Where the first of its marks is.
    pub(super) from: i32,
    pub(super) left: i32,
    pub(super) row: usize,
}

/// Places the names of marks at these pixels, the names of near ones joined. A name begins behind its marks and
/// stands lower than every name that reaches over these, so that no mark crosses a name on its way down.
pub(super) fn names(marks: &[(i32, &Mark)], right: i32, width: impl Fn(&str) -> i32) -> Vec<Name> {
    let apart = [14, 40, 110, 300, i32::MAX].into_iter().map(|apart| joined(marks, apart));
    let mut placed = apart.map(|joined| staggered(joined, right, &width));
    placed.find(|names| names.iter().all(|name| name.row < ROWS)).unwrap_or_default()
}

/// Marks that share a name: where the first and the last of them are.
type Group = (i32, i32, String);

/// The names of marks that are less than `apart` from the first of their group.
fn joined(marks: &[(i32, &Mark)], apart: i32) -> Vec<Group> {
    let mut groups: Vec<Group> = Vec::new();
    for (x, mark) in marks {
        match groups.last_mut().filter(|(first, ..)| x - first < apart) {
            Some((_, last, text)) => (*last, *text) = (*x, format!("{text} · {}", mark.name)),
            None => groups.push((*x, *x, mark.name.clone())),
        }
    }
    groups
}

fn staggered(groups: Vec<Group>, right: i32, width: &impl Fn(&str) -> i32) -> Vec<Name> {
    const GAP: i32 = 8;
    let mut names: Vec<(Name, i32)> = Vec::new();
    for (from, last, text) in groups {
        let room = width(&text) + GAP;
        let left = (last + GAP).min(right - room);
        let over = names.iter().filter(|(_, end)| *end > from.min(left)).map(|(name, _)| name.row + 1);
        let row = over.max().unwrap_or(0);
        names.push((Name { text, from, left, row }, left + room));
    }
    names.into_iter().map(|(name, _)| name).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn placed(marks: &[(i32, &str)]) -> Vec<(String, i32, usize)> {
        let marks: Vec<_> = marks
            .iter()
            .map(|(x, name)| (*x, Mark { at_s: 0.0, name: (*name).to_owned(), outer: false }))
            .collect();
        let marks: Vec<_> = marks.iter().map(|(x, mark)| (*x, mark)).collect();
        let names = names(&marks, 1_000, |text| 10 * i32::try_from(text.chars().count()).unwrap());
        names.into_iter().map(|name| (name.text, name.left, name.row)).collect()
    }

    fn named(text: &str, left: i32, row: usize) -> (String, i32, usize) {
        (text.to_owned(), left, row)
    }

    #[test]
    fn names_of_near_marks_are_joined_and_a_name_is_crossed_by_no_mark() {
        assert_eq!(
            placed(&[(100, "t0"), (104, "seen"), (160, "ready"), (400, "recovered")]),
            [named("t0 · seen", 112, 0), named("ready", 168, 1), named("recovered", 408, 0)]
        );
        // The last one would end beyond the edge.
        assert_eq!(placed(&[(100, "t0"), (990, "aborted")]), [named("t0", 108, 0), named("aborted", 922, 0)]);
    }

    #[test]
    fn names_that_find_no_row_are_joined_with_their_neighbours() {
        let crowded: Vec<_> = (0..6).map(|i| (100 + i * 30, "a rather long name")).collect();
        let names = placed(&crowded);
        assert!(names.iter().all(|(.., row)| *row < ROWS), "{names:?}");
        let all: usize = names.iter().map(|(text, ..)| text.matches("long").count()).sum();
        assert_eq!(all, 6, "{names:?}");
    }
}
