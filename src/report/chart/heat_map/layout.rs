//! Settings as a table: which flag runs across, which ones down. Pure.

use std::collections::BTreeSet;

use crate::compare::size;
use crate::sweep::Setting;

/// The value of a flag; absent where the backend's own default holds.
type Value<'a> = Option<&'a str>;

/// Where settings stand in a table.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Layout {
    /// The flag that runs across, then those that go with it: name, and a value for each column.
    pub(super) across: Vec<(String, Vec<Option<String>>)>,
    /// Flags that run down: name and value, for each row. One row without any when nothing does.
    pub(super) down: Vec<Vec<(String, Option<String>)>>,
    /// Row and column of each setting.
    pub(super) places: Vec<(usize, usize)>,
    /// Flags that have the same value everywhere.
    pub(super) constant: Vec<(String, String)>,
}

impl Layout {
    /// Absent when no flag has two values.
    pub(super) fn of(settings: &[&Setting]) -> Option<Self> {
        let flags: BTreeSet<&str> =
            settings.iter().flat_map(|setting| setting.values()).map(|(flag, _)| flag).collect();
        let (varied, constant): (Vec<_>, Vec<_>) =
            flags.into_iter().partition(|flag| values(settings, flag).len() > 1);
        // Of several with as many values the last: an alert rule that follows the retries comes before them.
        let main = *varied.iter().max_by_key(|flag| values(settings, flag).len())?;
        let columns = values(settings, main);
        let others = varied.iter().copied().filter(|flag| *flag != main);
        let (following, down): (Vec<_>, Vec<_>) = others.partition(|flag| follows(settings, flag, main));
        let value_in = |flag: &str, column: &Value<'_>| {
            let there = settings.iter().find(|setting| setting.get(main) == *column);
            there.and_then(|setting| setting.get(flag)).map(str::to_owned)
        };
        let across = [main]
            .into_iter()
            .chain(following)
            .map(|flag| (flag.to_owned(), columns.iter().map(|column| value_in(flag, column)).collect()));
        let row = |setting: &Setting| -> Vec<Option<String>> {
            down.iter().map(|flag| setting.get(flag).map(str::to_owned)).collect()
        };
        let rows = rows(settings, &down);
        let places = settings.iter().map(|setting| {
            let own = row(setting);
            let place = rows.iter().position(|row| *row == own).unwrap_or(0);
            (place, columns.iter().position(|value| *value == setting.get(main)).unwrap_or(0))
        });
        let first =
            |flag: &str| settings.first().and_then(|setting| setting.get(flag)).unwrap_or("–").to_owned();
        Some(Self {
            across: across.collect(),
            places: places.collect(),
            constant: constant.into_iter().map(|flag| (flag.to_owned(), first(flag))).collect(),
            down: rows
                .into_iter()
                .map(|row| down.iter().map(|flag| (*flag).to_owned()).zip(row).collect())
                .collect(),
        })
    }

    /// How many columns there are.
    pub(super) fn columns(&self) -> usize {
        self.across.first().map_or(0, |(_, values)| values.len())
    }
}

/// The values of a flag in their order.
fn values<'a>(settings: &[&'a Setting], flag: &str) -> Vec<Value<'a>> {
    let mut found: Vec<Value<'_>> = Vec::new();
    for setting in settings {
        if !found.contains(&setting.get(flag)) {
            found.push(setting.get(flag));
        }
    }
    // Numbers and lengths by their size, anything else as it came; the default last.
    if found.iter().flatten().all(|value| size(value).is_some()) {
        let key = |value: &Value<'_>| value.and_then(size).unwrap_or(f64::INFINITY);
        found.sort_by(|a, b| key(a).total_cmp(&key(b)));
    } else {
        found.sort_by_key(Option::is_none);
    }
    found
}

/// Every combination of these flags that there is, in their order.
fn rows(settings: &[&Setting], flags: &[&str]) -> Vec<Vec<Option<String>>> {
    let ranks = |setting: &Setting| -> Vec<usize> {
        let rank = |flag: &&str| values(settings, flag).iter().position(|value| *value == setting.get(flag));
        flags.iter().map(|flag| rank(flag).unwrap_or(0)).collect()
    };
    let mut found: Vec<_> = settings
        .iter()
        .map(|setting| {
            let row = flags.iter().map(|flag| setting.get(flag).map(str::to_owned)).collect();
            (ranks(setting), row)
        })
        .collect();
    found.sort();
    found.dedup();
    found.into_iter().map(|(_, row)| row).collect()
}

/// Whether a flag has one value only where the other one has one.
fn follows(settings: &[&Setting], flag: &str, main: &str) -> bool {
    settings.iter().all(|one| {
        let like = settings.iter().filter(|other| other.get(main) == one.get(main));
        like.clone().all(|other| other.get(flag) == one.get(flag))
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::report::fixture;

    fn of(axes: &[(&str, &[&str])]) -> Layout {
        let sweep = fixture::of_axes(axes, 1, 1);
        Layout::of(&sweep.settings.iter().map(|(setting, _)| setting).collect::<Vec<_>>()).unwrap()
    }

    fn some(values: &[&str]) -> Vec<Option<String>> {
        values.iter().map(|value| Some((*value).to_owned())).collect()
    }

    #[test]
    fn one_flag_runs_across_and_what_follows_it_goes_along() {
        // The plan's own setting, with 3 retries, is the first of the settings.
        let layout = of(&[("max-retries", &["0", "1", "3", "5"])]);
        let across = [
            ("max-retries".to_owned(), some(&["0", "1", "3", "5"])),
            ("alert-after".to_owned(), some(&["1", "2", "4", "4"])),
        ];
        assert_eq!(layout.across, across);
        assert_eq!((layout.down, layout.constant), (vec![vec![]], vec![]));
        assert_eq!(layout.places, [(0, 2), (0, 0), (0, 1), (0, 3)]);
    }

    #[test]
    fn other_flags_run_down_and_lengths_stand_by_their_size_with_the_default_last() {
        let layout = of(&[("max-retries", &["3", "5"]), ("backoff-initial", &["1s", "50ms", "200ms"])]);
        let values = [some(&["50ms", "200ms", "1s"]), vec![None]].concat();
        assert_eq!(layout.across, [("backoff-initial".to_owned(), values)]);
        let row = |retries: &str| vec![("max-retries".to_owned(), Some(retries.to_owned()))];
        assert_eq!(layout.down, [row("3"), row("5")]);
        assert_eq!(layout.constant, [("alert-after".to_owned(), "4".to_owned())]);
        // Seven settings on eight places.
        let places: BTreeSet<_> = layout.places.iter().collect();
        assert_eq!((layout.places.len(), places.len(), layout.places[0]), (7, 7, (0, 3)));
    }

    #[test]
    fn words_stand_as_they_came() {
        let layout = of(&[("strategy", &["one-for-one", "all"])]);
        assert_eq!(layout.across[0].1, [some(&["one-for-one", "all"]), vec![None]].concat());
        assert_eq!(Layout::of(&[]), None);
    }
}
