//! The verdict as a table for the terminal, always in English.

mod chains;
mod comparison;
mod episodes;
mod state;
mod styling;

use std::io::{self, Write};

use comfy_table::{Attribute, Cell, CellAlignment, Color, ContentArrangement, Table, presets};

use super::view::{self, EpisodeView, KpiView, Mark};
use crate::analysis::model::RunState;
use crate::analysis::{Summary, Verdict};
use crate::lang::{Lang, format};
use episodes::{ABSENT, ROWS, columns, failures, recovery, shown, sum};

pub use comparison::print_comparison;
pub use styling::{Styling, locale_is_utf8};

/// Columns when nobody says how many there are.
const WIDTH: u16 = 100;

/// The place of `restart` in [`view::PHASES`].
const RESTART: usize = 1;

/// What `restart` is for a store.
const RESTART_IS_OUR_OUTAGE: &str = "restart of a store is our own outage: the harness makes it and ends it; in brackets the recovery from its end";

/// Where a cell may be broken besides; a plain space once the cell is made.
const BREAK: char = '\u{1f}';

/// Keeps a figure and its unit together; a plain space again once the lines are made.
const NO_BREAK: &str = "\u{a0}";

/// Writes the table.
///
/// # Errors
/// What `out` gives.
pub fn print(summary: &Summary, styling: Styling, out: &mut impl Write) -> io::Result<()> {
    let page = Page { styling, width: usize::from(styling.width.unwrap_or(WIDTH).max(60)) };
    let mut lines = page.head(summary);
    for scenario in &summary.scenarios {
        lines.push(String::new());
        let mark = Mark::new(scenario.verdict, Lang::En).said();
        let trials = view::chains::trials(summary, scenario, Lang::En);
        lines.push(page.paint(&format!("{}: {mark} ({trials})", scenario.name), scenario.verdict));
        lines.extend(page.kpis(summary, &scenario.name));
    }
    lines.extend(page.episodes(summary));
    lines.extend(page.chains(summary));
    lines.extend(page.stores(summary));
    lines.push(String::new());
    for (name, text) in [
        ("stores", view::state::which(summary, Lang::En)),
        ("load", view::load(summary, Lang::En)),
        ("state", view::ledger(summary.ledger.as_ref(), Lang::En)),
        ("alerts", view::alerts::totals(&summary.alerts, Lang::En)),
    ] {
        lines.extend(page.item(&format!("{name:<8} "), &text));
    }
    lines.extend(page.session_log(summary));
    lines.extend(page.item("harness  ", &view::harness(summary, Lang::En)));
    if !summary.caveats.is_empty() {
        lines.push(String::new());
        lines.push(format!("{}:", Lang::En.text("heading-caveats")));
        lines.extend(summary.caveats.iter().flat_map(|caveat| page.item("  - ", &caveat.text)));
    }
    if lines.len() > ROWS {
        // The head has scrolled out of sight.
        lines.push(String::new());
        lines.push(page.verdict(summary));
    }
    for line in lines {
        let line = if styling.unicode { line } else { to_ascii(&line) };
        writeln!(out, "{line}")?;
    }
    Ok(())
}

/// What every part needs to know.
struct Page {
    styling: Styling,
    width: usize,
}

impl Page {
    /// `verdict: ✔ pass - …`
    fn verdict(&self, summary: &Summary) -> String {
        let Mark { symbol, word, .. } = Mark::new(summary.verdict, Lang::En);
        self.paint(
            &format!("verdict: {symbol} {word} – {}", view::headline(summary.verdict, Lang::En)),
            summary.verdict,
        )
    }

    /// The verdict, why it is no pass, and which run this is.
    fn head(&self, summary: &Summary) -> Vec<String> {
        let mut lines = vec![self.verdict(summary)];
        lines.extend(view::reasons(summary, Lang::En).iter().flat_map(|reason| self.item("  - ", reason)));
        let run = format!(
            "{} · {} · {} · {}",
            summary.run_id,
            summary.started_at,
            format::length(summary.duration_us),
            view::tally_episodes(&summary.episodes, Lang::En),
        );
        lines.extend(self.item("run ", &run));
        if summary.state != RunState::Completed {
            let detail = summary.state_detail.as_deref().map(|text| format!(" ({text})")).unwrap_or_default();
            lines.extend(
                self.item("the run was ", &format!("{}{detail}", view::run_state(summary.state, Lang::En))),
            );
        }
        lines
    }

