//! What happened in the part of the run that the picture shows, as a table. Pure.

use super::words;
use crate::analysis::Analysis;
use crate::lang::Lang;
use crate::report::chart::text::seconds;
use crate::report::chart::{Column, DataTable};

/// So many rows are enough to read a picture; `summary.json` and the journal have all.
const MOST_ROWS: usize = 500;

/// One thing that happened to a module or a store, in µs since the run began.
struct Event<'a> {
    from_us: u64,
    /// Absent when it has no length.
    to_us: Option<u64>,
    whose: &'a str,
    what: String,
}

/// A row for each stretch in which a module or store was not well, for each fault and for each alert, in order of time.
pub(super) fn table(analysis: &Analysis, (from, to): (u64, u64), lang: Lang) -> DataTable {
    let mut events = events(analysis, lang);
    events.retain(|event| event.from_us <= to && event.to_us.unwrap_or(event.from_us) >= from);
    events.sort_by_key(|event| event.from_us);
    let say = |id: &str, kind| (lang.text(id), kind);
    let mut table = DataTable::new([
        say("cascade-column-from", Column::Figure),
        say("cascade-column-to", Column::Figure),
        say("cascade-column-whose", Column::Text),
        say("cascade-column-what", Column::Text),
    ]);
    let at = |us: u64| format!("{:.3}", seconds(us));
    let row = |event: &Event<'_>| {
        let to = event.to_us.map_or_else(|| "–".to_owned(), at);
        vec![at(event.from_us), to, event.whose.to_owned(), event.what.clone()]
    };
    table.rows = events.iter().take(MOST_ROWS).map(row).collect();
    if let Some(left_out) = events.len().checked_sub(MOST_ROWS).filter(|n| *n > 0) {
        let text = lang.say("cascade-left-out", [("n", left_out.into())]);
        table.rows.push(vec!["…".to_owned(), "…".to_owned(), "…".to_owned(), text]);
    }
    table
}

fn events(analysis: &Analysis, lang: Lang) -> Vec<Event<'_>> {
    let stretches = analysis.lanes.iter().flat_map(|lane| {
        lane.stretches.iter().map(|stretch| Event {
            from_us: stretch.from_us,
            to_us: Some(stretch.to_us),
            whose: &lane.name,
            what: words::state(stretch.state, lang),
        })
    });
    let faults = analysis.summary.episodes.iter().map(|episode| Event {
        from_us: episode.t0_us,
        to_us: None,
        whose: &episode.target,
        what: lang
            .say("cascade-what-fault", [("fault", (&episode.fault).into()), ("episode", episode.id.into())]),
    });
    let alerts = analysis.alerts.iter().map(|alert| Event {
        from_us: alert.t_us,
        to_us: None,
        whose: &alert.module,
        what: lang.say(
            "cascade-what-alert",
            [("alert", words::alert(alert.role, lang).into()), ("kind", (&alert.kind).into())],
        ),
    });
    stretches.chain(faults).chain(alerts).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::report::fixture;

    #[test]
    fn what_happened_is_told_in_order_with_its_unit() {
        let table = table(&fixture::chains(1), (5_000_000, 7_000_000), Lang::En);
        let rows: Vec<_> = table.rows.iter().take(4).map(|row| row.join(" | ")).collect();
        assert_eq!(
            rows,
            [
                "5.400 | – | ingest | fault kill (episode 1)",
                "5.405 | 5.650 | ingest | down",
                "5.419 | – | ingest | alert in time: module_crashed",
                "5.491 | – | ingest | collateral alert: module_recovered",
            ]
        );
        assert!(table.columns[..2].iter().all(|(name, _)| name.ends_with("(s)")), "{:?}", table.columns);
    }

    #[test]
    fn a_long_run_is_cut_off_and_says_so() {
        let table = table(&fixture::chains(200), (0, u64::MAX), Lang::En);
        assert_eq!(table.rows.len(), MOST_ROWS + 1);
        let last = table.rows.last().unwrap();
        assert!(last.len() == 4 && last[3].ends_with("more are left out here"), "{last:?}");
    }

    #[test]
    fn only_what_the_picture_shows_is_in_the_table() {
        let analysis = fixture::chains(2);
        assert!(table(&analysis, (0, 1_000_000), Lang::En).rows.is_empty());
        let rows = table(&analysis, (0, 6_900_000), Lang::En).rows;
        assert!(!rows.is_empty() && rows.iter().all(|row| row[0].parse::<f64>().unwrap() < 6.9));
    }
}
