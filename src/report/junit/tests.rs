//! The schema check: the rules of Ant's `JUnit.xsd` and of Jenkins' `junit-10.xsd`, written down as far as what we write
//! can break them. Where one of the two is stricter, its rule is here.

use quick_xml::Reader;
use quick_xml::events::{BytesStart, Event};

use super::*;
use crate::report::fixture;

/// An element with its attributes, its children and its text.
#[derive(Debug, Default)]
struct Element {
    name: String,
    attributes: Vec<(String, String)>,
    children: Vec<Element>,
    text: String,
}

impl Element {
    fn new(start: &BytesStart<'_>) -> Self {
        let attribute = |attribute: quick_xml::events::attributes::Attribute<'_>| {
            let name = String::from_utf8(attribute.key.as_ref().to_vec()).unwrap();
            (name, attribute.unescape_value().unwrap().into_owned())
        };
        Self {
            name: String::from_utf8(start.name().as_ref().to_vec()).unwrap(),
            attributes: start.attributes().map(|one| attribute(one.unwrap())).collect(),
            ..Self::default()
        }
    }

    fn get(&self, name: &str) -> &str {
        let found = self.attributes.iter().find(|(own, _)| own == name);
        found.map_or_else(|| panic!("<{}> lacks {name}", self.name), |(_, value)| value)
    }

    fn number(&self, name: &str) -> usize {
        self.get(name).parse().unwrap()
    }

    fn all<'a>(&'a self, name: &'a str) -> impl Iterator<Item = &'a Element> {
        self.children.iter().filter(move |child| child.name == name)
    }
}

/// The root, once the text is well-formed.
fn parsed(text: &str) -> Element {
    let forbidden = |c: char| !matches!(c, '\t' | '\n' | '\r' | ' '..='\u{d7ff}' | '\u{e000}'..='\u{fffd}' | '\u{10000}'..);
    assert!(!text.contains(forbidden), "a character that no XML document may hold");
    let mut reader = Reader::from_str(text);
    let mut open = vec![Element::default()];
    loop {
        match reader.read_event().unwrap() {
            Event::Start(start) => open.push(Element::new(&start)),
            Event::Empty(start) => open.last_mut().unwrap().children.push(Element::new(&start)),
            Event::End(_) => {
                let closed = open.pop().unwrap();
                open.last_mut().unwrap().children.push(closed);
            }
            Event::Text(text) => open.last_mut().unwrap().text.push_str(&text.decode().unwrap()),
            Event::GeneralRef(name) => {
                let of_name = match name.decode().unwrap().as_ref() {
                    "lt" => '<',
                    "gt" => '>',
                    "amp" => '&',
                    "quot" => '"',
                    "apos" => '\'',
                    _ => name.resolve_char_ref().unwrap().unwrap(),
                };
                open.last_mut().unwrap().text.push(of_name);
            }
            Event::Decl(_) => {}
            Event::Eof => break,
            other => panic!("{other:?}"),
        }
    }
    let mut document = open.pop().unwrap();
    assert!(open.is_empty() && document.children.len() == 1, "one root, and everything closed");
    document.children.pop().unwrap()
}

/// `allowed` says what there may be and `!` what there must be.
fn attributes(element: &Element, allowed: &[&str]) {
    for (name, _) in &element.attributes {
        assert!(allowed.iter().any(|own| own.trim_start_matches('!') == name), "<{}> {name}", element.name);
    }
    for required in allowed.iter().filter_map(|own| own.strip_prefix('!')) {
        element.get(required);
    }
}

/// `xs:decimal` and Jenkins' `SUREFIRE_TIME` at once.
fn is_time(text: &str) {
    let (whole, rest) = text.split_once('.').unwrap();
    assert!(!whole.is_empty() && whole.chars().chain(rest.chars()).all(|c| c.is_ascii_digit()), "{text}");
}

/// The rules of both schemas.
fn valid(root: &Element) {
    assert_eq!(root.name, "testsuites");
    // Ant's has no attribute there.
    attributes(root, &[]);
    for (index, suite) in root.children.iter().enumerate() {
        assert_eq!(suite.name, "testsuite");
        attributes(
            suite,
            &[
                "!name",
                "!package",
                "!id",
                "!timestamp",
                "!hostname",
                "!tests",
                "!failures",
                "!errors",
                "skipped",
                "!time",
            ],
        );
        assert!(!suite.get("name").trim().is_empty() && !suite.get("hostname").is_empty());
        assert_eq!(suite.number("id"), index);
        is_time(suite.get("time"));
        let pattern: String =
            suite.get("timestamp").chars().map(|c| if c.is_ascii_digit() { '0' } else { c }).collect();
        assert_eq!(pattern, "0000-00-00T00:00:00");
        // A sequence: properties, test cases, output, errors.
        let names: Vec<_> = suite.children.iter().map(|child| child.name.as_str()).collect();
        let cases = names.len() - 3;
        assert_eq!((names[0], &names[names.len() - 2..]), ("properties", &["system-out", "system-err"][..]));
        assert!(names[1..=cases].iter().all(|name| *name == "testcase"), "{names:?}");
        for property in &suite.children[0].children {
            assert_eq!(property.name, "property");
            attributes(property, &["!name", "!value"]);
            assert!(!property.get("name").trim().is_empty());
        }
        let count = |what: &str| suite.all("testcase").filter(|case| case.all(what).count() == 1).count();
        let counted = (suite.number("tests"), suite.number("failures"), suite.number("skipped"));
        assert_eq!(counted, (cases, count("failure"), count("skipped")));
        assert_eq!((suite.number("errors"), count("error")), (0, 0));
        suite.all("testcase").for_each(valid_case);
    }
}

