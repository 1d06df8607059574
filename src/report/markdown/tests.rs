use std::collections::{BTreeMap, BTreeSet};

use pulldown_cmark::{Event, Options, Parser, Tag};

use super::*;
use crate::report::fixture;

/// What a target or a user may call things.
const MARKUP: [&str; 13] = [
    "<script>alert(1)</script>",
    "a | b | c\n| d |",
    "`code` **bold** __bold__ ~~gone~~ $x$ $$y$$ ^up^ ~down~",
    "[click](https://evil.example) ![x](https://evil.example/x.png) <https://evil.example>",
    "\n\n# Heading\n- item\n> quote",
    "```\nfence",
    "\u{202e}turned\u{1b}[31m",
    "&lt;b&gt; \\",
    "[^1] [x] [[wiki]]",
    "1. item",
    "---",
    "    indented",
    "x\n===\n: definition",
];

fn english(analysis: &Analysis) -> String {
    page(analysis, Lang::En, "")
}

fn japanese(analysis: &Analysis) -> String {
    page(analysis, Lang::Ja, "")
}

#[test]
fn a_passing_run_reads_like_this() {
    let mut analysis = fixture::passing();
    analysis.summary.plan.policy = Some(serde_json::json!({
        "max_retries": 3, "alert_after": 4, "heartbeat": "200ms", "heartbeat_misses": 3, "stable_after": "1s"
    }));
    insta::assert_snapshot!("passing_en", english(&analysis));
    insta::assert_snapshot!("passing_ja", japanese(&analysis));
}

#[test]
fn a_failing_run_reads_like_this() {
    insta::assert_snapshot!("failing_en", english(&fixture::failing()));
    insta::assert_snapshot!("failing_ja", japanese(&fixture::failing()));
}

#[test]
fn a_run_that_stops_stores_reads_like_this() {
    insta::assert_snapshot!("stores_en", english(&fixture::broken_stores()));
    insta::assert_snapshot!("stores_ja", japanese(&fixture::broken_stores()));
}

#[test]
fn a_run_with_chains_reads_like_this() {
    insta::assert_snapshot!("chains_en", english(&fixture::chains(4)));
    insta::assert_snapshot!("chains_ja", japanese(&fixture::chains(4)));
}

#[test]
fn a_run_without_data_says_so() {
    insta::assert_snapshot!("empty_en", english(&fixture::empty()));
    insta::assert_snapshot!("empty_ja", japanese(&fixture::empty()));
}

#[test]
fn every_text_is_there_in_both_languages() {
    for analysis in [
        fixture::passing(),
        fixture::failing(),
        fixture::empty(),
        fixture::broken_stores(),
        fixture::chains(4),
    ] {
        for text in [english(&analysis), japanese(&analysis)] {
            assert!(!text.contains('⟦'), "{text}");
        }
    }
}

/// The cells of a row: what is between bars that are not escaped.
fn cells(row: &str) -> usize {
    row.replace("\\|", "").matches('|').count() - 1
}

/// Every line that is not in a block of code.
fn prose(text: &str) -> Vec<&str> {
    let mut inside = false;
    let outside = |line: &&str| {
        let fence = line.starts_with("```");
        inside ^= fence;
        !inside && !fence
    };
    text.lines().filter(outside).collect()
}

#[test]
fn markup_from_a_target_or_a_user_stays_text() {
    for markup in MARKUP {
        for mut hostile in
            [fixture::hostile(markup), fixture::hostile_stores(markup), fixture::hostile_chains(markup)]
        {
            hostile.summary.environment.command = Some(markup.to_owned());
            hostile.summary.environment.os = markup.to_owned();
            let text = english(&hostile);
            let lines = prose(&text);
            for line in &lines {
                assert!(!line.contains("<script"), "{line}");
                assert!(!line.contains('\u{202e}') && !line.contains('\u{1b}'), "{line}");
                assert!(!line.starts_with("- item") && !line.starts_with("> quote"), "{line}");
                let heading = line.trim_start_matches('#').trim_start();
                assert!(!line.starts_with('#') || !heading.starts_with("Heading"), "{line}");
            }
            // Rows of one table have as many cells as its head.
            for pair in lines.windows(2).filter(|pair| pair.iter().all(|line| line.starts_with('|'))) {
                assert_eq!(cells(pair[0]), cells(pair[1]), "{pair:?}");
            }
        }
    }
}

