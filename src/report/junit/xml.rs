//! Suites as XML. Pure.

use std::io;

use quick_xml::Writer;
use quick_xml::events::{BytesDecl, BytesText, Event};

use super::{Case, CaseResult, Suite};

/// `JUnit.xsd`: to be used where the host is not known. The target's host is in the properties.
const HOST: &str = "localhost";

type Out = Writer<Vec<u8>>;

/// A whole document.
pub(super) fn document(suites: &[Suite]) -> io::Result<Vec<u8>> {
    let mut out = Writer::new_with_indent(Vec::new(), b' ', 2);
    out.write_event(Event::Decl(BytesDecl::new("1.0", Some("UTF-8"), None)))?;
    out.create_element("testsuites").write_inner_content(|out| {
        suites.iter().enumerate().try_for_each(|(id, suite)| write_suite(out, id, suite))
    })?;
    let mut text = out.into_inner();
    text.push(b'\n');
    Ok(text)
}

fn write_suite(out: &mut Out, id: usize, suite: &Suite) -> io::Result<()> {
    let name = attribute(&suite.name);
    let numbers = [suite.cases.len(), suite.failures(), 0, suite.skipped(), id].map(|n| n.to_string());
    let [tests, failures, errors, skipped, id] = numbers.each_ref().map(String::as_str);
    let time = seconds(suite.time_us());
    let attributes = [
        ("name", name.as_str()),
        ("package", "goose-recovery"),
        ("id", id),
        ("timestamp", &suite.timestamp),
        ("hostname", HOST),
        ("tests", tests),
        ("failures", failures),
        ("errors", errors),
        ("skipped", skipped),
        ("time", &time),
    ];
    out.create_element("testsuite").with_attributes(attributes).write_inner_content(|out| {
        out.create_element("properties").write_inner_content(|out| {
            for (name, value) in &suite.properties {
                let (name, value) = (attribute(name), attribute(value));
                let property = [("name", name.as_str()), ("value", value.as_str())];
                out.create_element("property").with_attributes(property).write_empty()?;
            }
            Ok(())
        })?;
        suite.cases.iter().try_for_each(|case| write_case(out, case))?;
        out.create_element("system-out").write_text_content(BytesText::new(&allowed(&suite.output)))?;
        out.create_element("system-err").write_text_content(BytesText::new(""))?;
        Ok(())
    })?;
    Ok(())
}

fn write_case(out: &mut Out, case: &Case) -> io::Result<()> {
    let (class, name, time) = (attribute(&case.class), attribute(&case.name), seconds(case.time_us));
    let attributes = [("classname", class.as_str()), ("name", name.as_str()), ("time", time.as_str())];
    let element = out.create_element("testcase").with_attributes(attributes);
    match &case.result {
        CaseResult::Passed => element.write_empty()?,
        CaseResult::Failed { kind, message, details } => element.write_inner_content(|out| {
            let message = attribute(message);
            let failure = out
                .create_element("failure")
                .with_attributes([("type", *kind), ("message", message.as_str())]);
            failure.write_text_content(BytesText::new(&allowed(details)))?;
            Ok(())
        })?,
        CaseResult::Skipped { message } => element.write_inner_content(|out| {
            let message = attribute(message);
            out.create_element("skipped").with_attribute(("message", message.as_str())).write_empty()?;
            Ok(())
        })?,
    };
    Ok(())
}

/// Seconds to the millisecond.
fn seconds(us: u64) -> String {
    format!("{}.{:03}", us / 1_000_000, us / 1_000 % 1_000)
}

/// On one line, as every reader of attributes makes of it.
fn attribute(text: &str) -> String {
    allowed(text).replace(['\n', '\r', '\t'], " ")
}

/// Without what no XML document may hold, however it is escaped (XML 1.0, 2.2), and without other control characters.
fn allowed(text: &str) -> String {
    let shown = |c: char| match c {
        '\n' | '\r' | '\t' => c,
        '\u{fffe}' | '\u{ffff}' => char::REPLACEMENT_CHARACTER,
        c if c.is_control() => char::REPLACEMENT_CHARACTER,
        c => c,
    };
    text.chars().map(shown).collect()
}
