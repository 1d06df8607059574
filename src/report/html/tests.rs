//! What the page as a whole promises, in both languages.

use base64::Engine as _;
use sha2::Digest as _;

use super::*;
use crate::report::chart::{ChartError, Column, DataTable, Picture};
use crate::report::fixture;

/// A picture whose every text is `text`.
struct Sample {
    name: &'static str,
    text: String,
}

impl Picture for Sample {
    fn name(&self) -> &'static str {
        self.name
    }

    fn alt(&self) -> String {
        self.text.clone()
    }

    fn table(&self) -> DataTable {
        let columns = [("#", Column::Episode), ("fault", Column::Text), ("took", Column::Figure)];
        let mut table = DataTable::new(columns.map(|(name, column)| (name.to_owned(), column)));
        table.rows = vec![
            vec!["1".to_owned(), self.text.clone(), "153 ms".to_owned()],
            vec!["999".to_owned(), self.text.clone(), "1 s".to_owned()],
        ];
        table
    }

    fn size(&self) -> (u32, u32) {
        (20, 10)
    }

    fn svg(&self) -> Result<String, ChartError> {
        Ok(format!("<svg aria-hidden=\"true\" viewBox=\"0 0 20 10\"><!--{}--></svg>", self.name))
    }

    fn save_png(&self, _: &std::path::Path) -> Result<(), ChartError> {
        Err(ChartError::new("a sample has no file"))
    }
}

const NAMES: [&str; 8] =
    ["timeline", "recovery", "resilience", "recovery_ecdf", "latency", "resync", "alerts", "cascade"];

fn samples(text: &str) -> Vec<Box<dyn Picture>> {
    let sample = |name| -> Box<dyn Picture> { Box::new(Sample { name, text: text.to_owned() }) };
    NAMES.map(sample).into()
}

/// The page with every figure that there can be, and a curve for each episode.
fn full(analysis: &Analysis, text: &str, lang: Lang) -> String {
    let curve = |_: &Episode| {
        Ok(Some(CurveView { svg: "<svg aria-hidden=\"true\"></svg>".to_owned(), alt: text.to_owned() }))
    };
    render(analysis, &samples(text), lang, curve).unwrap()
}

/// Every fixture in both languages, with and without figures.
fn all() -> Vec<String> {
    let analyses = [
        fixture::passing(),
        fixture::failing(),
        fixture::many(21),
        fixture::empty(),
        fixture::broken_stores(),
        fixture::chains(40),
    ];
    let pages = analyses.iter().flat_map(|analysis| {
        Lang::ALL.map(|lang| [page(analysis, lang).unwrap(), full(analysis, "shown", lang)])
    });
    pages.flatten().collect()
}

#[test]
fn nothing_is_asked_of_the_network() {
    for html in all() {
        for asks in
            ["src=", "url(", "@import", "<link", "<iframe", "href=\"http", "href='", "srcset", "fetch("]
        {
            assert!(!html.contains(asks), "{asks}");
        }
        // What is left are name spaces and plain text.
        let links = html.matches("href=\"").count();
        assert_eq!(links, html.matches("href=\"#").count());
        assert!(html.contains("default-src 'none'; "));
    }
}

#[test]
fn only_the_script_of_the_page_itself_may_run() {
    let sha256 = sha2::Sha256::digest(SCRIPT.as_bytes());
    assert_eq!(base64::engine::general_purpose::STANDARD.encode(sha256), SCRIPT_SHA256);
    assert!(!SCRIPT.contains("</") && !SCRIPT.contains("<!"), "it would end early");
    for html in all() {
        assert_eq!(html.matches("<script").count(), 1);
        assert!(html.contains(&format!("<script>{SCRIPT}</script>")));
        assert!(html.contains(&format!("script-src 'sha256-{SCRIPT_SHA256}'")));
        assert!(!html.contains(" onclick=") && !html.contains("javascript:"));
    }
}

#[test]
fn every_text_is_there_in_both_languages() {
    for html in all() {
        let missing: Vec<_> =
            html.match_indices('⟦').map(|(at, _)| &html[at..(at + 40).min(html.len())]).collect();
        assert!(missing.is_empty(), "{missing:?}");
    }
    let (english, japanese) =
        (page(&fixture::passing(), Lang::En).unwrap(), page(&fixture::passing(), Lang::Ja).unwrap());
    assert!(english.contains("<html lang=\"en\">") && japanese.contains("<html lang=\"ja\">"));
    assert!(japanese.contains("システムはすべての合格ラインの範囲内で自己回復しました"));
}