/// What a reader of Markdown makes of a text: how many blocks of each kind, and where links lead.
fn blocks(text: &str) -> (BTreeMap<&'static str, usize>, BTreeSet<String>) {
    let (mut kinds, mut goals) = (BTreeMap::new(), BTreeSet::new());
    for event in Parser::new_ext(text, Options::all()) {
        let kind = match event {
            Event::Start(Tag::Heading { .. }) => "heading",
            Event::Start(Tag::Table(_)) => "table",
            Event::Start(Tag::TableCell) => "cell",
            Event::Start(Tag::Item) => "item",
            Event::Start(Tag::CodeBlock(_)) => "code",
            Event::Start(Tag::Strong) => "strong",
            Event::Start(Tag::Link { dest_url, .. } | Tag::Image { dest_url, .. }) => {
                goals.insert(dest_url.into_string());
                "link"
            }
            Event::Start(Tag::Paragraph | Tag::TableHead | Tag::TableRow | Tag::List(_)) => continue,
            Event::Start(other) => panic!("{other:?}"),
            Event::Html(html) | Event::InlineHtml(html) => panic!("{html}"),
            Event::Code(code) | Event::InlineMath(code) | Event::DisplayMath(code) => panic!("{code}"),
            Event::FootnoteReference(_) | Event::TaskListMarker(_) | Event::Rule => panic!("{event:?}"),
            Event::Text(_) | Event::SoftBreak | Event::HardBreak | Event::End(_) => continue,
        };
        *kinds.entry(kind).or_default() += 1;
    }
    (kinds, goals)
}

#[test]
fn a_reader_of_markdown_sees_the_same_document_whatever_the_names_are() {
    for of in [fixture::hostile, fixture::hostile_stores, fixture::hostile_chains] {
        for lang in Lang::ALL {
            let (kinds, goals) = blocks(&page(&of("plain"), lang, ""));
            for markup in MARKUP {
                assert_eq!(blocks(&page(&of(markup), lang, "")), (kinds.clone(), goals.clone()), "{markup}");
            }
        }
    }
}

#[test]
fn of_many_episodes_the_table_has_those_that_did_not_recover_and_the_slowest() {
    let mut analysis = fixture::many(200);
    analysis.summary.episodes[7].outcome = crate::analysis::model::Outcome::Censored;
    let text = english(&analysis);
    let rows = text.lines().filter(|line| line.contains("| kill |")).count();
    assert_eq!(rows, episodes::MOST_EPISODES);
    assert!(text.contains("160 more are not in the table"), "{text}");
    assert!(text.contains("Episode 8, censored"), "{text}");
}

#[test]
fn a_specification_that_was_not_measured_stays_as_planned() {
    let text = english(&fixture::empty());
    let planned = |line: &&str| line.starts_with('|') && line.contains("stays as planned");
    let rows: Vec<_> = text.lines().filter(planned).collect();
    assert_eq!(rows.len(), 4, "{rows:?}");
    assert!(text.contains("Retry up to 3 times in a row.") && text.contains("when attempt 4 fails"));
}

#[test]
fn links_lead_to_where_the_report_folder_is() {
    let text = page(&fixture::passing(), Lang::En, "../../reports/my run/");
    for goal in ["timeline.png", "summary.json", "evidence.json", "index.html"] {
        assert!(text.contains(&format!("(../../reports/my%20run/{goal})")), "{goal}: {text}");
    }
}
