//! `index.html`: one file that asks nothing of the network. A view model first (pure), then the template.

mod episodes;
mod facts;
mod model;

use askama::Template;

use super::ReportError;
use super::words::Headings;
use crate::analysis::Analysis;
use crate::lang::Lang;
use model::Page;

/// The template and all that it shows.
#[derive(Template)]
#[template(path = "index.html")]
struct Document<'a> {
    page: &'a Page,
    h: &'static Headings,
    timeline_svg: &'a str,
    recovery_svg: &'a str,
    /// Only of a run that stops stores.
    resync_svg: Option<String>,
    /// Only of a run with chains.
    cascade_svg: Option<String>,
}

/// The whole page.
pub(crate) fn page(analysis: &Analysis) -> Result<String, ReportError> {
    let chart =
        |figure, error: super::chart::ChartError| ReportError::Chart { figure, detail: error.to_string() };
    let timeline = super::chart::timeline::Timeline::new(analysis, Lang::En);
    let recovery = super::chart::recovery::Recovery::new(&analysis.summary, Lang::En);
    let timeline_svg = super::chart::svg(&timeline).map_err(|error| chart("the timeline", error))?;
    let recovery_svg = super::chart::svg(&recovery).map_err(|error| chart("the recovery times", error))?;
    let resync = super::chart::resync::Resync::of(&analysis.summary, Lang::En);
    let resync_svg = resync.as_ref().map(super::chart::svg).transpose();
    let resync_svg = resync_svg.map_err(|error| chart("the resyncs", error))?;
    let cascade = super::chart::cascade::Cascade::of(analysis, Lang::En);
    let cascade_svg = cascade.as_ref().map(super::chart::svg).transpose();
    let cascade_svg = cascade_svg.map_err(|error| chart("the chains", error))?;
    let page = Page::new(analysis, &timeline, resync.as_ref(), cascade.as_ref());
    let document = Document {
        page: &page,
        h: &super::words::HEADINGS,
        timeline_svg: &timeline_svg,
        recovery_svg: &recovery_svg,
        resync_svg,
        cascade_svg,
    };
    Ok(document.render()?)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::report::{chart, fixture};

    fn all() -> Vec<String> {
        [
            fixture::passing(),
            fixture::failing(),
            fixture::many(200),
            fixture::empty(),
            fixture::broken_stores(),
            fixture::chains(40),
        ]
        .iter()
        .map(|analysis| page(analysis).unwrap())
        .collect()
    }

    #[test]
    fn nothing_is_asked_of_the_network() {
        for html in all() {
            for asks in ["src=", "url(", "@import", "<link", "<script", "href=\"http", "href='", "srcset"] {
                assert!(!html.contains(asks), "{asks}");
            }
            // What is left are name spaces and plain text.
            let links = html.matches("href=\"").count();
            assert_eq!(links, html.matches("href=\"#").count());
        }
    }

    #[test]
    fn markup_from_a_target_stays_text() {
        for markup in [
            "<script>alert(1)</script>",
            "\"><img onerror=x>",
            "' onclick='x",
            "</style><b>",
            "{{9999*9999}}",
        ] {
            for hostile in [fixture::hostile(markup), fixture::hostile_stores(markup)] {
                let html = page(&hostile).unwrap();
                for tag in ["<script", "<img", "<b>", "onclick='"] {
                    assert!(!html.contains(tag), "{markup} gives {tag}");
                }
                assert!(!html.contains("99980001"), "no template is evaluated twice");
                // One style sheet, opened and closed once.
                assert_eq!(html.matches("</style>").count(), 1);
            }
        }
    }

    #[test]
    fn every_link_inside_the_page_has_its_goal() {
        for html in all() {
            for link in html.split("href=\"#").skip(1) {
                let goal = link.split('"').next().unwrap();
                assert_eq!(html.matches(&format!("id=\"{goal}\"")).count(), 1, "{goal}");
            }
        }
    }

    #[test]
    fn the_sections_stand_in_their_order() {
        let html = page(&fixture::passing()).unwrap();
        let ids = ["verdict", "caveats", "timeline", "recovery", "users", "state", "alerts", "load", "run"];
        let places: Vec<_> = ids.iter().map(|id| html.find(&format!("id=\"{id}\"")).unwrap()).collect();
        assert!(places.is_sorted(), "{places:?}");
    }

    #[test]
    fn only_a_run_that_stops_stores_shows_resyncs() {
        assert!(!page(&fixture::passing()).unwrap().contains("id=\"resync\""));
        let html = page(&fixture::broken_stores()).unwrap();
        assert!(html.contains("id=\"resync\""));
        for said in [
            "SessionLog loss rate",
            "local: PostgreSQL 15.18, Redis 7.0.15",
            "newly damaged",
            "our own outage",
        ] {
            assert!(html.contains(said), "{said}");
        }
    }

    #[test]
    fn only_a_run_with_chains_shows_them() {
        assert!(!page(&fixture::passing()).unwrap().contains("id=\"chains\""));
        let html = page(&fixture::chains(4)).unwrap();
        assert!(html.contains("id=\"chains\""));
        for said in [
            "session (it was restarting already)",
            "session (+480 ms)",
            "one-for-one",
            "our own alert sink closed",
            "p50 9.4 ms, p95 12 ms, max 310 ms",
            "4 decided trials",
        ] {
            assert!(html.contains(said), "{said}");
        }
    }

    #[test]
    fn two_hundred_episodes_fit_into_three_megabytes() {
        let html = page(&fixture::many(200)).unwrap();
        assert!(html.len() < 3_000_000, "{}", html.len());
        assert_eq!(html.matches("<details class=\"episode\"").count(), 200);
    }

    #[test]
    fn the_style_sheet_knows_every_colour_of_the_charts() {
        use chart::style;
        let sheet = include_str!("style.css");
        for colour in [
            style::PAPER,
            style::INK,
            style::MUTED,
            style::GRID,
            style::WINDOW,
            style::BLUE,
            style::VERMILLION,
            style::ORANGE,
            style::SKY,
            style::GREEN,
            style::PURPLE,
        ] {
            assert!(sheet.contains(&format!("[fill=\"{}\"]", style::hex(colour))), "{}", style::hex(colour));
        }
    }
}
