//! The figures of the page: each with its heading, its text alternative and the numbers behind it.

use std::collections::BTreeSet;

use crate::lang::Lang;
use crate::report::ReportError;
use crate::report::chart::{Column, DataTable, Picture};

/// The figures of each section, by their names, in order.
const PLACES: [(&str, &[&str]); 9] = [
    ("timeline", &["timeline"]),
    ("recovery", &["recovery", "resilience", "recovery_ecdf"]),
    ("users", &["latency"]),
    ("state", &["resync"]),
    ("alerts", &["alerts"]),
    ("chains", &["cascade"]),
    ("settings", &["pareto", "heat_map"]),
    ("changes", &["forest"]),
    ("distributions", &["distributions", "strip"]),
];

/// The figures whose horizontal axis is the time of the run.
const OVER_TIME: [&str; 2] = ["timeline", "cascade"];

/// A figure as the page shows it.
#[derive(Debug)]
pub(super) struct FigureView {
    pub(super) name: &'static str,
    pub(super) heading: String,
    /// Drawn by us: markup, with every text in it escaped.
    pub(super) svg: String,
    pub(super) alt: String,
    /// Where the axis of time begins, of those that have one.
    pub(super) start: Option<String>,
    pub(super) table: TableView,
}

/// The numbers behind a figure.
#[derive(Debug)]
pub(super) struct TableView {
    /// The head of each column, and the class of its cells.
    pub(super) columns: Vec<(String, &'static str)>,
    pub(super) rows: Vec<Vec<CellView>>,
}

/// One cell.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct CellView {
    pub(super) text: String,
    pub(super) class: &'static str,
    /// The episode whose section it leads to.
    pub(super) episode: Option<u32>,
}

/// Every figure by its section.
#[derive(Debug, Default)]
pub(super) struct Figures {
    all: Vec<FigureView>,
}

impl Figures {
    /// Draws the pictures. `episodes` are those that have a section to link to.
    pub(super) fn draw(
        pictures: &[Box<dyn Picture>],
        started_at: &str,
        episodes: &BTreeSet<u32>,
        lang: Lang,
    ) -> Result<Self, ReportError> {
        let draw = |picture: &dyn Picture| {
            let name = picture.name();
            let failed = |error: crate::report::chart::ChartError| ReportError::Chart {
                figure: name,
                detail: error.to_string(),
            };
            Ok(FigureView {
                name,
                heading: lang.text(&format!("page-figure-{name}")),
                svg: picture.svg().map_err(failed)?,
                alt: picture.alt(),
                start: OVER_TIME
                    .contains(&name)
                    .then(|| lang.say("page-figure-start", [("start", started_at.into())])),
                table: table(picture.table(), episodes),
            })
        };
        Ok(Self {
            all: pictures.iter().map(|picture| draw(picture.as_ref())).collect::<Result<_, ReportError>>()?,
        })
    }

    /// Those of a section, in order.
    pub(super) fn of(&self, section: &str) -> Vec<&FigureView> {
        let names = PLACES.iter().filter(|(place, _)| *place == section).flat_map(|(_, names)| *names);
        names.filter_map(|name| self.all.iter().find(|figure| figure.name == *name)).collect()
    }
}

fn table(table: DataTable, episodes: &BTreeSet<u32>) -> TableView {
    let class = |column: Column| match column {
        Column::Text => "text",
        Column::Figure | Column::Episode => "",
    };
    let kinds: Vec<_> = table.columns.iter().map(|(_, kind)| *kind).collect();
    let cell = |(text, kind): (String, &Column)| {
        let id = text.trim_start_matches('#').parse().ok();
        let episode = id.filter(|id| *kind == Column::Episode && episodes.contains(id));
        CellView { text, class: class(*kind), episode }
    };
    TableView {
        columns: table.columns.into_iter().map(|(name, kind)| (name, class(kind))).collect(),
        rows: table.rows.into_iter().map(|row| row.into_iter().zip(&kinds).map(cell).collect()).collect(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::report::{chart, fixture};

    #[test]
    fn only_the_number_of_an_episode_that_has_a_section_leads_there() {
        let column = |name: &str, kind| (name.to_owned(), kind);
        let mut data = DataTable::new([
            column("#", Column::Episode),
            column("target", Column::Text),
            column("length", Column::Figure),
        ]);
        for id in ["1", "#2", "7", "none"] {
            data.rows.push(vec![id.to_owned(), "1".to_owned(), "1".to_owned()]);
        }
        let view = table(data, &BTreeSet::from([1, 2, 3]));
        let links: Vec<_> = view.rows.iter().map(|row| row[0].episode).collect();
        assert_eq!(links, [Some(1), Some(2), None, None]);
        assert!(view.rows.iter().all(|row| row[1].episode.is_none() && row[2].episode.is_none()));
        assert_eq!(view.columns.iter().map(|(_, class)| *class).collect::<Vec<_>>(), ["", "text", ""]);
    }

    #[test]
    fn every_figure_of_a_run_has_a_place_and_a_heading() {
        for analysis in [fixture::failing(), fixture::broken_stores(), fixture::chains(4)] {
            for picture in chart::pictures(&analysis, Lang::En) {
                let name = picture.name();
                assert!(PLACES.iter().any(|(_, names)| names.contains(&name)), "{name}");
            }
        }
        for lang in Lang::ALL {
            for name in PLACES.iter().flat_map(|(_, names)| *names) {
                assert!(!lang.text(&format!("page-figure-{name}")).contains('⟦'), "{name}");
            }
        }
    }
}