fn valid_case(case: &Element) {
    attributes(case, &["!name", "!classname", "!time"]);
    is_time(case.get("time"));
    // A choice of one.
    assert!(case.children.len() <= 1, "{case:?}");
    for child in &case.children {
        match child.name.as_str() {
            "failure" => attributes(child, &["!type", "message"]),
            "skipped" => attributes(child, &["message"]),
            other => panic!("<{other}> in a test case"),
        }
    }
}

fn root(analysis: &Analysis) -> Element {
    let root = parsed(&xml(analysis, Lang::En).unwrap());
    valid(&root);
    root
}

fn case<'a>(suite: &'a Element, name: &str) -> &'a Element {
    suite.all("testcase").find(|case| case.get("name") == name).unwrap()
}

#[test]
fn every_run_gives_a_file_that_is_valid_by_both_schemas() {
    for analysis in [
        fixture::passing(),
        fixture::failing(),
        fixture::many(200),
        fixture::empty(),
        fixture::broken_stores(),
        fixture::chains(4),
    ] {
        for lang in Lang::ALL {
            let root = parsed(&xml(&analysis, lang).unwrap());
            valid(&root);
            let cases: usize = root.children.iter().map(|suite| suite.number("tests")).sum();
            assert_eq!(cases, analysis.summary.kpis.len() + analysis.summary.episodes.len());
        }
    }
}

#[test]
fn a_missed_kpi_and_a_censored_episode_are_failures_and_what_shows_nothing_is_skipped() {
    let analysis = fixture::failing();
    let root = root(&analysis);
    let suite = &root.children[0];
    let failure = |name: &str| case(suite, name).all("failure").next().unwrap();
    let message = failure("auto_recovery_rate").get("message");
    assert!(message.contains("50 %") && message.contains("≥ 95 %"), "{message}");
    assert_eq!(failure("auto_recovery_rate").get("type"), "kpi");
    let target = |index: usize| {
        let episode = &analysis.summary.episodes[index];
        format!("episode {}: {} {}", episode.id, episode.fault, episode.target)
    };
    assert_eq!(failure(&target(2)).get("type"), "censored");
    assert!(failure(&target(2)).text.contains("exited"), "its events are there");
    assert_eq!(case(suite, &target(2)).get("time"), "60.000");
    assert!(case(suite, &target(0)).children.is_empty());
    for skipped in ["mean_recovery_time", &target(1), &target(3)] {
        let skipped = case(suite, skipped).all("skipped").next().unwrap();
        assert!(!skipped.get("message").is_empty());
    }
}

#[test]
fn a_kpi_of_a_scenario_that_broke_off_is_not_passed() {
    let mut analysis = fixture::passing();
    (analysis.summary.state, analysis.summary.scenarios[0].verdict) =
        (crate::analysis::model::RunState::Interrupted, crate::analysis::Verdict::Inconclusive);
    let root = root(&analysis);
    let case = case(&root.children[0], "auto_recovery_rate");
    assert_eq!(case.all("skipped").next().unwrap().get("message"), "interrupted");
}

#[test]
fn the_run_can_be_told_from_another() {
    let root = root(&fixture::passing());
    let properties: Vec<_> = root.children[0].children[0]
        .children
        .iter()
        .map(|property| (property.get("name"), property.get("value")))
        .collect();
    for expected in [("run_id", "20260102-030405-7f3a"), ("seed", "42"), ("label.branch", "main")] {
        assert!(properties.contains(&expected), "{properties:?}");
    }
}

#[test]
fn markup_and_what_xml_forbids_stay_text() {
    for markup in
        ["</testsuite><x a=\"1\">&amp;]]>", "a\u{0}b\u{1b}[31m\u{b}\u{ffff}", "\" onclick='x'\n\tnext", ""]
    {
        for hostile in
            [fixture::hostile(markup), fixture::hostile_stores(markup), fixture::hostile_chains(markup)]
        {
            root(&hostile);
        }
    }
    let root = root(&fixture::hostile("<b>&\u{1b}"));
    assert_eq!(root.children.last().unwrap().get("name"), "<b>&\u{fffd}");
    assert!(root.children.last().unwrap().all("system-out").next().unwrap().text.contains("<b>&\u{fffd}"));
}

#[test]
fn the_output_of_an_episode_is_bounded() {
    let mut analysis = fixture::passing();
    let note = analysis.notes[0].clone();
    analysis.notes = vec![note; 80];
    let root = root(&analysis);
    let output = &root.children[0].all("system-out").next().unwrap().text;
    assert!(output.contains("30 more"), "{output}");
}

#[test]
fn a_failing_run_reads_like_this() {
    insta::assert_snapshot!(xml(&fixture::failing(), Lang::En).unwrap());
}
