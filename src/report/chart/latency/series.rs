//! How long users' requests took while something was broken, and otherwise. Pure.

use crate::analysis::Summary;
use crate::analysis::model::Latency;
use crate::lang::{Arg, Lang, format};
use crate::report::chart::text::float;
use crate::report::chart::{Column, DataTable};

/// The percentiles in the order of the rows, as their texts are called.
const PERCENTILES: [&str; 5] = ["p50", "p90", "p95", "p99", "max"];

/// One percentile; absent where there was no request.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Row {
    pub(crate) name: String,
    pub(crate) inside_us: Option<u64>,
    pub(crate) outside_us: Option<u64>,
    /// Inside ÷ outside, as it reads.
    pub(super) ratio: Option<String>,
}

/// The figure.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Latencies {
    pub(crate) rows: Vec<Row>,
    /// The shortest and the longest of all, in µs; absent without a request.
    pub(super) range: Option<(f64, f64)>,
    pub(super) words: Words,
    table: DataTable,
}

/// What stands in the picture.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Words {
    pub(super) title: String,
    pub(super) caption: String,
    pub(super) nothing: String,
    pub(super) x: String,
    /// What the mark is, with its requests and failures.
    pub(super) inside: String,
    pub(super) outside: String,
    pub(super) ratio: String,
    alt: String,
}

impl Latencies {
    pub(crate) fn new(summary: &Summary, lang: Lang) -> Self {
        let (inside, outside) = (summary.load.inside, summary.load.outside);
        let both = percentiles(inside).into_iter().zip(percentiles(outside));
        let rows: Vec<_> = PERCENTILES.iter().zip(both).map(|(name, both)| row(name, both, lang)).collect();
        let all = || rows.iter().flat_map(|row| [row.inside_us, row.outside_us]).flatten();
        Self {
            range: all().min().zip(all().max()).map(|(low, high)| (float(low), float(high))),
            words: Words::new(summary, lang),
            table: table(inside, outside, lang),
            rows,
        }
    }

    pub(super) fn in_words(&self) -> String {
        self.words.alt.clone()
    }

    pub(super) fn as_table(&self) -> DataTable {
        self.table.clone()
    }
}

impl Words {
    fn new(summary: &Summary, lang: Lang) -> Self {
        let group = |id: &str, latency: &Latency| counted(&lang.text(id), latency, lang);
        let inside = group("latency-plot-inside", &summary.load.inside);
        let outside = group("latency-plot-outside", &summary.load.outside);
        let alt = if summary.load.inside.count + summary.load.outside.count == 0 {
            lang.text("latency-plot-alt-nothing")
        } else {
            let read = |group: &String, latency: Latency| in_words(group, latency, lang);
            lang.say(
                "latency-plot-alt",
                [
                    ("inside", read(&inside, summary.load.inside).into()),
                    ("outside", read(&outside, summary.load.outside).into()),
                ],
            )
        };
        Self {
            title: lang.text("latency-plot-title"),
            caption: lang.say("latency-plot-caption", [("run", (&summary.run_id).into())]),
            nothing: lang.text("latency-plot-nothing"),
            x: lang.text("latency-plot-x"),
            ratio: lang.text("latency-plot-ratio"),
            inside,
            outside,
            alt,
        }
    }
}

fn percentiles(latency: Latency) -> [Option<u64>; 5] {
    [latency.p50_us, latency.p90_us, latency.p95_us, latency.p99_us, latency.max_us]
}

fn row(name: &str, (inside_us, outside_us): (Option<u64>, Option<u64>), lang: Lang) -> Row {
    let both = inside_us.zip(outside_us.filter(|us| *us > 0));
    Row {
        name: lang.text(&format!("latency-plot-{name}")),
        inside_us,
        outside_us,
        ratio: both.map(|(inside, outside)| format!("× {}", format::number(float(inside) / float(outside)))),
    }
}

/// `during episodes: 600 requests, 190 of them failed (31.7 %)`
fn counted(group: &str, latency: &Latency, lang: Lang) -> String {
    if latency.count == 0 {
        return lang.say("latency-plot-no-request", [("group", group.into())]);
    }
    let share = Arg::Share(float(latency.failures) / float(latency.count));
    lang.say(
        "latency-plot-group",
        [
            ("group", group.into()),
            ("requests", latency.count.into()),
            ("failed", latency.failures.into()),
            ("share", share),
        ],
    )
}