    /// The KPIs of one scenario, then what each figure does and does not show.
    fn kpis(&self, summary: &Summary, scenario: &str) -> Vec<String> {
        let mut table = self.table(["KPI", "value", "pass line", "counted", "95 % interval", "verdict"]);
        let mut notes = Vec::new();
        for kpi in summary.kpis.iter().filter(|kpi| kpi.scenario == scenario) {
            let view = KpiView::new(kpi, Lang::En);
            let counted =
                view.excluded.map_or(view.counted.clone(), |out| format!("{},{BREAK}{out}", view.counted));
            // A name may be broken between its words, and requests from the time in which they came.
            let counted = counted.replace(" in ", &format!("{BREAK}in "));
            let name = view.name.replace(' ', &BREAK.to_string());
            let cells = [name, view.value, view.line, counted, view.interval];
            let mut row: Vec<_> = cells.iter().map(|text| cell(text)).collect();
            row.push(self.verdict_cell(kpi.verdict));
            table.add_row(row);
            let note: Vec<_> = view.bound.into_iter().chain(view.notes).collect();
            if !note.is_empty() {
                notes.extend(self.item("  - ", &format!("{}: {}", view.name, note.join("; "))));
            }
        }
        let mut lines: Vec<_> = if table.is_empty() {
            vec!["  no data: this scenario declares no KPI".to_owned()]
        } else {
            table.lines().map(|line| line.replace(NO_BREAK, " ")).collect()
        };
        lines.extend(notes);
        lines
    }

    /// A row per episode.
    fn episodes(&self, summary: &Summary) -> Vec<String> {
        if summary.episodes.is_empty() {
            return vec![String::new(), "no data: no episode".to_owned()];
        }
        let shown = shown(summary);
        let phases = columns(&shown);
        let names: Vec<_> = phases.iter().map(|index| view::PHASES[*index]).collect();
        let equation = names.join(" + ");
        let with_stores = shown.iter().any(|episode| episode.hits_stores());
        // From the end of the fault too, where it is the harness that ends it.
        let recovered = if shown.iter().any(|episode| episode.recovery_from_end_us.is_some()) || with_stores {
            "recovery (from the end)"
        } else {
            "recovery"
        };
        let mut table = self.table(["#", "fault", recovered, &equation, "failures seen", "failed", "alerts"]);
        for column in [0, 2, 3, 5] {
            if let Some(column) = table.column_mut(column) {
                column.set_cell_alignment(CellAlignment::Right);
            }
        }
        for episode in &shown {
            let view = EpisodeView::new(episode, Lang::En);
            table.add_row(
                [
                    view.id.to_string(),
                    format!("{}{BREAK}{}", view.fault, view.target),
                    recovery(episode).replace(" (", &format!("{BREAK}(")),
                    sum(episode, &phases),
                    failures(episode),
                    format::count(episode.failed_requests),
                    view.alerts_expected.replace(" of ", "/"),
                ]
                .map(|text| cell(&text)),
            );
        }
        let mut lines = vec![String::new()];
        lines.extend(table.lines().map(|line| line.replace(NO_BREAK, " ")));
        if shown.iter().any(|episode| sum(episode, &phases).contains(ABSENT)) {
            lines.extend(
                self.item("  - ", "a – in a sum: nobody observed that mark, its length is in the next phase"),
            );
        }
        if with_stores && phases.contains(&RESTART) {
            lines.extend(self.item("  - ", RESTART_IS_OUR_OUTAGE));
        }
        let left = summary.episodes.len() - shown.len();
        if left > 0 {
            lines.push(format!("{left} faster recovered episodes are not shown here; the report has all"));
        }
        lines
    }

    /// An empty table with a header.
    fn table<const N: usize>(&self, header: [&str; N]) -> Table {
        let mut table = Table::new();
        table.load_style(if self.styling.unicode {
            presets::UTF8_FULL_CONDENSED
        } else {
            presets::ASCII_FULL_CONDENSED
        });
        // Nothing is asked of the terminal here: width and colour are given.
        table.force_no_tty().set_width(u16::try_from(self.width).unwrap_or(u16::MAX));
        table.set_content_arrangement(ContentArrangement::Dynamic);
        if self.styling.colour {
            table.enforce_styling();
        }
        table.set_header(header.map(|text| Cell::new(text).add_attribute(Attribute::Bold)));
        table
    }

    fn verdict_cell(&self, verdict: Verdict) -> Cell {
        let Mark { symbol, word, .. } = Mark::new(verdict, Lang::En);
        let cell = Cell::new(format!("{symbol} {word}"));
        if self.styling.colour { cell.fg(colour(verdict)).add_attribute(Attribute::Bold) } else { cell }
    }

    /// A line in the colour of a verdict.
    fn paint(&self, text: &str, verdict: Verdict) -> String {
        let text = clean(text.to_owned());
        if !self.styling.colour {
            return text;
        }
        let code = match verdict {
            Verdict::Pass => 32,
            Verdict::Fail => 31,
            Verdict::Inconclusive => 33,
        };
        format!("\u{1b}[1;{code}m{text}\u{1b}[0m")
    }