#[test]
fn markup_from_a_target_stays_text() {
    for markup in [
        "<script>alert(1)</script>",
        "\"><img onerror=x>",
        "' onclick='x",
        "</style><b>",
        "</script><b>",
        "{{9999*9999}}",
        "{ $n }",
    ] {
        let mut with_policy = fixture::hostile(markup);
        with_policy.summary.plan.policy = Some(serde_json::json!({ markup: markup }));
        with_policy.goose_metrics = Some(serde_json::json!({ "requests": { markup: {} } }).to_string());
        for hostile in [with_policy, fixture::hostile_stores(markup), fixture::hostile_chains(markup)] {
            for lang in Lang::ALL {
                let html = full(&hostile, markup, lang) + &page(&hostile, lang).unwrap();
                for tag in ["<img", "<b>", "onclick='", "<script>alert"] {
                    assert!(!html.contains(tag), "{markup} gives {tag}");
                }
                assert!(!html.contains("99980001"), "no template is evaluated twice");
                // One style sheet and one script, opened and closed once in each of the two pages.
                for once in ["</style>", "<script", "</script"] {
                    assert_eq!(html.matches(once).count(), 2, "{markup} gives {once}");
                }
            }
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
        for label in html.split("labelledby=\"").skip(1) {
            let goal = label.split('"').next().unwrap();
            assert_eq!(html.matches(&format!("id=\"{goal}\"")).count(), 1, "{goal}");
        }
    }
}

#[test]
fn the_sections_stand_in_their_order() {
    let ids = [
        "verdict", "kpis", "caveats", "timeline", "recovery", "users", "state", "alerts", "chains", "load",
        "run",
    ];
    for lang in Lang::ALL {
        let html = page(&fixture::chains(4), lang).unwrap();
        let places: Vec<_> = ids.iter().map(|id| html.find(&format!(" id=\"{id}\"")).unwrap()).collect();
        assert!(places.is_sorted(), "{places:?}");
    }
}

#[test]
fn headings_go_down_one_level_at_a_time() {
    for html in all() {
        let mut level = 0;
        for heading in html.split("<h").skip(1) {
            let Some(next) = heading.chars().next().and_then(|digit| digit.to_digit(10)) else { continue };
            assert!(next <= level + 1, "h{next} after h{level}: {}", &heading[..heading.len().min(60)]);
            level = next;
        }
        assert_eq!(html.matches("<h1").count(), 1);
    }
}

#[test]
fn each_figure_stands_in_its_section_with_words_and_numbers() {
    let html = full(&fixture::chains(4), "what it shows", Lang::En);
    let place = |what: &str| html.find(what).unwrap();
    for (figure, section, next) in [
        ("timeline", "timeline", "recovery"),
        ("recovery", "recovery", "users"),
        ("resilience", "recovery", "users"),
        ("recovery_ecdf", "recovery", "users"),
        ("latency", "users", "state"),
        ("resync", "state", "alerts"),
        ("alerts", "alerts", "chains"),
        ("cascade", "chains", "load"),
    ] {
        let at = place(&format!("<!--{figure}-->"));
        let (from, to) =
            (place(&format!("<section id=\"{section}\"")), place(&format!("<section id=\"{next}\"")));
        assert!((from..to).contains(&at), "{figure}");
    }
    assert_eq!(html.matches("role=\"img\" aria-label=\"what it shows\"").count(), NAMES.len());
    assert_eq!(html.matches("role=\"img\" aria-labelledby=\"curve-").count(), 8);
    assert_eq!(html.matches("<td><a href=\"#episode-1\">1</a></td>").count(), NAMES.len() + 3);
    assert!(!html.contains("#episode-999"), "no section, no link");
    assert_eq!(html.matches("since the run began, at 2026-01-02T03:04:05.678+00:00").count(), 2);
}

#[test]
fn who_was_not_there_sees_at_the_top_which_episode_failed() {
    let html = page(&fixture::failing(), Lang::En).unwrap();
    let top = &html[..html.find("<section id=\"kpis\"").unwrap()];
    assert!(top.contains("<a href=\"#episode-3\">#3 kill "), "{top}");
    assert!(top.contains("not recovered within 60 s"), "{top}");
}

#[test]
fn several_scenarios_have_an_overview_that_leads_to_their_cards() {
    assert!(!page(&fixture::passing(), Lang::En).unwrap().contains("class=\"matrix\""));
    let mut analysis = fixture::passing();
    let summary = &mut analysis.summary;
    let mut second = summary.scenarios[0].clone();
    "second".clone_into(&mut second.name);
    summary.scenarios.push(second);
    for lang in Lang::ALL {
        let html = page(&analysis, lang).unwrap();
        assert!(html.contains("<a href=\"#scenario-2\">second</a>"));
        assert_eq!(html.matches("<h3 id=\"scenario-2\">second ").count(), 1);
    }
}

#[test]
fn only_a_run_that_stops_stores_shows_resyncs() {
    assert!(!page(&fixture::passing(), Lang::En).unwrap().contains("id=\"resync\""));
    let html = page(&fixture::broken_stores(), Lang::En).unwrap();
    assert!(html.contains("id=\"resync\""));
    for said in
        ["SessionLog loss rate", "local: PostgreSQL 15.18, Redis 7.0.15", "newly damaged", "grace before"]
    {
        assert!(html.contains(said), "{said}");
    }
}

#[test]
fn only_a_run_with_chains_shows_them() {
    assert!(!page(&fixture::passing(), Lang::En).unwrap().contains("id=\"chains\""));
    let html = page(&fixture::chains(4), Lang::En).unwrap();
    assert!(html.contains("id=\"chains\""));
    for said in [
        "session (it was restarting already)",
        "session (+480 ms)",
        "one-for-one",
        "our own sink closed",
        "p50 9.4 ms, p95 12 ms, max 310 ms",
        "4 decided trials",
    ] {
        assert!(html.contains(said), "{said}");
    }
}

#[test]
fn two_hundred_episodes_leave_room_for_their_charts() {
    for lang in Lang::ALL {
        let html = render(&fixture::many(200), &[], lang, |_| Ok(None)).unwrap();
        // Three megabytes for the whole, of which the charts take the most.
        assert!(html.len() < 1_200_000, "{lang:?}: {}", html.len());
        let whole = page(&fixture::many(200), lang).unwrap().len();
        assert!(whole < 3_000_000, "{lang:?}: {whole}");
        assert_eq!(html.matches("<details class=\"episode\"").count(), 200);
        assert!(html.contains("<select name=\"outcome\">"));
    }
    assert!(!page(&fixture::passing(), Lang::En).unwrap().contains("<select"));
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