/// A group with its percentiles.
fn in_words(group: &str, latency: Latency, lang: Lang) -> String {
    if latency.count == 0 {
        return group.to_owned();
    }
    let [p50, p90, p95, p99, max] = percentiles(latency).map(Arg::length_or);
    let all = [("group", group.into()), ("p50", p50), ("p90", p90), ("p95", p95), ("p99", p99), ("max", max)];
    lang.say("latency-plot-percentiles", all)
}

/// A row for each group.
fn table(inside: Latency, outside: Latency, lang: Lang) -> DataTable {
    let columns = [
        ("latency-plot-column-group", Column::Text),
        ("latency-plot-column-requests", Column::Figure),
        ("latency-plot-column-failed", Column::Figure),
    ];
    let mut table = DataTable::new(columns.map(|(id, kind)| (lang.text(id), kind)));
    let unit = |name: &&str| {
        let percentile = lang.text(&format!("latency-plot-{name}"));
        (lang.say("latency-plot-column-ms", [("percentile", percentile.into())]), Column::Figure)
    };
    table.columns.extend(PERCENTILES.iter().map(unit));
    for (id, latency) in [("latency-plot-inside", inside), ("latency-plot-outside", outside)] {
        let mut row = vec![lang.text(id), format::count(latency.count), format::count(latency.failures)];
        let ms = |us: u64| format::number(float(us) / 1e3);
        row.extend(percentiles(latency).map(|us| us.map_or_else(|| "–".to_owned(), ms)));
        table.rows.push(row);
    }
    table
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::report::fixture;

    fn of(summary: &Summary) -> Latencies {
        Latencies::new(summary, Lang::En)
    }

    #[test]
    fn each_percentile_stands_beside_that_of_the_calm() {
        let mut summary = fixture::passing().summary;
        summary.load.inside.p95_us = summary.load.outside.p95_us.map(|us| us * 4);
        let figure = of(&summary);
        assert_eq!(figure.rows.len(), 5);
        let p95 = &figure.rows[2];
        assert_eq!(
            (p95.inside_us, p95.outside_us),
            (summary.load.inside.p95_us, summary.load.outside.p95_us)
        );
        assert_eq!(p95.ratio.as_deref(), Some("× 4"));
        let (low, high) = figure.range.unwrap();
        assert_eq!(Some(low as u64), summary.load.outside.p50_us);
        assert_eq!(Some(high as u64), summary.load.inside.max_us);
    }

    #[test]
    fn requests_and_failures_are_counted_in_words() {
        let mut summary = fixture::passing().summary;
        (summary.load.inside.count, summary.load.inside.failures) = (12_345, 1);
        let words = of(&summary).words;
        assert_eq!(words.inside, "during episodes: 12\u{202f}345 requests, 1 of them failed (0.01 %)");
        assert!(words.alt.contains(&words.inside) && words.alt.contains(&words.outside), "{}", words.alt);
        summary.load.inside = Latency::default();
        let figure = of(&summary);
        assert_eq!(figure.words.inside, "during episodes: no request");
        assert!(figure.rows.iter().all(|row| row.inside_us.is_none() && row.ratio.is_none()));
        assert!(figure.range.is_some());
    }

    #[test]
    fn without_requests_it_says_so_in_words() {
        let figure = of(&fixture::empty().summary);
        assert_eq!(
            (figure.range, figure.words.nothing.as_str()),
            (None, "no data: no request of a user was journalled")
        );
        assert_eq!(figure.in_words(), "No data: no request of a user was journalled.");
    }

    #[test]
    fn the_table_has_a_row_for_each_group_and_a_unit_in_each_column_of_lengths() {
        let table = of(&fixture::passing().summary).table;
        assert_eq!(table.rows.len(), 2);
        assert!(table.rows.iter().all(|row| row.len() == table.columns.len()));
        assert!(table.columns.iter().skip(3).all(|(name, _)| name.ends_with(", ms")), "{:?}", table.columns);
        assert_eq!(table.rows[0][..4], ["during episodes", "600", "190", "4.1"]);
        let empty = of(&fixture::empty().summary).table;
        assert_eq!(empty.rows[1][1..4], ["0", "0", "–"]);
    }
}