    /// `text` behind `lead`, broken at spaces, later lines indented as far as the first.
    fn item(&self, lead: &str, text: &str) -> Vec<String> {
        let (text, indent) = (clean(text.to_owned()), lead.chars().count());
        let mut lines = vec![lead.to_owned()];
        let mut length = indent;
        for word in text.split(' ') {
            let word_length = word.chars().count();
            if length > indent && length + 1 + word_length > self.width {
                lines.push(" ".repeat(indent));
                length = indent;
            }
            if let Some(line) = lines.last_mut() {
                if length > indent {
                    line.push(' ');
                    length += 1;
                }
                line.push_str(word);
                length += word_length;
            }
        }
        lines
    }
}

/// A cell that is broken behind the signs of a sum and where it may be, and not at other spaces.
fn cell(text: &str) -> Cell {
    let parts: Vec<_> = text.split(BREAK).map(|part| clean(part.to_owned()).replace(' ', NO_BREAK)).collect();
    let sum_break = format!("{NO_BREAK}+ ");
    Cell::new(parts.join(" ").replace(&format!("{NO_BREAK}+{NO_BREAK}"), &sum_break))
}

fn colour(verdict: Verdict) -> Color {
    match verdict {
        Verdict::Pass => Color::Green,
        Verdict::Fail => Color::Red,
        Verdict::Inconclusive => Color::Yellow,
    }
}

/// Without control characters: a target must not steer the terminal.
fn clean(text: String) -> String {
    if text.contains(char::is_control) { text.replace(char::is_control, "\u{fffd}") } else { text }
}

/// For terminals that know no more; what has no likeness becomes `?`, as in any such terminal.
fn to_ascii(text: &str) -> String {
    let mut plain = String::with_capacity(text.len());
    for c in text.chars() {
        match c {
            '✔' => plain.push('+'),
            '✘' => plain.push('x'),
            '≥' => plain.push_str(">="),
            '≤' => plain.push_str("<="),
            'µ' => plain.push('u'),
            '…' => plain.push_str(".."),
            '–' | '·' | '−' => plain.push('-'),
            '▲' => plain.push('+'),
            '▼' => plain.push('x'),
            '→' => plain.push_str("->"),
            '±' => plain.push_str("+-"),
            '\u{202f}' => {}
            c if c.is_ascii() => plain.push(c),
            _ => plain.push('?'),
        }
    }
    plain
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::report::fixture;

    fn text(summary: &Summary, styling: Styling) -> String {
        let mut out = Vec::new();
        print(summary, styling, &mut out).unwrap();
        String::from_utf8(out).unwrap()
    }

    #[test]
    fn a_passing_run_reads_like_this() {
        insta::assert_snapshot!(text(&fixture::passing().summary, Styling::default()));
    }

    #[test]
    fn a_failing_run_reads_like_this() {
        insta::assert_snapshot!(text(&fixture::failing().summary, Styling::default()));
    }

    #[test]
    fn a_run_that_stops_stores_reads_like_this() {
        insta::assert_snapshot!(text(&fixture::broken_stores().summary, Styling::default()));
    }

    #[test]
    fn a_run_with_chains_reads_like_this() {
        insta::assert_snapshot!(text(&fixture::chains(4).summary, Styling::default()));
    }

    #[test]
    fn a_run_without_data_says_so() {
        insta::assert_snapshot!(text(&fixture::empty().summary, Styling::default()));
    }

    #[test]
    fn no_line_is_wider_than_asked() {
        for width in [80, 100, 140] {
            for analysis in [
                fixture::passing(),
                fixture::failing(),
                fixture::many(200),
                fixture::empty(),
                fixture::broken_stores(),
                fixture::chains(40),
            ] {
                for unicode in [true, false] {
                    let styling = Styling { colour: false, unicode, width: Some(width) };
                    for line in text(&analysis.summary, styling).lines() {
                        assert!(
                            line.chars().count() <= usize::from(width) + usize::from(!unicode) * 6,
                            "{line}"
                        );
                        assert!(unicode || line.is_ascii(), "{line}");
                    }
                }
            }
        }
    }

    #[test]
    fn many_episodes_are_cut_down_to_the_slowest_and_the_verdict_is_repeated() {
        let text = text(&fixture::many(200).summary, Styling::default());
        assert!(text.contains("180 faster recovered episodes are not shown"), "{text}");
        assert_eq!(text.matches("verdict: ✔ pass").count(), 2);
    }

    #[test]
    fn colour_comes_only_when_asked_for() {
        let summary = fixture::passing().summary;
        assert!(!text(&summary, Styling::default()).contains('\u{1b}'));
        assert!(text(&summary, Styling { colour: true, ..Styling::default() }).contains("\u{1b}[1;32m"));
    }

    #[test]
    fn a_target_cannot_steer_the_terminal() {
        for hostile in [fixture::hostile, fixture::hostile_stores, fixture::hostile_chains] {
            let text = text(&hostile("\u{1b}]0;owned\u{7}").summary, Styling::default());
            assert!(!text.contains(['\u{1b}', '\u{7}']));
        }
    }
}
