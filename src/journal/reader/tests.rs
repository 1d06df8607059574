use std::io::Write;

use proptest::prelude::*;
use serde_json::json;

use super::super::encode::write_line;
use super::super::event::{Event, Micros};
use super::super::examples::{canary, every_kind, ledger, request, run_finished, run_started, sample};
use super::*;

/// Small enough that every short journal has many blocks and chunks.
const TINY: Layout = Layout { block: 64, max_line: 4_096, min_chunk: 1 };

struct Text(Vec<u8>);

impl Text {
    fn run(id: &str) -> Self {
        Self(Vec::new()).event(0, run_started(id))
    }

    fn event(mut self, t: Micros, event: impl Into<Event<'static>>) -> Self {
        write_line(&mut self.0, t, &event.into()).unwrap();
        self
    }

    fn raw(mut self, text: &str) -> Self {
        self.0.extend_from_slice(text.as_bytes());
        self
    }

    fn then(mut self, other: &Self) -> Self {
        self.0.extend_from_slice(&other.0);
        self
    }

    fn open(&self) -> JournalFile {
        let mut file = tempfile::tempfile().unwrap();
        file.write_all(&self.0).unwrap();
        JournalFile { path: "test.jsonl".into(), file, layout: TINY }
    }
}

/// What a pass sees: `t` and type of every line.
type Seen = Vec<(Micros, &'static str)>;

/// Reads a run in every way there is and shows that all agree.
fn pass(file: &JournalFile, span: &RunSpan, filter: Filter) -> (Seen, ReadStats) {
    let mut seen = Vec::new();
    let stats = file.read(span, filter, |line| seen.push((line.t, line.event.kind()))).unwrap();
    for threads in 1..=5 {
        let visit = |seen: &mut Seen, line: Line<'_>| seen.push((line.t, line.event.kind()));
        let joined = |mut left: Seen, right: Seen| {
            left.extend(right);
            left
        };
        let folded = file.fold(span, filter, threads, Vec::new, visit, joined).unwrap();
        assert_eq!(folded, (seen.clone(), stats.clone()), "{threads} threads");
    }
    (seen, stats)
}

fn bad(stats: &ReadStats) -> Vec<u64> {
    stats.unreadable.iter().map(|bad| bad.line_number).collect()
}

#[test]
fn tells_two_runs_in_one_file_apart() {
    let first = Text::run("first").event(1, request(1)).event(2, ledger(1)).event(3, run_finished());
    let second = Text::run("second").event(1, canary());
    let split = first.0.len() as u64;
    let file = first.then(&second).open();
    let runs = file.runs().unwrap();
    let facts: Vec<_> = runs.iter().map(|run| (&*run.run_id, run.first_line, run.lines)).collect();
    assert_eq!(facts, [("first", 1, 4), ("second", 5, 2)]);
    let flags: Vec<_> = runs.iter().map(|run| (run.finished, run.followed, run.orphans)).collect();
    assert_eq!(flags, [(true, true, 0), (false, false, 0)]);
    assert_eq!((runs[0].offset, runs[0].len, runs[1].offset), (0, split, split));
    assert_eq!(runs[0].started_at_unix_us, 1_772_355_600_000_000);
    let (seen, stats) = pass(&file, &runs[0], Filter::ALL);
    assert_eq!(seen, [(0, "run_started"), (1, "request"), (2, "ledger"), (3, "run_finished")]);
    assert_eq!((stats.lines, stats.visited, stats.bytes, stats.torn), (4, 4, split, false));
    assert_eq!(pass(&file, &runs[1], Filter::PROBES).0, [(1, "canary")]);
    assert_eq!(pass(&file, &runs[1], Filter::CONTROL | Filter::REQUESTS).0, [(0, "run_started")]);
}

#[test]
fn finds_runs_whose_lines_were_written_by_others() {
    let mut line = Vec::new();
    write_line(&mut line, 0, &run_started("r").into()).unwrap();
    let value: serde_json::Value = serde_json::from_slice(&line).unwrap();
    // Sorted keys and blanks, as other tools write JSON.
    let spaced =
        serde_json::to_string(&value).unwrap().replace(":", " : ").replace("09 : 00 : 00", "09:00:00");
    // Mentions in texts and in nested values begin no run.
    let file = Text(Vec::new())
        .raw(&spaced)
        .raw("\n")
        .raw("{\"t\":1,\"type\":\"goose_metrics\",\"metrics\":{\"type\":\"run_started\"}}\n")
        .raw("{\"t\":2,\"type\":\"fault_void\",\"episode\":1,\"reason\":\"\\\"run_started\\\"\"}\n")
        .open();
    let runs = file.runs().unwrap();
    assert_eq!(runs.len(), 1);
    assert_eq!(pass(&file, &runs[0], Filter::ALL).0.len(), 3);
}

#[test]
fn a_torn_last_line_is_no_error() {
    let whole = Text::run("r").event(1, request(1));
    for torn in
        ["{", "{\"t\":7,\"type\":\"requ", "{\"t\":7,\"type\":\"request\",\"duration_us\":1", "\u{fffd}"]
    {
        let file = Text(whole.0.clone()).raw(torn).open();
        let runs = file.runs().unwrap();
        assert_eq!((runs.len(), runs[0].lines), (1, 3));
        for filter in [Filter::ALL, Filter::CONTROL | Filter::REQUESTS] {
            let (seen, stats) = pass(&file, &runs[0], filter);
            assert_eq!(seen, [(0, "run_started"), (1, "request")]);
            assert_eq!((stats.torn, stats.unreadable_total, stats.lines), (true, 0, 2));
        }
    }
    // Only the newline is missing: the line counts.
    let mut text = whole.event(2, run_finished());
    text.0.pop();
    let file = text.open();
    let runs = file.runs().unwrap();
    assert!(runs[0].finished);
    assert_eq!(pass(&file, &runs[0], Filter::CONTROL).0, [(0, "run_started"), (2, "run_finished")]);
}

#[test]
fn a_broken_line_before_the_next_run_is_torn() {
    let first = Text::run("first").event(1, request(1)).raw("{\"t\":2,\"type\":\"canary\",\"du\n");
    let file = first.then(&Text::run("second").raw("garbage\n")).open();
    let runs = file.runs().unwrap();
    let (_, stats) = pass(&file, &runs[0], Filter::ALL);
    assert_eq!((stats.torn, stats.unreadable_total, stats.lines), (true, 0, 2));
    // At the end of the file the newline shows that the line was meant to be whole.
    let (_, stats) = pass(&file, &runs[1], Filter::ALL);
    assert_eq!((stats.torn, bad(&stats)), (false, vec![5]));
}

#[test]
fn reports_unreadable_lines_by_their_number_in_the_file() {
    let first = Text::run("first").raw("garbage\n").event(1, request(1));
    let second = Text::run("second")
        .event(1, request(1))
        .raw("{\"t\":2,\"type\":\"request\",\"duration_us\":5,\"user\":1,\"ok\":true}\n")
        .event(3, request(1))
        .raw("\n")
        .raw("not json\n")
        .raw("nor this\n")
        .event(4, ledger(1));
    let file = first.then(&second).open();
    let runs = file.runs().unwrap();
    assert_eq!(bad(&pass(&file, &runs[0], Filter::ALL).1), [2]);
    let (seen, stats) = pass(&file, &runs[1], Filter::ALL);
    assert_eq!(seen.len(), 4);
    assert_eq!(bad(&stats), [6, 9, 10]);
    assert_eq!(stats.unreadable_total, 3);
    assert!(stats.unreadable[0].reason.contains("missing field `name`"), "{:?}", stats.unreadable);
    assert!(stats.unreadable[1].reason.contains("not JSON"), "{:?}", stats.unreadable);
    // Passes with disjoint filters report each line once, and add up to one pass over everything.
    let mut sum = pass(&file, &runs[1], Filter::REQUESTS).1;
    assert_eq!(bad(&sum), [6]);
    sum.add(pass(&file, &runs[1], Filter::CONTROL).1);
    sum.add(pass(&file, &runs[1], Filter::PROBES).1);
    assert_eq!(sum.unreadable, stats.unreadable);
}

#[test]
fn lists_a_hundred_unreadable_lines_and_counts_all() {
    let file = Text::run("r").raw(&"x\n".repeat(250)).event(1, ledger(1)).open();
    let (_, stats) = pass(&file, &file.runs().unwrap()[0], Filter::ALL);
    assert_eq!((stats.unreadable.len(), stats.unreadable_total), (100, 250));
    assert_eq!(bad(&stats), (2..102).collect::<Vec<_>>());
}

#[test]
fn an_overlong_line_is_reported_and_passed_over() {
    let long = format!("{{\"t\":1,\"type\":\"lag\",\"thread\":\"{}\",\"lag_us\":1}}\n", "x".repeat(5_000));
    let file = Text::run("r").raw(&long).event(2, ledger(1)).open();
    let (seen, stats) = pass(&file, &file.runs().unwrap()[0], Filter::ALL);
    assert_eq!((seen, bad(&stats)), (vec![(0, "run_started"), (2, "ledger")], vec![2]));
}

#[test]
fn counts_types_of_a_later_minor_version() {
    let file =
        Text::run("r").raw("{\"t\":1,\"type\":\"weather\",\"rain\":true}\n").event(2, ledger(1)).open();
    let (seen, stats) = pass(&file, &file.runs().unwrap()[0], Filter::ALL);
    assert_eq!((seen.len(), stats.unknown_types, stats.unreadable_total), (2, 1, 0));
}

#[test]
fn names_both_versions_when_the_schema_is_newer() {
    let newer = json!({"t": 0, "type": "run_started", "schema": 9, "run": "n", "started_at": "x", "started_at_unix_us": 0});
    let file = Text::run("r").raw(&format!("{newer}\n")).open();
    let runs = file.runs().unwrap();
    pass(&file, &runs[0], Filter::ALL);
    let error = file.read(&runs[1], Filter::ALL, |_| {}).unwrap_err().to_string();
    assert!(error.contains("line 2: run n has schema version 9, this program reads up to 1"), "{error}");
    file.fold(&runs[1], Filter::ALL, 2, || (), |(), _| {}, |(), ()| ()).unwrap_err();
}

#[test]
fn says_what_a_file_without_runs_is() {
    assert!(Text(Vec::new()).open().runs().unwrap().is_empty());
    let check = |text: &str, expected: &str| {
        let error = Text(Vec::new()).raw(text).open().runs().unwrap_err().to_string();
        assert!(error.contains(expected), "{error}");
    };
    check("hello\n", "holds no run, its line 1 is not JSON: expected value (column 1)");
    check("{\"t\":0,\"type\":\"run_started\",\"sch", "its line 1 is not JSON: EOF");
    check("{\"t\":0,\"type\":\"lag\"}\n", "its line 1 is of type `lag`");
    check(&"x".repeat(9_000), "its line 1 is not JSON");
    let file = Text(Vec::new()).raw("{}\n{}\n").then(&Text::run("r")).open();
    assert_eq!(file.runs().unwrap()[0].orphans, 2);
}

#[test]
fn a_missing_file_is_named() {
    let error = JournalFile::open("no/such/journal.jsonl").unwrap_err().to_string();
    assert!(error.contains("cannot read journal no/such/journal.jsonl"), "{error}");
}

#[test]
#[should_panic(expected = "asked for by the test")]
fn a_panic_of_a_visitor_reaches_the_caller() {
    let file = Text::run("r").event(1, ledger(1)).event(2, ledger(1)).event(3, run_finished()).open();
    let run = &file.runs().unwrap()[0];
    let visit = |(): &mut (), line: Line<'_>| assert!(line.t > 0, "asked for by the test");
    let _ = file.fold(run, Filter::ALL, 3, || (), visit, |(), ()| ());
}

fn journal() -> impl Strategy<Value = Vec<u8>> {
    let kinds: Vec<_> = every_kind().into_iter().filter(|event| event.kind() != "run_started").collect();
    let event = prop_oneof![3 => sample(), 1 => prop::sample::select::<Event<'static>>(kinds)];
    let run = prop::collection::vec((any::<u64>(), event), 0..12);
    prop::collection::vec(run, 1..4).prop_map(|runs| {
        let mut text = Text(Vec::new());
        for (id, run) in runs.into_iter().enumerate() {
            text = text.event(0, run_started(&format!("run {id}")));
            for (t, event) in run {
                text = text.event(t, event);
            }
        }
        text.0
    })
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(64))]

    #[test]
    fn a_journal_cut_anywhere_loses_only_its_last_line(whole in journal(), at: prop::sample::Index) {
        let cut = at.index(whole.len() + 1);
        let kept = memchr::memchr_iter(b'\n', &whole[..cut]).count() as u64;
        // A cut directly before a newline leaves a whole line.
        let lucky = u64::from(whole.get(cut) == Some(&b'\n'));
        let file = Text(whole[..cut].to_vec()).open();
        let runs = match file.runs() {
            Ok(runs) => runs,
            // Cut within the very first line: there is nothing to lose.
            Err(JournalError::NoRun { .. }) => { prop_assert_eq!(kept, 0); return Ok(()); }
            Err(error) => panic!("{error}"),
        };
        let mut visited = 0;
        for run in &runs {
            let (_, stats) = pass(&file, run, Filter::ALL);
            prop_assert_eq!(stats.unreadable_total, 0);
            visited += stats.visited;
        }
        prop_assert_eq!(visited, kept + lucky);
    }

    #[test]
    fn a_broken_line_anywhere_is_reported_by_its_number(whole in journal(), at: prop::sample::Index) {
        let lines: Vec<&[u8]> = whole.split_inclusive(|&byte| byte == b'\n').collect();
        let at = at.index(lines.len());
        let mut text = lines[..=at].concat();
        text.extend_from_slice(b"{\"t\":1,\"type\":\"request\",broken}\n");
        text.extend_from_slice(&lines[at + 1..].concat());
        let file = Text(text).open();
        let mut stats = ReadStats::default();
        for run in &file.runs().unwrap() {
            stats.add(pass(&file, run, Filter::ALL).1);
        }
        let torn = lines.get(at + 1).is_some_and(|next| next.starts_with(b"{\"t\":0,\"type\":\"run_started\""));
        prop_assert_eq!(stats.torn, torn);
        prop_assert_eq!(bad(&stats), if torn { vec![] } else { vec![at as u64 + 2] });
        prop_assert_eq!(stats.visited, lines.len() as u64);
    }
}
